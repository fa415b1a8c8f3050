/** Calls that nobody takes, or whose people are gone: they end by the clock. */
import { describe, it } from 'node:test';
import { ask, dial, hasHadEnds, neverOpenedDevices, ready, release, twoPeople } from '../support/people.js';
import { openWorld, panel } from '../support/world.js';

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
