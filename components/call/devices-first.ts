/** When a call is taken, its devices are asked for before anything else happens, and that waits for them for a moment. */
import type { ClockPort } from './ports.js';

/**
 * Milliseconds for which the rest waits. A browser opens devices in several steps, each of which needs the page's main thread; what an
 * accept sets going, with a stage to draw, keeps that busy for longer than all of those steps take.
 */
export const DEVICES_FIRST = 25;

/** What waits for the devices of one page. */
export class DevicesFirst {
  readonly #clock: ClockPort;
  #rest: (() => void) | undefined;

  constructor(clock: ClockPort) {
    this.#clock = clock;
  }

  /** Asks for devices, and does the rest when something is told of them, or soon. Who asks again does so in the place of the first. */
  ask(open: () => void, rest: () => void): void {
    this.#rest = rest;
    this.#clock.after(DEVICES_FIRST, () => this.goOn());
    open();
  }

  /** Something is told of the devices. May be called at any time. */
  goOn(): void {
    const rest = this.#rest;
    this.#rest = undefined;
    rest?.();
  }
}
