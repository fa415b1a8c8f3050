/** What becomes of pages on several relays when relays, or their Redis, die, stand still or misbehave. Times are those of the machine. */
import assert from 'node:assert/strict';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { systemClock } from '../../../relay/clock.js';
import { startMortalRelay } from '../../support/daemons.js';
import { startRedis, withoutRedis } from '../../support/redis.js';
import type { RedisServer } from '../../support/redis.js';
import { joinAt, startRelay } from '../support/relay.js';
import type { TestPage, TestRelay } from '../support/relay.js';

/** Two relays of this process at one Redis. */
async function startTwo(t: TestContext, redis: Pick<RedisServer, 'url'>): Promise<[TestRelay, TestRelay]> {
  const start = () => startRelay(t, { redis: redis.url, clock: systemClock });
  return Promise.all([start(), start()]);
}

const ready = async ({ address }: TestRelay): Promise<number> => (await fetch(`${address.url}/readyz`)).status;

/** Asks again and again until the answer is right: what happens then has no other sign. */
async function eventually(statement: string, holds: () => Promise<boolean> | boolean, within = 15_000): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await holds())) {
    assert.ok(Date.now() < deadline, `Not within ${within} ms: ${statement}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const bothReady = (relays: readonly TestRelay[]) =>
  eventually('both relays hear each other', async () => {
    const all = await Promise.all(
      relays.map(async (relay) => (await ready(relay)) === 200 && /^video_call_redis_up 1$/m.test(await relay.relay.metrics())),
    );
    return all.every(Boolean);
  });

/** Says something until it arrives, as pages do, and answers how often it was said in vain. */
async function reach(from: TestPage, to: TestPage, n: number): Promise<void> {
  for (let tries = 0; tries < 40; tries++) {
    from.tell(to.address, { type: 'hangup', reason: 'left', n });
    const arrived = to.until('hangup', { n });
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, 500));
    if (await Promise.race([arrived, late])) return;
  }
  assert.fail(`Message ${n} never arrived.`);
}

const watch = (page: TestPage, ...addresses: string[]) => page.say({ type: 'watch', addresses });
const presence = (page: TestPage, address: string, word: string) => page.until('presence', { address, presence: word });
/** How often a relay has complained. That it trusts everybody is what it says at its start. */
const warnings = ({ log }: TestRelay) =>
  log.lines.filter(([level, , said]) => (level === 'warn' || level === 'error') && !said.startsWith('everybody is taken')).length;

describe('A relay of several', { skip: withoutRedis, concurrency: true }, () => {
  test('that is killed leaves nobody behind: who comes back elsewhere was never gone, all others are offline within 15 s', async (t) => {
    const redis = await startRedis(t);
    const [mortal, { join }] = await Promise.all([
      startMortalRelay(t, '--redis', redis.url),
      startRelay(t, { redis: redis.url, clock: systemClock }),
    ]);
    const alice = await joinAt(t, mortal.port, { peer: 'alice' });
    await joinAt(t, mortal.port, { peer: 'carol' });
    const bob = await join({ peer: 'bob' });
    watch(bob, 'alice/d1', 'carol');
    await presence(bob, 'alice/d1', 'online');
    await presence(bob, 'carol', 'online');
    const killed = Date.now();
    await mortal.kill();
    // The relays have agreed on a key, so the secret of one is good at the other.
    const back = await join({ peer: 'alice', resume: alice.welcome['resume'] });
    assert.equal(back.address, 'alice/d1');
    const heard = await presence(bob, 'carol', 'offline');
    assert.ok(Date.now() - killed < 15_000, `after ${Date.now() - killed} ms`);
    assert.ok(heard);
    watch(bob, 'alice/d1');
    assert.equal((await bob.next('presence'))['presence'], 'online');
  });

  test('that stood still takes nobody for gone when it goes on, gives up who has moved, and is heard again', async (t) => {
    const redis = await startRedis(t);
    const [mortal, { join }] = await Promise.all([
      startMortalRelay(t, '--redis', redis.url),
      startRelay(t, { redis: redis.url, clock: systemClock }),
    ]);
    const alice = await joinAt(t, mortal.port, { peer: 'alice' });
    const carol = await joinAt(t, mortal.port, { peer: 'carol' });
    const bob = await join({ peer: 'bob' });
    watch(carol, 'bob');
    await presence(carol, 'bob', 'online');
    watch(bob, 'alice', 'carol');
    await presence(bob, 'carol', 'online');
    mortal.stop();
    const moved = await join({ peer: 'alice', resume: alice.welcome['resume'] });
    assert.equal(moved.address, 'alice/d1');
    await presence(bob, 'carol', 'offline');
    bob.tell('alice', { type: 'hangup', reason: 'left', n: 7 });
    await moved.until('hangup', { n: 7 });
    mortal.go();
    assert.equal((await alice.closed).code, 4409);
    await presence(bob, 'carol', 'online');
    await reach(carol, bob, 8);
    const words = (await carol.drain()).filter(({ type }) => type === 'presence').map((message) => message['presence']);
    assert.ok(!words.includes('offline'), words.join());
    watch(carol, 'alice');
    await presence(carol, 'alice', 'online');
    assert.equal((await moved.drain()).filter(({ type }) => type === 'hangup').length, 0, 'nothing came twice');
  });

  test('that ends lets its pages come back elsewhere without anybody noticing, and is forgotten soon', async (t) => {
    const redis = await startRedis(t);
    const [mortal, { join }] = await Promise.all([
      startMortalRelay(t, '--redis', redis.url),
      startRelay(t, { redis: redis.url, clock: systemClock }),
    ]);
    const alice = await joinAt(t, mortal.port, { peer: 'alice' });
    await joinAt(t, mortal.port, { peer: 'carol' });
    const bob = await join({ peer: 'bob' });
    watch(bob, 'alice', 'carol');
    await presence(bob, 'alice', 'online');
    await presence(bob, 'carol', 'online');
    const ended = mortal.end();
    assert.equal((await alice.closed).code, 1012);
    await join({ peer: 'alice', resume: alice.welcome['resume'] });
    await ended;
    assert.equal((await bob.next('presence'))['presence'], 'online', 'alice has come back');
    assert.deepEqual(await bob.next('presence'), { type: 'presence', address: 'carol', presence: 'offline' });
  });
});

describe('A Redis', { skip: withoutRedis, concurrency: true }, () => {
  test('that is killed is missed by nobody at the same relay; others are told within 3 s, and reached when it is back', async (t) => {
    const redis = await startRedis(t);
    const relays = await startTwo(t, redis);
    const [one, two] = relays;
    const [alice, carol, bob] = [await one.join({ peer: 'alice' }), await one.join({ peer: 'carol' }), await two.join({ peer: 'bob' })];
    watch(alice, 'bob');
    await presence(alice, 'bob', 'online');
    await redis.kill();
    alice.invite('carol');
    await carol.next('invite');
    watch(alice, 'carol');
    await presence(alice, 'carol', 'online');
    const asked = Date.now();
    alice.tell('bob', { type: 'hangup', reason: 'left', n: 2 });
    await alice.until('unreachable', { n: 2 });
    assert.ok(Date.now() - asked < 4000, `told after ${Date.now() - asked} ms`);
    await eventually('both say that they are not ready', async () => (await ready(one)) === 503 && (await ready(two)) === 503);
    assert.equal((await fetch(`${one.address.url}/healthz`)).status, 200);
    const dave = await one.join({ peer: 'dave' });
    dave.tell('alice', { type: 'hangup', reason: 'left', n: 3 });
    await alice.until('hangup', { n: 3 });
    await redis.revive();
    await bothReady(relays);
    await reach(alice, bob, 4);
    await reach(bob, dave, 5);
    watch(bob, 'dave');
    await presence(bob, 'dave', 'online');
    assert.equal(warnings(one), 1, 'said once');
    assert.ok(!(await alice.drain()).some((message) => message['address'] === 'bob' && message['presence'] === 'offline'));
  });

  test('that stands still for 8 s loses no page and no call', async (t) => {
    const redis = await startRedis(t);
    t.after(() => redis.go());
    const relays = await startTwo(t, redis);
    const [one, two] = relays;
    const [alice, bob] = [await one.join({ peer: 'alice' }), await two.join({ peer: 'bob' })];
    watch(alice, 'bob');
    await presence(alice, 'bob', 'online');
    redis.stop();
    const stopped = Date.now();
    alice.tell('bob', { type: 'hangup', reason: 'left', n: 2 });
    await alice.until('unreachable', { n: 2 });
    assert.ok(Date.now() - stopped < 4000, `told after ${Date.now() - stopped} ms`);
    const carol = await one.join({ peer: 'carol' });
    carol.tell('alice', { type: 'hangup', reason: 'left', n: 3 });
    await alice.until('hangup', { n: 3 });
    await new Promise((resolve) => setTimeout(resolve, stopped + 8000 - Date.now()));
    redis.go();
    await bothReady(relays);
    await reach(alice, bob, 4);
    await reach(bob, carol, 5);
    assert.ok(!(await alice.drain()).some((message) => message['presence'] === 'offline'));
  });

  test('that drops its listeners does so unnoticed: who is watched is not told to be unreachable', async (t) => {
    const redis = await startRedis(t);
    const [one, two] = await startTwo(t, redis);
    const [alice, bob] = [await one.join({ peer: 'alice' }), await two.join({ peer: 'bob' })];
    watch(alice, 'bob');
    await presence(alice, 'bob', 'online');
    for (let n = 1; n <= 5; n++) {
      await redis.client.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await reach(alice, bob, n);
      await bothReady([one, two]);
    }
    assert.deepEqual(
      (await alice.drain()).filter(({ type, presence }) => type === 'unreachable' || presence === 'offline'),
      [],
    );
  });

  test('that brings nothing any more over a connection that looks alive is noticed, and listened to anew', async (t) => {
    const redis = await startRedis(t);
    const detour = await openDetour(t, redis.port);
    const [one, two] = [
      await startRelay(t, { redis: `redis://127.0.0.1:${detour.port}`, clock: systemClock }),
      await startRelay(t, { redis: redis.url, clock: systemClock }),
    ];
    const [alice, bob] = [await one.join({ peer: 'alice' }), await two.join({ peer: 'bob' })];
    await reach(bob, alice, 1);
    detour.mute();
    await eventually('it notices', () => warnings(one) > 0);
    await bothReady([one, two]);
    await reach(bob, alice, 2);
  });

  test('that has become a replica, asks for a password, or is full is told once, and is no reason to fall over', async (t) => {
    const redis = await startRedis(t);
    const relays = await startTwo(t, redis);
    const [alice, bob] = [await relays[0].join({ peer: 'alice' }), await relays[1].join({ peer: 'bob' })];
    await redis.client.config('SET', 'maxmemory', '1');
    const late = await startRelay(t, { redis: redis.url, clock: systemClock });
    await reach(await late.join({ peer: 'late' }), bob, 1);
    assert.equal(warnings(late), 1, 'its key for secrets could not be kept');
    await redis.client.config('SET', 'maxmemory', '0');

    const misfortunes: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
      ['READONLY', () => redis.client.call('REPLICAOF', '127.0.0.1', '1'), () => redis.client.call('REPLICAOF', 'NO', 'ONE')],
      [
        'NOAUTH',
        async () => {
          await redis.client.config('SET', 'requirepass', 'secret');
          for (const type of ['pubsub', 'normal']) await redis.client.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
        },
        () => redis.client.config('SET', 'requirepass', ''),
      ],
    ];
    for (const [word, strike, mend] of misfortunes) {
      const before = relays[0].log.lines.length;
      await strike();
      await eventually(`${word} makes it not ready`, async () => (await ready(relays[0])) === 503);
      await mend();
      await bothReady(relays);
      await reach(alice, bob, 2);
      assert.equal(relays[0].log.lines.slice(before).filter(([level]) => level === 'warn').length, 1, word);
    }
  });
});

/** A way to a Redis on which those who listen can be left without news. */
async function openDetour(t: TestContext, to: number): Promise<{ readonly port: number; mute(): void }> {
  const sockets = new Set<Socket>();
  const listeners = new Set<Socket>();
  const muted = new Set<Socket>();
  const server = createServer((client) => {
    const behind = connect(to, '127.0.0.1');
    for (const [from, into] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (from === client && /subscribe/i.test(String(data))) listeners.add(client);
        if (into.writable && !(into === client && muted.has(client))) into.write(data);
      });
      from.on('close', () => into.destroy()).on('error', () => into.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, mute: () => listeners.forEach((client) => muted.add(client)) };
}
