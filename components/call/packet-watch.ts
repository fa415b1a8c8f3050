/** Watches over the packets of a connection for as long as it stands: those that arrive, and whether the own microphone delivers sound. */
import type { PeerEvent } from './events.js';
import { SoundCheck } from './sound-check.js';

/** Milliseconds between two looks at whether media still arrives, and at whether it arrives again. */
const WATCH_EVERY = { whole: 400, broken: 200 } as const;
/** Milliseconds without a packet after which some have been lost. */
const GAP = 700;
/** Milliseconds without a packet after which a connection counts as quiet. */
export const QUIET_FOR = 1200;
/** Milliseconds without a packet after which a connection counts as silent. */
export const SILENT_FOR = 3000;

/** The watch over one connection. */
export class PacketWatch {
  readonly #connection: RTCPeerConnection;
  readonly #tell: (event: PeerEvent) => void;
  readonly #listens: () => boolean;
  #soundCheck = new SoundCheck();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** How many packets have arrived, and since when it has been as many. */
  #arrived = { packets: 0, since: 0 };
  #quiet = false;
  #broken = false;

  /** @param listens whether the microphone is on, and its sound that of a person */
  constructor(connection: RTCPeerConnection, tell: (event: PeerEvent) => void, listens: () => boolean) {
    this.#connection = connection;
    this.#tell = tell;
    this.#listens = listens;
  }

  /** The path stands: from now on packets are to arrive. */
  start(): void {
    clearTimeout(this.#timer);
    const often = this.#broken || performance.now() - this.#arrived.since > GAP;
    this.#timer = setTimeout(() => void this.#look().catch(() => {}), WATCH_EVERY[often ? 'broken' : 'whole']);
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
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const report = await this.#connection.getStats();
    if (this.#connection.connectionState !== 'connected') return;
    let packets = 0;
    const now = performance.now();
    report.forEach((stats: RTCInboundRtpStreamStats & AudioSource) => {
      if (stats.type === 'inbound-rtp') packets += stats.packetsReceived ?? 0;
      if (stats.type === 'media-source' && stats.kind === 'audio') this.#listen(stats, now);
    });
    const missing = now - this.#arrived.since;
    if (packets === this.#arrived.packets) {
      if (this.#arrived.since > 0) this.#miss(missing);
    } else {
      this.#arrived = { packets, since: now };
      if (missing > GAP) this.#comeBack();
    }
    this.start();
  }

  /** Says once that nothing has arrived for a moment, and once that it has been too long. */
  #miss(missing: number): void {
    if (!this.#quiet && missing > QUIET_FOR) {
      this.#quiet = true;
      this.#tell({ type: 'quiet' });
    }
    if (this.#broken || missing <= SILENT_FOR) return;
    this.#broken = true;
    this.#tell({ type: 'silent' });
  }

  /** Packets arrive again after a while without. */
  #comeBack(): void {
    void sendKeyFrame(this.#connection);
    if (!this.#broken && !this.#quiet) return;
    this.#broken = this.#quiet = false;
    this.#tell({ type: 'flowing', kind: 'audio' });
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
async function sendKeyFrame(connection: RTCPeerConnection): Promise<void> {
  for (const sender of connection.getSenders()) {
    if (sender.track?.kind !== 'video') continue;
    const parameters = sender.getParameters();
    const options: KeyFrameOptions = { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) };
    await (sender.setParameters as SetParameters).call(sender, parameters, options).catch(() => {});
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
