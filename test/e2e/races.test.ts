/**
 * What two people, or two tabs, do at the same time: there is one outcome, the same for everybody. Messages are held up on
 * their way where an order must be certain.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, bobAlone, bothEnd, dial, hasHadEnds, neverOpenedDevices, release, together, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

/** The device ID of a person's page, as the relay confirmed it. */
const deviceOf = async (person: Person): Promise<unknown> => (await person.frames('received', 'welcome'))[0]?.message?.device;

/** Lets several pages do something in the same moment, however long it takes to tell them. */
async function atOnce(...wishes: readonly (readonly [person: Person, method: string, ...given: string[]])[]): Promise<unknown[]> {
  const moment = Date.now() + 150;
  const asked = wishes.map(([person, method, ...given]) =>
    person.panel(
      (shown, wish) => new Promise((resolve) => setTimeout(() => resolve(shown[wish.method](...wish.given)), wish.moment - Date.now())),
      { moment, method, given },
    ),
  );
  return Promise.all(asked);
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
    assert.deepEqual(await atOnce([alice, 'call', 'bob'], [bob, 'call', 'alice']), [true, true]);
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
  const [alice, first] = await twoPeople(world, {
    alice: { relay: toAlice.url },
    bob: { relay: ofFirst.url },
    bobVisits: { windows: true },
  });
  const second = await bobAlone(world, { relay: ofSecond.url }, { name: "bob's second tab", beside: first });

  for (const [winner, other] of [
    [first, second],
    [second, first],
  ] as const) {
    const accepts = [ofFirst, ofSecond].map((wire) => wire.hold('to the relay', 'accept'));
    const heard = toAlice.hold('to the page', 'accept');
    await dial(alice, 'bob');
    await Promise.all([first.state('incoming'), second.state('incoming')]);
    assert.deepEqual(await atOnce([first, 'accept'], [second, 'accept']), [true, true]);
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
  const [alice, first] = await twoPeople(world, { bobVisits: { windows: true } });
  const second = await bobAlone(world, {}, { name: "bob's second tab", beside: first });

  for (let round = 0; round < 4; round += 1) {
    await dial(alice, 'bob');
    await Promise.all([first.state('incoming'), second.state('incoming')]);
    // An accept is so quick that the other tab may know by then.
    assert.ok((await atOnce([first, 'accept'], [second, 'accept'])).includes(true), 'somebody could do it');
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
