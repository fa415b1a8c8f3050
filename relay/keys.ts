import { createLocalJWKSet, errors } from 'jose';
import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';

import type { Clock } from './clock.js';
import type { Log } from './log.js';

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
export const KEYS_MAX_AGE = 600_000;
/** Milliseconds for which it is good while the server fails. */
export const KEYS_KEPT = 3_600_000;
/** Largest key set, in bytes. */
const MAX_KEYS_BYTES = 256 * 1024;

/** One secret that the site and the relay share. Only HMAC with SHA-256 is taken. */
export function secretKeys(secret: string): Keys {
  const key = new TextEncoder().encode(secret);
  return { algorithms: ['HS256'], find: () => Promise.resolve(key) };
}

/** What else a remote key set needs. */
export interface RemoteKeysSettings {
  readonly clock: Pick<Clock, 'now'>;
  readonly log?: Pick<Log, 'warn'> | undefined;
  /** Milliseconds for an answer. */
  readonly within?: number;
}

/**
 * The public keys at a URL (RFC 7517). Redirects are not followed, and what a token says about keys (`jku`, `x5u`,
 * `jwk`) counts for nothing; its `kid` chooses among the keys of the set. While the server fails, the last set that it
 * gave is good for an hour.
 */
export function remoteKeys(url: string, settings: RemoteKeysSettings): Keys {
  const keySet = new RemoteKeySet(url, settings);
  return {
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
    async find(header, token) {
      const { keys, age } = await keySet.get(KEYS_MAX_AGE);
      try {
        return await keys(header, token);
      } catch (error) {
        // A key that is new, perhaps. What else is wrong with a key of the set is wrong with that key alone.
        if (!(error instanceof errors.JWKSNoMatchingKey) || age < KEYS_COOLDOWN) throw error;
      }
      return (await keySet.renewed()).keys(header, token);
    },
  };
}

interface Fetched {
  readonly keys: JWTVerifyGetKey;
  /** When they came, by the clock. */
  readonly at: number;
}

/** The key set of a server, which is asked by one at a time, and not at all for a moment after it failed. */
class RemoteKeySet {
  readonly #url: string;
  readonly #settings: RemoteKeysSettings;
  #last: Fetched | undefined;
  #failedAt = -Infinity;
  #asking: Promise<Fetched> | undefined;

  constructor(url: string, settings: RemoteKeysSettings) {
    this.#url = url;
    this.#settings = settings;
  }

  /** The keys, asked for anew where they are older than so many milliseconds; older ones where the server fails. */
  async get(maxAge: number): Promise<{ readonly keys: JWTVerifyGetKey; readonly age: number }> {
    const last = this.#last;
    const age = last ? this.#settings.clock.now() - last.at : Infinity;
    if (last && age < maxAge) return { keys: last.keys, age };
    try {
      return { keys: (await this.renewed()).keys, age: 0 };
    } catch (error) {
      if (last && age < KEYS_KEPT) return { keys: last.keys, age };
      throw error;
    }
  }

  /** The keys as the server has them now. Rejects with `KeysUnavailable`. */
  renewed(): Promise<Fetched> {
    return (this.#asking ??= this.#ask().finally(() => (this.#asking = undefined)));
  }

  async #ask(): Promise<Fetched> {
    const { clock, log, within = KEYS_WITHIN } = this.#settings;
    // Everybody who connects would ask a server that has enough to do.
    if (clock.now() - this.#failedAt < KEYS_PAUSE) throw new KeysUnavailable('The key server failed a moment ago.');
    try {
      const response = await fetch(this.#url, { redirect: 'manual', signal: AbortSignal.timeout(within) });
      const text = await bounded(response);
      if (response.status !== 200) throw new Error(`The key server answered with status ${response.status}.`);
      return (this.#last = { keys: createLocalJWKSet(JSON.parse(text) as JSONWebKeySet), at: clock.now() });
    } catch (cause) {
      this.#failedAt = clock.now();
      log?.warn({ err: cause }, 'the key set for tokens cannot be had');
      throw new KeysUnavailable(`The key set at ${new URL(this.#url).origin} cannot be had.`, { cause });
    }
  }
}

/** Reads an answer, up to a bound. */
async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_KEYS_BYTES) throw new Error('The key set is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
