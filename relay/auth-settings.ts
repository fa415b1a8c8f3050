import { createHmac } from 'node:crypto';

import type { Authorize } from './auth.js';
import type { Clock } from './clock.js';
import { LEAST_SECRET, remoteKeys, secretKeys } from './keys.js';
import type { Log } from './log.js';
import { isSafeUrl } from './loopback.js';
import { OptionsError } from './options-error.js';
import { isPeerId } from './protocol/index.js';
import { createTokenCheck } from './token-check.js';

/** How a relay knows who somebody is. All of it is optional; without any of it, everybody is who he says he is. */
export interface AuthOptions {
  /** The secret of the site that signs tokens with HS256; at least 32 bytes. */
  readonly authSecret?: string;
  /** The URL of the key set (RFC 7517) of whoever signs tokens with RS256, PS256, ES256 or EdDSA; https, or on this machine. */
  readonly authJwks?: string;
  /** What tokens must name as `aud`. Default: tokens that name somebody are refused. */
  readonly authAudience?: string;
  /** What tokens must name as `iss`. Default: anything. */
  readonly authIssuer?: string;
  /** Peer IDs that visitors without a token may call, or `*`. Default: there are no such visitors. */
  readonly guests?: readonly string[];
  /** Decides who a page may be, in place of tokens. */
  readonly authorize?: Authorize;
}

/** What else of a relay's options has to do with it. */
interface Around {
  readonly origins?: unknown;
  readonly clock: Clock;
  readonly log?: Log;
}

/** What comes of the options. */
interface Auth {
  /** Undefined: everybody is who he says he is. */
  readonly authorize: Authorize | undefined;
  /** The key for resume secrets that every relay with the same secret has, also after a restart. */
  readonly resumeKey: Uint8Array | undefined;
}

/**
 * Reads who may call from the options.
 *
 * @throws OptionsError
 */
export function settleAuth(options: AuthOptions & Around): Auth {
  const { authSecret, authJwks, authAudience, authIssuer, guests, authorize, origins, clock, log } = options;
  const asked = authSecret ?? authJwks;
  if (authorize && asked !== undefined) throw new OptionsError('Decide who a page may be by tokens or by authorize(), not by both.');
  if (asked === undefined) {
    const idle = Object.entries({ guests, authAudience, authIssuer }).find(([, value]) => value !== undefined)?.[0];
    if (idle === undefined) return { authorize, resumeKey: undefined };
    throw new OptionsError('needs tokens: give --auth-secret or --auth-jwks too, or leave it out.', idle);
  }
  if (authSecret !== undefined && authJwks !== undefined)
    throw new OptionsError('Tokens are signed with a secret (--auth-secret) or checked by a key set (--auth-jwks), not both.');
  if (origins === undefined)
    throw new OptionsError('Name the sites whose pages may connect, such as --origins https://shop.example, or say --origins "*" for all.');
  return {
    authorize: createTokenCheck({
      keys: authSecret === undefined ? remoteKeys(checkKeysUrl(asked), { clock, log }) : secretKeys(checkSecret(authSecret)),
      audience: authAudience,
      issuer: authIssuer,
      guests: guests && checkGuests(guests),
      clock,
    }),
    resumeKey: authSecret === undefined ? undefined : createHmac('sha256', authSecret).update('video-call resume').digest(),
  };
}

/**
 * A secret that is long enough.
 *
 * @throws OptionsError
 */
export function checkSecret(secret: string): string {
  if (Buffer.byteLength(secret) >= LEAST_SECRET) return secret;
  throw new OptionsError(
    `The secret for tokens is too short: it must have at least ${LEAST_SECRET} bytes. Make one with: openssl rand -base64 48`,
  );
}

function checkKeysUrl(text: string): string {
  if (isSafeUrl(text)) return text;
  throw new OptionsError('must be an https: URL of a key set, without a password in it, or an http: URL of this machine.', 'authJwks');
}

function checkGuests(guests: readonly string[]): readonly string[] {
  if (guests.length > 0 && guests.every((peer) => peer === '*' || isPeerId(peer))) return guests;
  throw new OptionsError(
    'must be the peer IDs that visitors without a token may call, such as support,sales, or * for everybody.',
    'guests',
  );
}
