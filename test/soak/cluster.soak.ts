/**
 * Three relays at one Redis, and calls between them at the level of the protocol, while the Redis is killed and stands still;
 * and what it costs to be many. SOAK_RATE calls a second for SOAK_SECONDS.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MortalRelay } from '../support/daemons.js';
import { startRedis, withoutRedis } from '../support/redis.js';
import type { RedisServer } from '../support/redis.js';
import { Client, MESSAGES_OF_A_CALL, signalCall } from './support/cluster-clients.js';
import type { Outcome } from './support/cluster-clients.js';
import { percentile, spread } from './support/figures.js';
import { startFleet } from './support/fleet.js';
import { cpuOf, withoutProc } from './support/process-meter.js';

const RATE = Number(process.env.SOAK_RATE ?? 100);
const SECONDS = Number(process.env.SOAK_SECONDS ?? 115);
const WATCHED = (process.env.SOAK_WATCHED ?? '100,1000,10000').split(',').map(Number);
/** Scripts on each relay: so many that none begins more calls than a person may in a minute. */
const CLIENTS = Math.max(10, RATE / 2);
/** Calls at a time, and seconds of each measurement, where one relay is compared with two. */
const AT_ONCE = 60;
const MEASURED = 6;
/** Scripts on each side there: a person begins no more than 60 calls in a minute. */
const CALLERS = 1500;

async function openClients(t: TestContext, urls: readonly string[], name = 'p'): Promise<Client[]> {
  const clients = urls.map((url, index) => new Client(`${name}${index}`, url));
  t.after(() => clients.forEach((client) => client.close()));
  await Promise.all(clients.map(({ joined }) => joined));
  return clients;
}

test(
  `${RATE} calls a second over three relays lose no message while their Redis is killed twice, and stands still for 10 s`,
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis(t);
    t.after(() => redis.go());
    const { relays } = await startFleet(t, redis.url, 3);
    const clients = await openClients(
      t,
      Array.from({ length: 3 * CLIENTS }, (_, index) => relays[index % 3]!.url),
    );
    // Pages in a call watch each other: that is how a relay knows who should be there.
    for (const [index, client] of clients.entries()) client.watch([clients[(index + 1) % clients.length]!.peer]);

    const kill = async (): Promise<void> => {
      await redis.kill();
      await sleep(1500);
      await redis.revive();
    };
    const mishaps = (async () => {
      await sleep(SECONDS * 150);
      await kill();
      await sleep(SECONDS * 200);
      redis.stop();
      await sleep(10_000);
      redis.go();
      await sleep(SECONDS * 200);
      await kill();
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
    const total = (of: (outcome: Outcome) => number): number => outcomes.reduce((sum, outcome) => sum + of(outcome), 0);
    const lost = total(({ lost }) => Math.abs(lost));
    t.diagnostic(
      `${outcomes.length} calls, each between two relays; ${outcomes.length * MESSAGES_OF_A_CALL} messages, of which ` +
        `${total(({ repeats }) => repeats)} were said again; ${lost} lost`,
    );
    t.diagnostic(`invite arrived: ${spread(outcomes.map(({ rang }) => rang))}`);
    t.diagnostic(`whole exchange: ${spread(outcomes.map(({ whole }) => whole))}`);
    assert.equal(lost, 0, 'no acknowledged message is lost, and none is heard twice');
  },
);

/** What calls of one kind cost, over all measurements. */
interface Cost {
  calls: number;
  seconds: number;
  /** Messages that the scripts sent, acknowledgements included. */
  messages: number;
  /** Seconds of a core. */
  relays: number;
  redis: number;
  readonly whole: number[];
}

interface Parties {
  readonly callers: readonly Client[];
  readonly callees: readonly Client[];
}

/** Has so many calls at a time for a while, and counts what they cost. */
async function measure({ callers, callees }: Parties, relays: readonly MortalRelay[], redis: RedisServer, cost: Cost): Promise<void> {
  const used = () => [relays.reduce((sum, { pid }) => sum + cpuOf(pid), 0), cpuOf(redis.pid)] as const;
  const sent = () => [...callers, ...callees].reduce((sum, client) => sum + client.sent, 0);
  const [before, said, started] = [used(), sent(), performance.now()];
  const lane = async (): Promise<void> => {
    while (performance.now() - started < MEASURED * 1000) {
      const index = cost.calls++ % callers.length;
      const { whole, lost } = await signalCall(callers[index]!, callees[index]!);
      assert.equal(lost, 0);
      cost.whole.push(whole);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const after = used();
  cost.seconds += (performance.now() - started) / 1000;
  cost.messages += sent() - said;
  cost.relays += after[0] - before[0];
  cost.redis += after[1] - before[1];
}

test('A call across two relays beside one on a single relay', { skip: withoutRedis || withoutProc }, async (t) => {
  const redis = await startRedis(t);
  const { relays } = await startFleet(t, redis.url, 2);
  const [here, there] = relays.map(({ url }) => url) as [string, string];
  const many = (url: string, name: string) => openClients(t, Array<string>(CALLERS).fill(url), name);
  const callers = await many(here, 'caller-');
  const sides = {
    'one relay': { callers, callees: await many(here, 'near-') },
    'two relays': { callers, callees: await many(there, 'far-') },
  } satisfies Record<string, Parties>;
  const costs = new Map<string, Cost>();
  for (const round of [0, 1, 2]) {
    for (const [where, parties] of Object.entries(sides)) {
      const cost = { calls: 0, seconds: 0, messages: 0, relays: 0, redis: 0, whole: [] };
      await measure(parties, relays, redis, round === 0 ? cost : (costs.get(where) ?? cost));
      // The first round is for the compiler.
      if (round === 1 && !costs.has(where)) costs.set(where, cost);
    }
  }
  for (const [where, { callers, callees }] of Object.entries(sides)) {
    const alone: number[] = [];
    for (let i = 0; i < 300; i++) alone.push((await signalCall(callers[i]!, callees[i]!)).rang * 1000);
    t.diagnostic(`${where}, one call at a time: invite arrived ${spread(alone).replaceAll(' ms', ' µs')}`);
  }
  t.diagnostic(
    '| calls over | calls a second | whole exchange p50, p95 ms | a second of the relays’ cores carries | Redis, share of a core |',
  );
  const perCore = new Map<string, number>();
  for (const [where, { calls, seconds, messages, relays: used, redis: usedByRedis, whole }] of costs) {
    perCore.set(where, calls / used);
    const times = [0.5, 0.95].map((share) => percentile(whole, share).toFixed(0)).join(', ');
    t.diagnostic(
      `| ${where} | ${(calls / seconds).toFixed(0)} | ${times} | ${(calls / used).toFixed(0)} calls, ${(messages / used).toFixed(0)} messages ` +
        `(${((used / messages) * 1e6).toFixed(0)} µs each) | ${((usedByRedis / seconds) * 100).toFixed(0)} % |`,
    );
  }
  const share = perCore.get('two relays')! / perCore.get('one relay')!;
  t.diagnostic(`per core of the relays, two carry ${share.toFixed(2)} of what one carries`);
  assert.ok(share > 0.2, `${share.toFixed(2)}`);
});

test('What Redis has to do as more addresses are watched', { skip: withoutRedis }, async (t) => {
  const redis = await startRedis(t);
  const { relays } = await startFleet(t, redis.url, 2);
  const urlOf = (index: number): string => relays[index % 2]!.url;
  const commands = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.client.info('stats'))?.[1]);
  const during = async (act: () => void | Promise<void>, milliseconds: number): Promise<number> => {
    const before = await commands();
    await act();
    await sleep(milliseconds);
    return (await commands()) - before;
  };
  const atRest = (await during(() => undefined, 10_000)) / 10;
  t.diagnostic(`two relays at rest, nothing watched: ${atRest.toFixed(1)} commands a second`);
  t.diagnostic('| addresses watched | by pages | commands to begin | per address | a second at rest | for a change of 100 of them |');
  let watchers = 0;
  const row = async (addresses: number, pages: number): Promise<number> => {
    const clients = await openClients(
      t,
      Array.from({ length: pages }, (_, index) => urlOf(index)),
      `watcher-${watchers++}-`,
    );
    const people = await openClients(
      t,
      Array.from({ length: 100 }, (_, index) => urlOf(index)),
      `person-${watchers}-`,
    );
    await sleep(1000);
    const each = Math.min(100, addresses);
    const begin = await during(() => {
      for (const [index, client] of clients.entries()) {
        const first = (index * each) % addresses;
        client.watch(
          Array.from({ length: each }, (_, other) => {
            const number = first + other;
            return number < people.length ? people[number]!.peer : `nobody-${watchers}-${number}`;
          }),
        );
      }
    }, 5000 + addresses);
    const rest = (await during(() => undefined, 10_000)) / 10;
    const change = await during(() => people.forEach((person) => person.send({ type: 'status', presence: 'busy' })), 3000);
    t.diagnostic(
      `| ${addresses} | ${pages} | ${begin} | ${(begin / addresses).toFixed(1)} | ${rest.toFixed(1)} | ${(change - 3 * atRest).toFixed(0)} |`,
    );
    for (const client of [...clients, ...people]) client.close();
    await sleep(7000);
    return begin;
  };
  const begun = new Map<number, number>();
  for (const addresses of WATCHED) begun.set(addresses, await row(addresses, Math.max(2, addresses / 100)));
  const [one, hundred] = [await row(100, 2), await row(100, 100)];
  assert.ok(hundred < one * 1.5 + 50, `a hundred pages cost ${hundred} commands, and two of them ${one}`);
  const [least, most] = [Math.min(...WATCHED), Math.max(...WATCHED)];
  assert.ok(begun.get(most)! < 1.5 * (most / least) * begun.get(least)!, 'no worse than linear');
});
