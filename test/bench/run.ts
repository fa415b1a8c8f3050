/**
 * `npm run bench`: measures side by side, in one run, since times of one machine say little on another.
 *
 *   npm run bench              everything
 *   npm run bench -- relay     what has one of these words in its name
 *   BENCH_JSON=figures.json npm run bench
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { callBench } from './call.bench.js';
import { pageBench } from './page.bench.js';
import { relayBench } from './relay.bench.js';
import { setUpBench } from './set-up.bench.js';
import { tableOf } from './support/tables.js';
import type { Row } from './support/tables.js';
import { buildStale } from '../../scripts/build.mjs';

const BENCHES = [relayBench, callBench, setUpBench, pageBench];
const words = process.argv.slice(2);
const chosen = BENCHES.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (chosen.length === 0) throw new Error(`There is no such bench. The benches are: ${BENCHES.map(({ name }) => name).join(', ')}.`);

await buildStale(['modules', 'widget']);
const machine = { node: process.version, processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, load: loadavg()[0] };
console.log(`Node ${machine.node}, ${machine.cores} × ${machine.processor}, load ${machine.load?.toFixed(1)}\n`);

const tables: Record<string, Record<string, Row[]>> = {};
for (const { name, run } of chosen) {
  const found: Record<string, Row[]> = (tables[name] = {});
  await run({ row: (title, row) => void (found[title] ??= []).push(row) });
  for (const [title, rows] of Object.entries(found)) console.log(tableOf(title, rows));
}
if (process.env.BENCH_JSON) writeFileSync(process.env.BENCH_JSON, `${JSON.stringify({ machine, tables }, null, 2)}\n`);
process.exit();
