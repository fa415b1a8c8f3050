import type { Clock } from './clock.js';

/** Milliseconds between two batches. */
const BATCH_EVERY = 50;
/** Fewest that are let go together: a few pages may as well all come back at once. */
export const MIN_BATCH = 20;

/**
 * Does something for each of many, spread evenly over a time and in random order: pages that are all told at once to
 * come back all come back at once.
 *
 * @param within milliseconds that it takes at most
 * @returns when it was done for the last one
 */
export async function inBatches<T>(all: readonly T[], within: number, clock: Clock, run: (one: T) => void): Promise<void> {
  const left = shuffled(all);
  const size = Math.max(MIN_BATCH, Math.ceil(left.length / Math.max(within / BATCH_EVERY, 1)));
  for (const one of left.splice(0, size)) run(one);
  if (left.length === 0) return;
  await new Promise<void>((resolve) => {
    const stop = clock.every(BATCH_EVERY, () => {
      for (const one of left.splice(0, size)) run(one);
      if (left.length > 0) return;
      stop();
      resolve();
    });
  });
}

function shuffled<T>(all: readonly T[]): T[] {
  const order = all.map((one) => ({ one, at: Math.random() }));
  return order.sort((a, b) => a.at - b.at).map(({ one }) => one);
}
