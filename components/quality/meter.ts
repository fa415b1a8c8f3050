/** Measures the connection of a call, once a second unless told otherwise, for as long as somebody wants to know. */
import type { ClockPort } from '../call/ports.js';
import { reportOf } from '../call/reports.js';
import { readingOf } from './reading.js';
import type { Look, Reading } from './reading.js';

/** Milliseconds between two looks. */
export const MEASURE_EVERY = 1000;

/** Milliseconds: a report of somebody else that is not older does as well. More than there are between two of the watch over the packets. */
const FRESH = 450;

/** Told after each second of a connection that stands. */
export type ReadingListener = (reading: Reading) => void;

/** The connection, as far as it is measured. */
export type MeasuredConnection = Pick<RTCPeerConnection, 'connectionState' | 'getStats' | 'getTransceivers'>;

/** The meter of one session: the connection may change, the listeners stay. */
export class Meter {
  readonly #clock: ClockPort;
  readonly #every: () => number;
  readonly #listeners = new Set<ReadingListener>();
  #connection: MeasuredConnection | undefined;
  #last: Look | undefined;
  #cancel: (() => void) | undefined;

  /** @param every milliseconds between two looks */
  constructor(clock: ClockPort, every = () => MEASURE_EVERY) {
    this.#clock = clock;
    this.#every = every;
  }

  /** Measures this connection from now on; undefined measures none. */
  connect(connection: MeasuredConnection | undefined): void {
    if (connection === this.#connection) return;
    this.#connection = connection;
    this.#last = undefined;
    this.#schedule();
  }

  /** Tells somebody of every second. Returns the function that ends it. */
  follow(listener: ReadingListener): () => void {
    this.#listeners.add(listener);
    this.#schedule();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#schedule();
    };
  }

  #schedule(): void {
    const wanted = !!this.#connection && this.#listeners.size > 0;
    if (wanted) this.#cancel ??= this.#clock.after(this.#wait(), () => void this.#look());
    else {
      this.#cancel?.();
      this.#cancel = this.#last = undefined;
    }
  }

  /** Whoever looks often counts from the report itself: so it looks together with whoever asked for that one, from then on. */
  #wait(): number {
    const every = this.#every();
    return every > FRESH || !this.#last ? every : Math.max(0, this.#last.at + every - this.#clock.now());
  }

  async #look(): Promise<void> {
    const connection = this.#connection!;
    this.#cancel = undefined;
    if (connection.connectionState === 'connected') {
      const age = Math.min(FRESH, this.#every() - 1);
      const look = await reportOf(connection, this.#clock, age).catch(() => undefined);
      if (look && connection === this.#connection) this.#take(look as unknown as Look, connection);
    } else this.#last = undefined;
    this.#schedule();
  }

  #take(now: Look, connection: MeasuredConnection): void {
    const before = this.#last;
    this.#last = now;
    if (!before || this.#listeners.size === 0) return;
    const mids = connection.getTransceivers().map(({ mid }) => mid);
    const reading = readingOf(before, now, mids);
    for (const listener of [...this.#listeners]) {
      try {
        listener(reading);
      } catch (cause) {
        console.warn('A listener to the connection of a call failed.', cause);
      }
    }
  }
}
