/** A call of 720 lines at rest beside a bare pair of connections: how soon the picture is sharp, and what the browser costs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { openCall } from './support/call-pages.js';
import type { Kind } from './support/call-pages.js';
import { percentile } from '../soak/support/figures.js';
import type { Bench } from './support/tables.js';

/** Bare pairs keep their lines where cost is compared: one with the browser's defaults has fewer of them for most of a short call. */
const KINDS: readonly Kind[] = ['bare', 'bare, keeps its lines', 'ours'];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
/** Seconds for which a call goes on before it counts as being at rest, and for which it is measured. */
const SETTLE = Number(process.env.BENCH_SETTLE ?? 8);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 15);

/** The bench; Linux only. */
export const callBench: Bench = {
  name: 'call',
  async run(report) {
    const found = new Map(KINDS.map((kind) => [kind, { sharp: [] as number[], cores: [] as number[], drawing: [] as number[] }]));
    for (let round = 0; round < ROUNDS; round++) {
      // Each begins a round as often as the others.
      for (const kind of KINDS.map((_, index) => KINDS[(index + round) % KINDS.length]!)) {
        const { sharp, cores, drawing } = found.get(kind)!;
        const call = await openCall(kind);
        try {
          sharp.push(...call.sharpAfter.map((time) => time ?? Infinity));
          await sleep(SETTLE * 1000);
          const [before, from] = [call.busy(), performance.now()];
          await sleep(SECONDS * 1000);
          const [after, seconds] = [call.busy(), (performance.now() - from) / 1000];
          cores.push((after.all - before.all) / seconds);
          drawing.push((after.drawing - before.drawing) / seconds);
        } finally {
          await call.close();
        }
      }
    }
    const middle = (values: readonly number[]): number => percentile(values, 0.5);
    const measure = middle(found.get('bare, keeps its lines')!.cores);
    for (const [kind, { sharp, cores, drawing }] of found) {
      report.row('A call of 720 lines, both pages in one browser', {
        call: kind,
        calls: cores.length,
        'ms to 720 lines, median': Math.round(middle(sharp)),
        most: Math.round(percentile(sharp, 1)),
        'cores at rest, median': middle(cores),
        least: Math.min(...cores),
        greatest: Math.max(...cores),
        'cores × bare that keeps its lines': middle(cores) / measure,
        'of them for drawing, median': middle(drawing),
      });
    }
  },
};
