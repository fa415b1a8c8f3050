import assert from 'node:assert/strict';
import { test } from 'node:test';

import { frameOf, latin1FrameOf } from '../../relay/frames.js';

test('a frame as a string has the bytes of the frame as bytes, at each edge of its length', () => {
  for (const length of [0, 1, 125, 126, 127, 128, 255, 256, 16_384, 65_534, 65_535]) {
    const text = 'x'.repeat(length);
    const frame = latin1FrameOf(text);
    assert.equal(frame?.length, frameOf(text, false).length);
    assert.ok(Buffer.from(frame, 'latin1').equals(frameOf(text, false)), `${length} bytes`);
  }
  const all = String.fromCharCode(...Array.from({ length: 128 }, (_, code) => code));
  assert.ok(Buffer.from(latin1FrameOf(all)!, 'latin1').equals(frameOf(all, true)), 'each character of ASCII');
});

test('a text has no frame as a string where bytes and characters differ, or where its length takes eight bytes', () => {
  for (const text of ['é', '\x80', 'zoë', '€', '👋', 'half \ud83d', `${'x'.repeat(65_534)}é`, 'x'.repeat(65_536)]) {
    assert.equal(latin1FrameOf(text), undefined);
  }
});
