/** From the press on `Accept` until both see and hear: ours beside PeerJS, and beside two ends in one page, which nothing can be faster than. */
import { withoutTurn } from '../support/daemons.js';
import { percentile } from '../soak/support/figures.js';
import { launch } from './support/call-pages.js';
import { openSetUp } from './support/set-up-pages.js';
import type { Maker, SetUpCase, SetUpTimes } from './support/set-up-pages.js';
import type { Bench } from './support/tables.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
const CASES: readonly SetUpCase[] = [
  { roundTrip: 0, camera: 0 },
  { roundTrip: 50, camera: 0 },
  { roundTrip: 150, camera: 0 },
  { roundTrip: 50, camera: 500 },
];
const MAKERS: readonly Maker[] = ['one page', 'PeerJS', 'ours', ...(withoutTurn === false ? (['ours, path prepared'] as const) : [])];

const median = (values: readonly number[]): number => percentile(values, 0.5);

/** The bench. Round trips are those between a page and its server; the pages themselves are on one machine. */
export const setUpBench: Bench = {
  name: 'set-up',
  async run(report) {
    const browser = await launch();
    const bench = await openSetUp(browser, withoutTurn === false);
    try {
      for (const conditions of CASES) {
        const found = new Map(MAKERS.map((maker) => [maker, [] as SetUpTimes[]]));
        // One round before those that count: code is compiled, and servers are warm.
        for (let round = -1; round < ROUNDS; round++) {
          for (const maker of MAKERS.map((_, index) => MAKERS[(index + round + MAKERS.length) % MAKERS.length]!)) {
            const times = await bench.measure(maker, conditions);
            if (round >= 0) found.get(maker)!.push(times);
          }
        }
        const of = (maker: Maker, pick: (times: SetUpTimes) => number): number => median(found.get(maker)!.map(pick));
        const both = ({ callee, caller }: SetUpTimes): number => Math.max(callee, caller);
        for (const maker of MAKERS) {
          report.row(
            `From accepting until both see and hear, in ms; ${conditions.roundTrip} ms to the server and back, camera opens after ${conditions.camera} ms`,
            {
              call: maker,
              calls: found.get(maker)!.length,
              both: of(maker, both),
              least: Math.min(...found.get(maker)!.map(both)),
              most: Math.max(...found.get(maker)!.map(both)),
              'callee sees and hears': of(maker, ({ callee }) => callee),
              'caller sees and hears': of(maker, ({ caller }) => caller),
              'both × one page': of(maker, both) / of('one page', both),
              'both × PeerJS': of(maker, both) / of('PeerJS', both),
              'callee × PeerJS': of(maker, ({ callee }) => callee) / of('PeerJS', ({ callee }) => callee),
            },
          );
        }
      }
    } finally {
      await bench.close();
      await browser.close();
    }
  },
};
