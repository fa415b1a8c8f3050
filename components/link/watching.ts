/** Whose presence a page follows: counted, told to the relay in one list, and told anew after each reconnection. */
import { MAX_WATCHED } from '../../relay/protocol/index.js';
import type { PageMessage, Presence } from '../../relay/protocol/index.js';
import type { ClockPort } from '../call/ports.js';

/** Milliseconds after which a relay that would tell no more for now is asked again; up to twice that, so that not all pages of a house come at once. */
export const ASK_AGAIN_AFTER = 5000;

/** Told at once where the presence is known, then at every word of the relay; `unknown` while it cannot be reached. */
export type PresenceListener = (presence: Presence | 'unknown', name?: string) => void;

interface Watched {
  readonly listeners: Set<PresenceListener>;
  presence: Presence | 'unknown';
  name: string | undefined;
}

/** The addresses that a page watches. */
export class Watching {
  readonly #send: (message: PageMessage) => boolean;
  readonly #watched = new Map<string, Watched>();

  readonly #clock: ClockPort;
  /** Calls off that the relay is asked again. */
  #stop: (() => void) | undefined;

  /** @param send sends to the relay where it can be reached */
  constructor(send: (message: PageMessage) => boolean, clock: ClockPort) {
    this.#send = send;
    this.#clock = clock;
  }

  /** Follows an address. Returns the function that stops it. */
  watch(address: string, listener: PresenceListener): () => void {
    let watched = this.#watched.get(address);
    if (watched) {
      watched.listeners.add(listener);
      if (watched.presence !== 'unknown') listener(watched.presence, watched.name);
    } else {
      watched = { listeners: new Set([listener]), presence: 'unknown', name: undefined };
      this.#watched.set(address, watched);
      if (this.#watched.size <= MAX_WATCHED) this.#send({ type: 'watch', addresses: [address] });
    }
    return () => this.#unwatch(address, listener);
  }

  /** Takes in what the relay says. */
  heard({ address, presence, name }: { address: string; presence: Presence; name?: string }): void {
    const watched = this.#watched.get(address);
    if (!watched) return;
    watched.presence = presence;
    watched.name = name;
    for (const listener of [...watched.listeners]) listener(presence, name);
  }

  /** The relay is there, and is asked for all that is unknown; after it was gone, that is everything. */
  online(): void {
    const first = [...this.#watched].slice(0, MAX_WATCHED);
    const addresses = first.filter(([, { presence }]) => presence === 'unknown').map(([address]) => address);
    if (addresses.length > 0) this.#send({ type: 'watch', addresses });
  }

  /** The relay would not say, because too much was asked for lately: it is asked again a while later. */
  refused(): void {
    this.#stop ??= this.#clock.after(ASK_AGAIN_AFTER * (1 + Math.random()), () => {
      this.#stop = undefined;
      this.online();
    });
  }

  /** The relay is gone: nothing is known any more. */
  offline(): void {
    this.#stop?.();
    this.#stop = undefined;
    for (const watched of this.#watched.values()) {
      if (watched.presence === 'unknown') continue;
      watched.presence = 'unknown';
      for (const listener of [...watched.listeners]) listener('unknown');
    }
  }

  #unwatch(address: string, listener: PresenceListener): void {
    const watched = this.#watched.get(address);
    if (!watched?.listeners.delete(listener) || watched.listeners.size > 0) return;
    const place = [...this.#watched.keys()].indexOf(address);
    this.#watched.delete(address);
    // The relay knows of the first ones only; the next in line takes the place that one of those leaves.
    if (place >= MAX_WATCHED) return;
    this.#send({ type: 'unwatch', addresses: [address] });
    const next = [...this.#watched.keys()][MAX_WATCHED - 1];
    if (next !== undefined) this.#send({ type: 'watch', addresses: [next] });
  }
}
