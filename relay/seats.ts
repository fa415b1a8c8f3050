import type { Deadline, Deadlines } from './deadlines.js';
import { PRESENCE_GRACE, deviceOf, peerOf } from './protocol/index.js';
import type { Presence, RelayMessage } from './protocol/index.js';

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

/** What came of it: `taken` where the address is not to be had, `full` where the person has as many pages as he may have. */
export type Joined = 'joined' | 'taken' | 'full';

/** What others see of a page that is there. */
export type Status = 'online' | 'busy';

/** The place of one page at its address. */
export interface Seat {
  /** The page, or undefined while its return is awaited. */
  readonly page: Page | undefined;
  readonly name: string | undefined;
  readonly presence: Status;
  /** A number that is greater for a page that came later to this address, and as far as relays know of each other, to this peer. */
  readonly since: number;
}

interface OwnSeat extends Seat {
  page: Page | undefined;
  presence: Status;
  /** Ends the wait for a page that dropped, or the trust in a status that it has not confirmed since. */
  deadline: Deadline | undefined;
}

/** Told of every change: at one device's address, and, where `peerToo`, of what is seen of the whole peer. */
export type Changed = (peer: string, device: string, peerToo: boolean) => void;

/** Which pages are connected to this relay, and what others see of them. */
export class Seats {
  readonly #deadlines: Deadlines;
  readonly #changed: Changed;
  /** The devices of each peer. Never holds an empty map. */
  readonly #peers = new Map<string, Map<string, OwnSeat>>();

  constructor(deadlines: Deadlines, changed: Changed) {
    this.#deadlines = deadlines;
    this.#changed = changed;
  }

  /** Whether an address is to be had, as far as this relay knows. */
  isFree(peer: string, device: string, as: JoinAs): boolean {
    const seats = this.#peers.get(peer);
    return as === 'take-over' || !seats || (as === 'new-device' && !seats.has(device));
  }

  /** Seats a page at its address, whoever sits there; it is as busy as the page before, or as `was` says, until it says itself. */
  join(page: Page, since = 0, was?: Status): void {
    const { peer, device, name } = page;
    let seats = this.#peers.get(peer);
    const taken = seats?.get(device);
    if (!seats) this.#peers.set(peer, (seats = new Map<string, OwnSeat>()));
    const seat: OwnSeat = { page, name, presence: taken?.presence ?? was ?? 'online', since, deadline: undefined };
    taken?.deadline?.cancel();
    // Deleted first, so that the map stays in the order of arrival.
    seats.delete(device);
    seats.set(device, seat);
    // A page that returns in a call says so again; until it does, it is believed to be as busy as it was.
    if (seat.presence === 'busy') seat.deadline = this.#soon(() => this.setStatus(page, 'online'));
    taken?.page?.replaced();
    this.#changed(peer, device, true);
  }

  /** Takes note that a page has gone, for good or for a few seconds. */
  leave(page: Page, forGood: boolean): void {
    const seat = this.#seatOf(page);
    if (!seat) return;
    seat.page = undefined;
    seat.deadline?.cancel();
    if (forGood) this.#remove(page.peer, page.device);
    else seat.deadline = this.#soon(() => this.#remove(page.peer, page.device));
  }

  /** Gives an address up to a page of another relay. Nobody is told of a change but the page that sat there. */
  vacate(peer: string, device: string): void {
    const seats = this.#peers.get(peer);
    const seat = seats?.get(device);
    if (!seats || !seat) return;
    seat.deadline?.cancel();
    seats.delete(device);
    if (seats.size === 0) this.#peers.delete(peer);
    seat.page?.replaced();
  }

  /** Brings a message to the pages at an address; answers how many took it. */
  deliver(to: string, text: string): number {
    const seats = this.#peers.get(peerOf(to));
    if (!seats) return 0;
    const device = deviceOf(to);
    if (device !== undefined) return seats.get(device)?.page?.receive(text) ? 1 : 0;
    let count = 0;
    for (const { page } of seats.values()) if (page?.receive(text)) count++;
    return count;
  }

  /** Says what others see of a page. */
  setStatus(page: Page, presence: Status): void {
    const seat = this.#seatOf(page);
    if (!seat) return;
    seat.deadline?.cancel();
    seat.deadline = undefined;
    if (seat.presence === presence) return;
    const before = this.presence(page.peer);
    seat.presence = presence;
    this.#changed(page.peer, page.device, this.presence(page.peer) !== before);
  }

  /** Everybody who has a page here, those whose return is awaited included. */
  peers(): Iterable<string> {
    return this.#peers.keys();
  }

  /** The seats of a peer by device, in the order in which their pages came; undefined where there are none. */
  devices(peer: string): ReadonlyMap<string, Seat> | undefined {
    return this.#peers.get(peer);
  }

  /** What is seen of an address. */
  presence(address: string): Presence {
    let presence: Presence = 'offline';
    for (const seat of this.#seats(address)) {
      if (seat.presence === 'busy') return 'busy';
      presence = 'online';
    }
    return presence;
  }

  /** The name of the page that came last; undefined where that one has given none, whatever others before it were called. */
  name(address: string): string | undefined {
    let name: string | undefined;
    for (const seat of this.#seats(address)) name = seat.name;
    return name;
  }

  /** Forgets everything. */
  close(): void {
    for (const seats of this.#peers.values()) for (const seat of seats.values()) seat.deadline?.cancel();
    this.#peers.clear();
  }

  #seatOf(page: Page): OwnSeat | undefined {
    const seat = this.#peers.get(page.peer)?.get(page.device);
    // A page that was replaced has no say any more in what became of its address.
    return seat?.page === page ? seat : undefined;
  }

  #soon(run: () => void): Deadline {
    return this.#deadlines.add(PRESENCE_GRACE * 1000, run);
  }

  #remove(peer: string, device: string): void {
    const seats = this.#peers.get(peer)!;
    const [presence, name] = [this.presence(peer), this.name(peer)];
    seats.delete(device);
    if (seats.size === 0) this.#peers.delete(peer);
    this.#changed(peer, device, this.presence(peer) !== presence || this.name(peer) !== name);
  }

  #seats(address: string): Iterable<Seat> {
    const seats = this.#peers.get(peerOf(address));
    const device = deviceOf(address);
    if (device === undefined) return seats?.values() ?? [];
    const seat = seats?.get(device);
    return seat ? [seat] : [];
  }
}

/** The message that tells a page what is seen of an address. */
export function presenceText(address: string, presence: Presence, name: string | undefined): string {
  const message: RelayMessage = { type: 'presence', address, presence, name };
  return JSON.stringify(message);
}
