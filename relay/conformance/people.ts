/** Who the kit is towards the relay: people of its own making, or those whose tokens it was given. */
import { createHmac, randomBytes } from 'node:crypto';

import { isPeerId } from '../protocol/index.js';
import { OptionsError } from '../options-error.js';
import { Skip } from './rule.js';

/** Somebody who connects. */
export interface Someone {
  readonly peer: string;
  readonly name: string;
  readonly token?: string;
}

/** Claims of a token besides `sub` and `exp`. */
export type Claims = Readonly<Record<string, unknown>>;

/** How the kit may be somebody. */
export interface Credentials {
  /** The secret with which the relay's tokens are signed (HS256). */
  readonly secret?: string;
  /** What such tokens say as `aud` and `iss`. */
  readonly audience?: string;
  readonly issuer?: string;
  /** Tokens of people who may call each other, where there is no secret to be had. */
  readonly tokens?: readonly string[];
}

/** Seconds for which the tokens of the kit are good. */
const TOKEN_LASTS = 600;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs a token with a secret (RFC 7515, HS256). */
export function signToken(claims: Claims, secret: string): string {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/**
 * Who a token is for, without looking at its signature.
 *
 * @throws OptionsError where that cannot be read
 */
function subjectOf(token: string): string {
  try {
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sub?: unknown };
    if (typeof sub === 'string' && isPeerId(sub)) return sub;
  } catch {
    // Told below.
  }
  throw new OptionsError('a --token is no JSON Web Token whose "sub" is a peer ID.');
}

/** Where people come from. */
export class People {
  readonly #credentials: Credentials;
  readonly #given: readonly Someone[];

  /** @throws OptionsError for tokens that cannot be read */
  constructor(credentials: Credentials) {
    this.#credentials = credentials;
    this.#given = (credentials.tokens ?? []).map((token) => {
      const peer = subjectOf(token);
      return { peer, name: `Conformance kit as ${peer}`.slice(0, 64), token };
    });
  }

  /** Whether everybody is one of a few, so that rules would get into each other's way. */
  get areFew(): boolean {
    return !this.#credentials.secret && this.#given.length > 0;
  }

  /** Whether there is anything to prove who one is. */
  get canProve(): boolean {
    return !!this.#credentials.secret || this.#given.length > 1;
  }

  get hasSecret(): boolean {
    return !!this.#credentials.secret;
  }

  /** A token with these claims beside the usual ones; undefined takes a usual one away. */
  sign(claims: Claims): string {
    const { secret, audience, issuer } = this.#credentials;
    if (!secret) throw new Skip('it takes a token made for it, and with that the secret (--auth-secret)');
    const exp = Math.floor(Date.now() / 1000) + TOKEN_LASTS;
    const usual = { exp, ...(audience !== undefined && { aud: audience }), ...(issuer !== undefined && { iss: issuer }) };
    return signToken({ ...usual, ...claims }, secret);
  }

  /** Somebody new, the first of whom is number 0; with given tokens one of those. */
  someone(number: number, claims: Claims = {}): Someone {
    if (this.areFew) {
      const given = this.#given[number];
      if (!given || Object.keys(claims).length > 0) throw new Skip('it takes more people than there are tokens (--token)');
      return given;
    }
    const peer = `conformance-${randomBytes(9).toString('base64url')}`;
    const name = `Conformance kit ${number + 1}`;
    return { peer, name, ...(this.hasSecret && { token: this.sign({ sub: peer, name, ...claims }) }) };
  }
}

/** A peer ID that nobody has. */
export const nobody = (): string => `nobody-${randomBytes(9).toString('base64url')}`;

/** A device ID of 128 random bits. */
export const newDevice = (): string => randomBytes(16).toString('base64url');
