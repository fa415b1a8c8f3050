/** A page that is loaded anew in the middle of a call, again and again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRelay } from '../support/relay.js';
import { openCrowd } from './support/crowd.js';
import type { Side } from './support/crowd.js';
import { backAfter, spread } from './support/figures.js';

const TIMES = Number(process.env.SOAK_ROUNDS ?? 20);
const STEADY = { gap: 700, lasts: 800 };

/** Waits until sound and picture are there at both sides without a break; answers how long after a moment they were. */
async function whole(sides: readonly Side[], since: number): Promise<number> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const seen = await Promise.all(sides.map((side) => side.page.evaluate(() => meters.seen())));
    const lanes = seen.flatMap(({ arrivals }) => Object.values(arrivals)).map((moments) => backAfter(moments, since, STEADY));
    if (lanes.length >= 4 && lanes.every((after) => after !== undefined)) return Math.max(...lanes);
    assert.ok(Date.now() < deadline, `not whole after 20 s: ${JSON.stringify(lanes)}`);
    await Promise.all(sides.map((side) => side.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))));
  }
}

for (const who of ['caller', 'callee'] as const) {
  test(`The ${who}'s page is loaded anew ${TIMES} times: each time the call is whole again`, async (t) => {
    const relay = await startRelay();
    t.after(() => relay.close());
    const crowd = await openCrowd(t, { pairs: 1, media: 'video', script: `${relay.origin}/video-call.js` });
    const reloads = who === 'caller' ? crowd.callers : crowd.callees;
    const [fresh, anew]: [number[], number[]] = [[], []];
    for (let time = 0; time < TIMES; time++) {
      await Promise.all(crowd.sides.map((side) => side.watch()));
      fresh.push(await whole(crowd.sides, await crowd.dial()));
      const stays = who === 'caller' ? crowd.callees : crowd.callers;
      await stays.watch();
      await reloads.page.reload({ waitUntil: 'load' });
      await reloads.watch();
      const since = await reloads.page.evaluate(() => performance.timeOrigin);
      anew.push(await whole(crowd.sides, since));
      const hungUp = await crowd.hangUp();
      for (const side of crowd.sides) {
        await side.all('call-ended', { reason: 'hung-up' }, hungUp);
        await side.all('call-state', { state: 'idle' }, hungUp);
        assert.deepEqual(await side.errors(), []);
        await side.forget();
      }
    }
    t.diagnostic(`from the click to a whole call: ${spread(fresh)}`);
    t.diagnostic(`from the new page's beginning to the whole call again: ${spread(anew)}`);
    assert.equal(anew.length, TIMES);
  });
}
