/** How soon a call that comes in is seen, where the code of the panel has still to be loaded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timesToDialog } from '../support/first-paint.js';
import { openWorld } from '../support/world.js';
import { percentile, spread } from './support/figures.js';

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 20);
/** Milliseconds. */
const WITHIN = 100;

test('The dialog of a call is painted within 100 ms of the invite, with all code of the panel still to be loaded', async (t) => {
  const times = await timesToDialog(await openWorld(t), ROUNDS);
  t.diagnostic(`from the invite to the dialog: ${spread(times)}`);
  assert.ok(percentile(times, 0.95) < WITHIN, `${percentile(times, 0.95).toFixed(0)} ms`);
});
