import assert from 'node:assert/strict';
import { test } from 'node:test';
import { levelOf } from '../../../components/panel/level.js';

const tone = (loudness: number) => Float32Array.from({ length: 512 }, (_, at) => loudness * Math.sin(at / 3));

test('Silence has no level, and a voice has more the louder it is', () => {
  assert.equal(levelOf(new Float32Array(512), 0), 0);
  assert.equal(levelOf(tone(0.001), 0), 0);
  const [soft, loud] = [levelOf(tone(0.02), 0), levelOf(tone(0.2), 0)];
  assert.ok(0 < soft && soft < loud && loud <= 1, `${soft} < ${loud}`);
  assert.equal(levelOf(tone(1), 0), 1);
});

test('A level rises at once, falls gently, and comes to rest', () => {
  let level = levelOf(tone(1), 0);
  const falling = [];
  while (level > 0 && falling.length < 20) falling.push((level = levelOf(new Float32Array(512), level)));
  assert.ok(falling[0]! > 0.5, 'it does not drop at once');
  assert.equal(falling.at(-1), 0);
});
