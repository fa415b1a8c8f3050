/** What one connection does, from its first byte to its last. */
import { readFileSync } from 'node:fs';
import { handshake } from '../../../relay/support/relay.js';
import { changedBytes } from './bytes.js';
import { OPCODE, fragmentsOf, frameOf } from './frames.js';
import { chanceOfSession, hello, textsFor } from './messages.js';
import type { Tongue } from './messages.js';
import type { Chance } from './random.js';

/** Bytes that are written together, and the frames in them. */
export interface Batch {
  readonly bytes: Buffer;
  readonly frames: number;
}

/** How a connection is ended that the relay has not ended before. */
export type Ending = 'close frame' | 'half' | 'reset';

/** What one connection does. */
export interface Script {
  readonly handshake: Buffer;
  /** Where a `welcome` is to be expected. */
  readonly address: string;
  readonly batches: readonly Batch[];
  /** Whether frames end where batches end, so that the relay can be asked whether it has heard all. */
  readonly whole: boolean;
  /** Never reads what the relay says. */
  readonly deaf: boolean;
  readonly ending: Ending;
}

/** Frames that are not texts as the protocol has them; some of them end the connection. */
const ODD_FRAMES: readonly (readonly [number, (text: string, chance: Chance) => Buffer])[] = [
  [12, (text, chance) => fragmentsOf(text, 2 + chance.below(14))],
  [6, (text, chance) => fragmentsOf(text, 3 + chance.below(5), [frameOf('between', { opcode: OPCODE.ping })])],
  [8, (_, chance) => frameOf('x'.repeat(chance.below(126)), { opcode: chance.pick([OPCODE.ping, OPCODE.pong]) })],
  [4, (text) => frameOf(text, { lengthBytes: 8 })],
  [1, (text) => fragmentsOf(text, 40)],
  [1, (text) => frameOf(text, { opcode: OPCODE.binary })],
  [1, (text) => frameOf(text, { masked: false })],
  [1, (text, chance) => frameOf(text, { rsv: 1 + chance.below(7) })],
  [1, (text, chance) => frameOf(text, { opcode: chance.pick([3, 4, 7, 11, 15]) })],
  [1, (text) => frameOf(text, { opcode: OPCODE.continuation })],
  [1, (text) => frameOf(text, { fin: false })],
  [1, (text) => frameOf(text.padEnd(130), { opcode: OPCODE.ping })],
  [1, () => frameOf('x', { opcode: OPCODE.ping, fin: false })],
  [1, (_, chance) => frameOf('x'.repeat(65_537 + chance.below(1000)))],
  [1, (text, chance) => frameOf(text, { claims: chance.pick([65_537, 2 ** 31, 2 ** 40, 2 ** 53]) })],
  [1, () => frameOf(Buffer.from([0x22, 0xff, 0xc0, 0xed, 0xa0, 0x80, 0x22]))],
  [1, (_, chance) => frameOf(closeContent(chance.below(65_536)), { opcode: OPCODE.close })],
  [1, () => frameOf('x', { opcode: OPCODE.close })],
];

function closeContent(code: number): Buffer {
  const content = Buffer.alloc(2);
  content.writeUInt16BE(code);
  return content;
}

/** Sessions of one kind in a hundred thousand. */
const KINDS = [
  [74_000, 'messages'],
  [22_000, 'bytes'],
  [3000, 'silent'],
  [970, 'deaf'],
  [30, 'flood'],
] as const;

/** The script of the `index`-th session. `resumeOf` knows secrets that the relay has given out. */
export function scriptOf(tongue: Tongue, index: number, resumeOf: (address: string) => string | undefined): Script {
  const chance = chanceOfSession(tongue, index);
  const kind = chance.weighted(KINDS);
  const ending = chance.pick<Ending>(['close frame', 'half', 'reset']);
  const base = { handshake: Buffer.from(handshake('/ws')), whole: true, deaf: false, ending };
  switch (kind) {
    case 'bytes':
      return recorded(chance, base);
    case 'silent':
      return { ...base, address: '', batches: [] };
    default: {
      const { peer, device, text } = hello(tongue, chance, resumeOf);
      // A page that says anything else first is out of turn, and that is tried too.
      const first = chance.happens(0.96) ? [{ bytes: frameOf(text), frames: 1 }] : [];
      const more = kind === 'flood' ? [flood()] : batches(tongue, index, chance);
      return { ...base, deaf: kind === 'deaf', address: `${peer}/${device}`, batches: [...first, ...more] };
    }
  }
}

function batches(tongue: Tongue, index: number, chance: Chance): Batch[] {
  const text = textsFor(tongue, index, chance);
  const one = (): Buffer => (chance.happens(0.06) ? chance.weighted(ODD_FRAMES)(text(), chance) : frameOf(text()));
  return Array.from({ length: 1 + chance.below(6) }, () => {
    const frames = Array.from({ length: 1 + chance.below(24) }, one);
    return { bytes: Buffer.concat(frames), frames: frames.length };
  });
}

/** More at once than any page may say. */
function flood(): Batch {
  const frames = 5000;
  return { bytes: Buffer.concat(Array<Buffer>(frames).fill(frameOf('{"type":"ping"}'))), frames };
}

/** A call as it was sent, by page. */
const corpus = new Map<string, string[]>();
for (const line of readFileSync(new URL('../../corpus/call.txt', import.meta.url), 'utf8').split('\n')) {
  const [, page, text] = /^(\w+) (\{.*\})$/.exec(line) ?? [];
  if (page !== undefined && text !== undefined) corpus.set(page, [...(corpus.get(page) ?? []), text]);
}

/** The recorded frames of a page of a call, with bytes changed. */
function recorded(chance: Chance, base: Omit<Script, 'address' | 'batches'>): Script {
  const said = chance.pick([...corpus.values()]);
  const bytes = Buffer.concat(said.map((text) => frameOf(text)));
  // Mostly behind the `hello`, so that the rest is heard by a page that has been welcomed.
  const from = chance.happens(0.8) ? frameOf(said[0]!).length : 0;
  const changed = changedBytes(bytes, 1 + chance.below(6), chance, from);
  const shaken = chance.happens(0.1) ? changedBytes(base.handshake, 1 + chance.below(3), chance) : base.handshake;
  const cut = chance.below(changed.length + 1);
  const parts = chance.happens(0.5) ? [changed] : [changed.subarray(0, cut), changed.subarray(cut)];
  const batches = parts.map((part, index) => ({ bytes: part, frames: index === 0 ? said.length : 0 }));
  return { ...base, handshake: shaken, address: '', batches, whole: false };
}
