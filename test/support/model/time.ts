/** Virtual time: callbacks in order of their moment, run as fast as the machine can. */
import type { ClockPort } from '../../../components/call/ports.js';

interface Entry {
  readonly at: number;
  readonly order: number;
  callback: (() => void) | undefined;
}

/** A clock that stands still until it is told to run. Times are milliseconds. */
export class VirtualTime implements ClockPort {
  #now = 0;
  #order = 0;
  #entries: Entry[] = [];

  /** Callbacks that have not run and were not stopped. */
  get waiting(): number {
    return this.#entries.filter(({ callback }) => callback).length;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(milliseconds: number, callback: () => void): () => void {
    const entry: Entry = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, callback };
    this.#push(entry);
    return () => {
      entry.callback = undefined;
    };
  }

  /** Runs everything up to a moment. */
  runUntil(moment: number): void {
    while (this.#entries[0] && this.#entries[0].at <= moment) {
      const entry = this.#pop()!;
      if (!entry.callback) continue;
      this.#now = entry.at;
      const { callback } = entry;
      entry.callback = undefined;
      callback();
    }
    this.#now = Math.max(this.#now, moment);
  }

  /** Runs for a while. */
  run(milliseconds: number): void {
    this.runUntil(this.#now + milliseconds);
  }

  #push(entry: Entry): void {
    const heap = this.#entries;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#entries;
    const first = heap[0];
    const last = heap.pop();
    if (!last || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
      if (!before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
