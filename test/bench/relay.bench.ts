/** The relay beside a plain forwarder: messages a second and what each costs, latency, and memory of idle pages. */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../soak/support/figures.js';
import { cpuOf, residentOf } from '../soak/support/process-meter.js';
import { frameOf, RawPage } from './support/raw-page.js';
import { separate, startPlain, startRelay } from './support/servers.js';
import type { BenchServer } from './support/servers.js';
import type { Bench, Report } from './support/tables.js';

const CALL = '6ba7b810-9dad-4fd1-80b4-00c04fd430c8';
/** Candidates that follow a description, as a browser with a few networks has them. */
const CANDIDATES = 8;
const SECONDS = setting('BENCH_SECONDS', 3);
const ROUNDS = setting('BENCH_ROUNDS', 3);
/** For the latency, of a second each. */
const LATENCY_ROUNDS = ROUNDS * 5;
const LATENCY_SECONDS = 1;
const IDLE = setting('BENCH_IDLE', 10_000);

function setting(name: string, usual: number): number {
  const text = process.env[name];
  const value = Number(text ?? usual);
  if (!(value > 0 && Number.isFinite(value))) throw new Error(`${name} is "${text}", and must be a number above 0.`);
  return value;
}

/** What one page of a pair says to the other: a description of 4 kB, and candidates of 250 bytes. */
function framesTo(to: string): Buffer[] {
  const head = { to, call: CALL, n: 1, ack: 0, gen: 0 };
  const line = 'a=rtpmap:96 VP8/90000\r\n';
  const description = frameOf({ type: 'description', ...head, description: { type: 'offer', sdp: line.repeat(4096 / line.length - 8) } });
  const candidate = 'candidate:1 1 udp 2122260223 192.0.2.1 54321 typ host generation 0 ufrag abcd network-id 1';
  const candidates = frameOf({ type: 'candidates', ...head, candidates: [{ candidate, sdpMid: '0', sdpMLineIndex: 0 }] });
  return [description, ...Array.from({ length: CANDIDATES }, () => candidates)];
}

interface Side {
  readonly page: RawPage;
  readonly frames: readonly Buffer[];
}

async function openPairs(server: BenchServer, count: number): Promise<(readonly [Side, Side])[]> {
  const side = async (own: string, other: string): Promise<Side> => ({
    page: await RawPage.open(server.port, own),
    frames: framesTo(`${other}/d`),
  });
  const pairs: (readonly [Side, Side])[] = [];
  for (let i = 0; i < count; i++) {
    // Names of their own: pages that went a moment ago still have their addresses at the relay.
    const [one, two] = [`a${count}-${i}`, `b${count}-${i}`];
    pairs.push(await Promise.all([side(one, two), side(two, one)]));
  }
  return pairs;
}

interface Throughput {
  readonly perSecond: number;
  /** Microseconds of the server's core for each message. */
  readonly cost: number;
}

/**
 * Lets pairs answer each other as fast as they can. In bursts, a page says all it has, and again when all of the other's
 * has come; evenly, it says one message for each that comes.
 */
async function throughput(server: BenchServer, pairs: readonly (readonly [Side, Side])[], bursts: boolean): Promise<Throughput> {
  let [messages, going] = [0, true];
  const begin: (() => void)[] = [];
  for (const pair of pairs) {
    for (const { page, frames } of pair) {
      const all = Buffer.concat(frames);
      let [heard, next] = [0, 0];
      page.onFrames = (count) => {
        messages += count;
        if (!going) return;
        if (!bursts) for (let i = 0; i < count; i++) page.send(frames[next++ % frames.length]!);
        else if ((heard += count) >= frames.length) {
          heard -= frames.length;
          page.send(all);
        }
      };
      // In bursts one of the two begins; evenly, each of them has a message on its way.
      if (!bursts) begin.push(() => page.send(frames[next++ % frames.length]!));
      else if (page === pair[0].page) begin.push(() => page.send(all));
    }
  }
  begin.forEach((run) => run());
  await sleep(500);
  const [count, cpu, at] = [messages, cpuOf(server.pid), performance.now()];
  await sleep(SECONDS * 1000);
  const [done, used, took] = [messages - count, cpuOf(server.pid) - cpu, performance.now() - at];
  going = false;
  await quiet(() => messages);
  return { perSecond: (done / took) * 1000, cost: (used / done) * 1e6 };
}

/** Waits until a count no longer grows. */
async function quiet(count: () => number): Promise<void> {
  for (let last = -1; last !== count();) {
    last = count();
    await sleep(200);
  }
}

/** Milliseconds from sending to hearing of each of many candidates that are sent at a steady rate. */
async function latency(pairs: readonly (readonly [Side, Side])[], perSecond: number): Promise<Float64Array> {
  // All of it is there before: what grows would bring in the garbage collector, whose pauses count as the server's.
  const times = new Float64Array(Math.round(perSecond * LATENCY_SECONDS));
  let heard = 0;
  const sends = pairs.map(([one, two]) => {
    const sent = new Float64Array(times.length / pairs.length + 1);
    let [first, last] = [0, 0];
    two.page.onFrames = (count) => {
      const now = performance.now();
      for (let i = 0; i < count; i++) times[heard++] = now - sent[first++]!;
    };
    return () => {
      sent[last++] = performance.now();
      one.page.send(one.frames.at(-1)!);
    };
  });
  const started = performance.now();
  for (let done = 0; done < times.length;) {
    const due = Math.min(times.length, Math.floor(((performance.now() - started) / 1000) * perSecond));
    for (; done < due; done++) sends[done % sends.length]!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await quiet(() => heard);
  if (heard !== times.length) throw new Error(`${times.length - heard} of ${times.length} messages were lost.`);
  return times.sort();
}

/** KiB of resident memory for each of many pages that do nothing. */
async function idle(server: BenchServer, count: number): Promise<number> {
  const pages: RawPage[] = [];
  // What the first pages cost once is not theirs.
  for (let i = 0; i < 100; i++) pages.push(await RawPage.open(server.port, `w${i}`));
  await sleep(1000);
  const before = residentOf(server.pid);
  for (let i = 0; i < count; i += 50) {
    pages.push(...(await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, k) => RawPage.open(server.port, `p${i + k}`)))));
  }
  await sleep(3000);
  const after = residentOf(server.pid);
  pages.forEach((page) => page.close());
  return (after - before) / count;
}

const median = (values: readonly number[]): number => percentile(values, 0.5);

/**
 * Adds how late messages are at a steady rate: many short rounds by turns, since pauses of the machine hit few of them. The first
 * and the last of the three servers are the same program: by how much they differ is what the figures are worth.
 */
async function compareLatency(
  report: Report,
  servers: readonly BenchServer[],
  opened: readonly (readonly (readonly [Side, Side])[])[],
  load: number,
): Promise<void> {
  const rounds = servers.map((): Float64Array[] => []);
  const together = separate(servers);
  for (let round = -1; round < LATENCY_ROUNDS; round++) {
    const inTurn = [...servers.keys()];
    for (const i of round % 2 ? inTurn.reverse() : inTurn) {
      const times = await latency(opened[i]!, load);
      if (round >= 0) rounds[i]!.push(times);
    }
  }
  together?.();
  const cores = together ? 'one core each for server and visitors' : 'all cores for all';
  const title = `Latency at 30 % of the plain forwarder’s load (${Math.round(load)} messages a second; ${cores}), in ms`;
  const at = (share: number, times: Float64Array): number => times[Math.floor(share * (times.length - 1))]!;
  const all = rounds.map((each) => Float64Array.from(each.flatMap((times) => [...times])).sort());
  const say = (latency: string, of: (server: number) => number): void => {
    const [plain, relay, again] = servers.map((_, i) => of(i)) as [number, number, number];
    report.row(title, { latency, plain, relay, 'plain again': again, 'relay × plain': relay / plain, 'again × plain': again / plain });
  };
  for (const share of [0.5, 0.9, 0.99]) {
    say(`p${share * 100}, median of ${LATENCY_ROUNDS} rounds`, (i) => median(rounds[i]!.map((times) => at(share, times))));
  }
  for (const share of [0.99, 0.999]) say(`p${share * 100} of all rounds`, (i) => at(share, all[i]!));
}

/** See the top of this file. */
export const relayBench: Bench = {
  name: 'relay',
  async run(report) {
    const servers = [await startPlain(), await startRelay()];
    let load = 0;
    for (const pairs of [50, 500]) {
      const opened = await Promise.all(servers.map(async (server) => openPairs(server, pairs)));
      for (const bursts of [true, false]) {
        const results = servers.map((): Throughput[] => []);
        for (let round = 0; round < ROUNDS; round++)
          for (const [i, server] of servers.entries()) results[i]!.push(await throughput(server, opened[i]!, bursts));
        const [plain, relay] = results.map((each) => ({
          perSecond: median(each.map(({ perSecond }) => perSecond)),
          cost: median(each.map(({ cost }) => cost)),
        }));
        if (pairs === 50 && bursts) load = plain!.perSecond * 0.3;
        report.row(`Messages a second, ${bursts ? 'in bursts' : 'evenly'}`, {
          pairs,
          plain: Math.round(plain!.perSecond),
          relay: Math.round(relay!.perSecond),
          'relay × plain': relay!.perSecond / plain!.perSecond,
          'µs of a core, plain': plain!.cost,
          'µs, relay': relay!.cost,
          'cost × plain': relay!.cost / plain!.cost,
        });
      }
      if (pairs === 50) {
        const again = await startPlain();
        const third = await openPairs(again, pairs);
        await compareLatency(report, [...servers, again], [...opened, third], load);
        for (const side of third.flat()) side.page.close();
        again.stop();
      }
      for (const side of opened.flat(2)) side.page.close();
    }
    servers.forEach((server) => server.stop());
    const figures: number[] = [];
    for (const start of [startPlain, startRelay]) {
      const server = await start();
      figures.push(await idle(server, IDLE));
      server.stop();
    }
    const [plain, relay] = figures as [number, number];
    report.row('Resident memory of an idle page, in KiB', { pages: IDLE, plain, relay, 'relay × plain': relay / plain });
  },
};
