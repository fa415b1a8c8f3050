import { SignJWT } from 'jose';

import { readArguments } from '../arguments.js';
import { checkSecret } from '../auth-settings.js';
import { isName } from '../grants.js';
import { duration } from '../options.js';
import { GUEST_PREFIX, MAX_NAME, MAX_TOKEN, isPeerId } from '../protocol/index.js';
import { OptionsError } from '../settings.js';

/** Shortest and longest life of a token that is made here, in seconds. */
const TTL = { least: 60, most: 30 * 86_400 } as const;

/** What a token says. */
interface Wish {
  readonly sub: string;
  readonly name: string | undefined;
  readonly calls: readonly string[] | undefined;
  readonly audience: string | undefined;
  readonly issuer: string | undefined;
  /** Seconds. */
  readonly ttl: number;
  readonly secret: string;
}

/** What `video-call-relay token --help` prints. */
export const TOKEN_HELP = `video-call-relay token: prints a token for a page.

Usage: AUTH_SECRET=… video-call-relay token --sub alice [options]

  --sub <id>                          the peer ID of whoever has the token
  --name <text>                       the name that others see
  --calls <list>                      peer IDs that he may call, or * (*)
  --ttl <time>                        how long it is good, 1m to 30d (1h)
  --auth-secret <secret>              the relay's secret; better as AUTH_SECRET, which no list of processes shows
  --auth-audience, --auth-issuer      as given to the relay
`;

/**
 * Makes the token that a command line asks for, signed with HS256.
 *
 * @param argv the arguments after `token`
 * @param now seconds since 1970
 * @returns what to print
 * @throws OptionsError (of the promise)
 */
export async function tokenCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): Promise<string> {
  const wish = readWish(argv, env);
  if (!wish) return TOKEN_HELP;
  const { sub, name, calls, audience, issuer, ttl, secret } = wish;
  const jwt = new SignJWT({ sub, name, calls, aud: audience, iss: issuer, iat: now, exp: now + ttl });
  const token = await jwt.setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new TextEncoder().encode(secret));
  if (token.length > MAX_TOKEN) throw new OptionsError(`The token would be too long for a relay: name fewer people with --calls.`);
  return `${token}\n`;
}

function readWish(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Wish | undefined {
  const given: Given = Object.fromEntries(readArguments(argv, KNOWN, 'video-call-relay token --help'));
  if (given['help']) return undefined;
  const value = (name: string): string | undefined => {
    const text = given[name] ?? env[name.toUpperCase().replaceAll('-', '_')];
    return typeof text === 'string' && text !== '' ? text : undefined;
  };
  const secret = value('auth-secret');
  if (secret === undefined)
    throw new OptionsError('A token is signed with the secret of the relay: give it as AUTH_SECRET or --auth-secret.');
  return {
    sub: checkSub(given['sub']),
    name: checkName(given['name']),
    calls: checkCalls(given['calls']),
    audience: value('auth-audience'),
    issuer: value('auth-issuer'),
    ttl: checkTtl(given['ttl']),
    secret: checkSecret(secret),
  };
}

type Given = Readonly<Record<string, string | true | undefined>>;

const KNOWN = new Map([
  ['sub', 'id'],
  ['name', 'text'],
  ['calls', 'list'],
  ['ttl', 'time'],
  ['auth-secret', 'secret'],
  ['auth-audience', 'text'],
  ['auth-issuer', 'text'],
  ['help', 'flag'],
]);

function checkSub(sub: Given[string]): string {
  if (typeof sub === 'string' && isPeerId(sub) && !sub.startsWith(GUEST_PREFIX)) return sub;
  throw new OptionsError(
    `Say whom the token is for: --sub and a peer ID, 1 to 128 characters of A-Z a-z 0-9 . _ @ : + = - that do not begin with ${GUEST_PREFIX}`,
  );
}

function checkName(name: Given[string]): string | undefined {
  if (name === undefined || (typeof name === 'string' && isName(name))) return name;
  throw new OptionsError(`--name has at most ${MAX_NAME} characters, and no control characters.`);
}

function checkCalls(text: Given[string]): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const calls = String(text)
    .split(',')
    .map((peer) => peer.trim())
    .filter(Boolean);
  if (calls.every((peer) => peer === '*' || isPeerId(peer))) return calls;
  throw new OptionsError('--calls is a list of peer IDs, such as bob,carol, or * for everybody.');
}

function checkTtl(text: Given[string]): number {
  const ttl = duration(String(text ?? '1h'), '--ttl');
  if (ttl >= TTL.least && ttl <= TTL.most) return ttl;
  throw new OptionsError('--ttl must be from 1m to 30d.');
}
