/** Many calls one after another in one page, which must leave nothing behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { MAX_CALLS_PER_MINUTE } from '../../relay/protocol/index.js';
import { startRelay } from '../support/relay.js';
import { openCrowd } from './support/crowd.js';
import type { Side } from './support/crowd.js';
import { spread } from './support/figures.js';

const CALLS = Number(process.env.SOAK_ROUNDS ?? 500);
/** Calls before the first look: what is made once is made then. */
const WARM_UP = 20;
/** Milliseconds from one call to the next, at least: one person begins no more of them at a relay. */
const APART = 60_000 / (MAX_CALLS_PER_MINUTE - 1);
const MEGABYTE = 1_000_000;

/** What a page holds after its rubbish has been collected, as the browser counts it. */
async function counted(side: Side): Promise<Record<string, number>> {
  await side.forget();
  const devtools = await side.page.createCDPSession();
  await devtools.send('Performance.enable');
  // What has just been closed takes the browser a few rounds.
  for (let round = 0; round < 5; round++) {
    await devtools.send('HeapProfiler.collectGarbage');
    await side.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
  const { metrics } = await devtools.send('Performance.getMetrics');
  await devtools.detach();
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

test(`${CALLS} calls one after another leave nothing behind in either page`, async (t) => {
  const relay = await startRelay();
  t.after(() => relay.close());
  const attributes = { 'max-resolution': '360p' };
  const crowd = await openCrowd(t, { pairs: 1, media: 'video', script: `${relay.origin}/video-call.js`, attributes });
  const setUp: number[] = [];

  async function makeCalls(many: number): Promise<void> {
    for (let count = 0; count < many; count++) {
      const next = wait(APART);
      const dialled = await crowd.dial();
      const times = await Promise.all(crowd.sides.map((side) => side.all('call-connected', {}, dialled)));
      setUp.push(Math.max(...times.flat()) - dialled);
      const hungUp = await crowd.hangUp();
      await Promise.all(crowd.sides.map((side) => side.all('call-ended', { reason: 'hung-up' }, hungUp)));
      await next;
    }
    await Promise.all(crowd.sides.map((side) => side.page.waitForSelector('video-call-panel[state="idle"]')));
  }

  await makeCalls(WARM_UP);
  const before = await Promise.all(crowd.sides.map(counted));
  const heldBefore = await Promise.all(crowd.sides.map((side) => side.held()));
  await makeCalls(CALLS);
  const after = await Promise.all(crowd.sides.map(counted));
  const heldAfter = await Promise.all(crowd.sides.map((side) => side.held()));
  t.diagnostic(`from the click to a connected call: ${spread(setUp)}`);
  for (const [index, side] of crowd.sides.entries()) {
    const grown = (name: string): number => (after[index]![name] ?? NaN) - (before[index]![name] ?? NaN);
    const held = heldAfter[index]!;
    t.diagnostic(
      `${side.name}: ${after[index]!.RTCPeerConnections} peer connections, ${held.tracks} live tracks, ${held.timers} timers (${heldBefore[index]!.timers} before), ` +
        `${grown('Nodes')} more nodes, ${grown('JSEventListeners')} more listeners, ${(grown('JSHeapUsedSize') / MEGABYTE).toFixed(2)} MB more heap`,
    );
    assert.deepEqual(await side.errors(), []);
    assert.equal(held.connections, 0);
    assert.equal(held.tracks, 0);
    assert.ok(held.timers <= heldBefore[index]!.timers, 'no clock is left running');
    assert.ok(grown('Nodes') <= 5, 'no node is left');
    // Some belong to objects that are not collected yet; a listener left by each call would be as many as there were calls.
    assert.ok(grown('JSEventListeners') <= CALLS / 10, 'no listener is left');
    assert.ok(grown('JSHeapUsedSize') < 5 * MEGABYTE, 'the heap has not grown');
    assert.ok(grown('RTCPeerConnections') <= 0, 'no peer connection is left');
  }
});
