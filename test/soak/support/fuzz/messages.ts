/** What the fuzzer says to a relay: texts of messages, right, nearly right and quite wrong. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { mutated } from '../../../relay/protocol/mutations.js';
import { betweenPages, toRelay } from '../../../relay/protocol/samples.js';
import type { Sample } from '../../../relay/protocol/samples.js';
import { tokenOf } from '../../../relay/support/tokens.js';
import { changedBytes } from './bytes.js';
import { chanceOf } from './random.js';
import type { Chance } from './random.js';

/** The people whom the fuzzer plays; some have names that have been trouble somewhere. */
const PEERS = [...Array.from({ length: 24 }, (_, index) => `p${index}`), '__proto__', 'constructor', 'toString', '@:+=-.', 'x'.repeat(128)];
const DEVICES = ['d0', 'd1', 'd2', 'd3', '__proto__', '-', 'x'.repeat(64)];
/** Addresses that nobody has, that cannot be, and those of the honest pages beside. */
const ODD = [
  'nobody',
  '!',
  'guest-',
  'a/b/c',
  '/',
  'p0/',
  '',
  'ü',
  ' p0',
  'p0\0',
  'x'.repeat(129),
  'witness-a',
  'witness-b',
  'witness-a/w1',
];
const NAMES = ['Alice', '', '🙂'.repeat(64), '\u202eevil', '<img src=x onerror=alert(1)>', '__proto__', 'a\u0000', '\ud800'];

/** Call IDs that come again and again, so that messages of different pages meet in one call. */
const CALLS = Array.from({ length: 64 }, (_, index) => {
  const hex = createHash('sha256').update(`call ${index}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
});

const forRelay = Object.values(toRelay).filter(({ least }) => least.type !== 'hello');
const forPages = Object.values(betweenPages);
const small: readonly Sample[] = [...Object.values(toRelay), ...forPages].map(({ least }) => least);

/** An address to write to or to watch. */
function addressOf(chance: Chance): string {
  const peer = chance.pick(PEERS);
  return chance.weighted([
    [6, peer],
    [4, `${peer}/${chance.pick(DEVICES)}`],
    [1, chance.pick(ODD)],
  ]);
}

/** A proper message between pages. */
function toPages(chance: Chance): string {
  const { least, most } = chance.pick(forPages);
  const number = (): number => (chance.happens(0.02) ? 0x7fffffff : chance.below(300));
  const fields = { to: addressOf(chance), call: chance.pick(CALLS), n: number(), ack: number() };
  return JSON.stringify({ ...(chance.happens(0.002) ? most : least), ...fields, ...(chance.happens(0.1) && { name: chance.pick(NAMES) }) });
}

/** A proper message to the relay. */
function toTheRelay(chance: Chance, tokens: boolean): string {
  const sample = chance.pick(forRelay).least;
  const addresses = () => Array.from({ length: chance.happens(0.02) ? 101 : chance.below(8) }, () => addressOf(chance));
  switch (sample.type) {
    case 'watch':
    case 'unwatch':
      return JSON.stringify({ ...sample, addresses: addresses() });
    case 'token':
      return JSON.stringify({ ...sample, token: tokens ? tokenText(chance, chance.pick(PEERS)) : 'x'.repeat(chance.below(9000)) });
    default:
      return JSON.stringify(sample);
  }
}

/** A token, good or not quite. */
function tokenText(chance: Chance, peer: string): string {
  const claims: Record<string, unknown> = { sub: peer, exp: 4_000_000_000 };
  if (chance.happens(0.3))
    claims[chance.pick(['exp', 'sub', 'aud', 'calls', 'name', 'nbf'])] = chance.pick([0, 'x', null, [], {}, ['p1'], '*']);
  const header = chance.happens(0.1) ? { alg: chance.pick(['none', 'HS512', 'RS256', '', null]), kid: '../../x' } : undefined;
  const token = tokenOf(claims, header);
  return chance.happens(0.2) ? changedBytes(Buffer.from(token), 2, chance).toString('latin1') : token;
}

/** Texts that are no messages at all, or whose form is a burden. */
const NO_MESSAGES: readonly ((chance: Chance) => string)[] = [
  () => '',
  () => '\ufeff{"type":"ping"}',
  () => '['.repeat(30_000),
  () => `${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}`,
  () => `{"type":"ping","more":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  () => `{"type":"ping","n":${'9'.repeat(20_000)}}`,
  () => `{"type":"ping"${',"__proto__":{"polluted":true}'.repeat(50)}}`,
  () => '{"type":"ping","constructor":{"prototype":{"polluted":true}}}',
  () => `{"type":"watch","addresses":[${'"p0",'.repeat(5000)}"p0"]}`,
  () => `{"type":"status","presence":"busy"}${' '.repeat(60_000)}`,
  () => `{${Array.from({ length: 4000 }, (_, index) => `"k${index}":0`).join()}}`,
  (chance) => JSON.stringify({ type: 'status', presence: 'online', more: chance.pick(NAMES) }),
  (chance) => JSON.stringify({ ...toRelay.ping.least, from: addressOf(chance) }),
];

/** What is needed to say things. */
export interface Tongue {
  readonly seed: number;
  /** Whether pages bring tokens. */
  readonly tokens: boolean;
}

/** How many sessions take their mutated messages from one draw of fast-check. */
const POOLED = 32;
const mutants = mutated(small);
let pool: { readonly key: string; readonly texts: readonly string[] } = { key: '', texts: [] };

/** Messages with changed fields for the `index`-th session. */
function mutantsFor({ seed }: Tongue, index: number): readonly string[] {
  const group = Math.floor(index / POOLED);
  const key = `${seed} ${group}`;
  if (pool.key !== key) pool = { key, texts: fc.sample(mutants, { seed: (seed + group) | 0, numRuns: POOLED * 12 }) };
  return pool.texts;
}

/** Draws one text after another for a session, the shares chosen so that a page lives for some thirty of them. */
export function textsFor(tongue: Tongue, index: number, chance: Chance): () => string {
  const texts = mutantsFor(tongue, index);
  return () =>
    chance.weighted<() => string>([
      [56, () => toPages(chance)],
      [26, () => toTheRelay(chance, tongue.tokens)],
      [14, () => chance.pick(texts)],
      [3, () => chance.pick(NO_MESSAGES)(chance)],
      [1, () => hello(tongue, chance).text],
    ])();
}

/** A first message, and the address that it asks for. */
export function hello({ tokens }: Tongue, chance: Chance, resumeOf: (address: string) => string | undefined = () => undefined) {
  const [peer, device] = [chance.pick(PEERS), chance.pick(DEVICES)];
  const resume = chance.happens(0.5) ? resumeOf(`${peer}/${device}`) : undefined;
  const fields = {
    ...(chance.happens(0.9) && { peer }),
    device,
    ...(chance.happens(0.2) && { name: chance.pick(NAMES) }),
    ...(tokens && chance.happens(0.9) && { token: tokenText(chance, peer) }),
    ...(resume !== undefined ? { resume } : chance.happens(0.05) && { resume: 'x'.repeat(43) }),
  };
  return { peer, device, text: JSON.stringify({ type: 'hello', ...fields }) };
}

/** The draws of a session. */
export const chanceOfSession = ({ seed }: Tongue, index: number): Chance => chanceOf(seed, index);
