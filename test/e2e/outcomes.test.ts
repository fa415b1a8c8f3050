/** Every way in which a call can end while the network is well: both sides are told the same, and nothing stays open. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  aliceAlone,
  bothEnd,
  hasHadEnds,
  neverOpenedCamera,
  neverOpenedDevices,
  ready,
  release,
  restore,
  seesFace,
  talk,
  twoPeople,
} from '../support/people.js';
import type { Person } from '../support/person.js';
import { answeredIn, threeTabs } from '../support/three-tabs.js';
import { button, openWorld, panel } from '../support/world.js';

/** Within this time, in ms, a device that need not ring any more is silent on a machine on which other tests run; `npm run soak -- tabs` measures it. */
const AT_ONCE = 1000;

/** How long a call was dialled before it ended, in ms. */
async function triedFor(person: Person): Promise<number> {
  const dialled = (await person.events('call-state')).find(({ state }) => state === 'calling');
  const [end] = await person.events('call-ended');
  return end!.time - dialled!.time;
}

test('Both sides hang up in the same moment: each is told once that the call has ended', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);

  await Promise.all([alice, bob].map((person) => person.panel((shown) => shown.hangUp())));
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
  await Promise.all([hasHadEnds(alice, 'hung-up'), hasHadEnds(bob, 'hung-up')]);
});

test('A declined call ends for both as declined, without any device of the callee having been opened', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);

  await alice.press('Call Bob');
  await bob.press('Decline');
  await bothEnd(alice, bob, 'declined');
  await alice.reads('Bob declined the call');
  await restore(alice, bob);
  await neverOpenedDevices(bob);
});

test('A cancelled call stops ringing and is a missed call to the callee', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await bob.touch();

  await alice.press('Call Bob');
  await alice.state('ringing');
  assert.ok((await bob.loudness()) > 0, 'it rings');
  await alice.press('Cancel');
  await bothEnd(alice, bob, 'cancelled');
  assert.equal(await bob.loudness(500), 0, 'it rings no longer');
  await bob.reads('Missed call from Alice');
  await release(alice, bob);
  await neverOpenedDevices(bob);
});

test('Whoever calls a person in a call is told that they are busy, and that call is not touched', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  const markup = panel({ me: 'carol' }) + button({ peer: 'bob' }, 'Call Bob');
  const carol = await ready(world, { name: 'carol', markup });
  await carol.event('presence-change', { presence: 'busy' });
  const open = await Promise.all([alice.live(), bob.live()]);

  await carol.press('Call Bob');
  await carol.event('call-ended', { reason: 'busy' });
  await carol.reads('Bob is in another call');
  const took = await triedFor(carol);
  assert.ok(took < 1000, `Carol is told after ${took} ms`);
  await release(carol);

  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  assert.deepEqual(await Promise.all([alice.live(), bob.live()]), open, 'nothing was opened or closed for it');
  assert.equal((await bob.events('call-incoming')).length, 1, 'Bob is not rung again');
  await Promise.all([hasHadEnds(alice), hasHadEnds(bob)]);
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await carol.event('presence-change', { presence: 'online' });
});

test('A call that nobody answers ends after the ring timeout for both', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { alice: { 'ring-timeout': 5 } });

  await alice.press('Call Bob');
  await bob.find('Incoming video call from Alice', 'dialog');
  await bothEnd(alice, bob, 'no-answer');
  const took = await triedFor(alice);
  assert.ok(took > 4900 && took < 7000, `it rang for ${took} ms`);
  await Promise.all([alice.reads('Bob did not answer'), bob.reads('Missed call from Alice'), release(alice, bob)]);
  await neverOpenedDevices(bob);
});

test('A call to somebody who is not there is unreachable within a second', async (t) => {
  const world = await openWorld(t);
  const alice = await aliceAlone(world);
  await alice.event('presence-change', { presence: 'offline' });

  await alice.press('Call Bob');
  await alice.event('call-ended', { reason: 'unreachable' });
  await alice.reads('bob is not available right now');
  const took = await triedFor(alice);
  assert.ok(took < 1000, `Alice is told after ${took} ms`);
  await restore(alice);
});

test('A call answered in one of three tabs stops the others at once, whose cameras never open', async (t) => {
  const world = await openWorld(t);
  const [alice, [first, second, third]] = await threeTabs(world);

  const others = [first, third];
  const silent = await answeredIn(second, others, alice);
  for (const [at, tab] of others.entries()) {
    assert.ok(silent[at]! < AT_ONCE, `${tab.name} stops ${silent[at]} ms after the answer`);
    await tab.reads('You answered elsewhere');
    await neverOpenedDevices(tab);
  }

  await second.press('Hang up');
  await bothEnd(alice, second, 'hung-up');
  await release(alice, first, second, third);
});

test('A call rings on in other tabs where the panel of one is removed', async (t) => {
  const world = await openWorld(t);
  const [alice, [first, second, third]] = await threeTabs(world);

  await third.panel((element) => element.remove());
  await second.turnTo();
  await second.press('Accept');
  await Promise.all([alice.event('call-connected'), second.event('call-connected')]);
  await first.event('call-ended', { reason: 'answered-elsewhere' });
});

test('A call declined in one of three tabs ends in all of them', async (t) => {
  const world = await openWorld(t);
  const [alice, [first, second, third]] = await threeTabs(world);

  await third.turnTo();
  await third.press('Decline');
  await bothEnd(alice, third, 'declined');
  await bothEnd(first, second, 'declined-elsewhere');
  await release(alice, first, second, third);
  for (const tab of [first, second, third]) await neverOpenedDevices(tab);
});

test('A caller who does not allow the microphone is told what to do, and nobody is rung', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { aliceVisits: { permission: 'denied' } });

  await alice.press('Call Bob');
  await alice.event('call-error', { code: 'media-denied' });
  await alice.event('call-ended', { reason: 'media-denied' });
  await alice.reads('Allow this page to use your microphone and camera');
  await release(alice);
  assert.deepEqual(await bob.events('call-state'), [], 'Bob has heard nothing of it');
  assert.deepEqual(await alice.frames('sent', 'invite'), []);
});

test('A callee who does not allow the microphone ends the call for both as media-denied', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bobVisits: { permission: 'denied' } });

  await alice.press('Call Bob');
  await bob.press('Accept');
  await bob.event('call-error', { code: 'media-denied' });
  await bothEnd(alice, bob, 'media-denied');
  await bob.reads('Allow this page to use your microphone and camera');
  await release(alice, bob);
});

test('A caller without any device is told so, and nobody is rung', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { aliceVisits: { devices: 'none' } });

  await alice.press('Call Bob');
  await alice.event('call-error', { code: 'media-unavailable' });
  await alice.event('call-ended', { reason: 'media-unavailable' });
  await alice.reads('No working microphone or camera was found');
  await release(alice);
  assert.deepEqual(await bob.events('call-state'), [], 'Bob has heard nothing of it');
});

test('A callee without any device ends the call for both as media-unavailable', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bobVisits: { devices: 'none' } });

  await alice.press('Call Bob');
  await bob.press('Accept');
  await bob.event('call-error', { code: 'media-unavailable' });
  await bothEnd(alice, bob, 'media-unavailable');
  await release(alice, bob);
});

test('A caller without a camera makes the video call with sound alone, and sees the other side', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { aliceVisits: { devices: 'no-camera' } });

  await alice.press('Call Bob');
  await bob.find('Incoming video call from Alice', 'dialog');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.seesAndHears(), bob.hears(), bob.reads('Camera is off'), seesFace(bob, 'A')]);
  assert.deepEqual((await alice.live()).tracks, ['device audio']);

  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('A callee without a camera takes a video call with sound alone, and sees the other side', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bobVisits: { devices: 'no-camera' } });

  await alice.press('Call Bob');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([bob.seesAndHears(), alice.hears(), alice.reads('Camera is off'), seesFace(alice, 'B')]);

  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await release(alice, bob);
});

test('A voice call does not need a camera to be allowed, and asks for none', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, {
    media: 'audio',
    aliceVisits: { devices: 'no-camera' },
    bobVisits: { devices: 'no-camera' },
  });

  await alice.press('Call Bob');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.hears(), bob.hears()]);
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  assert.deepEqual([...(await alice.events('call-error')), ...(await bob.events('call-error'))], [], 'nobody is missing anything');
  await Promise.all([neverOpenedCamera(alice), neverOpenedCamera(bob)]);
});
