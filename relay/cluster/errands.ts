import type { Clock } from '../clock.js';

/** Milliseconds between two batches. */
const BATCH_EVERY = 50;
/** How many are done at once: 2,000 a second. */
const BATCH = 100;

/** Things that are to be done soon, a few at a time, each once: a relay that comes back has much to ask of the others. */
export class Errands {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, () => void>();
  #stop: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Does something soon; an errand of the same key that has not been done yet is done as this one. */
  add(key: string, run: () => void): void {
    this.#waiting.set(key, run);
    this.#stop ??= this.#clock.every(BATCH_EVERY, () => this.#batch());
  }

  /** Does nothing any more. */
  close(): void {
    this.#waiting.clear();
    this.#stop?.();
    this.#stop = undefined;
  }

  #batch(): void {
    let left = BATCH;
    for (const [key, run] of this.#waiting) {
      if (left-- === 0) return;
      this.#waiting.delete(key);
      run();
    }
    if (this.#waiting.size === 0) this.close();
  }
}
