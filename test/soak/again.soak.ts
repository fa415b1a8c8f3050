/** One call after the other, by the same two pages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, bothEnd, dial, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

test('Twenty calls, each right after the last, leave nothing behind in either page', { timeout: 120_000 }, async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bob: { 'auto-answer': 'video' } });

  /** Alice calls this often from within her page; somebody hangs up as soon as they are connected, when the other may not be. */
  const callInHaste = (times: number, whoEnds: 'alice' | 'bob'): Promise<void> =>
    alice.panel(
      async (shown, { rounds, hangsUp }) => {
        const next = (type: string): Promise<Event> => new Promise((resolve) => shown.addEventListener(type, resolve, { once: true }));
        for (let round = 0; round < rounds; round += 1) {
          const [connected, ended] = [next('call-connected'), next('call-ended')];
          if (!(await shown.call('bob'))) throw new Error(`call ${round} could not be placed`);
          await Promise.race([connected, ended]);
          if (hangsUp) void shown.hangUp();
          const { reason } = (await ended) as Event & { reason: string };
          if (reason !== 'hung-up') throw new Error(`call ${round} ended as ${reason}`);
        }
      },
      { rounds: times, hangsUp: whoEnds === 'alice' },
    );

  /** Alice calls this often, and they take turns at hanging up once both are connected. */
  async function callAtEase(times: number): Promise<void> {
    for (let round = 0; round < times; round += 1) {
      await dial(alice, 'bob');
      await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
      await ask(round % 2 === 0 ? alice : bob, 'hangUp');
      await bothEnd(alice, bob, 'hung-up');
    }
  }

  /** What a page holds when its rubbish has been collected, and all that was noted down for tests is forgotten. */
  async function held(person: Person): Promise<Record<string, number>> {
    await person.page.evaluate(() => (observer.frames.length = observer.captures.length = 0));
    const devtools = await person.page.createCDPSession();
    await devtools.send('Performance.enable');
    const deadline = Date.now() + 3_000;
    for (;;) {
      await devtools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devtools.send('Performance.getMetrics');
      const counts = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
      if (counts.RTCPeerConnections === 0 || Date.now() > deadline) return counts;
      // What has just been closed takes the browser a few rounds.
      await person.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
    }
  }

  /** All of the last call is over, as far as anybody can see. */
  const rest = (): Promise<unknown> =>
    Promise.all([alice, bob].map((person) => person.page.waitForSelector('video-call-panel[state="idle"]')));

  await callInHaste(5, 'alice');
  await bob.panel((shown) => shown.addEventListener('call-connected', (shown.inHaste = () => void shown.hangUp())));
  await callInHaste(5, 'bob');
  await bob.panel((shown) => shown.removeEventListener('call-connected', shown.inHaste));
  await rest();
  for (const { page } of [alice, bob]) await page.evaluate(() => (observer.events.length = 0));
  // What is drawn for the first time stays, once.
  await callAtEase(2);
  await rest();
  const before = await Promise.all([held(alice), held(bob)]);
  await callAtEase(10);
  await rest();
  const after = await Promise.all([held(alice), held(bob)]);

  for (const [index, person] of [alice, bob].entries()) {
    const open = { peerConnections: 0, tracks: [], camera: false, microphone: false, sockets: 1 };
    assert.deepEqual(await person.live(), open, `what ${person.name} has open`);
    const grown = (name: string): number => (after[index]![name] ?? NaN) - (before[index]![name] ?? NaN);
    // Chromium never frees a connection that is closed in the moment in which its state changes.
    const freed = 10 - before[index]!.RTCPeerConnections!;
    assert.ok(freed >= 6, `${freed} of ${person.name}'s 10 hasty connections are freed`);
    assert.ok(grown('RTCPeerConnections') <= 0, `${person.name} keeps ${grown('RTCPeerConnections')} peer connections`);
    // One that each call leaves behind makes ten.
    assert.ok(grown('Nodes') < 10, `${person.name} keeps ${grown('Nodes')} nodes`);
    assert.ok(grown('JSEventListeners') < 10, `${person.name} keeps ${grown('JSEventListeners')} listeners`);
    assert.ok(grown('JSHeapUsedSize') <= 300_000, `${person.name} keeps ${grown('JSHeapUsedSize')} bytes`);
  }
});
