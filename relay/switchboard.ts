import type { Deadlines } from './deadlines.js';
import { GUEST_PREFIX, addressOf } from './protocol/index.js';
import type { Person } from './protocol/index.js';
import { Seats, presenceText } from './seats.js';
import type { JoinAs, Joined, Page } from './seats.js';

export type { JoinAs, Joined, Page };

/** An answer that is there at once, or later. */
export type Eventually<T> = T | Promise<T>;

/**
 * Knows which pages are connected and brings messages to them. Any implementation must pass the contract test
 * (test/relay/support/switchboard-contract.ts); SWITCHBOARD.md says what it may rely on. Answers may come later, but
 * messages to one address keep their order.
 */
export interface Switchboard {
  /**
   * Connects a page to its address, and tells those who watch it, unless the address is not to be had or the person has
   * `most` pages already, those whose return is awaited included. Whoever takes over a device that is there adds none.
   */
  join(page: Page, as: JoinAs, most?: number): Eventually<Joined>;
  /** Disconnects a page. It counts as present for a few seconds more, unless it left for good. */
  leave(page: Page, forGood: boolean): void;
  /**
   * Brings a message to every page at an address. Answers how many took it, as far as that can be known: 0 means that
   * nobody did, and a page that took it counts at least once together with others of its relay. Never rejects for a while only.
   */
  deliver(to: string, text: string): Eventually<number>;
  /** Says what others see of a page. */
  setStatus(page: Page, presence: 'online' | 'busy'): void;
  /** Sends `presence` for an address to a page, as soon as it is known and whenever it changes or a device joins. */
  watch(address: string, watcher: Page): void;
  /** Ends that. */
  unwatch(address: string, watcher: Page): void;
  /**
   * Everybody who is there under an ID of his own, and may be shown, with what others see of him; bounded. Nobody but
   * those in `among` may be shown, where that is given.
   */
  roster(shows?: (peer: string) => boolean, among?: ReadonlySet<string>): Eventually<Roster>;
  /** Forgets everything. */
  close(): Eventually<void>;
}

/** What a roster says. */
export interface Roster {
  readonly people: readonly Person[];
  /** How many people had to be looked through for it, those who may not be shown included: what the answer costs. */
  readonly of: number;
}

/** Most people that a roster lists. */
export const MAX_ROSTER = 1000;

/** The switchboard of a single relay. */
export class MemorySwitchboard implements Switchboard {
  readonly #seats: Seats;
  readonly #watchers = new Map<string, Set<Page>>();

  constructor(deadlines: Deadlines) {
    this.#seats = new Seats(deadlines, (peer, device, peerToo) => {
      if (peerToo) this.#tell(peer);
      this.#tell(addressOf(peer, device));
    });
  }

  join(page: Page, as: JoinAs, most = Infinity): Joined {
    const { peer, device } = page;
    if (!this.#seats.isFree(peer, device, as)) return 'taken';
    const seats = this.#seats.devices(peer);
    if (seats && !seats.has(device) && seats.size >= most) return 'full';
    this.#seats.join(page);
    return 'joined';
  }

  leave(page: Page, forGood: boolean): void {
    this.#seats.leave(page, forGood);
  }

  deliver(to: string, text: string): number {
    return this.#seats.deliver(to, text);
  }

  setStatus(page: Page, presence: 'online' | 'busy'): void {
    this.#seats.setStatus(page, presence);
  }

  watch(address: string, watcher: Page): void {
    let watchers = this.#watchers.get(address);
    if (!watchers) this.#watchers.set(address, (watchers = new Set()));
    watchers.add(watcher);
    watcher.receive(this.#report(address));
  }

  unwatch(address: string, watcher: Page): void {
    const watchers = this.#watchers.get(address);
    if (watchers?.delete(watcher) && watchers.size === 0) this.#watchers.delete(address);
  }

  roster(shows: (peer: string) => boolean = () => true, among?: ReadonlySet<string>): Roster {
    const people: Person[] = [];
    let of = 0;
    for (const peer of among ?? this.#seats.peers()) {
      if (people.length === MAX_ROSTER) break;
      // Guests are passers-by: they would crowd out the people whom one looks for.
      if (peer.startsWith(GUEST_PREFIX) || !this.#seats.devices(peer)) continue;
      of++;
      if (!shows(peer)) continue;
      people.push({ peer, name: this.#seats.name(peer), presence: this.#seats.presence(peer) });
    }
    return { people, of };
  }

  close(): void {
    this.#seats.close();
    this.#watchers.clear();
  }

  #report(address: string): string {
    return presenceText(address, this.#seats.presence(address), this.#seats.name(address));
  }

  #tell(address: string): void {
    const watchers = this.#watchers.get(address);
    if (!watchers) return;
    const text = this.#report(address);
    for (const watcher of watchers) watcher.receive(text);
  }
}
