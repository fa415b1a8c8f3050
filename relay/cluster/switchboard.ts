import type { Clock } from '../clock.js';
import { Deadlines } from '../deadlines.js';
import { addressOf, deviceOf } from '../protocol/index.js';
import type { Person, StampedCallMessage } from '../protocol/index.js';
import { Seats } from '../seats.js';
import type { Page, Status } from '../seats.js';
import type { JoinAs, Switchboard } from '../switchboard.js';
import { CHANNEL } from './bus.js';
import type { Bus } from './bus.js';
import { Claims } from './claims.js';
import { Errands } from './errands.js';
import { Mail } from './mail.js';
import { LISTEN_WITHIN, Lookout, within } from './lookout.js';
import { BEAT_EVERY, Members } from './members.js';
import { Questions, newId } from './questions.js';
import { Rosters } from './rosters.js';
import { MAX_TOLD, read, readDelivered, write } from './words.js';
import type { ToldSeat, Word, WordOf } from './words.js';

/** Milliseconds for which it is not told that a page is gone that another relay has taken over. */
const MOVED_WITHIN = 1000;

/** Most peers of which the others are told when they can be again. */
const MAX_UNTOLD = 50_000;

/** What a switchboard with others needs. */
export interface ClusterSettings {
  readonly bus: Bus;
  /** For the times of the protocol. */
  readonly deadlines: Deadlines;
  /** For what goes on between relays. */
  readonly clock: Clock;
  /** Told of each message of a page of another relay that was delivered here. */
  readonly delivered?: (message: StampedCallMessage) => void;
}

/**
 * The switchboard of one relay of many. It knows its own pages, and asks the others for everything else, always anew:
 * nothing is stored outside of the relays, so nothing of a relay that died is left behind. Pages of the same relay
 * never wait for the others.
 */
export class ClusterSwitchboard implements Switchboard {
  readonly #id = newId();
  readonly #bus: Bus;
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #seats: Seats;
  readonly #claims = new Claims();
  readonly #lookout: Lookout;
  readonly #members: Members;
  readonly #mail: Mail;
  readonly #questions: Questions<WordOf<'seats'>>;
  readonly #rosters: Rosters;
  readonly #errands: Errands;
  readonly #delivered: (message: StampedCallMessage) => void;
  readonly #stopBeating: () => void;
  /** Peers of which the others must be told as soon as they can be. */
  readonly #untold = new Set<string>();
  #serial = 0;
  #last = 0;
  #closed = false;
  /** Words of others that made no sense. */
  dropped = 0;

  constructor({ bus, deadlines, clock, delivered = () => undefined }: ClusterSettings) {
    this.#bus = bus;
    this.#clock = clock;
    this.#delivered = delivered;
    this.#deadlines = new Deadlines(clock);
    this.#seats = new Seats(deadlines, (peer, device) => this.#changed(peer, device));
    this.#mail = new Mail(bus, this.#deadlines, (address) => this.#lookout.has(address));
    this.#questions = new Questions(bus, this.#deadlines);
    this.#rosters = new Rosters({ bus, deadlines: this.#deadlines, seats: this.#seats, relay: this.#id });
    this.#errands = new Errands(clock);
    this.#members = new Members(clock, {
      appeared: () => this.#lookout.again(),
      vanished: (relay) => this.#lookout.drop(relay),
      awoke: () => this.#rejoined(),
    });
    this.#lookout = new Lookout({
      bus,
      deadlines: this.#deadlines,
      errands: this.#errands,
      relay: this.#id,
      own: (peer) => this.#told(peer),
      sure: () => this.#members.sure(),
      ask: (peer) => this.#questions.ask(CHANNEL.of(peer), (id) => write(this.#id, { type: 'ask', id, peer })),
    });
    this.#stopBeating = clock.every(BEAT_EVERY, () => this.#beat(false));
    void this.#listen(CHANNEL.all, true);
    void this.#listen(CHANNEL.relay(this.#id), true);
    bus.open({ heard: (channel, text) => this.#heard(channel, text), joined: () => this.#rejoined() });
  }

  /** Other relays that are there. */
  get others(): number {
    return this.#members.size;
  }

  /** Messages to pages of other relays that wait, and those that were given up although somebody may have been there. */
  get mail(): { readonly size: number; readonly failed: number } {
    return this.#mail;
  }

  async join(page: Page, as: JoinAs): Promise<boolean> {
    const { peer, device } = page;
    if (!this.#seats.isFree(peer, device, as)) return false;
    const claim = this.#claims.make(page, as, this.#clock.date());
    if (!claim) return false;
    try {
      let was: ToldSeat | undefined;
      const listening = this.#tune(peer, device);
      if (this.#bus.up) {
        await within(this.#deadlines, LISTEN_WITHIN, listening);
        const answers = await this.#ask(peer, { id: claim.id, device, as, since: claim.since });
        if (claim.lost || answers.some(({ refused }) => refused === true)) return this.#lose(page, as);
        const taken = answers.flatMap(({ seats }) => seats.filter((seat) => seat.device === device));
        was = taken.sort((a, b) => b.since - a.since)[0];
      }
      this.#seats.join(page, this.#stamp(was?.since), was?.presence);
      for (const text of claim.held) page.receive(text);
      return true;
    } finally {
      this.#claims.drop(claim);
      void this.#tune(peer, device);
    }
  }

  /** An address went to another page. Whoever proved that it was his is there already, by a later connection. */
  #lose(page: Page, as: JoinAs): boolean {
    if (as === 'take-over') page.replaced();
    return as === 'take-over';
  }

  async pagesOf(peer: string, without?: string): Promise<number> {
    const devices = new Set(this.#seats.devices(peer)?.keys());
    for (const { seats } of await this.#ask(peer)) for (const { device } of seats) devices.add(device);
    if (without !== undefined) devices.delete(without);
    return devices.size;
  }

  leave(page: Page, forGood: boolean): void {
    this.#seats.leave(page, forGood);
    void this.#tune(page.peer, page.device);
  }

  deliver(to: string, text: string): number | Promise<number> {
    const here = this.#seats.deliver(to, text);
    // A device that is here is nowhere else.
    if (here > 0 && deviceOf(to) !== undefined) return here;
    const there = this.#mail.send(to, write(this.#id, { type: 'deliver', to, text }));
    return here > 0 ? here : there;
  }

  setStatus(page: Page, presence: Status): void {
    this.#seats.setStatus(page, presence);
  }

  watch(address: string, watcher: Page): void {
    this.#lookout.watch(address, watcher);
  }

  unwatch(address: string, watcher: Page): void {
    this.#lookout.unwatch(address, watcher);
  }

  roster(shows: (peer: string) => boolean = () => true, among?: ReadonlySet<string>): Promise<readonly Person[]> {
    return this.#rosters.all(shows, among);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopBeating();
    this.#members.close();
    this.#errands.close();
    this.#questions.close();
    this.#rosters.close();
    this.#mail.close();
    this.#say(CHANNEL.all, { type: 'bye' });
    this.#deadlines.close();
    this.#seats.close();
    this.#lookout.close();
    await this.#bus.close();
  }

  /** A number for a page that comes now: greater than that of every page before it at its address. */
  #stamp(before = 0): number {
    return (this.#last = Math.max(this.#clock.date(), this.#last + 1, before + 1));
  }

  #say(channel: string, words: Parameters<typeof write>[1]): void {
    this.#bus.publish(channel, write(this.#id, words)).catch(() => undefined);
  }

  #beat(anew: boolean): void {
    if (this.#bus.up) this.#say(CHANNEL.all, { type: 'beat', anew });
  }

  #listen(channel: string, wanted: boolean): Promise<unknown> {
    if (!wanted) this.#bus.unsubscribe(channel);
    // What cannot be listened to now is as soon as the bus is up.
    return wanted ? this.#bus.subscribe(channel).catch(() => undefined) : Promise.resolve();
  }

  /** Listens to what concerns the pages of this relay, and to nothing else. Resolves when it does. */
  #tune(peer: string, device: string): Promise<unknown> {
    const seats = this.#seats.devices(peer);
    const claims = this.#claims.of(peer);
    const here = (wanted: string) => seats?.get(wanted)?.page !== undefined || claims.some(({ page }) => page.device === wanted);
    const anyHere = claims.length > 0 || [...(seats?.keys() ?? [])].some(here);
    return Promise.all([
      this.#listen(CHANNEL.of(peer), seats !== undefined || claims.length > 0),
      this.#listen(CHANNEL.to(peer), anyHere),
      this.#listen(CHANNEL.to(addressOf(peer, device)), here(device)),
    ]);
  }

  async #ask(peer: string, claim?: WordOf<'ask'>['claim']): Promise<readonly WordOf<'seats'>[]> {
    const { answers } = await this.#questions.ask(CHANNEL.of(peer), (id) =>
      write(this.#id, { type: 'ask', id, peer, ...(claim && { claim }) }),
    );
    return answers;
  }

  /** The bus is back, or this process is: others may have taken over addresses meanwhile, and there may be news. */
  #rejoined(): void {
    if (this.#closed) return;
    this.#members.doubt();
    this.#beat(true);
    for (const peer of [...this.#untold]) this.#errands.add(`tell ${peer}`, () => this.#tell(peer));
    for (const peer of this.#seats.peers()) this.#errands.add(`keep ${peer}`, () => void this.#keep(peer));
    this.#lookout.again();
    this.#mail.again();
  }

  /** Makes sure that the pages of a peer are here and not, by now, somewhere else. */
  async #keep(peer: string): Promise<void> {
    for (const [device, { since }] of [...(this.#seats.devices(peer) ?? [])]) {
      const answers = await this.#ask(peer, { id: newId(), device, as: 'keep', since });
      if (this.#seats.devices(peer)?.get(device)?.since === since && answers.some(({ refused }) => refused === true))
        this.#yield(peer, device);
    }
  }

  /** Gives an address up to another relay. It says itself that the page is there now, so nothing is said of it here. */
  #yield(peer: string, device: string): void {
    if (!this.#seats.devices(peer)?.has(device)) return;
    this.#seats.vacate(peer, device);
    void this.#tune(peer, device);
    this.#deadlines.add(MOVED_WITHIN, () => this.#changed(peer, device));
  }

  #told(peer: string): readonly ToldSeat[] {
    const seats = [...(this.#seats.devices(peer) ?? [])].slice(-MAX_TOLD);
    return seats.map(([device, { presence, since, name }]) => ({ device, presence, since, ...(name !== undefined && { name }) }));
  }

  #changed(peer: string, device: string): void {
    this.#lookout.take(peer, this.#id, ++this.#serial, this.#told(peer));
    this.#tell(peer);
    void this.#tune(peer, device);
  }

  /** Tells the relays whose pages watch a peer which pages of it are here. */
  #tell(peer: string): void {
    const words = write(this.#id, { type: 'seats', peer, seats: this.#told(peer), serial: ++this.#serial });
    this.#untold.delete(peer);
    this.#bus.publish(CHANNEL.presence(peer), words).catch(() => {
      // Beyond that they find out by themselves, when they hear that this relay is back.
      if (this.#untold.size < MAX_UNTOLD) this.#untold.add(peer);
    });
  }

  #heard(channel: string, text: string): void {
    const word = read(channel, text);
    if (!word) return void this.dropped++;
    if (word.relay === this.#id || this.#closed) return;
    this.#take(word);
  }

  #take(word: Word): void {
    switch (word.type) {
      case 'beat':
        this.#members.heard(word.relay, word.anew);
        // A relay that has just come learns at once who else is there.
        if (word.anew) this.#beat(false);
        return;
      case 'bye':
        return this.#members.left(word.relay);
      case 'deliver':
        return this.#bring(word);
      case 'ask':
        return this.#answer(word);
      case 'seats':
        this.#lookout.take(word.peer, word.relay, word.serial, word.seats);
        if (word.re !== undefined) this.#questions.answer(word.re, word.relay, word, true);
        return;
      case 'who':
        return this.#rosters.answer(word);
      case 'people':
        return this.#rosters.take(word);
    }
  }

  #bring(word: WordOf<'deliver'>): void {
    const message = readDelivered(word);
    if (!message) return void this.dropped++;
    const { to, text } = word;
    const count = this.#seats.deliver(to, text) + this.#claims.deliver(to, text);
    if (count > 0) this.#delivered(message);
  }

  #answer({ relay, id, peer, claim }: WordOf<'ask'>): void {
    const seats = this.#told(peer);
    const refused = claim !== undefined && this.#refuses(relay, peer, claim);
    this.#say(CHANNEL.relay(relay), { type: 'seats', re: id, peer, seats, serial: ++this.#serial, ...(refused && { refused }) });
  }

  /** Whether a page of another relay cannot have an address, as far as this one knows; gives it up where it can. */
  #refuses(relay: string, peer: string, { id, device, as, since }: NonNullable<WordOf<'ask'>['claim']>): boolean {
    const seat = this.#seats.devices(peer)?.get(device);
    switch (as) {
      case 'keep':
        if (seat && (seat.since > since || (seat.since === since && this.#id > relay))) return true;
        this.#yield(peer, device);
        return false;
      case 'take-over':
        this.#yield(peer, device);
        break;
      case 'new-device':
      case 'new-peer':
        if (!this.#seats.isFree(peer, device, as)) return true;
    }
    return this.#claims.contest(peer, { id, device, as, since });
  }
}
