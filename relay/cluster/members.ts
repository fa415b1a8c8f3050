import type { Clock } from '../clock.js';

/** Milliseconds between two signs of life of a relay. */
export const BEAT_EVERY = 2000;
/**
 * Milliseconds without one after which a relay is taken to be gone, and its pages with it: longer than a page in a call needs
 * to notice that its relay stands still and to come to another one, which is five seconds until it asks, three until it doubts,
 * and two for questions that the relay leaves unanswered.
 */
export const GONE_AFTER = 12_000;
/** Milliseconds that the others have to be heard again after this relay could not hear. */
const BACK_WITHIN = 6000;
/** Milliseconds for which the pages of a relay that said goodbye are believed to come back elsewhere. */
export const MOVING_FOR = 5000;
/** Milliseconds between two looks at the others. */
const LOOK_EVERY = 1000;
/** Milliseconds by which a look must be late to mean that this process stood still: it has heard nobody meanwhile. */
const STOOD_STILL = 4000;
/** Most relays that are known: more than that are made up by somebody. */
const MAX_MEMBERS = 1000;

interface Member {
  /** When it is taken to be gone, unless it is heard before. */
  until: number;
  /** Whether it was heard since this relay itself was last sure to hear. */
  sure: boolean;
}

/** What becomes known of other relays. */
export interface MembersListener {
  /** A relay is there of which nothing, or not everything, was known before. */
  appeared(): void;
  /** A relay is gone, and its pages with it. */
  vanished(relay: string): void;
  /** This process stood still for a while. */
  awoke(): void;
}

/** The other relays, by their signs of life. */
export class Members {
  readonly #clock: Clock;
  readonly #listener: MembersListener;
  readonly #members = new Map<string, Member>();
  readonly #stop: () => void;
  #looked: number;

  constructor(clock: Clock, listener: MembersListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#looked = clock.now();
    this.#stop = clock.every(LOOK_EVERY, () => this.#look());
  }

  /** How many there are. */
  get size(): number {
    return this.#members.size;
  }

  /** Takes note of a sign of life. */
  heard(relay: string, anew: boolean): void {
    const known = this.#members.get(relay);
    if (!known && this.#members.size >= MAX_MEMBERS) return;
    this.#members.set(relay, { until: this.#clock.now() + GONE_AFTER, sure: true });
    if (anew || !known?.sure) this.#listener.appeared();
  }

  /** Takes note that a relay goes. */
  left(relay: string): void {
    const known = this.#members.get(relay);
    if (known) known.until = Math.min(known.until, this.#clock.now() + MOVING_FOR);
  }

  /** Takes note that this relay itself hears again: nothing is sure of anybody until he is heard. */
  doubt(): void {
    const now = this.#clock.now();
    for (const member of this.#members.values()) {
      member.sure = false;
      member.until = Math.max(member.until, now + BACK_WITHIN);
    }
  }

  /** The relays that hear, and would have answered. */
  sure(): ReadonlySet<string> {
    return new Set([...this.#members].filter(([, { sure }]) => sure).map(([relay]) => relay));
  }

  /** Looks no more. */
  close(): void {
    this.#stop();
  }

  #look(): void {
    const now = this.#clock.now();
    const late = now - this.#looked - LOOK_EVERY;
    this.#looked = now;
    if (late > STOOD_STILL) {
      for (const member of this.#members.values()) member.until += late + BACK_WITHIN;
      return this.#listener.awoke();
    }
    for (const [relay, { until }] of this.#members) {
      if (until > now) continue;
      this.#members.delete(relay);
      this.#listener.vanished(relay);
    }
  }
}
