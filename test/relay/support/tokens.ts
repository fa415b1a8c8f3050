/** Tokens made by hand, so that also those can be made that no library would make. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import type { RelayOptions } from '../../../relay/index.js';
import { StoppedClock } from './relay.js';

/** A secret of just enough bytes. */
export const SECRET = 'a secret of thirty-two bytes....';

/** The options of a relay that asks for tokens. */
export const withTokens: RelayOptions = { authSecret: SECRET, origins: '*' };

/** What time it is for a relay whose clock stands still, in seconds since 1970. */
export const NOW = new StoppedClock().date() / 1000;

/** Base64url of bytes, of a text, or of a value as JSON. */
export function part(value: unknown): string {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return bytes.toString('base64url');
}

/** The third part of a token: HMAC with SHA-256. */
const hmac = (text: string, secret: string): string => createHmac('sha256', secret).update(text).digest('base64url');

/** A token; header and claims are values, or texts that are taken as they are. */
export function tokenOf(claims: unknown, header: unknown = { alg: 'HS256', typ: 'JWT' }, secret = SECRET): string {
  const text = `${part(header)}.${part(claims)}`;
  return `${text}.${hmac(text, secret)}`;
}

/** A good token for somebody, for an hour. */
export const tokenFor = (sub: string, claims: Readonly<Record<string, unknown>> = {}): string =>
  tokenOf({ sub, exp: NOW + 3600, ...claims });

/** A key pair, and the public half as it stands in a key set. */
export interface SigningKey {
  readonly alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA';
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const makers = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

/** Makes a key for one algorithm. */
export function makeKey(alg: SigningKey['alg'], kid?: string): SigningKey {
  const { privateKey, publicKey } = makers[alg]();
  return {
    alg,
    privateKey,
    publicKey,
    jwk: { ...publicKey.export({ format: 'jwk' }), alg, use: 'sig', ...(kid !== undefined && { kid }) },
  };
}

/** A token that is signed with a private key. */
export function signedBy({ alg, privateKey: key }: SigningKey, claims: unknown, header: Readonly<Record<string, unknown>> = {}): string {
  const text = `${part({ alg, ...header })}.${part(claims)}`;
  const padding = alg === 'PS256' ? { padding: 6, saltLength: 32 } : {};
  const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363', ...padding });
  return `${text}.${signature.toString('base64url')}`;
}
