import type { Clock } from '../clock.js';
import { Deadlines } from '../deadlines.js';
import { deviceOf } from '../protocol/index.js';
import type { StampedCallMessage } from '../protocol/index.js';
import { Seats } from '../seats.js';
import type { Page, Status } from '../seats.js';
import type { JoinAs, Joined, Roster, Switchboard } from '../switchboard.js';
import { Addresses } from './addresses.js';
import type { ClaimOfAnother } from './addresses.js';
import { CHANNEL } from './bus.js';
import type { Bus } from './bus.js';
import { Errands } from './errands.js';
import { Herald } from './herald.js';
import { Mail } from './mail.js';
import { Lookout } from './lookout.js';
import { BEAT_EVERY, Members } from './members.js';
import { Questions, newId } from './questions.js';
import { Rosters } from './rosters.js';
import { read, readDelivered, write } from './words.js';
import type { Word, WordOf } from './words.js';

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
  readonly #deadlines: Deadlines;
  readonly #seats: Seats;
  readonly #addresses: Addresses;
  readonly #herald: Herald;
  readonly #lookout: Lookout;
  readonly #members: Members;
  readonly #mail: Mail;
  readonly #questions: Questions<WordOf<'seats'>>;
  readonly #rosters: Rosters;
  readonly #errands: Errands;
  readonly #delivered: (message: StampedCallMessage) => void;
  readonly #stopBeating: () => void;
  #closed = false;
  /** Words of others that made no sense. */
  dropped = 0;

  constructor({ bus, deadlines, clock, delivered = () => undefined }: ClusterSettings) {
    this.#bus = bus;
    this.#delivered = delivered;
    this.#deadlines = new Deadlines(clock);
    this.#seats = new Seats(deadlines, (peer, device) => this.#changed(peer, device));
    this.#herald = new Herald(bus, this.#seats, this.#id);
    this.#mail = new Mail(bus, this.#deadlines, (address) => this.#lookout.has(address));
    this.#questions = new Questions(bus, this.#deadlines);
    this.#addresses = new Addresses({
      bus,
      deadlines: this.#deadlines,
      clock,
      seats: this.#seats,
      relay: this.#id,
      ask: (peer, claim) => this.#ask(peer, claim),
      moved: (peer, device) => this.#changed(peer, device),
    });
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
      own: (peer) => this.#herald.told(peer),
      sure: () => this.#members.sure(),
      ask: (peer) => this.#questions.ask(CHANNEL.of(peer), (id) => write(this.#id, { type: 'ask', id, peer })),
    });
    this.#stopBeating = clock.every(BEAT_EVERY, () => this.#beat(false));
    // What cannot be listened to now is as soon as the bus is up.
    for (const channel of [CHANNEL.all, CHANNEL.relay(this.#id)]) bus.subscribe(channel).catch(() => undefined);
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

  join(page: Page, as: JoinAs, most = Infinity): Promise<Joined> {
    return this.#addresses.join(page, as, most);
  }

  leave(page: Page, forGood: boolean): void {
    this.#seats.leave(page, forGood);
    void this.#addresses.tune(page.peer, page.device);
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

  roster(shows: (peer: string) => boolean = () => true, among?: ReadonlySet<string>): Promise<Roster> {
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

  #say(channel: string, words: Parameters<typeof write>[1]): void {
    this.#bus.publish(channel, write(this.#id, words)).catch(() => undefined);
  }

  #beat(anew: boolean): void {
    if (this.#bus.up) this.#say(CHANNEL.all, { type: 'beat', anew });
  }

  async #ask(peer: string, claim: ClaimOfAnother): Promise<readonly WordOf<'seats'>[]> {
    const { answers } = await this.#questions.ask(CHANNEL.of(peer), (id) => write(this.#id, { type: 'ask', id, peer, claim }));
    return answers;
  }

  /** The bus is back, or this process is: others may have taken over addresses meanwhile, and there may be news. */
  #rejoined(): void {
    if (this.#closed) return;
    this.#members.doubt();
    this.#beat(true);
    for (const peer of this.#herald.untold) this.#errands.add(`tell ${peer}`, () => this.#herald.tell(peer));
    for (const peer of this.#seats.peers()) this.#errands.add(`keep ${peer}`, () => void this.#addresses.keep(peer));
    this.#lookout.again();
    this.#mail.again();
  }

  #changed(peer: string, device: string): void {
    this.#lookout.take(peer, this.#id, this.#herald.nextSerial(), this.#herald.told(peer));
    this.#herald.tell(peer);
    void this.#addresses.tune(peer, device);
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
    if (this.#addresses.deliver(to, text) > 0) this.#delivered(message);
  }

  #answer({ relay, id, peer, claim }: WordOf<'ask'>): void {
    const seats = this.#herald.told(peer);
    const refused = claim !== undefined && this.#addresses.refuses(relay, peer, claim);
    const serial = this.#herald.nextSerial();
    this.#say(CHANNEL.relay(relay), { type: 'seats', re: id, peer, seats, serial, ...(refused && { refused }) });
  }
}
