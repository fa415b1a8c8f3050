/** Calls whose path is prepared, or breaks. */
import type { TestContext } from 'node:test';
import { LOOPBACK_PEERS, startTurn } from './daemons.js';
import { openWorld, panel } from './world.js';
import type { World } from './world.js';
import type { Person } from './person.js';

type Browser = 'chromium' | 'firefox';

/** Alice and Bob in a call, in browsers of these kinds; `place` are further attributes of both panels. */
export async function connected(
  world: World,
  place: Record<string, string> = {},
  [first, second]: readonly [Browser, Browser] = ['chromium', 'chromium'],
): Promise<[Person, Person]> {
  const bob = await world.visit({ name: 'bob', browser: second, markup: panel({ me: 'bob', ...place }) });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', browser: first, markup: panel({ me: 'alice', peer: 'bob', ...place }) });
  await alice.press('Call');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  return [alice, bob];
}

/** A call all of whose media goes through a TURN server, which stands still for some 20 seconds: both see and hear each other again by themselves. */
export async function pathIsCut(t: TestContext, browsers: readonly [Browser, Browser]): Promise<void> {
  const [world, turn] = await Promise.all([openWorld(t), startTurn(t)]);
  const [alice, bob] = await connected(world, { 'ice-servers': turn.iceServers, 'ice-policy': 'relay' }, browsers);
  turn.stop();
  await Promise.all([alice.state('reconnecting', {}, 30_000), bob.state('reconnecting', {}, 30_000)]);
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  turn.go();
  const from = Date.now();
  await Promise.all([alice.state('connected', {}, 20_000), bob.state('connected', {}, 20_000)]);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  t.diagnostic(`seen and heard again ${Date.now() - from} ms after the path was back`);
  await alice.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
}

/** A world whose relay hands out a TURN server, so that paths are prepared while it rings. */
export async function turning(t: TestContext, turnSecret = 'secret'): Promise<World> {
  const turn = await startTurn(t, LOOPBACK_PEERS);
  return openWorld(t, { turn: [`turn:127.0.0.1:${turn.port}`], turnSecret });
}
