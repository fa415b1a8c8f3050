/**
 * Three relays at one Redis, and calls between them at the level of the protocol, while the Redis is killed and stands still;
 * and what it costs to be many. SOAK_RATE calls a second for SOAK_SECONDS.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMortalRelay } from '../support/daemons.js';
import { startRedis, withoutRedis } from '../support/redis.js';
import { Client, signalCall } from './support/cluster-clients.js';
import type { Outcome } from './support/cluster-clients.js';
import { spread } from './support/figures.js';

const RATE = Number(process.env.SOAK_RATE ?? 100);
const SECONDS = Number(process.env.SOAK_SECONDS ?? 40);
const WATCHED = (process.env.SOAK_WATCHED ?? '100,1000,10000').split(',').map(Number);
/** Scripts on each relay; each is in several calls at once, which a page is not. */
const CLIENTS = 30;
const SETTINGS = ['--max-connections-per-ip', '100000', '--connect-rate', '10000', '--rate', '100000', '--log-level', 'warn'];

const startRelays = (t: TestContext, url: string, count: number) =>
  Promise.all(Array.from({ length: count }, () => startMortalRelay(t, '--redis', url, ...SETTINGS)));

async function openClients(t: TestContext, urls: readonly string[]): Promise<Client[]> {
  const clients = urls.map((url, index) => new Client(`p${index}`, url));
  t.after(() => clients.forEach((client) => client.close()));
  await Promise.all(clients.map(({ joined }) => joined));
  return clients;
}

test(
  `${RATE} calls a second over three relays lose no message while their Redis is killed, and stands still for 10 s`,
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    t.after(() => redis.go());
    const relays = await startRelays(t, redis.url, 3);
    const clients = await openClients(
      t,
      Array.from({ length: 3 * CLIENTS }, (_, index) => relays[index % 3]!.url),
    );
    // Pages in a call watch each other: that is how a relay knows who should be there.
    for (const [index, client] of clients.entries()) client.watch([clients[(index + 1) % clients.length]!.peer]);

    const mishaps = (async () => {
      await sleep(SECONDS * 200);
      await redis.kill();
      await sleep(1500);
      await redis.revive();
      await sleep(SECONDS * 200);
      redis.stop();
      await sleep(10_000);
      redis.go();
    })();
    const calls: Promise<Outcome>[] = [];
    const started = performance.now();
    while (performance.now() - started < SECONDS * 1000) {
      while (calls.length < ((performance.now() - started) / 1000) * RATE) {
        const index = calls.length % clients.length;
        calls.push(signalCall(clients[index]!, clients[(index + 1) % clients.length]!));
      }
      await sleep(5);
    }
    await mishaps;
    const outcomes = await Promise.all(calls);
    t.diagnostic(
      `${outcomes.length} calls, each between two relays; messages said again: ${outcomes.reduce((sum, { repeats }) => sum + repeats, 0)}`,
    );
    t.diagnostic(`invite arrived: ${spread(outcomes.map(({ rang }) => rang))}`);
    t.diagnostic(`whole exchange: ${spread(outcomes.map(({ whole }) => whole))}`);
    assert.equal(
      outcomes.reduce((sum, { lost }) => sum + Math.abs(lost), 0),
      0,
      'no acknowledged message is lost, and none is heard twice',
    );
  },
);

test('A call across two relays beside one on a single relay', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const relays = await startRelays(t, redis.url, 2);
  const clients = await openClients(t, [relays[0]!.url, relays[0]!.url, relays[1]!.url]);
  const [alice, near, far] = clients as [Client, Client, Client];
  for (const [where, bob] of [
    ['one relay', near],
    ['two relays', far],
  ] as const) {
    for (let i = 0; i < 20; i++) await signalCall(alice, bob);
    const alone: Outcome[] = [];
    for (let i = 0; i < 200; i++) alone.push(await signalCall(alice, bob));
    t.diagnostic(`${where}, one call at a time: invite ${spread(alone.map(({ rang }) => rang * 1000)).replaceAll(' ms', ' µs')}`);
    const from = performance.now();
    const many = await Promise.all(Array.from({ length: 500 }, () => signalCall(alice, bob)));
    const rate = (many.length / (performance.now() - from)) * 1000;
    t.diagnostic(`${where}, 500 at once: ${rate.toFixed(0)} calls a second; whole exchange ${spread(many.map(({ whole }) => whole))}`);
    assert.equal(many.filter(({ lost }) => lost !== 0).length, 0);
  }
});

test('What Redis has to do as more addresses are watched', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const relays = await startRelays(t, redis.url, 2);
  const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.client.info('stats'))?.[1]);
  let watched = 0;
  for (const goal of WATCHED) {
    const before = await commands();
    const clients = await openClients(
      t,
      Array.from({ length: Math.ceil((goal - watched) / 100) }, (_, index) => relays[index % 2]!.url),
    );
    for (const client of clients) client.watch(Array.from({ length: 100 }, () => `someone-${watched++}`));
    await sleep(3000);
    const settled = await commands();
    await sleep(10_000);
    const idle = ((await commands()) - settled) / 10;
    t.diagnostic(`${watched} watched: ${settled - before} commands to get there, ${idle.toFixed(1)} a second at rest`);
    assert.ok(idle < 50, 'what is watched costs nothing while nothing changes');
  }
});
