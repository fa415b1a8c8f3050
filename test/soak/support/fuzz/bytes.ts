/** Bytes that are nearly right. */
import type { Chance } from './random.js';

/** Bytes that have been trouble somewhere: control characters, ends of lines, signs of lengths, halves of UTF-8. */
const TROUBLE = [
  0x00, 0x01, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x2e, 0x2f, 0x3a, 0x7b, 0x7d, 0x7f, 0x80, 0x8a, 0x88, 0xc0, 0xed, 0xfe, 0xff,
];

/** What can be done to bytes at a place. */
const CHANGES: readonly (readonly [number, (bytes: Buffer, at: number, chance: Chance) => Buffer])[] = [
  [4, (bytes, at, chance) => (bytes.writeUInt8(bytes[at]! ^ (1 << chance.below(8)), at), bytes)],
  [3, (bytes, at, chance) => (bytes.writeUInt8(chance.pick(TROUBLE), at), bytes)],
  [1, (bytes, at, chance) => (bytes.writeUInt8(chance.below(256), at), bytes)],
  [2, (bytes, at, chance) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(16))])],
  [
    2,
    (bytes, at, chance) => {
      const more = Buffer.alloc(1 + chance.below(8), chance.pick(TROUBLE));
      return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
    },
  ],
  [
    1,
    (bytes, at, chance) => {
      const again = bytes.subarray(at, at + chance.below(200));
      return Buffer.concat([bytes.subarray(0, at), again, bytes.subarray(at)]);
    },
  ],
  [
    1,
    (bytes, at, chance) => {
      const from = chance.below(bytes.length);
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + 64), bytes.subarray(at + 64)]);
    },
  ],
  [1, (bytes, at) => bytes.subarray(0, at)],
];

/** A copy of bytes with so many places changed, none of them before `from`. */
export function changedBytes(bytes: Buffer, changes: number, chance: Chance, from = 0): Buffer {
  let changed: Buffer = Buffer.from(bytes);
  for (let count = 0; count < changes && changed.length > from; count++) {
    changed = chance.weighted(CHANGES)(changed, from + chance.below(changed.length - from), chance);
  }
  return changed;
}
