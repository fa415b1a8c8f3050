/** A call whose other page, path or TURN server is gone for good. */
import { describe, test } from 'node:test';
import { startTurn, withoutTurn } from '../support/daemons.js';
import { connected } from '../support/path.js';
import { openWorld, panel } from '../support/world.js';

// They wait more than they work.
describe('What is gone for good', { concurrency: 2 }, () => {
  test('A page that crashes for good ends the call on the other side', async (t) => {
    const world = await openWorld(t);
    const [alice, bob] = await connected(world);
    await bob.crash();
    await alice.state('reconnecting');
    await alice.event('call-ended', { reason: 'left' }, 40_000);
    await alice.holdsNothing();
  });

  test('A call that finds no path ends for both after twenty seconds, and says why', { skip: withoutTurn }, async (t) => {
    const [world, turn] = await Promise.all([openWorld(t), startTurn(t)]);
    const nobody = { 'ice-servers': turn.iceServers, 'ice-policy': 'relay' };
    turn.stop();
    const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', ...nobody }) });
    await bob.event('relay-status', { status: 'online' });
    const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob', ...nobody }) });
    await alice.press('Call');
    await bob.press('Accept');
    const ended = { reason: 'connect-timeout' };
    await Promise.all([alice.event('call-ended', ended, 30_000), bob.event('call-ended', ended, 30_000)]);
    await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
  });

  test('A call whose TURN server dies goes on through the other one', { skip: withoutTurn }, async (t) => {
    const [world, first, second] = await Promise.all([openWorld(t), startTurn(t), startTurn(t)]);
    const servers = [...JSON.parse(first.iceServers), ...JSON.parse(second.iceServers)] as unknown[];
    const [alice, bob] = await connected(world, { 'ice-servers': JSON.stringify(servers), 'ice-policy': 'relay' });
    const used = await alice.page.evaluate(() => observer.turnServer());
    (used.includes(String(first.port)) ? first : second).stop();
    const from = Date.now();
    await Promise.all([alice.untilSound(false), bob.untilSound(false)]);
    await Promise.all([alice.untilSound(true, 20_000), bob.untilSound(true, 20_000)]);
    t.diagnostic(`heard again for a second and a half ${Date.now() - from} ms after the server died`);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await alice.press('Hang up');
    await bob.event('call-ended', { reason: 'hung-up' });
  });
});
