/** The relay beside a plain forwarder: messages a second and what each costs, latency, and memory of idle pages. */
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../soak/support/figures.js';
import { cpuOf, residentOf } from '../soak/support/process-meter.js';
import { frameOf, RawPage } from './support/raw-page.js';
import { startPlain, startRelay } from './support/servers.js';
import type { BenchServer } from './support/servers.js';
import type { Bench } from './support/tables.js';

const CALL = '6ba7b810-9dad-4fd1-80b4-00c04fd430c8';
/** Candidates that follow a description, as a browser with a few networks has them. */
const CANDIDATES = 8;
const SECONDS = setting('BENCH_SECONDS', 3);
const ROUNDS = setting('BENCH_ROUNDS', 3);
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

/** Sends candidates at a steady rate, and answers with milliseconds from sending to hearing. */
async function latency(pairs: readonly (readonly [Side, Side])[], perSecond: number): Promise<number[]> {
  const times: number[] = [];
  const sends = pairs.map(([one, two]) => {
    const sent: number[] = [];
    two.page.onFrames = (count) => {
      for (let i = 0; i < count; i++) times.push(performance.now() - sent.shift()!);
    };
    return () => {
      sent.push(performance.now());
      one.page.send(one.frames.at(-1)!);
    };
  });
  const [started, wanted] = [performance.now(), Math.round(perSecond * SECONDS)];
  for (let done = 0; done < wanted;) {
    const due = Math.min(wanted, Math.floor(((performance.now() - started) / 1000) * perSecond));
    for (; done < due; done++) sends[done % sends.length]!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await quiet(() => times.length);
  if (times.length !== wanted) throw new Error(`${wanted - times.length} of ${wanted} messages were lost.`);
  return times;
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
        const times = servers.map((): number[] => []);
        for (let round = 0; round < ROUNDS; round++) {
          // One by one, since they may be more than a function takes as arguments.
          for (const i of servers.keys()) for (const time of await latency(opened[i]!, load)) times[i]!.push(time);
        }
        const [plain, relay] = times as [number[], number[]];
        report.row('Latency at 30 % of the plain forwarder’s load, in ms', {
          'messages a second': Math.round(load),
          'plain p50': percentile(plain, 0.5),
          'relay p50': percentile(relay, 0.5),
          'plain p99': percentile(plain, 0.99),
          'relay p99': percentile(relay, 0.99),
        });
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
