/** Several relays at one Redis, and a balancer in front of them that asks each once a second how it is, as balancers do. */
import type { TestContext } from 'node:test';
import { startMortalRelay } from '../../support/daemons.js';
import type { MortalRelay } from '../../support/daemons.js';

/** Milliseconds between two questions, and for the answer. */
const ASK_EVERY = 1000;

/** Options with which a relay lets very many pages of one machine in. */
export const CROWDED = [
  ...['--max-connections', '100000', '--max-connections-per-ip', '100000', '--connect-rate', '100000'],
  ...['--rate', '100000', '--log-level', 'error'],
];

/** See the top of this file. */
export interface Fleet {
  readonly relays: readonly MortalRelay[];
  /** The URL of a relay that is well: each in turn, or the one that is wished for, where it is well. */
  pick(wished?: MortalRelay): string;
}

/** Starts so many relays, and a balancer in front of them. All ends with the test. */
export async function startFleet(t: TestContext, redis: string, size: number): Promise<Fleet> {
  const relays = await Promise.all(Array.from({ length: size }, () => startMortalRelay(t, '--redis', redis, ...CROWDED)));
  const well = new Set(relays);
  const ask = async (relay: MortalRelay): Promise<void> => {
    const answer = await fetch(`http://127.0.0.1:${relay.port}/readyz`, { signal: AbortSignal.timeout(ASK_EVERY) }).catch(() => undefined);
    if (answer?.ok) well.add(relay);
    else well.delete(relay);
  };
  const timer = setInterval(() => relays.forEach((relay) => void ask(relay)), ASK_EVERY);
  t.after(() => clearInterval(timer));
  let turn = 0;
  return {
    relays,
    pick: (wished) => {
      const choice = [...well];
      return (wished && well.has(wished) ? wished : (choice[turn++ % choice.length] ?? relays[0]!)).url;
    },
  };
}
