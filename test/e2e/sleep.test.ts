/** What a call lives through when a machine sleeps, and when a page is in the background or its renderer is gone. */
import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { PATIENCE } from '../support/person.js';
import { bothEnd, hasHadEnds, release, talk, twoPeople } from '../support/people.js';
import { sleep, withoutProcesses } from '../support/processes.js';
import { openWorld } from '../support/world.js';

/** Bob's browser is his own, in each test: it can sleep while Alice's does not. */
const his = ({ name }: TestContext) => ({ bobVisits: { apart: name } });

/** How long a machine sleeps in these tests, in ms. Nothing can be waited for meanwhile but time. */
const NAP = 16_000;

// They wait more than they work.
describe('What a call lives through that sleeps', { concurrency: 2 }, () => {
  for (const who of ['callee', 'caller'] as const) {
    test(
      `When the ${who}'s machine wakes after sixteen seconds, both are seen and heard again within five, without a click`,
      { skip: withoutProcesses },
      async (t) => {
        const world = await openWorld(t);
        const [alice, bob] = await twoPeople(world, who === 'callee' ? his(t) : { aliceVisits: { apart: t.name } });
        await talk(alice, bob);
        const [stays, sleeps] = who === 'callee' ? [alice, bob] : [bob, alice];

        const wake = sleep(t, sleeps);
        const asleep = setTimeout(NAP);
        await stays.state('reconnecting');
        await asleep;
        wake();
        const from = Date.now();
        await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
        const took = Date.now() - from;
        t.diagnostic(`seen and heard again ${took} ms after waking`);
        assert.ok(took < 5_000, `it took ${took} ms`);
        await Promise.all([alice.find('Mute microphone'), bob.find('Mute microphone')]);
        await Promise.all([hasHadEnds(alice), hasHadEnds(bob)]);
        await bob.press('Hang up');
        await bothEnd(alice, bob, 'hung-up');
        await release(alice, bob);
      },
    );
  }

  test(
    'Whoever wakes to a call that the other side has left is shown that it ended, and no frozen picture',
    { skip: withoutProcesses },
    async (t) => {
      const world = await openWorld(t);
      const [alice, bob] = await twoPeople(world, his(t));
      await talk(alice, bob);

      const wake = sleep(t, bob);
      await alice.state('reconnecting');
      await alice.press('Hang up');
      await alice.event('call-ended', { reason: 'hung-up' });
      await setTimeout(3_000);
      wake();
      const from = Date.now();
      await bob.event('call-ended', { reason: 'hung-up' });
      t.diagnostic(`ended ${Date.now() - from} ms after waking`);
      await bob.reads('Call ended');
      await release(alice, bob);
    },
  );

  test(
    'Whoever wakes to a call whose other side has closed the tab is not left with a frozen picture',
    { skip: withoutProcesses },
    async (t) => {
      const world = await openWorld(t);
      const [alice, bob] = await twoPeople(world, his(t));
      await talk(alice, bob);

      const wake = sleep(t, bob);
      await alice.closeTab();
      await setTimeout(3_000);
      wake();
      await bob.state('reconnecting');
      await bob.reads('Waiting for Alice to come back…');
      await bob.event('call-ended', { reason: 'left' }, 2 * PATIENCE);
      await release(bob);
    },
  );

  test('Whoever sleeps through the ringing wakes to a missed call, and nothing rings', { skip: withoutProcesses }, async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, { ...his(t), alice: { 'ring-timeout': 5 } });
    await bob.touch();
    await alice.press('Call Bob');
    await bob.find('Incoming video call from Alice', 'dialog');

    const wake = sleep(t, bob);
    await alice.event('call-ended', { reason: 'no-answer' });
    await setTimeout(6_000);
    wake();
    await bob.event('call-ended', { reason: 'no-answer' });
    await bob.reads('Missed call from Alice');
    assert.equal(await bob.loudness(1_000), 0);
    assert.equal(await bob.has('Accept'), false);
  });

  test('A page in the background keeps its heartbeat and its call', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, { bobVisits: { ...his(t).bobVisits, windows: true } });
    await talk(alice, bob);
    const other = await bob.page.browserContext().newPage();
    await other.bringToFront();
    await bob.page.waitForFunction(() => document.hidden, { timeout: PATIENCE, polling: 100 });

    const heartbeats = async (): Promise<number> => (await bob.frames('received', 'pong')).length;
    const before = await heartbeats();
    const patient = AbortSignal.timeout(3 * PATIENCE);
    while ((await heartbeats()) < before + 3) await setTimeout(500, undefined, { signal: patient });
    await alice.seesAndHears();
    await bob.hears();
    assert.equal(await bob.page.evaluate(() => document.hidden), true);
    await bob.turnTo();
    await bob.sees();
    const states = (await alice.events('call-state')).map(({ state }) => state);
    assert.equal(states.at(-1), 'connected');
    assert.ok(!states.includes('reconnecting'));
  });

  test('Whoever is in a call with a page whose renderer crashes waits for it, and has it back when it is loaded again', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await twoPeople(world, his(t));
    await talk(alice, bob);
    const session = await bob.page.createCDPSession();
    void session.send('Page.crash').catch(() => {});
    await alice.state('reconnecting');
    await bob.reload();
    await alice.state('connected', {}, 2 * PATIENCE);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  });
});
