/** What a run of the fuzzer must have come to, and the figures of it in lines for people. */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { spread } from '../figures.js';
import type { FuzzPlan, FuzzReport } from './fuzz.js';

const MEGABYTE = 1024 * 1024;
const inMegabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
const counted = (map: ReadonlyMap<number, number>): string =>
  [...map]
    .sort(([a], [b]) => a - b)
    .map(([key, count]) => `${key}: ${count}`)
    .join(', ');

/** Says the figures, then asserts that the relay lives, that the witness has lost nothing, and that memory was given back. */
export function judge(t: TestContext, plan: FuzzPlan, report: FuzzReport): void {
  const { outcome, witness, fresh, before, after, said } = report;
  const { frames, sessions, requests, askings, statuses, codes } = outcome;
  t.diagnostic(`seed ${plan.seed}, from ${plan.from ?? 0}; FUZZ_SEED and FUZZ_FROM do it again`);
  t.diagnostic(
    `${frames} frames over ${sessions} connections; the relay read ${report.read} messages, ${report.malformed} of them malformed`,
  );
  t.diagnostic(`${requests} requests over ${askings} connections; ${report.seconds.toFixed(0)} s in all`);
  t.diagnostic(`answers by status: ${counted(statuses)}`);
  t.diagnostic(`connections that the relay closed, by code: ${counted(codes)}`);
  t.diagnostic(`the witness got ${witness.got} of ${witness.sent} messages, acknowledged after ${spread(witness.times)}`);
  t.diagnostic(
    `resident memory ${inMegabytes(fresh.rss)} at the start, ${inMegabytes(before.rss)} after the warm-up, ${inMegabytes(after.rss)} after all (${inMegabytes(after.rss - before.rss)} more), ` +
      `heap ${inMegabytes(before.heapUsed)} of ${inMegabytes(before.heapTotal)} and ${inMegabytes(after.heapUsed)} of ${inMegabytes(after.heapTotal)}, ${report.settled.toFixed(0)} s after the last connection`,
  );
  assert.equal(report.died, undefined, `the relay died in one of the sessions ${report.open.join()}: ${said.slice(-20).join('\n')}`);
  assert.equal(report.exitCode, 0, 'the relay ended as it was told');
  // At this level it writes down what is wrong with itself, and nothing that a stranger does is that; at its start, that it trusts everybody.
  const wrong = said.filter((line) => !line.includes('everybody is taken at their word'));
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} lines on the standard error stream`);
  assert.deepEqual(witness.complaints.slice(0, 5), []);
  assert.equal(witness.got, witness.sent);
  assert.deepEqual(outcome.stuck, [], 'the relay has answered, or closed, every session');
  assert.deepEqual(outcome.leaks.slice(0, 5), []);
  assert.equal(statuses.get(500), undefined, 'nothing was a mistake of the relay');
  assert.ok(after[plan.measure] - before[plan.measure] < 20 * MEGABYTE, 'memory was given back');
}
