/** Looks at what people are shown of others, and for how long that is not so. */
import type { Presence } from '../../../relay/protocol/index.js';
import type { NodePage } from './node-page.js';

const LOOK_EVERY = 50;

/** One who watches others; begin and end of it are the caller's. */
export class Beholder {
  readonly page: NodePage;
  /** For how long, at most, something wrong was shown of somebody, in milliseconds; and of whom. */
  longest = 0;
  of = '';
  /** Who was shown to be gone and was not, and when: milliseconds of `performance.now`. */
  readonly missed: { readonly peer: string; readonly at: number }[] = [];
  readonly #shown = new Map<string, Presence | 'unknown'>();
  readonly #wrongSince = new Map<string, number>();
  readonly #truth: ReadonlyMap<string, () => Presence>;
  #timer: NodeJS.Timeout | undefined;

  /** @param truth what should be shown of each */
  constructor(page: NodePage, truth: ReadonlyMap<string, () => Presence>) {
    this.page = page;
    this.#truth = truth;
    for (const [peer, presence] of truth) {
      page.watch(peer, (shown) => {
        this.#shown.set(peer, shown);
        if (this.#timer && shown === 'offline' && presence() !== 'offline') this.missed.push({ peer, at: performance.now() });
      });
    }
  }

  /** Whether all that is shown is so. */
  get right(): boolean {
    return [...this.#truth].every(([peer, presence]) => this.#shown.get(peer) === presence());
  }

  /** Begins to look closely. */
  look(): void {
    this.#timer = setInterval(() => this.#compare(), LOOK_EVERY);
  }

  /** Ends it. */
  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#compare();
  }

  #compare(): void {
    const now = performance.now();
    for (const [peer, presence] of this.#truth) {
      const shown = this.#shown.get(peer);
      // Whoever is not connected himself is shown nothing, which is not wrong.
      if (shown === presence() || shown === 'unknown') this.#wrongSince.delete(peer);
      else {
        const since = this.#wrongSince.get(peer) ?? now;
        this.#wrongSince.set(peer, since);
        if (now - since <= this.longest) continue;
        this.longest = now - since;
        this.of = `${peer} shown as ${shown}`;
      }
    }
  }
}
