import type { Deadlines } from '../deadlines.js';
import { peerOf } from '../protocol/index.js';
import type { Page } from '../seats.js';
import { CHANNEL } from './bus.js';
import type { Bus } from './bus.js';
import type { Errands } from './errands.js';
import { GIVE_UP_AFTER } from './mail.js';
import type { Answers } from './questions.js';
import { BELIEVED_AFTER, View } from './views.js';
import type { ToldSeat } from './words.js';

/** Milliseconds for the bus to begin to listen, after which nobody waits for it any more. */
export const LISTEN_WITHIN = 1500;

/** Milliseconds after which it is asked again whether somebody is really gone. */
const ASK_AGAIN_AFTER = BELIEVED_AFTER + 500;

/** What is needed to look out for people. */
export interface LookoutSettings {
  readonly bus: Bus;
  readonly deadlines: Deadlines;
  readonly errands: Errands;
  /** The ID of this relay. */
  readonly relay: string;
  /** The pages of a peer that are here. */
  readonly own: (peer: string) => readonly ToldSeat[];
  /** The relays that surely hear a question. */
  readonly sure: () => ReadonlySet<string>;
  /** Asks the others for their pages of a peer; what they answer comes by `take`. */
  readonly ask: (peer: string) => Promise<Answers<unknown>>;
}

/** Looks out for everybody whom pages of this relay watch. */
export class Lookout {
  readonly #settings: LookoutSettings;
  readonly #views = new Map<string, View>();

  constructor(settings: LookoutSettings) {
    this.#settings = settings;
  }

  /** Whether a page is there at this address, as far as is known here. */
  has(address: string): boolean {
    return this.#views.get(peerOf(address))?.has(address) ?? false;
  }

  /** Tells a page what is seen of an address, as soon as it is known and from then on. */
  watch(address: string, watcher: Page): void {
    const peer = peerOf(address);
    const known = this.#views.get(peer);
    const view = known ?? new View(peer);
    if (!known) {
      this.#views.set(peer, view);
      view.set(this.#settings.relay, 0, this.#settings.own(peer));
    }
    view.watch(address, watcher);
    if (!known) void this.#look(view);
  }

  /** Ends that. */
  unwatch(address: string, watcher: Page): void {
    const view = this.#views.get(peerOf(address));
    view?.unwatch(address, watcher);
    if (!view?.idle) return;
    this.#views.delete(view.peer);
    this.#settings.bus.unsubscribe(CHANNEL.presence(view.peer));
  }

  /** Takes what a relay says of its pages of a peer. */
  take(peer: string, relay: string, serial: number, seats: readonly ToldSeat[]): void {
    this.#views.get(peer)?.set(relay, serial, seats);
  }

  /** A relay is gone, and all of its pages with it. */
  drop(relay: string): void {
    for (const view of this.#views.values()) view.drop(relay);
  }

  /** Asks again for everybody: there may be news that was not heard. */
  again(): void {
    for (const view of this.#views.values()) {
      this.#settings.errands.add(`look ${view.peer}`, () => this.#lookIfWatched(view));
    }
  }

  /** Looks no more. */
  close(): void {
    this.#views.clear();
  }

  #lookIfWatched(view: View): void {
    if (this.#views.get(view.peer) === view) void this.#look(view);
  }

  async #look(view: View): Promise<void> {
    const { bus, deadlines, relay, sure, ask } = this.#settings;
    // What cannot be listened to now is as soon as the bus is up, and then everybody is asked again.
    const listening = bus.subscribe(CHANNEL.presence(view.peer)).catch(() => undefined);
    if (!bus.up) return this.#giveUp(view);
    await within(deadlines, LISTEN_WITHIN, listening);
    const hearing = sure();
    const { from, heard, complete } = await ask(view.peer);
    if (this.#views.get(view.peer) !== view) return;
    if (complete && view.prune(from, hearing, relay, deadlines.now)) deadlines.add(ASK_AGAIN_AFTER, () => this.#lookIfWatched(view));
    if (heard) view.know();
    else this.#giveUp(view);
  }

  /** Whoever waits for news of others is told soon what is known without them. */
  #giveUp(view: View): void {
    const { bus, deadlines } = this.#settings;
    deadlines.add(Math.max(GIVE_UP_AFTER - bus.downFor, 0), () => view.know());
  }
}

/** Waits for something, but not for longer than that. */
export function within(deadlines: Deadlines, milliseconds: number, wait: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const deadline = deadlines.add(milliseconds, resolve);
    const done = (): void => {
      deadline.cancel();
      resolve();
    };
    wait.then(done, done);
  });
}
