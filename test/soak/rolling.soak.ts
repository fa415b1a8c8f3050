/**
 * Very many connected pages on two relays that are restarted one after the other, as at a deploy: when all are back, what
 * that costs, and how the returns spread. SOAK_PAGES on each relay: each may have to take all of them, and a file for each.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MortalRelay } from '../support/daemons.js';
import { startRedis, withoutRedis } from '../support/redis.js';
import { percentile } from './support/figures.js';
import { startFleet } from './support/fleet.js';
import { openPages } from './support/page-processes.js';
import type { PageProcesses } from './support/page-processes.js';
import { cpuOf, residentOf, withoutProc } from './support/process-meter.js';

const PAGES = Number(process.env.SOAK_PAGES ?? 10_000);
/** Processes that the pages live in. */
const PROCESSES = Number(process.env.SOAK_PROCESSES ?? 4);
/** New connections a second before the restarts, in all. */
const PACE = Number(process.env.SOAK_PACE ?? 800);
/** Milliseconds within which every page must be back after a relay was told to end. */
const BACK_WITHIN = 30_000;
/** Milliseconds of one bar of the histogram. */
const BAR = 500;

async function allOnline(pages: PageProcesses, count: number, within: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    const { online, given, refused } = await pages.report();
    if (online === count) return performance.now() - started;
    assert.equal(given, 0, 'no page gives up');
    assert.ok(performance.now() - started < within, `${online} of ${count} pages are connected; ${JSON.stringify(refused)}`);
    await sleep(100);
  }
}

/** Lines of a histogram, a bar for each half second. */
function histogram(times: readonly number[]): string[] {
  const bars = new Map<number, number>();
  for (const time of times) bars.set(Math.floor(time / BAR), (bars.get(Math.floor(time / BAR)) ?? 0) + 1);
  const most = Math.max(...bars.values());
  return [...bars]
    .sort(([a], [b]) => a - b)
    .map(
      ([bar, count]) =>
        `${((bar * BAR) / 1000).toFixed(1).padStart(5)} s ${String(count).padStart(6)} ${'#'.repeat(Math.ceil((40 * count) / most))}`,
    );
}

/** Measures how busy a relay is, second by second, until it is stopped. */
function meter(relay: MortalRelay): () => { busiest: number; used: number } {
  const first = cpuOf(relay.pid);
  let [last, at, busiest] = [first, performance.now(), 0];
  const timer = setInterval(() => {
    const [cpu, now] = [cpuOf(relay.pid), performance.now()];
    busiest = Math.max(busiest, ((cpu - last) * 1000) / (now - at));
    [last, at] = [cpu, now];
  }, 1000);
  return () => {
    clearInterval(timer);
    return { busiest, used: cpuOf(relay.pid) - first };
  };
}

async function restart(t: TestContext, pages: PageProcesses, relay: MortalRelay, other: MortalRelay): Promise<void> {
  pages.forget();
  const stop = meter(other);
  const started = performance.now();
  await relay.end();
  const ended = performance.now() - started;
  await relay.revive();
  const revived = performance.now() - started;
  await allOnline(pages, 2 * PAGES, BACK_WITHIN);
  const back = performance.now() - started;
  const { busiest, used } = stop();
  const { returns, refused, given } = await pages.report();
  const [half, p95, most] = [0.5, 0.95, 1].map((share) => (percentile(returns, share) / 1000).toFixed(2));
  t.diagnostic(
    `${returns.length} pages came back; the relay had ended after ${(ended / 1000).toFixed(1)} s, its successor listened after ` +
      `${(revived / 1000).toFixed(1)} s, and all pages were back after ${(back / 1000).toFixed(1)} s`,
  );
  t.diagnostic(`time from the loss to the welcome: p50 ${half}, p95 ${p95}, most ${most} s; attempts in vain: ${JSON.stringify(refused)}`);
  t.diagnostic(
    `the other relay used ${used.toFixed(1)} s of a core in ${(back / 1000).toFixed(1)} s ` +
      `(${((used / returns.length) * 1e6).toFixed(0)} µs a page), and ${(busiest * 100).toFixed(0)} % of one in its busiest second`,
  );
  for (const line of histogram(returns)) t.diagnostic(line);
  assert.equal(given, 0, 'none is refused for good');
  assert.ok(back < BACK_WITHIN, `all were back after ${back.toFixed(0)} ms`);
  assert.ok(used / (back / 1000) < 1, 'the other relay needs less than a core');
}

test(
  `${PAGES} pages on each of two relays come back within ${BACK_WITHIN / 1000} s when one relay after the other is restarted`,
  { skip: withoutRedis || withoutProc },
  async (t) => {
    const redis = await startRedis(t);
    const { relays } = await startFleet(t, redis.url, 2);
    const [one, two] = relays as [MortalRelay, MortalRelay];
    const empty = residentOf(one.pid);
    const began = cpuOf(one.pid);
    const pages = openPages(t, { ports: relays.map(({ port }) => port), each: PAGES, processes: PROCESSES, perSecond: PACE });
    const took = await allOnline(pages, 2 * PAGES, (4 * PAGES * 1000) / PACE + 30_000);
    const each = (residentOf(one.pid) - empty) / PAGES;
    const hello = ((cpuOf(one.pid) - began) / PAGES) * 1e6;
    t.diagnostic(
      `${2 * PAGES} pages were welcomed in ${(took / 1000).toFixed(1)} s: ${hello.toFixed(0)} µs of a relay's core and ${each.toFixed(1)} KiB each`,
    );
    await sleep(15_000);
    const [before, at] = [cpuOf(one.pid), performance.now()];
    await sleep(15_000);
    const rest = ((cpuOf(one.pid) - before) * 1000) / (performance.now() - at);
    t.diagnostic(`at rest a relay with ${PAGES} pages is busy for ${(rest * 100).toFixed(1)} % of a core`);
    await restart(t, pages, one, two);
    await sleep(5000);
    await restart(t, pages, two, one);
  },
);
