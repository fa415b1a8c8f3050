import { createRemoteJWKSet, customFetch, errors } from 'jose';
import type { JWTVerifyGetKey } from 'jose';

/** Where the keys come from with which tokens are checked, and what they are good for. They come from nowhere else. */
export interface Keys {
  /** Algorithms (RFC 7518) that a token may name. */
  readonly algorithms: readonly string[];
  /** Finds the key for a token. Rejects with `KeysUnavailable` where it could not be looked for. */
  readonly find: JWTVerifyGetKey;
}

/** The key set could not be had: nothing can be said about any token at present. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';
}

/** Fewest bytes of a secret: as many as its hash has (RFC 7518 section 3.2). */
export const LEAST_SECRET = 32;

/** Milliseconds for the answer of a key server; less than a page has for its `hello`. */
const KEYS_WITHIN = 4000;
/** Milliseconds after a failure of the key server before it is asked again. */
export const KEYS_PAUSE = 5000;
/** Milliseconds before the key set is asked again for a key that it did not have. */
export const KEYS_COOLDOWN = 30_000;
/** Milliseconds for which a key set is good. */
const KEYS_MAX_AGE = 600_000;
/** Largest key set, in bytes. */
const MAX_KEYS_BYTES = 256 * 1024;

/** One secret that the site and the relay share. Only HMAC with SHA-256 is taken. */
export function secretKeys(secret: string): Keys {
  const key = new TextEncoder().encode(secret);
  return { algorithms: ['HS256'], find: () => Promise.resolve(key) };
}

/**
 * The public keys at a URL (RFC 7517). Redirects are not followed, and what a token says about keys (`jku`, `x5u`,
 * `jwk`) counts for nothing; its `kid` chooses among the keys of the set.
 *
 * @param within milliseconds for an answer
 */
export function remoteKeys(url: string, within = KEYS_WITHIN): Keys {
  let failedAt = -Infinity;
  const keySet = createRemoteJWKSet(new URL(url), {
    timeoutDuration: within,
    cooldownDuration: KEYS_COOLDOWN,
    cacheMaxAge: KEYS_MAX_AGE,
    [customFetch]: async (url, options) => {
      // Everybody who connects would ask a server that has enough to do.
      if (Date.now() - failedAt < KEYS_PAUSE) throw new KeysUnavailable('The key server failed a moment ago.');
      return bounded(await fetch(url, options));
    },
  });
  return {
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
    async find(header, token) {
      try {
        return await keySet(header, token);
      } catch (cause) {
        // The set is there, and has no key, or not one alone, for this token.
        if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
        if (!(cause instanceof KeysUnavailable)) failedAt = Date.now();
        throw new KeysUnavailable(`The key set at ${new URL(url).origin} cannot be had.`, { cause });
      }
    },
  };
}

/** Reads an answer, up to a bound. */
async function bounded(response: Response): Promise<Response> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_KEYS_BYTES) throw new Error('The key set is too large.');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks), { status: response.status });
}
