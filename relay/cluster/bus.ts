/** What relays say to each other goes over a bus: named channels, which the relays that listen to them hear. */
export interface Bus {
  /** Whether this relay hears the others and they hear it, as far as is known. */
  readonly up: boolean;
  /** For how many milliseconds that has not been so; 0 while it is up. */
  readonly downFor: number;
  /**
   * Says something on a channel. Resolves with the number of other relays that listened; rejects, or takes long, where
   * that cannot be known. What one relay says arrives in order.
   */
  publish(channel: string, text: string): Promise<number>;
  /** Listens to a channel. Resolves when it does; rejects where that cannot be now: it will as soon as the bus is up. */
  subscribe(channel: string): Promise<unknown>;
  /** Listens to it no more. */
  unsubscribe(channel: string): void;
  /** Begins, and tells the listener from now on. */
  open(listener: BusListener): void;
  /** Resolves when all that was published to this relay before it was asked has been heard. */
  probe(): Promise<void>;
  /** Ends it, after what was said before. */
  close(): Promise<void>;
}

/** Who listens to a bus. */
export interface BusListener {
  /** Something was said on a channel, perhaps by this relay itself. */
  heard(channel: string, text: string): void;
  /** The bus is up, for the first time or again; what was said meanwhile was not heard. */
  joined(): void;
}

/** The channels of the relays. `peer` and `address` must be of the form that the protocol gives them. */
export const CHANNEL = {
  /** What all relays hear. */
  all: 'all',
  /** Answers for one relay. */
  relay: (id: string) => `relay:${id}`,
  /** Messages for the pages at an address: heard by the relays that have some. */
  to: (address: string) => `to:${address}`,
  /** Questions about a peer: heard by the relays that have pages of it, or await the return of one. */
  of: (peer: string) => `of:${peer}`,
  /** News of a peer: heard by the relays with pages that watch it. */
  presence: (peer: string) => `presence:${peer}`,
} as const;
