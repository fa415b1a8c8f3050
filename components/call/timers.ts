/** Clocks by name, each of which runs once at a time. */
import type { ClockPort } from './ports.js';

/** The clocks of one call. */
export class Timers<Name extends string> {
  readonly #clock: ClockPort;
  readonly #running = new Map<Name, () => void>();

  constructor(clock: ClockPort) {
    this.#clock = clock;
  }

  /** Whether a clock runs. */
  has(name: Name): boolean {
    return this.#running.has(name);
  }

  /** Lets a clock run for so many milliseconds; one that runs under this name begins anew. */
  start(name: Name, milliseconds: number, callback: () => void): void {
    this.stop(name);
    const cancel = this.#clock.after(milliseconds, () => {
      this.#running.delete(name);
      callback();
    });
    this.#running.set(name, cancel);
  }

  /** Stops a clock, if it runs. */
  stop(name: Name): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  /** Stops all of them. */
  stopAll(): void {
    for (const cancel of this.#running.values()) cancel();
    this.#running.clear();
  }
}
