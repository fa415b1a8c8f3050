import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FrameCounter } from './support/raw-page.js';

/** A text frame of a server with so many bytes in it. */
function frame(length: number): Buffer {
  const head =
    length < 126
      ? [0x81, length]
      : length < 65_536
        ? [0x81, 126, length >> 8, length & 0xff]
        : [0x81, 127, 0, 0, 0, 0, 0, length >> 16, 0, 0];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 'x')]);
}

test('Frames are counted, however what came is cut', () => {
  const lengths = [1, 125, 126, 300, 4096, 65_536, 2];
  const all = Buffer.concat(lengths.map(frame));
  for (const size of [1, 2, 3, 7, 100, 1000, all.length]) {
    const counter = new FrameCounter();
    let count = 0;
    for (let at = 0; at < all.length; at += size) count += counter.take(all.subarray(at, at + size));
    assert.equal(count, lengths.length, `in pieces of ${size}`);
  }
});
