import { addressOf, deviceOf } from '../protocol/index.js';
import type { Presence } from '../protocol/index.js';
import { presenceText } from '../seats.js';
import type { Page } from '../seats.js';
import type { ToldSeat } from './words.js';

/** Milliseconds after which it is believed that a relay has no pages any more that it does not mention. */
export const BELIEVED_AFTER = 2500;

interface Source {
  serial: number;
  seats: readonly ToldSeat[];
}

/**
 * What is seen of one peer, put together from what the relays with its pages say: each tells all of its pages whenever one
 * changes, and nothing is kept anywhere else. A page that moved is where it came last.
 */
export class View {
  readonly peer: string;
  readonly #sources = new Map<string, Source>();
  readonly #watchers = new Map<string, Set<Page>>();
  /** Watchers that have not been told anything yet. */
  readonly #waiting = new Map<string, Set<Page>>();
  #merged: ReadonlyMap<string, ToldSeat> = new Map();
  #known = false;
  /** Relays that had pages and did not say so when they were asked last, and since when. */
  #doubted: ReadonlyMap<string, number> = new Map();

  constructor(peer: string) {
    this.peer = peer;
  }

  /** Whether nobody watches any more. */
  get idle(): boolean {
    return this.#watchers.size === 0;
  }

  /** Whether a page is there at this address, on whichever relay. */
  has(address: string): boolean {
    return this.#presence(address) !== 'offline';
  }

  /** Tells a page what is seen of an address of this peer: at once if that is known, and from then on. */
  watch(address: string, watcher: Page): void {
    add(this.#watchers, address, watcher);
    if (this.#known || this.has(address)) watcher.receive(this.#report(address));
    else add(this.#waiting, address, watcher);
  }

  /** Ends that. */
  unwatch(address: string, watcher: Page): void {
    remove(this.#watchers, address, watcher);
    remove(this.#waiting, address, watcher);
  }

  /** Takes what one relay says of its own pages. What is older than what it said before counts for nothing. */
  set(relay: string, serial: number, seats: readonly ToldSeat[]): void {
    const before = this.#sources.get(relay);
    if (before && before.serial > serial) return;
    for (const [other, source] of this.#sources) {
      if (other === relay) continue;
      // The page that came later to an address has it; the one before is only not noticed to be gone.
      source.seats = source.seats.filter((old) => !seats.some((seat) => seat.device === old.device && seat.since > old.since));
    }
    this.#sources.set(relay, { serial, seats });
    this.#change();
  }

  /** A relay is gone, and all of its pages with it. */
  drop(relay: string): void {
    if (this.#sources.delete(relay)) this.#change();
  }

  /**
   * Everybody has been asked: who has pages has said so, and of the others those that surely heard have none. A relay that did
   * not hear just then looks the same, so that is believed only when it comes out again a while later. Answers whether to ask then.
   *
   * @param now milliseconds of any one clock
   */
  prune(answered: ReadonlySet<string>, sure: ReadonlySet<string>, self: string, now: number): boolean {
    const doubted = new Map<string, number>();
    for (const relay of [...this.#sources.keys()]) {
      if (relay === self || answered.has(relay) || !sure.has(relay)) continue;
      const since = this.#doubted.get(relay) ?? now;
      if (now - since >= BELIEVED_AFTER) this.#sources.delete(relay);
      else doubted.set(relay, since);
    }
    this.#doubted = doubted;
    this.#change();
    return doubted.size > 0;
  }

  /** What is not known by now is taken for nothing: those who wait are told. */
  know(): void {
    this.#known = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [address, watchers] of waiting) for (const watcher of watchers) watcher.receive(this.#report(address));
  }

  #change(): void {
    const before = this.#merged;
    const [presenceBefore, nameBefore] = [this.#presence(this.peer), this.#name(this.peer)];
    this.#merged = this.#merge();
    let arrived = false;
    const changed: string[] = [];
    for (const [device, seat] of this.#merged) {
      const old = before.get(device);
      const came = old?.since !== seat.since;
      arrived ||= came;
      if (came || old.presence !== seat.presence) changed.push(device);
    }
    for (const device of before.keys()) if (!this.#merged.has(device)) changed.push(device);
    if (arrived || this.#presence(this.peer) !== presenceBefore || this.#name(this.peer) !== nameBefore) this.#tell(this.peer);
    for (const device of changed) this.#tell(addressOf(this.peer, device));
  }

  /** The last page of each device, in the order in which they came. */
  #merge(): ReadonlyMap<string, ToldSeat> {
    const all = [...this.#sources.values()].flatMap(({ seats }) => seats);
    const merged = new Map<string, ToldSeat>();
    for (const seat of all.sort((a, b) => a.since - b.since)) {
      merged.delete(seat.device);
      merged.set(seat.device, seat);
    }
    return merged;
  }

  #seats(address: string): Iterable<ToldSeat> {
    const device = deviceOf(address);
    if (device === undefined) return this.#merged.values();
    const seat = this.#merged.get(device);
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

  /** The name of the page that came last, where it has given one. */
  #name(address: string): string | undefined {
    let name: string | undefined;
    for (const seat of this.#seats(address)) name = seat.name;
    return name;
  }

  #report(address: string): string {
    return presenceText(address, this.#presence(address), this.#name(address));
  }

  #tell(address: string): void {
    const watchers = this.#watchers.get(address);
    if (!watchers) return;
    // Until everybody has answered, nobody is said to be gone who was never said to be there.
    const hold = !this.#known && !this.has(address);
    const text = this.#report(address);
    for (const watcher of [...watchers]) {
      if (hold && this.#waiting.get(address)?.has(watcher)) continue;
      remove(this.#waiting, address, watcher);
      watcher.receive(text);
    }
  }
}

function add(sets: Map<string, Set<Page>>, address: string, page: Page): void {
  const set = sets.get(address);
  if (set) set.add(page);
  else sets.set(address, new Set([page]));
}

function remove(sets: Map<string, Set<Page>>, address: string, page: Page): void {
  const set = sets.get(address);
  if (set?.delete(page) && set.size === 0) sets.delete(address);
}
