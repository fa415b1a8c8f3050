/** Processes full of light pages, and what all of them together report; see `page-process.ts`. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { Order, Report } from './page-process.js';

/** Many pages in a few processes. */
export interface PageProcesses {
  report(): Promise<Report>;
  /** Forgets what happened so far. */
  forget(): void;
}

/** How many, where, and how fast. */
export interface Opening {
  readonly ports: readonly number[];
  /** Pages on each relay, in all. */
  readonly each: number;
  readonly processes: number;
  /** New connections a second, in all. */
  readonly perSecond: number;
}

/** Opens pages in processes that end with the test; each has an address of its own, and so ports of its own. */
export function openPages(t: TestContext, { ports, each, processes, perSecond }: Opening): PageProcesses {
  const children = Array.from({ length: processes }, (_, index): ChildProcess => {
    const child = fork(new URL('./page-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
    t.after(() => child.kill('SIGKILL'));
    const share = Math.floor(each / processes) + (index < each % processes ? 1 : 0);
    const pace = perSecond / processes;
    tell(child, { type: 'open', name: `page-${index}`, ports, each: share, perSecond: pace, source: `127.0.0.${index + 2}` });
    return child;
  });
  return {
    forget: () => children.forEach((child) => tell(child, { type: 'forget' })),
    report: async () => {
      const reports = await Promise.all(
        children.map(async (child) => {
          const answer = once(child, 'message') as Promise<[Report]>;
          tell(child, { type: 'report' });
          return (await answer)[0];
        }),
      );
      return reports.reduce(added);
    },
  };
}

function tell(child: ChildProcess, order: Order): void {
  child.send(order);
}

function added(one: Report, two: Report): Report {
  const refused: Record<string, number> = { ...one.refused };
  for (const [what, count] of Object.entries(two.refused)) refused[what] = (refused[what] ?? 0) + count;
  return {
    online: one.online + two.online,
    returns: [...one.returns, ...two.returns],
    refused,
    given: one.given + two.given,
  };
}
