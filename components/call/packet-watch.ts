/** Watches over the packets of a connection for as long as it stands: those that arrive, and whether the own microphone delivers sound. */
import type { PeerEvent } from './events.js';
import type { ClockPort } from './ports.js';
import { reportOf } from './reports.js';
import type { TimedReport } from './reports.js';
import { SoundCheck } from './sound-check.js';

/** Milliseconds between two looks at whether media still arrives, and at whether it arrives again. */
export const WATCH_EVERY = { whole: 400, broken: 200 } as const;
/** Milliseconds without a packet after which some have been lost, where a look in between has found none. */
const GAP = 700;
/** Milliseconds without a packet after which a connection counts as quiet. */
export const QUIET_FOR = 1200;
/** Milliseconds without a packet after which a connection counts as silent; it is said again after as long. */
export const SILENT_FOR = 3000;
/** Milliseconds without a packet after which one is no longer looked for so often. */
const SELDOM_AFTER = 60_000;

/** The connection, as far as it is watched. */
export type WatchedConnection = Pick<RTCPeerConnection, 'connectionState' | 'getStats' | 'getSenders'>;

/** The watch over one connection. */
export class PacketWatch {
  readonly #connection: WatchedConnection;
  readonly #tell: (event: PeerEvent) => void;
  readonly #listens: () => boolean;
  readonly #clock: ClockPort;
  #soundCheck = new SoundCheck();
  #cancel: (() => void) | undefined;
  #stopped = false;
  #packets = 0;
  /** When the last packets were found; undefined before the first. */
  #arrivedAt: number | undefined;
  /** Whether the last look has found nothing new. */
  #missing = false;
  #quiet = false;
  /** When it was last said that nothing arrives. */
  #silentAt: number | undefined;
  #broken = false;

  /** @param listens whether the microphone is on, and its sound that of a person */
  constructor(connection: WatchedConnection, tell: (event: PeerEvent) => void, listens: () => boolean, clock: ClockPort) {
    this.#connection = connection;
    this.#tell = tell;
    this.#listens = listens;
    this.#clock = clock;
  }

  /** The path stands: from now on packets are to arrive. */
  start(): void {
    this.#cancel?.();
    if (this.#stopped) return;
    const missing = this.#arrivedAt === undefined ? Infinity : this.#clock.now() - this.#arrivedAt;
    const often = this.#broken || (this.#missing && missing < SELDOM_AFTER);
    this.#cancel = this.#clock.after(WATCH_EVERY[often ? 'broken' : 'whole'], () => void this.#look());
  }

  /** The path is known to be broken: the next packet is worth a word. */
  broke(): void {
    this.#broken = true;
  }

  /** Another microphone is sent: whether it delivers sound is to be found out. */
  listenAnew(): void {
    this.#soundCheck = new SoundCheck();
  }

  /** May be called twice. */
  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    try {
      this.#count(await reportOf(this.#connection, this.#clock));
    } catch {
      // What could not be asked now can be asked later.
    }
    // A connection that looks for a path anew stands until it says otherwise, and is started again when it comes back.
    const { connectionState } = this.#connection;
    if (connectionState === 'connected' || connectionState === 'connecting') this.start();
  }

  #count({ at: now, report }: TimedReport): void {
    if (this.#stopped) return;
    let packets = 0;
    report.forEach((stats: RTCInboundRtpStreamStats & AudioSource) => {
      if (stats.type === 'inbound-rtp') packets += stats.packetsReceived ?? 0;
      if (stats.type === 'media-source' && stats.kind === 'audio') this.#listen(stats, now);
    });
    if (packets !== this.#packets) this.#arrive(packets, now);
    else if (this.#arrivedAt !== undefined) this.#miss(now, now - this.#arrivedAt);
  }

  #arrive(packets: number, now: number): void {
    const hasLost = this.#missing && now - this.#arrivedAt! > GAP;
    const isBack = this.#broken || this.#quiet;
    this.#packets = packets;
    this.#arrivedAt = now;
    this.#missing = this.#quiet = this.#broken = false;
    this.#silentAt = undefined;
    if (hasLost) void sendKeyFrame(this.#connection);
    if (isBack) this.#tell({ type: 'flowing', kind: 'audio' });
  }

  /** Says that nothing has arrived for a moment, and that it has been too long, which is said again and again. */
  #miss(now: number, missing: number): void {
    this.#missing = true;
    if (!this.#quiet && missing > QUIET_FOR) {
      this.#quiet = true;
      this.#tell({ type: 'quiet' });
    }
    if (now - (this.#silentAt ?? this.#arrivedAt!) <= SILENT_FOR) return;
    this.#silentAt = now;
    this.#tell({ type: 'silent' });
  }

  /** Not every browser tells what a microphone delivers; where one does, a dead one can be told from a person who listens. */
  #listen({ totalAudioEnergy }: AudioSource, now: number): void {
    if (totalAudioEnergy === undefined || !this.#listens()) return;
    const sounds = this.#soundCheck.hear(totalAudioEnergy, now);
    if (sounds !== undefined) this.#tell({ type: 'microphone', sounds });
  }
}

/**
 * What the other side missed it cannot build on, and a decoder waits for three seconds before it asks: it gets a key frame
 * unasked (W3C WebRTC Extensions, `keyFrame`; where that is unknown it changes nothing).
 */
async function sendKeyFrame(connection: WatchedConnection): Promise<void> {
  for (const sender of connection.getSenders()) {
    if (sender.track?.kind !== 'video') continue;
    const parameters = sender.getParameters();
    // Firefox had no encodings before its version 110.
    const options: KeyFrameOptions = { encodingOptions: (parameters.encodings ?? []).map(() => ({ keyFrame: true })) };
    try {
      await (sender.setParameters as SetParameters).call(sender, parameters, options);
    } catch {
      // Then the other side asks for it in time.
    }
  }
}

/** The second argument of `setParameters`, which the DOM library does not know yet. */
interface KeyFrameOptions {
  readonly encodingOptions: readonly { readonly keyFrame: boolean }[];
}
type SetParameters = (parameters: RTCRtpSendParameters, options: KeyFrameOptions) => Promise<void>;

/** RTCAudioSourceStats (W3C WebRTC statistics), as far as it is read. */
interface AudioSource {
  readonly totalAudioEnergy?: number;
}
