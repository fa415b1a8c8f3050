/** A call that is recorded on one side: seen by both, and kept in one file with both in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothEnd, talk } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import { BLUE, GREEN, playBack, twoSignals, untilParts } from '../support/signals.js';
import { openWorld } from '../support/world.js';

test('Both see that a call is recorded, and the file has both pictures and both voices', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoSignals(world);
  await talk(alice, bob);
  assert.equal(await bob.has('Record'), false, 'norecord leaves it out');

  await alice.press('Record');
  await Promise.all([alice.reads('Recording'), bob.reads('Recording'), bob.reads('Alice records this call.')]);
  await untilParts(alice, 1);
  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');

  await alice.page.waitForFunction('globalThis.recorded', { timeout: PATIENCE });
  const { seconds, width, moments } = await playBack(alice, 'recorded', [1.5], [BLUE.pitch, GREEN.pitch, 800]);
  t.diagnostic(`${seconds.toFixed(2)} s: ${JSON.stringify(moments)}`);
  assert.ok(seconds > 2 && seconds < 15, `it says that it takes ${seconds} s`);
  assert.equal(width, 1280);
  const [{ large, small, tones }] = moments as [(typeof moments)[number]];
  assert.ok(large[2]! > 120 && large[1]! < 90, `Bob is large and blue: ${String(large)}`);
  assert.ok(small[1]! > 120 && small[2]! < 90, `Alice is small and green: ${String(small)}`);
  assert.ok(tones[0]! > 0.05 && tones[1]! > 0.05, `both voices are heard: ${String(tones)}`);
  assert.ok(tones[2]! < 0.02, `and nobody else: ${String(tones)}`);
  await alice.find('Save recording');
});
