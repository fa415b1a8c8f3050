import type { Clock } from './clock.js';

/** Milliseconds between two looks at the wheel, and so the most that a deadline is late. */
const TICK = 250;
const SLOTS = 256;

/** Something that will happen unless it is put off or cancelled. */
export interface Deadline {
  /** Puts it off, to so many milliseconds from now, which whoever has read the clock already may say. Costs one assignment. */
  extend(milliseconds: number, now?: number): void;
  /** Calls it off; may be called twice, and after it has happened. */
  cancel(): void;
}

/**
 * All deadlines of a relay on one wheel with one timer, because a timer for each of ten thousand pages, moved with
 * every message, costs more than the messages. A deadline that was put off stays in its slot and moves on only when
 * the wheel gets there.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #slots = Array.from({ length: SLOTS }, () => new Set<Entry>());
  #stop: (() => void) | undefined;
  #size = 0;
  /** The number of the last tick that was looked at. */
  #tick = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many deadlines are ahead. */
  get size(): number {
    return this.#size;
  }

  /** Runs something once, so many milliseconds from now, up to a quarter of a second late. */
  add(milliseconds: number, expire: () => void): Deadline {
    const entry = new Entry(this.#clock.now() + milliseconds, expire, this);
    this.#size++;
    if (!this.#stop) this.#start();
    this.#place(entry);
    return entry;
  }

  /** Forgets every deadline. */
  close(): void {
    for (const slot of this.#slots) slot.clear();
    this.#size = 0;
    this.#stop?.();
    this.#stop = undefined;
  }

  /** @internal */
  get now(): number {
    return this.#clock.now();
  }

  /** @internal */
  remove(entry: Entry): void {
    if (!this.#slots[entry.slot]!.delete(entry)) return;
    if (--this.#size === 0) this.close();
  }

  #start(): void {
    this.#tick = Math.floor(this.#clock.now() / TICK);
    this.#stop = this.#clock.every(TICK, () => this.#turn());
  }

  #place(entry: Entry): void {
    const ahead = Math.ceil(entry.due / TICK) - this.#tick;
    entry.slot = (this.#tick + Math.min(Math.max(ahead, 1), SLOTS - 1)) % SLOTS;
    this.#slots[entry.slot]!.add(entry);
  }

  #turn(): void {
    const now = this.#clock.now();
    const target = Math.floor(now / TICK);
    while (this.#tick < target) {
      this.#tick++;
      const slot = this.#slots[this.#tick % SLOTS]!;
      for (const entry of [...slot]) {
        if (!slot.has(entry)) continue;
        if (entry.due > now) {
          slot.delete(entry);
          this.#place(entry);
        } else {
          this.remove(entry);
          entry.expire();
        }
      }
    }
  }
}

class Entry implements Deadline {
  slot = 0;

  constructor(
    public due: number,
    readonly expire: () => void,
    readonly wheel: Deadlines,
  ) {}

  extend(milliseconds: number, now = this.wheel.now): void {
    // It may only be put off: a deadline that came nearer would sit in a slot that is looked at too late.
    this.due = Math.max(this.due, now + milliseconds);
  }

  cancel(): void {
    this.wheel.remove(this);
  }
}
