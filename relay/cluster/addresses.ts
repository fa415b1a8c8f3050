import type { Clock } from '../clock.js';
import type { Deadlines } from '../deadlines.js';
import { addressOf } from '../protocol/index.js';
import type { JoinAs, Joined, Page, Seats } from '../seats.js';
import { CHANNEL } from './bus.js';
import type { Bus } from './bus.js';
import { Claims } from './claims.js';
import { LISTEN_WITHIN, within } from './lookout.js';
import { newId } from './questions.js';
import type { ToldSeat, WordOf } from './words.js';

/** Milliseconds for which it is not told that a page is gone that another relay has taken over. */
const MOVED_WITHIN = 1000;

/** A page of another relay that wants an address, or says that it has had it since then. */
export type ClaimOfAnother = NonNullable<WordOf<'ask'>['claim']>;

/** What is needed to give addresses to pages. */
export interface AddressSettings {
  readonly bus: Bus;
  /** For what goes on between relays. */
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly seats: Seats;
  /** The ID of this relay. */
  readonly relay: string;
  /** Asks the other relays for their pages of a peer. */
  readonly ask: (peer: string, claim: ClaimOfAnother) => Promise<readonly WordOf<'seats'>[]>;
  /** Told some time after an address was given up to another relay. */
  readonly moved: (peer: string, device: string) => void;
}

/** Gives addresses to the pages of this relay, in agreement with the others, and listens to what is said at them. */
export class Addresses {
  readonly #settings: AddressSettings;
  readonly #claims = new Claims();
  #last = 0;

  constructor(settings: AddressSettings) {
    this.#settings = settings;
  }

  /** Gives a page its address, if it is to be had. Without the others, this relay decides alone. */
  async join(page: Page, as: JoinAs, most: number): Promise<Joined> {
    const { bus, clock, deadlines, seats, ask } = this.#settings;
    const { peer, device } = page;
    if (!seats.isFree(peer, device, as)) return 'taken';
    const claim = this.#claims.make(page, as, clock.date());
    if (!claim) return 'taken';
    try {
      let elsewhere: readonly ToldSeat[] = [];
      const listening = this.tune(peer, device);
      if (bus.up) {
        await within(deadlines, LISTEN_WITHIN, listening);
        const answers = await ask(peer, { id: claim.id, device, as, since: claim.since });
        if (claim.lost || answers.some(({ refused }) => refused === true)) return lose(page, as);
        elsewhere = answers.flatMap((answer) => answer.seats).sort((a, b) => b.since - a.since);
      }
      const known = new Set([...(seats.devices(peer)?.keys() ?? []), ...elsewhere.map((seat) => seat.device)]);
      // Another relay has given up the page that was there by now, and nobody would be left if this one were refused.
      if (!known.has(device) && known.size >= most) return 'full';
      // Later than every page of this peer, also those of relays whose clocks are ahead: the last one gives the name.
      seats.join(page, this.#stamp(elsewhere[0]?.since), elsewhere.find((seat) => seat.device === device)?.presence);
      for (const text of claim.held) page.receive(text);
      return 'joined';
    } finally {
      this.#claims.drop(claim);
      void this.tune(peer, device);
    }
  }

  /** Brings a message to the pages here that have this address, or are about to have it; answers how many took it. */
  deliver(to: string, text: string): number {
    return this.#settings.seats.deliver(to, text) + this.#claims.deliver(to, text);
  }

  /** Listens to what concerns the pages of this relay, and to nothing else. Resolves when it does. */
  tune(peer: string, device: string): Promise<unknown> {
    const seats = this.#settings.seats.devices(peer);
    const claims = this.#claims.of(peer);
    const here = (wanted: string) => seats?.get(wanted)?.page !== undefined || claims.some(({ page }) => page.device === wanted);
    const anyHere = claims.length > 0 || [...(seats?.keys() ?? [])].some(here);
    return Promise.all([
      this.#listen(CHANNEL.of(peer), seats !== undefined || claims.length > 0),
      this.#listen(CHANNEL.to(peer), anyHere),
      this.#listen(CHANNEL.to(addressOf(peer, device)), here(device)),
    ]);
  }

  /** Makes sure that the pages of a peer are here and not, by now, somewhere else. */
  async keep(peer: string): Promise<void> {
    const { seats, ask } = this.#settings;
    for (const [device, { since }] of [...(seats.devices(peer) ?? [])]) {
      const answers = await ask(peer, { id: newId(), device, as: 'keep', since });
      if (seats.devices(peer)?.get(device)?.since === since && answers.some(({ refused }) => refused === true)) this.#yield(peer, device);
    }
  }

  /** Whether a page of another relay cannot have an address, as far as this one knows; gives it up where it can. */
  refuses(other: string, peer: string, { id, device, as, since }: ClaimOfAnother): boolean {
    const { seats, relay } = this.#settings;
    const seat = seats.devices(peer)?.get(device);
    switch (as) {
      case 'keep':
        if (seat && (seat.since > since || (seat.since === since && relay > other))) return true;
        this.#yield(peer, device);
        return false;
      case 'take-over':
        this.#yield(peer, device);
        break;
      case 'new-device':
      case 'new-peer':
        if (!seats.isFree(peer, device, as)) return true;
    }
    return this.#claims.contest(peer, { id, device, as, since });
  }

  /** Gives an address up to another relay. It says itself that the page is there now, so nothing is said of it here. */
  #yield(peer: string, device: string): void {
    const { seats, deadlines, moved } = this.#settings;
    if (!seats.devices(peer)?.has(device)) return;
    seats.vacate(peer, device);
    void this.tune(peer, device);
    deadlines.add(MOVED_WITHIN, () => moved(peer, device));
  }

  /** A number for a page that comes now: greater than that of every page of its peer before it. */
  #stamp(before = 0): number {
    return (this.#last = Math.max(this.#settings.clock.date(), this.#last + 1, before + 1));
  }

  #listen(channel: string, wanted: boolean): Promise<unknown> {
    const { bus } = this.#settings;
    if (!wanted) bus.unsubscribe(channel);
    // What cannot be listened to now is as soon as the bus is up.
    return wanted ? bus.subscribe(channel).catch(() => undefined) : Promise.resolve();
  }
}

/** An address went to another page. Whoever proved that it was his is there already, by a later connection. */
function lose(page: Page, as: JoinAs): Joined {
  if (as !== 'take-over') return 'taken';
  page.replaced();
  return 'joined';
}
