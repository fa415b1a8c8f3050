/** Calls between pages on two relays, which are joined by a Redis, behind one address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startMortalRelay } from '../support/daemons.js';
import type { MortalRelay } from '../support/daemons.js';
import { startRedis, withoutRedis } from '../support/redis.js';
import { openBalancer } from '../support/balancer.js';
import { openWorld, panel } from '../support/world.js';
import type { Person } from '../support/person.js';

interface Stage {
  readonly alice: Person;
  readonly bob: Person;
  /** The relay of each. */
  readonly hers: MortalRelay;
  readonly his: MortalRelay;
}

/** Alice and Bob, each on a relay of their own, behind one address. */
async function apart(t: TestContext): Promise<Stage> {
  const [world, redis] = await Promise.all([openWorld(t), startRedis(t)]);
  const [hers, his] = await Promise.all([1, 2].map(() => startMortalRelay(t, '--redis', redis.url)));
  const balancer = await openBalancer(t, [hers!.port, his!.port]);
  balancer.prefer(his!.port);
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', relay: balancer.url }) });
  await bob.event('relay-status', { status: 'online' });
  balancer.prefer(hers!.port);
  const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob', relay: balancer.url }) });
  await alice.event('relay-status', { status: 'online' });
  assert.deepEqual(balancer.taken, [his!.port, hers!.port]);
  return { alice, bob, hers: hers!, his: his! };
}

async function talk({ alice, bob }: Stage): Promise<void> {
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
}

async function hangUp({ alice, bob }: Stage): Promise<void> {
  await alice.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
  await Promise.all([alice.holdsNothing(), bob.holdsNothing()]);
}

test(
  'A call between pages on two relays goes on when one of them is killed, and both are there afterwards',
  { skip: withoutRedis },
  async (t) => {
    const stage = await apart(t);
    const { alice, bob, hers } = stage;
    await alice.press('Call');
    await bob.press('Accept');
    await talk(stage);
    await hers.kill();
    await alice.event('relay-status', { status: 'offline' });
    await alice.event('relay-status', { status: 'online' });
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    for (const person of [alice, bob]) {
      assert.deepEqual(
        (await person.events('call-state')).filter(({ state }) => state === 'reconnecting'),
        [],
      );
    }
    await hangUp(stage);
  },
);

for (const whose of ['hers', 'his'] as const) {
  test(
    `A call rings on, and can be answered, when ${whose === 'hers' ? "the caller's" : "the callee's"} relay is killed`,
    { skip: withoutRedis },
    async (t) => {
      const stage = await apart(t);
      const { alice, bob } = stage;
      await alice.press('Call');
      await alice.state('ringing');
      await stage[whose].kill();
      const moved = whose === 'hers' ? alice : bob;
      await moved.event('relay-status', { status: 'offline' });
      await bob.press('Accept');
      await talk(stage);
      assert.equal((await bob.events('call-incoming')).length, 1, 'it rang once');
      await hangUp(stage);
    },
  );
}
