import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';

import { Pace } from '../../relay/pace.js';

test('what there is room for is done at once, the rest in the next turns, in order', async () => {
  const pace = new Pace(2);
  const done: number[] = [];
  for (let at = 0; at < 5; at++) pace.do(() => done.push(at));
  assert.deepEqual(done, [0, 1]);
  await turn();
  assert.deepEqual(done, [0, 1, 2, 3]);
  pace.do(() => done.push(5));
  assert.deepEqual(done, [0, 1, 2, 3], 'nobody gets before those who wait');
  await turn();
  assert.deepEqual(done, [0, 1, 2, 3, 4, 5]);
  await turn();
  pace.do(() => done.push(6));
  assert.equal(done.at(-1), 6);
});
