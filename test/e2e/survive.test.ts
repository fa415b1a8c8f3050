/** What a call lives through: a relay that dies, a page that is loaded anew, a path that breaks. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openWorld, panel } from '../support/world.js';
import type { World } from '../support/world.js';
import type { Person } from '../support/person.js';

async function connected(world: World): Promise<[Person, Person]> {
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob' }) });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });
  await alice.press('Call');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  return [alice, bob];
}

for (const who of ['caller', 'callee'] as const) {
  test(`A call goes on after the ${who}'s page was loaded anew, with its timer`, async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await connected(world);
    const [stays, reloads] = who === 'caller' ? [bob, alice] : [alice, bob];
    const startedAt = await reloads.panel((shown) => shown.currentCall.startedAt as number);
    await reloads.reload();
    await stays.state('reconnecting');
    await reloads.state('connected');
    await stays.state('connected');
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    assert.equal(await reloads.panel((shown) => shown.currentCall.startedAt as number), startedAt);
    await reloads.press('Hang up');
    await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
    await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
  });
}

test('A tab that is closed for good ends the call on the other side within seconds', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await connected(world);
  await bob.closeTab();
  await alice.state('reconnecting');
  await alice.event('call-ended', { reason: 'left' });
  await alice.holdsNothing();
});
