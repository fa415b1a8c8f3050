import { NOBODY } from './grants.js';
import { MAX_WATCHED } from './protocol/index.js';
import { presenceText } from './seats.js';
import type { Page, Switchboard } from './switchboard.js';

/** The page that watches, and how to tell it something. */
export interface Watcher extends Page {
  /** Whether it may know who is at an address. */
  sees(address: string): boolean;
}

/**
 * The addresses that one page watches. Those that it may not see are kept as well, and shown as if nobody were there:
 * a fresh token may allow them.
 */
export class Watches {
  readonly #watcher: Watcher;
  readonly #switchboard: Switchboard;
  /** What is watched, and whether the switchboard knows of it. */
  readonly #watched = new Map<string, boolean>();
  /** Telling a page something may be what ends it. */
  #closed = false;

  constructor(watcher: Watcher, switchboard: Switchboard) {
    this.#watcher = watcher;
    this.#switchboard = switchboard;
  }

  /** Watches more, and reports on each at once. Answers false, and does nothing, where that were too many. */
  add(addresses: readonly string[]): boolean {
    const wanted = new Set(addresses);
    const fresh = [...wanted].filter((address) => !this.#watched.has(address)).length;
    if (this.#watched.size + fresh > MAX_WATCHED) return false;
    for (const address of wanted) this.#watch(address);
    return true;
  }

  /** Watches less. */
  remove(addresses: readonly string[]): void {
    for (const address of addresses) {
      if (this.#watched.get(address)) this.#switchboard.unwatch(address, this.#watcher);
      this.#watched.delete(address);
    }
  }

  /** Takes note that the page may see more, or less. */
  review(): void {
    for (const [address, seen] of [...this.#watched]) {
      if (seen === this.#watcher.sees(address)) continue;
      if (seen) this.#switchboard.unwatch(address, this.#watcher);
      this.#watch(address);
    }
  }

  /** Watches nothing any more, and never again. */
  close(): void {
    this.#closed = true;
    this.remove([...this.#watched.keys()]);
  }

  #watch(address: string): void {
    if (this.#closed) return;
    const seen = this.#watcher.sees(address);
    this.#watched.set(address, seen);
    if (seen) this.#switchboard.watch(address, this.#watcher);
    else this.#showNobody(address);
  }

  /** Shows that nobody is there, after the same question, and so the same time, as for somebody who is not there. */
  #showNobody(address: string): void {
    const { peer, device } = this.#watcher;
    const stranger: Page = {
      peer,
      device,
      replaced: () => undefined,
      receive: () => {
        this.#switchboard.unwatch(NOBODY, stranger);
        // It may not be watched any more, or be allowed to be seen by now.
        if (this.#closed || this.#watched.get(address) !== false) return true;
        return this.#watcher.receive(presenceText(address, 'offline', undefined));
      },
    };
    this.#switchboard.watch(NOBODY, stranger);
  }
}
