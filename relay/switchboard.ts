import type { Deadline, Deadlines } from './deadlines.js';
import { GUEST_PREFIX, PRESENCE_GRACE, addressOf, deviceOf, peerOf } from './protocol/index.js';
import type { Person, Presence, RelayMessage } from './protocol/index.js';

/** A connected page, as far as the switchboard needs to know it. */
export interface Page {
  readonly peer: string;
  readonly device: string;
  readonly name?: string;
  /** Sends a message to the page. Answers whether it was taken. */
  receive(text: string): boolean;
  /** Tells the page that another connection took over its address. */
  replaced(): void;
}

/**
 * How an address is asked for: `take-over` gets it from whoever has it; `new-device` only where no page has it;
 * `new-peer` only where no page of that peer is there at all. A page that dropped lately still has its address.
 */
export type JoinAs = 'take-over' | 'new-device' | 'new-peer';

/** An answer that is there at once, or later. */
export type Eventually<T> = T | Promise<T>;

/**
 * Knows which pages are connected and brings messages to them. Any implementation must pass the contract test
 * beside this one's own tests; answers may come later, but messages to one address keep their order.
 */
export interface Switchboard {
  /** Connects a page to its address, and tells those who watch it. Answers false where the address is not to be had. */
  join(page: Page, as: JoinAs): Eventually<boolean>;
  /** How many pages a person has connected, those whose return is awaited included; without that on one device, where it is named. */
  pagesOf(peer: string, without?: string): Eventually<number>;
  /** Disconnects a page. It counts as present for a few seconds more, unless it left for good. */
  leave(page: Page, forGood: boolean): void;
  /** Brings a message to every page at an address. Answers how many took it. */
  deliver(to: string, text: string): Eventually<number>;
  /** Says what others see of a page. */
  setStatus(page: Page, presence: 'online' | 'busy'): void;
  /** Sends `presence` for an address to a page, at once and whenever it changes or a device joins. */
  watch(address: string, watcher: Page): void;
  /** Ends that. */
  unwatch(address: string, watcher: Page): void;
  /**
   * Everybody who is there under an ID of his own, and may be shown, with what others see of him; bounded. Nobody but
   * those in `among` may be shown, where that is given.
   */
  roster(shows?: (peer: string) => boolean, among?: ReadonlySet<string>): Eventually<readonly Person[]>;
  /** Forgets everything. */
  close(): Eventually<void>;
}

/** Most people that a roster lists. */
export const MAX_ROSTER = 1000;

interface Seat {
  /** The page, or undefined while its return is awaited. */
  page: Page | undefined;
  name: string | undefined;
  presence: 'online' | 'busy';
  /** Ends the wait for a page that dropped, or the trust in a status that it has not confirmed since. */
  deadline: Deadline | undefined;
}

/** The switchboard of a single relay. */
export class MemorySwitchboard implements Switchboard {
  readonly #deadlines: Deadlines;
  /** The devices of each peer. Never holds an empty map. */
  readonly #peers = new Map<string, Map<string, Seat>>();
  readonly #watchers = new Map<string, Set<Page>>();

  constructor(deadlines: Deadlines) {
    this.#deadlines = deadlines;
  }

  join(page: Page, as: JoinAs): boolean {
    const { peer, device, name } = page;
    let seats = this.#peers.get(peer);
    const taken = seats?.get(device);
    if (as === 'new-peer' ? seats : as === 'new-device' && taken) return false;

    if (!seats) this.#peers.set(peer, (seats = new Map<string, Seat>()));
    const seat: Seat = { page, name, presence: taken?.presence ?? 'online', deadline: undefined };
    taken?.deadline?.cancel();
    // Deleted first, so that the map stays in the order of arrival.
    seats.delete(device);
    seats.set(device, seat);
    // A page that returns in a call says so again; until it does, it is believed to be as busy as it was.
    if (seat.presence === 'busy') seat.deadline = this.#soon(() => this.setStatus(page, 'online'));
    taken?.page?.replaced();
    this.#tell(peer);
    this.#tell(addressOf(peer, device));
    return true;
  }

  pagesOf(peer: string, without?: string): number {
    const seats = this.#peers.get(peer);
    if (!seats) return 0;
    return without !== undefined && seats.has(without) ? seats.size - 1 : seats.size;
  }

  leave(page: Page, forGood: boolean): void {
    const seat = this.#seatOf(page);
    if (!seat) return;
    seat.page = undefined;
    seat.deadline?.cancel();
    if (forGood) this.#remove(page.peer, page.device);
    else seat.deadline = this.#soon(() => this.#remove(page.peer, page.device));
  }

  deliver(to: string, text: string): number {
    const seats = this.#peers.get(peerOf(to));
    if (!seats) return 0;
    const device = deviceOf(to);
    if (device !== undefined) return seats.get(device)?.page?.receive(text) ? 1 : 0;
    let count = 0;
    for (const { page } of seats.values()) if (page?.receive(text)) count++;
    return count;
  }

  setStatus(page: Page, presence: 'online' | 'busy'): void {
    const seat = this.#seatOf(page);
    if (!seat) return;
    seat.deadline?.cancel();
    seat.deadline = undefined;
    if (seat.presence === presence) return;
    const before = this.#presence(page.peer);
    seat.presence = presence;
    if (this.#presence(page.peer) !== before) this.#tell(page.peer);
    this.#tell(addressOf(page.peer, page.device));
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

  roster(shows: (peer: string) => boolean = () => true, among?: ReadonlySet<string>): readonly Person[] {
    const people: Person[] = [];
    for (const peer of among ?? this.#peers.keys()) {
      if (people.length === MAX_ROSTER) break;
      // Guests are passers-by: they would crowd out the people whom one looks for.
      if (peer.startsWith(GUEST_PREFIX) || !this.#peers.has(peer) || !shows(peer)) continue;
      people.push({ peer, name: this.#name(peer), presence: this.#presence(peer) });
    }
    return people;
  }

  close(): void {
    for (const seats of this.#peers.values()) for (const seat of seats.values()) seat.deadline?.cancel();
    this.#peers.clear();
    this.#watchers.clear();
  }

  #seatOf(page: Page): Seat | undefined {
    const seat = this.#peers.get(page.peer)?.get(page.device);
    // A page that was replaced has no say any more in what became of its address.
    return seat?.page === page ? seat : undefined;
  }

  #soon(run: () => void): Deadline {
    return this.#deadlines.add(PRESENCE_GRACE * 1000, run);
  }

  #remove(peer: string, device: string): void {
    const seats = this.#peers.get(peer)!;
    const before = this.#presence(peer);
    seats.delete(device);
    if (seats.size === 0) this.#peers.delete(peer);
    if (this.#presence(peer) !== before) this.#tell(peer);
    this.#tell(addressOf(peer, device));
  }

  #seats(address: string): Iterable<Seat> {
    const seats = this.#peers.get(peerOf(address));
    const device = deviceOf(address);
    if (device === undefined) return seats?.values() ?? [];
    const seat = seats?.get(device);
    return seat ? [seat] : [];
  }

  #presence(address: string): Presence {
    let presence: Presence = 'offline';
    for (const seat of this.#seats(address)) {
      if (seat.presence === 'busy') return 'busy';
      presence = 'online';
    }
    return presence;
  }

  /** The name that the device that came last has given. */
  #name(address: string): string | undefined {
    let name: string | undefined;
    for (const seat of this.#seats(address)) name = seat.name ?? name;
    return name;
  }

  #report(address: string): string {
    const message: RelayMessage = { type: 'presence', address, presence: this.#presence(address), name: this.#name(address) };
    return JSON.stringify(message);
  }

  #tell(address: string): void {
    const watchers = this.#watchers.get(address);
    if (!watchers) return;
    const text = this.#report(address);
    for (const watcher of watchers) watcher.receive(text);
  }
}
