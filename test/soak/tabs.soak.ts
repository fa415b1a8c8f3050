/** How soon the other tabs of a person fall silent when one of them answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothEnd } from '../support/people.js';
import { answeredIn, threeTabs } from '../support/three-tabs.js';
import { openWorld } from '../support/world.js';
import { percentile, spread } from './support/figures.js';

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 10);
/** Milliseconds. */
const WITHIN = 300;

test('Nineteen of twenty tabs that rang stop within 300 ms of an answer in another one, and all within a second', async (t) => {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await t.test(`round ${round + 1}`, async (inner) => {
      const [alice, [first, second, third]] = await threeTabs(await openWorld(inner));
      times.push(...(await answeredIn(second, [first, third], alice)));
      await second.press('Hang up');
      await bothEnd(alice, second, 'hung-up');
    });
  }
  t.diagnostic(`from the answer to silence: ${spread(times)}`);
  assert.ok(Math.max(...times) < 1000, `one took ${Math.max(...times).toFixed(0)} ms`);
  assert.ok(percentile(times, 0.95) < WITHIN, `${percentile(times, 0.95).toFixed(0)} ms`);
});
