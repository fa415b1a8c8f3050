/** The main job: one person calls another, from the page of another site, and both see and hear each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { button, openWorld, panel } from '../support/world.js';
import type { World } from '../support/world.js';
import type { Person } from '../support/person.js';

/** Alice with a panel and a button for Bob, and Bob with a panel. */
async function twoPeople(world: World, { media = 'video' }: { media?: string } = {}): Promise<[Person, Person]> {
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', 'display-name': 'Bob' }) });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({
    name: 'alice',
    markup: panel({ me: 'alice', 'display-name': 'Alice' }) + button({ peer: 'bob', media }, 'Call Bob'),
  });
  await alice.event('presence-change', { presence: 'online' });
  return [alice, bob];
}

test('A video call is rung, accepted, seen and heard on both sides, and leaves nothing behind when it is hung up', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await bob.touch();

  await alice.press('Call Bob');
  await alice.state('calling');
  await bob.find('Incoming video call from Alice', 'dialog');
  await alice.state('ringing');
  assert.deepEqual((await bob.live()).tracks, [], 'nothing of Bob is captured before he accepts');
  assert.equal((await bob.live()).peerConnections, 0, 'nothing is sent toward the caller before he accepts');

  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);

  await alice.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
  await Promise.all([alice.state('idle'), bob.state('idle')]);
  await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
});
