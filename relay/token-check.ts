import { Buffer } from 'node:buffer';
import { errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';

import type { Authorize, Verdict } from './auth.js';
import type { Clock } from './clock.js';
import { isName } from './grants.js';
import { KeysUnavailable } from './keys.js';
import type { Keys } from './keys.js';
import { GUEST_PREFIX, MAX_TOKEN, TOKEN_LEEWAY, isPeerId } from './protocol/index.js';

/** What tokens are checked against. */
export interface TokenRules {
  readonly keys: Keys;
  /** Who a token must be for (`aud`). Without it, a token that is for somebody in particular is refused. */
  readonly audience?: string;
  /** Who a token must come from (`iss`). Without it, this is not looked at. */
  readonly issuer?: string;
  /** Whom visitors without a token may call. Without it, there are no such visitors. */
  readonly guests?: readonly string[];
  readonly clock: Pick<Clock, 'date'>;
}

/** Three parts of base64url (RFC 7515 section 7.1), none of them empty: an unsigned token has no third part. */
const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/;

const INVALID = 'The token is not valid here.';

/**
 * Decides by JSON Web Tokens (RFC 7519) who a page may be. Who brings no token is a guest, where there are guests.
 *
 * @throws KeysUnavailable (of the promise) where the key set is needed and cannot be had
 */
export function createTokenCheck(rules: TokenRules): Authorize {
  const { guests } = rules;
  return async ({ token, peer, name, resumed, renewal }) => {
    // What a fresh token of another peer is worth, whoever asks about a renewal sees for himself.
    if (token !== undefined) return check(token, renewal ? undefined : peer, rules);
    const claimed = peer !== undefined && !peer.startsWith(GUEST_PREFIX);
    if (!guests || claimed) return refuse('A token is needed.');
    // The ID of a guest is his who can prove it. All others get a new one.
    return { peer: resumed ? peer : undefined, name, calls: guests };
  };
}

async function check(token: string, wanted: string | undefined, rules: TokenRules): Promise<Verdict> {
  // Cheap and without any key: whoever sends rubbish costs nothing.
  if (token.length > MAX_TOKEN || !COMPACT.test(token) || !isPlain(token)) return refuse(INVALID);
  const { keys, audience, issuer, clock } = rules;
  try {
    const { payload } = await jwtVerify(token, keys.find, {
      algorithms: [...keys.algorithms],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: TOKEN_LEEWAY,
      currentDate: new Date(clock.date()),
      ...(audience !== undefined && { audience }),
      ...(issuer !== undefined && { issuer }),
    });
    if (audience === undefined && payload.aud !== undefined) return refuse('The token is for somebody else ("aud").');
    return verdictOf(payload, wanted);
  } catch (error) {
    if (error instanceof KeysUnavailable) throw error;
    return refuse(reasonOf(error));
  }
}

function verdictOf({ sub, name, calls, exp }: JWTPayload, wanted: string | undefined): Verdict {
  if (typeof sub !== 'string' || !isPeerId(sub)) return refuse('The "sub" of the token is no peer ID.');
  if (sub.startsWith(GUEST_PREFIX)) return refuse('The "sub" of the token is an ID for guests.');
  // Who was a guest until now and has signed in is no guest any more.
  if (wanted !== undefined && wanted !== sub && !wanted.startsWith(GUEST_PREFIX)) return refuse('The token is for another peer.');
  if (name !== undefined && !(typeof name === 'string' && isName(name))) return refuse('The "name" of the token is no name.');
  if (!isCalls(calls)) return refuse('The "calls" of the token are no peer IDs.');
  return { peer: sub, name: name as string | undefined, calls, expiresAt: exp };
}

function isCalls(calls: unknown): calls is '*' | readonly string[] | undefined {
  if (calls === undefined || calls === '*') return true;
  return Array.isArray(calls) && calls.every((peer) => typeof peer === 'string' && (peer === '*' || isPeerId(peer)));
}

/** A sentence for the developer of a page: where its token is at fault, but nothing about keys and signatures. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired.';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return INVALID;
  switch (error.claim) {
    case 'nbf':
      return error.reason === 'check_failed' ? 'The token is not good yet.' : INVALID;
    case 'exp':
    case 'sub':
    case 'aud':
    case 'iss':
      return `The "${error.claim}" of the token is missing or not what it must be.`;
    default:
      return INVALID;
  }
}

/** Whether header and claims are JSON and name nothing twice: two readers of such a token could each read something else. */
function isPlain(token: string): boolean {
  try {
    return token
      .split('.', 2)
      .map((part) => Buffer.from(part, 'base64url').toString())
      .every((json) => JSON.parse(json) !== undefined && !namesTwice(json));
  } catch {
    return false;
  }
}

/** Whether the object that a text of JSON is has two members of one name. */
function namesTwice(json: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  for (const [whole, name] of json.matchAll(/[{}[\]]|("(?:[^"\\]|\\.)*"?)(?:\s*:)?/g)) {
    if (name === undefined) depth += whole === '{' || whole === '[' ? 1 : -1;
    else if (depth === 1 && whole.endsWith(':')) {
      // The same name may be written in two ways: "sub" and "s\u0075b".
      const read = JSON.parse(name) as string;
      if (names.has(read)) return true;
      names.add(read);
    }
  }
  return false;
}

const refuse = (message: string): Verdict => ({ refused: 'unauthorized', message });
