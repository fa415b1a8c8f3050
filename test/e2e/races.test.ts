/**
 * What two people, or two tabs, do at the same time: there is one outcome, the same for everybody. Messages are held up on
 * their way where an order must be certain.
 */
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { bobAlone, bothEnd, hasHadEnds, neverOpenedDevices, ready, release, together, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld, panel } from '../support/world.js';

const ask = (person: Person, what: 'accept' | 'decline' | 'hangUp'): Promise<boolean> =>
  person.panel((shown, method) => shown[method]() as Promise<boolean>, what);

const dial = (person: Person, peer: string): Promise<boolean> => person.panel((shown, to) => shown.call(to) as Promise<boolean>, peer);

/** The device ID of a person's page, as the relay confirmed it. */
const deviceOf = async (person: Person): Promise<unknown> => (await person.frames('received', 'welcome'))[0]?.message?.device;

/** Lets several pages do something in the same moment, however long it takes to tell them. */
async function atOnce(...wishes: readonly (readonly [person: Person, method: string, ...given: string[]])[]): Promise<void> {
  const moment = Date.now() + 150;
  const asked = wishes.map(([person, method, ...given]) =>
    person.panel(
      (shown, wish) => new Promise((resolve) => setTimeout(() => resolve(shown[wish.method](...wish.given)), wish.moment - Date.now())),
      { moment, method, given },
    ),
  );
  for (const done of await Promise.all(asked)) assert.equal(done, true, 'everybody could do it');
}

test('When accept and cancel cross, in whatever order they arrive, both sides are told the same, and a next call goes through', async (t) => {
  const world = await openWorld(t);
  const [toAlice, toBob] = await Promise.all([world.wire(), world.wire()]);
  const [alice, bob] = await twoPeople(world, { alice: { relay: toAlice.url }, bob: { relay: toBob.url } });

  for (let round = 0; round < 9; round += 1) {
    const order = ['accept first', 'cancel first', 'accept arrives as she hangs up'][round % 3];
    const accept = toAlice.hold('to the page', 'accept');
    await dial(alice, 'bob');
    await bob.state('incoming');
    await alice.state('ringing');
    await ask(bob, 'accept');
    await accept.caught;

    if (order === 'accept arrives as she hangs up') {
      const asked = ask(alice, 'hangUp');
      accept.release();
      await asked;
    } else {
      const cancel = toBob.hold('to the page', 'cancel');
      await ask(alice, 'hangUp');
      await cancel.caught;
      for (const hold of order === 'accept first' ? [accept, cancel] : [cancel, accept]) hold.release();
    }
    const [hers, his] = await Promise.all([alice.event('call-ended'), bob.event('call-ended')]);
    assert.equal(his.reason, hers.reason, `both are told the same in round ${round} (${order})`);
    if (order !== 'accept arrives as she hangs up') assert.equal(hers.reason, 'cancelled');
  }
  for (const person of [alice, bob]) assert.equal((await person.events('call-ended')).length, 9, 'each call has ended once');
  await release(alice, bob);

  await dial(alice, 'bob');
  await bob.press('Accept');
  await together(alice, bob);
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('Whoever accepts a call that has been cancelled already, but does not know it yet, ends with the caller and opens nothing for long', async (t) => {
  const world = await openWorld(t);
  const wire = await world.wire();
  const [alice, bob] = await twoPeople(world, { bob: { relay: wire.url } });

  for (let round = 0; round < 5; round += 1) {
    await dial(alice, 'bob');
    await bob.state('incoming');
    const cancel = wire.hold('to the page', 'cancel');
    await ask(alice, 'hangUp');
    await cancel.caught;
    await ask(bob, 'accept');
    await bob.state('connecting');
    cancel.release();
    await bothEnd(alice, bob, 'cancelled');
    await release(bob);
  }
  await Promise.all([release(alice), hasHadEnds(bob, ...Array<string>(5).fill('cancelled'))]);
});

test('Two people who call each other at the same time are in one call, and see and hear each other', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);

  for (let round = 0; round < 4; round += 1) {
    await atOnce([alice, 'call', 'bob'], [bob, 'call', 'alice']);
    const [hers, his] = await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    assert.equal((his.call as { id: string }).id, (hers.call as { id: string }).id, 'it is the same call for both');
    await Promise.all(round === 0 ? [alice.seesAndHears(), bob.seesAndHears()] : [alice.sees(), bob.sees()]);
    // The call that yielded keeps its connection for its last words.
    for (const { page } of [alice, bob]) await page.waitForFunction(() => observer.live().peerConnections === 1);

    await ask(round % 2 === 0 ? alice : bob, 'hangUp');
    await bothEnd(alice, bob, 'hung-up');
    await release(alice, bob);
  }
  for (const person of [alice, bob]) {
    await hasHadEnds(person, ...Array<string>(4).fill('hung-up'));
    assert.deepEqual(await person.events('call-incoming'), [], 'nobody is rung for it');
  }
});

test('Two invites that cross on the wire become one call, whichever arrives first', async (t) => {
  const world = await openWorld(t);
  const [ofAlice, ofBob] = await Promise.all([world.wire(), world.wire()]);
  const [alice, bob] = await twoPeople(world, { alice: { relay: ofAlice.url }, bob: { relay: ofBob.url } });

  for (let round = 0; round < 4; round += 1) {
    const invites = [ofAlice, ofBob].map((wire) => wire.hold('to the relay', 'invite'));
    await Promise.all([dial(alice, 'bob'), dial(bob, 'alice')]);
    await Promise.all(invites.map(({ caught }) => caught));
    for (const invite of round % 2 === 0 ? invites : [...invites].reverse()) invite.release();

    const [hers, his] = await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
    assert.equal((his.call as { id: string }).id, (hers.call as { id: string }).id, 'it is the same call for both');
    await Promise.all(round === 3 ? [alice.seesAndHears(), bob.seesAndHears()] : [alice.sees(), bob.sees()]);
    // The call that yielded keeps its connection for its last words.
    for (const { page } of [alice, bob]) await page.waitForFunction(() => observer.live().peerConnections === 1, { timeout: 3000 });

    await ask(round % 2 === 0 ? bob : alice, 'hangUp');
    await bothEnd(alice, bob, 'hung-up');
    await release(alice, bob);
  }
});

test('An invite that comes while the other person is just dialling the caller is taken as the answer', async (t) => {
  const world = await openWorld(t);
  const wire = await world.wire();
  const [alice, bob] = await twoPeople(world, { bob: { relay: wire.url } });

  const invite = wire.hold('to the page', 'invite');
  await dial(alice, 'bob');
  await invite.caught;
  // Bob's own offer takes a while to make: the invite comes before it can be sent.
  await dial(bob, 'alice');
  invite.release();
  await together(alice, bob);

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('Of two tabs that accept at the same time the one that is heard first is in the call, and the other lets everything go', async (t) => {
  const world = await openWorld(t);
  const [toAlice, ofFirst, ofSecond] = await Promise.all([world.wire(), world.wire(), world.wire()]);
  const [alice, first] = await twoPeople(world, { alice: { relay: toAlice.url }, bob: { relay: ofFirst.url } });
  const second = await bobAlone(world, { relay: ofSecond.url }, { name: "bob's second tab", beside: first });

  for (const [winner, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const accepts = [ofFirst, ofSecond].map((wire) => wire.hold('to the relay', 'accept'));
    const heard = toAlice.hold('to the page', 'accept');
    await dial(alice, 'bob');
    await Promise.all([first.state('incoming'), second.state('incoming')]);
    await atOnce([first, 'accept'], [second, 'accept']);
    await Promise.all(accepts.map(({ caught }) => caught));
    const [sooner, later] = winner === first ? accepts : [...accepts].reverse();
    sooner!.release();
    await heard.caught;
    later!.release();
    heard.release();

    await other.event('call-ended', { reason: 'answered-elsewhere' });
    await winner.turnTo();
    await together(alice, winner);
    await release(other);
    await ask(alice, 'hangUp');
    await bothEnd(alice, winner, 'hung-up');
    await release(alice, winner);
  }
  await Promise.all([hasHadEnds(first, 'hung-up', 'answered-elsewhere'), hasHadEnds(second, 'answered-elsewhere', 'hung-up')]);
});

test('Of two tabs that accept within 10 ms exactly one is in the call', async (t) => {
  const world = await openWorld(t);
  const [alice, first] = await twoPeople(world);
  const second = await bobAlone(world, {}, { name: "bob's second tab", beside: first });

  for (let round = 0; round < 4; round += 1) {
    await dial(alice, 'bob');
    await Promise.all([first.state('incoming'), second.state('incoming')]);
    await atOnce([first, 'accept'], [second, 'accept']);
    const { id } = (await alice.event('call-connected')).call as { id: string };
    const verdict = (await alice.frames('sent', 'cancel')).find(({ message }) => message?.call === id);
    const [winner, other] = verdict?.message?.winner === (await deviceOf(first)) ? [first, second] : [second, first];
    await other.event('call-ended', { reason: 'answered-elsewhere' });
    await winner.event('call-connected');
    await Promise.all([alice.sees({ frames: 5 }), release(other)]);
    await ask(winner, 'hangUp');
    await bothEnd(alice, winner, 'hung-up');
  }
  await release(alice, first, second);
});

test('A decline that comes after another tab has accepted ends nothing', async (t) => {
  const world = await openWorld(t);
  const [ofAlice, ofSecond] = await Promise.all([world.wire(), world.wire()]);
  const [alice, first] = await twoPeople(world, { alice: { relay: ofAlice.url } });
  const second = await bobAlone(world, { relay: ofSecond.url }, { name: "bob's second tab", beside: first });

  const cancel = ofSecond.hold('to the page', 'cancel');
  const decline = ofAlice.hold('to the page', 'decline');
  await dial(alice, 'bob');
  await Promise.all([first.state('incoming'), second.state('incoming')]);
  await first.turnTo();
  await first.press('Accept');
  await together(alice, first);
  await cancel.caught;

  await ask(second, 'decline');
  await decline.caught;
  decline.release();
  cancel.release();
  await second.event('call-ended');
  await Promise.all([alice.seesAndHears(), first.seesAndHears()]);
  await Promise.all([hasHadEnds(alice), hasHadEnds(first), neverOpenedDevices(second)]);

  await first.press('Hang up');
  await bothEnd(alice, first, 'hung-up');
  await release(alice, first, second);
});

test('When the caller closes the tab while it rings, the callee stops ringing at once', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await bob.touch();

  await alice.press('Call Bob');
  await alice.state('ringing');
  assert.ok((await bob.loudness()) > 0, 'it rings');
  const closed = Date.now();
  await alice.closeTab();
  await bob.event('call-ended', { reason: 'cancelled' });
  assert.ok(Date.now() - closed < 1500, `Bob is told after ${Date.now() - closed} ms`);
  assert.equal(await bob.loudness(500), 0, 'it rings no longer');
  await release(bob);
  await neverOpenedDevices(bob);
});

// Both wait more than they work.
describe('A call that rings in vain', { concurrency: 2 }, () => {
  it('When accept and ring timeout cross, in either order, nobody has answered, for both sides', async (t) => {
    const world = await openWorld(t);
    const [toAlice, toDave] = await Promise.all([world.wire(), world.wire()]);
    const [[alice, bob], carol, dave] = await Promise.all([
      twoPeople(world, { alice: { relay: toAlice.url, 'ring-timeout': 5 } }),
      ready(world, { name: 'carol', markup: panel({ me: 'carol', 'ring-timeout': 5 }) }),
      ready(world, { name: 'dave', markup: panel({ me: 'dave', relay: toDave.url }) }),
    ]);

    const lateAccept = toAlice.hold('to the page', 'accept');
    const lateCancel = toDave.hold('to the page', 'cancel');
    await Promise.all([dial(alice, 'bob'), dial(carol, 'dave')]);
    await Promise.all([bob.state('incoming'), dave.state('incoming')]);

    await ask(bob, 'accept');
    await Promise.all([alice.event('call-ended', { reason: 'no-answer' }), carol.event('call-ended', { reason: 'no-answer' })]);
    await Promise.all([lateAccept.caught, lateCancel.caught]);
    await ask(dave, 'accept');
    await dave.state('connecting');
    lateAccept.release();
    lateCancel.release();

    await Promise.all([bob.event('call-ended', { reason: 'no-answer' }), dave.event('call-ended', { reason: 'no-answer' })]);
    await release(alice, bob, carol, dave);
    for (const person of [alice, bob, carol, dave]) await hasHadEnds(person, 'no-answer');
  });

  it('When a ringing side is gone without a word, the other one is told', async (t) => {
    const world = await openWorld(t);
    const [[alice, bob], carol, dave] = await Promise.all([
      twoPeople(world),
      ready(world, { name: 'carol', markup: panel({ me: 'carol' }) }),
      ready(world, { name: 'dave', markup: panel({ me: 'dave' }) }),
    ]);
    await Promise.all([dial(alice, 'bob'), dial(carol, 'dave')]);
    await Promise.all([alice, carol].map((person) => person.state('ringing')));

    // The tab of the last device that rings is closed; the tab of a caller crashes.
    await bob.closeTab();
    const crashing = await carol.page.createCDPSession();
    crashing.send('Page.crash').catch(() => {});
    await carol.closeTab();
    await Promise.all([alice.event('call-ended', { reason: 'unreachable' }, 16_000), dave.event('call-ended', { reason: 'left' }, 16_000)]);
    await release(alice, dave);
    await neverOpenedDevices(dave);
  });
});

test('Forty calls, each right after the last, leave nothing behind in either page', { timeout: 120_000 }, async (t) => {
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
    await person.page.evaluate(() => (observer.frames.length = observer.events.length = observer.captures.length = 0));
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

  await callInHaste(10, 'alice');
  await bob.panel((shown) => shown.addEventListener('call-connected', (shown.inHaste = () => void shown.hangUp())));
  await callInHaste(10, 'bob');
  await bob.panel((shown) => shown.removeEventListener('call-connected', shown.inHaste));
  await rest();
  const before = await Promise.all([held(alice), held(bob)]);
  await callAtEase(20);
  await rest();
  const after = await Promise.all([held(alice), held(bob)]);

  for (const [index, person] of [alice, bob].entries()) {
    const open = { peerConnections: 0, tracks: [], camera: false, microphone: false, sockets: 1 };
    assert.deepEqual(await person.live(), open, `what ${person.name} has open`);
    const grown = (name: string): number => (after[index]![name] ?? NaN) - (before[index]![name] ?? NaN);
    // Chromium never frees a connection that is closed in the moment in which its state changes.
    const freed = 20 - before[index]!.RTCPeerConnections!;
    assert.ok(freed >= 14, `${freed} of ${person.name}'s 20 hasty connections are freed`);
    assert.ok(grown('RTCPeerConnections') <= 0, `${person.name} keeps ${grown('RTCPeerConnections')} peer connections`);
    assert.ok(grown('Nodes') <= 5, `${person.name} keeps ${grown('Nodes')} nodes`);
    assert.ok(grown('JSEventListeners') <= 10, `${person.name} keeps ${grown('JSEventListeners')} listeners`);
    assert.ok(grown('JSHeapUsedSize') <= 300_000, `${person.name} keeps ${grown('JSHeapUsedSize')} bytes`);
  }
});
