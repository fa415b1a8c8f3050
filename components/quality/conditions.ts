/** The network of one session's calls: who wants to know how it does, and what is sent because of it. Both are loaded when first needed. */
import type { SendingLane } from '../call/lanes.js';
import type { MediaState } from '../call/phases.js';
import type { MediaOptions } from '../call/session.js';
import type { Adaptation, AdaptationPort } from './adaptation.js';
import type { Meter, ReadingListener } from './meter.js';

/** The conditions of one session. */
export class Conditions {
  readonly #port: AdaptationPort;
  /** The connection of the call that is on. */
  #connection: RTCPeerConnection | undefined;
  #meter: Promise<Meter> | undefined;
  #adaptation: Adaptation | undefined;
  #local: MediaState | undefined;
  #options: MediaOptions = {};

  constructor(port: AdaptationPort) {
    this.#port = port;
  }

  /** Takes the connection of the call that is on; undefined where none is. */
  connect(connection: RTCPeerConnection | undefined): void {
    this.#connection = connection;
    void this.#meter?.then(
      (meter) => meter.connect(this.#connection),
      () => {},
    );
    this.#adaptation?.connect(connection);
  }

  /** Takes what this side sends, and what the page asks for. */
  follow(local: MediaState, options: MediaOptions): void {
    this.#local = local;
    this.#options = options;
    this.#adaptation?.follow(local, options);
  }

  /** How the lanes are sent, in their order. The letters on a shared screen stay sharp, and the limits are kept, also before the adaptation is here. */
  get lanes(): readonly (SendingLane | undefined)[] {
    if (this.#adaptation) return this.#adaptation.lanes;
    const { maxBitrate } = this.#options;
    const encoding = { maxBitrate: maxBitrate && maxBitrate * 1000 };
    return [undefined, maxBitrate ? { encoding } : undefined, { encoding, degradationPreference: 'maintain-resolution' }];
  }

  /** Loads what adapts, if it is not there yet; without it a call is sent as the browser does by itself. Never fails. */
  async adapt(): Promise<void> {
    if (this.#adaptation) return;
    try {
      const { Adaptation } = await import('./adaptation.js');
      if (this.#adaptation) return;
      this.#adaptation = new Adaptation(this.#port);
      if (this.#local) this.#adaptation.follow(this.#local, this.#options);
      this.#adaptation.connect(this.#connection);
    } catch (cause) {
      console.warn('What is sent does not adapt to the network.', cause);
    }
  }

  /** Tells somebody of every second of a call, from now on. Returns the function that ends it. */
  measure(listener: ReadingListener): () => void {
    let stop = (): void => {};
    let stopped = false;
    void this.#loadMeter().then(
      (meter) => stopped || (stop = meter.follow(listener)),
      (cause: unknown) => console.warn('How the call goes cannot be measured.', cause),
    );
    return () => ((stopped = true), stop());
  }

  #loadMeter(): Promise<Meter> {
    this.#meter ??= import('./meter.js').then(({ Meter }) => {
      const meter = new Meter(this.#port.clock);
      meter.connect(this.#connection);
      return meter;
    });
    // What could not be loaded now may be later.
    this.#meter.catch(() => (this.#meter = undefined));
    return this.#meter;
  }
}
