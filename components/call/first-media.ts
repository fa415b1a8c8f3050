/** Looks for the first sound and the first picture of the other side on a new connection. */
import type { MediaKind } from '../../relay/protocol/index.js';
import type { PeerEvent } from './events.js';

/** Milliseconds between two looks. */
const LOOK_EVERY = 40;
/** Milliseconds for which is looked; what begins later says so by the track's own event. */
const LOOK_FOR = 10_000;

/** The look-out of one connection. */
export class FirstMedia {
  readonly #connection: RTCPeerConnection;
  readonly #tell: (event: PeerEvent) => void;
  readonly #expected: () => number;
  readonly #flowing = new Set<MediaKind>();
  #until = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  /** @param expected how many kinds of media the other side sends, as far as it has said */
  constructor(connection: RTCPeerConnection, tell: (event: PeerEvent) => void, expected: () => number) {
    this.#connection = connection;
    this.#tell = tell;
    this.#expected = expected;
  }

  /** The path stands: from now on something is to arrive. */
  start(): void {
    this.#until = performance.now() + LOOK_FOR;
    this.look();
  }

  /** Looks now, and again until both have come. */
  look(): void {
    clearTimeout(this.#timer);
    // A connection that was closed meanwhile has nothing to tell.
    if (!this.#stopped) this.#count().catch(() => {});
  }

  /** May be called twice. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #count(): Promise<void> {
    const report = await this.#connection.getStats();
    if (this.#stopped) return;
    report.forEach((stats: RTCInboundRtpStreamStats) => {
      if (stats.type !== 'inbound-rtp') return;
      const kind: MediaKind = stats.kind === 'video' ? 'video' : 'audio';
      const here = kind === 'video' ? (stats.framesDecoded ?? 0) > 0 : (stats.packetsReceived ?? 0) > 0;
      if (!here || this.#flowing.has(kind)) return;
      this.#flowing.add(kind);
      this.#tell({ type: 'flowing', kind });
    });
    const late = performance.now() > this.#until;
    if (this.#stopped || this.#connection.connectionState !== 'connected' || this.#flowing.size >= this.#expected() || late) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), this.#flowing.size === 0 ? LOOK_EVERY : LOOK_EVERY * 3);
  }
}
