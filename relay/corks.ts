import type { Duplex } from 'node:stream';

/** What can hold back what is written to it. */
export interface Corked {
  /** Writes what was held back, if anything was; it may wait for the end of the turn where that has not come yet. */
  release(turnEnds: boolean): void;
}

/**
 * Writes together what is sent at once: a system call for each frame is what a relay spends most of its time on. A page
 * gets together what one read of some connection brought for it. To hold that back until the end of the turn as well
 * would save nothing where pages speak evenly, and cost: of many hundred messages that wait, none is in the cache any
 * more, and the garbage collector has moved them.
 */
export class Corks {
  /** Those to be released as soon as what runs now has ended. */
  #soon: Corked[] = [];
  /** Those to be released at the end of this turn of the event loop. */
  #late = new Set<Corked>();
  #streams = new Set<Duplex>();
  readonly #released: () => void;
  readonly #releaseSoon = (): void => this.#endRun();
  readonly #releaseLate = (): void => this.#endTurn();
  #armed = false;
  #turn = 0;

  /** @param released told at the end of each turn in which something was held back, after it was written */
  constructor(released: () => void = () => undefined) {
    this.#released = released;
  }

  /** How many turns have ended in which anything was written. */
  get turn(): number {
    return this.#turn;
  }

  /** Releases one as soon as what runs now, such as a read with all its frames, has ended. */
  soon(corked: Corked): void {
    this.#arm();
    if (this.#soon.push(corked) === 1) process.nextTick(this.#releaseSoon);
  }

  /** Releases one at the end of this turn. */
  late(corked: Corked): void {
    this.#arm();
    this.#late.add(corked);
  }

  /** Holds back what is written to a stream until the end of this turn. */
  cork(stream: Duplex): void {
    if (this.#streams.has(stream)) return;
    this.#streams.add(stream);
    stream.cork();
    this.#arm();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(this.#releaseLate);
  }

  #endRun(): void {
    const corked = this.#soon;
    this.#soon = [];
    for (const each of corked) each.release(false);
  }

  #endTurn(): void {
    this.#armed = false;
    this.#turn++;
    this.#releaseAll();
    this.#released();
  }

  /**
   * Sets in which nothing waits are left alone, and others replaced. V8 gives a set that is cleared a new table, and where
   * the set is old one among the old: tens of megabytes in ten busy seconds that only a full collection takes away.
   */
  #releaseAll(): void {
    if (this.#late.size > 0) {
      const late = this.#late;
      this.#late = new Set();
      for (const each of late) each.release(true);
    }
    if (this.#streams.size > 0) {
      const streams = this.#streams;
      this.#streams = new Set();
      for (const stream of streams) stream.uncork();
    }
  }
}
