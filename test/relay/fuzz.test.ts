/** A few seconds of what `npm run soak -- fuzz` does for minutes. */
import { test } from 'node:test';
import { fuzz } from '../soak/support/fuzz/fuzz.js';
import { judge } from '../soak/support/fuzz/verdict.js';

for (const tokens of [false, true]) {
  const who = tokens ? 'asks for tokens' : 'takes everybody at their word';
  test(`A running relay that ${who} bears frames and requests of every kind beside an honest call`, async (t) => {
    const plan = { frames: 3000, requests: 500, seed: 20_261_120, tokens, rest: 0, measure: 'heapUsed' as const };
    judge(t, plan, await fuzz(t, plan));
  });
}
