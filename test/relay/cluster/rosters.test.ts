/** The roster of several relays: what it costs, and whose name it tells. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { systemClock } from '../../../relay/clock.js';
import type { Bus } from '../../../relay/cluster/bus.js';
import { KEPT_FOR, Rosters } from '../../../relay/cluster/rosters.js';
import type { WordOf } from '../../../relay/cluster/words.js';
import { Deadlines } from '../../../relay/deadlines.js';
import { ROSTER_FEW, ROSTER_SOON } from '../../../relay/protocol/index.js';
import { Seats } from '../../../relay/seats.js';
import { startRedis, withoutRedis } from '../../support/redis.js';
import { openNode, settle } from '../support/cluster.js';
import { StoppedClock, startRelay } from '../support/relay.js';
import { FakePage } from '../support/switchboard-contract.js';

/** The rosters of a relay beside another one, on which a test says how many people are. */
function openRosters() {
  const clock = new StoppedClock();
  const there = { people: 0, questions: 0 };
  const deadlines = new Deadlines(clock);
  const bus = {
    publish: (_channel: string, text: string) => {
      const { id } = JSON.parse(text) as { id: string };
      there.questions++;
      const people = Array.from({ length: there.people }, (_, at) => ({ peer: `p${at}`, presence: 'online' as const, since: 1 }));
      rosters.take({ type: 'people', relay: 'other', re: id, people, more: false } as WordOf<'people'>);
      return Promise.resolve(1);
    },
  } as unknown as Bus;
  const rosters: Rosters = new Rosters({ bus, deadlines, seats: new Seats(deadlines, () => undefined), relay: 'self' });
  const count = async () => (await rosters.all(() => true)).people.length;
  return { clock, there, count };
}

test('Where many people are elsewhere, the other relays are asked once a second, however many pages ask', async () => {
  const { clock, there, count } = openRosters();
  there.people = ROSTER_FEW + 1;
  assert.deepEqual(await Promise.all([count(), count()]), [there.people, there.people]);
  assert.equal(await count(), ROSTER_FEW + 1);
  assert.equal(there.questions, 1);
  there.people++;
  clock.pass(KEPT_FOR / 1000 + 0.25);
  assert.equal(await count(), ROSTER_FEW + 2);
  assert.equal(there.questions, 2);
});

test('Where few people are elsewhere, whoever comes is listed in the next answer', async () => {
  const { there, count } = openRosters();
  for (there.people = ROSTER_FEW - 1; there.people <= ROSTER_FEW; there.people++) assert.equal(await count(), there.people);
  assert.equal(there.questions, 2);
});

test(
  'a page that may see few people may ask again soon where few are on all relays, and not where many are',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    const options = { redis: redis.url, clock: systemClock, roster: true, maxConnectionsPerIp: 200, connectRate: 100, drain: 0 };
    const start = () => startRelay(t, { ...options, authorize: ({ peer }) => (peer === 'eve' ? { peer, calls: [] } : { peer }) });
    const [here, there] = await Promise.all([start(), start()]);
    const ask = async (device: string) => {
      const eve = await here.join({ peer: 'eve', device });
      eve.say({ type: 'roster' });
      const { peers, again } = await eve.next('roster');
      return [(peers as unknown[]).length, again];
    };
    assert.deepEqual(await ask('d1'), [1, ROSTER_SOON]);
    for (let at = 0; at < ROSTER_FEW; at++) await there.join({ peer: `p${at}` });
    assert.deepEqual(await ask('d2'), [1, undefined]);
  },
);

test('the page that came last gives the name, also after one at a relay whose clock is ahead', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const ahead = { ...systemClock, date: () => systemClock.date() + 60_000 };
  const [fast, right] = await Promise.all([openNode(redis.url, undefined, ahead), openNode(redis.url)]);
  t.after(() => Promise.all([fast.switchboard.close(), right.switchboard.close()]));
  await fast.switchboard.join(new FakePage('bob', 'd1', 'Bob'), 'new-device');
  await right.switchboard.join(new FakePage('bob', 'd2'), 'new-device');
  await settle([fast, right]);
  for (const { switchboard } of [fast, right]) {
    assert.deepEqual((await switchboard.roster()).people, [{ peer: 'bob', presence: 'online' }]);
    const watcher = new FakePage('alice');
    switchboard.watch('bob', watcher);
    await settle([fast, right]);
    assert.deepEqual(watcher.presences().at(-1), 'bob online');
  }
});
