import type { Seats } from '../seats.js';
import { CHANNEL } from './bus.js';
import type { Bus } from './bus.js';
import { MAX_TOLD, write } from './words.js';
import type { ToldSeat } from './words.js';

/** Most peers of which the others are told when they can be again. */
const MAX_UNTOLD = 50_000;

/** Tells other relays which pages are here: all of one peer at a time, so that nothing is ever added up wrongly. */
export class Herald {
  readonly #bus: Bus;
  readonly #seats: Seats;
  readonly #relay: string;
  /** Peers of which the others must be told as soon as they can be. */
  readonly #untold = new Set<string>();
  #serial = 0;

  /** @param relay the ID of this relay */
  constructor(bus: Bus, seats: Seats, relay: string) {
    this.#bus = bus;
    this.#seats = seats;
    this.#relay = relay;
  }

  /** A number for what is said now: what was said with a lesser one counts for nothing any more. */
  nextSerial(): number {
    return ++this.#serial;
  }

  /** The pages of a peer that are here, as others are told of them. */
  told(peer: string): readonly ToldSeat[] {
    const seats = [...(this.#seats.devices(peer) ?? [])].slice(-MAX_TOLD);
    return seats.map(([device, { presence, since, name }]) => ({ device, presence, since, ...(name !== undefined && { name }) }));
  }

  /** Tells the relays whose pages watch a peer which pages of it are here. */
  tell(peer: string): void {
    const words = write(this.#relay, { type: 'seats', peer, seats: this.told(peer), serial: this.nextSerial() });
    this.#untold.delete(peer);
    this.#bus.publish(CHANNEL.presence(peer), words).catch(() => {
      // Beyond that they find out by themselves, when they hear that this relay is back.
      if (this.#untold.size < MAX_UNTOLD) this.#untold.add(peer);
    });
  }

  /** Peers of which the others could not be told. */
  get untold(): readonly string[] {
    return [...this.#untold];
  }
}
