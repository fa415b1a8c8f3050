/** Looks at the connection of a call several times a second, and has its pictures sent as the network allows. */
import type { SendingLane } from '../call/lanes.js';
import { WATCH_EVERY } from '../call/packet-watch.js';
import type { ClockPort } from '../call/ports.js';
import type { MediaState } from '../call/phases.js';
import type { MediaOptions } from '../call/session.js';
import { START_FOR, UNKNOWN, adapt } from './adapting.js';
import type { Adapting } from './adapting.js';
import { efficientCodec } from './codecs.js';
import { Meter } from './meter.js';
import type { Reading } from './reading.js';
import { moved } from './signs.js';
import type { Limits } from './signs.js';
import { isWeak, wishesOf } from './wishes.js';
import type { Sending } from './wishes.js';

/**
 * Milliseconds between two looks: a network that breaks down takes the voice with it until the picture makes room. As many as
 * the watch over the packets has, so that both share each report.
 */
export const ADAPT_EVERY = WATCH_EVERY.whole;

/** The same while it is not known what the network carries: a picture is to be sharp as soon as it can be. */
const START_EVERY = 100;

/** What the adaptation needs of its session. */
export interface AdaptationPort {
  readonly clock: ClockPort;
  /** The browser, as far as it knows its device and its network. */
  readonly device: Partial<Pick<Navigator, 'mediaCapabilities'>> & { readonly connection?: { readonly saveData?: boolean } };
  /** Has the lanes sent anew, by what `lanes` says now. */
  retune(): void;
  /** Tells both sides whether the camera's picture is held back. */
  hold(on: boolean): void;
}

const CAMERA = 1;
const SCREEN = 2;
/** The codec of small pictures, and the one instead where that is the usual one. */
const LEAN = 'video/VP9';
const PLAIN = 'video/VP8';

/** The voice comes before all else, where the network knows of such a thing. */
const VOICE = { priority: 'high', networkPriority: 'high' } as const;
/** Bit/s of a voice that has been bounded and has all it wants again: 28 to 39 kbit/s are left of it, and 21 without a bound after one, in place of the usual 32. */
const MENDED_VOICE = 50_000;

/** The adaptation of one session's calls. */
export class Adaptation {
  readonly #port: AdaptationPort;
  readonly #meter: Meter;
  #connection: RTCPeerConnection | undefined;
  #stop: (() => void) | undefined;
  #state: Adapting = UNKNOWN;
  #options: MediaOptions = {};
  #codec: string | undefined;
  #sends = false;
  #films = false;
  #shares = false;
  #readAt = 0;
  #key = '';
  /** Whether another codec has been sent on this connection, so that the usual one must be named. */
  #changed = false;
  /** Whether the voice has been bounded on this connection. */
  #hushed = false;

  constructor(port: AdaptationPort) {
    this.#port = port;
    this.#meter = new Meter(port.clock, () => (this.#isNew ? START_EVERY : ADAPT_EVERY));
    void efficientCodec(port.device.mediaCapabilities).then((codec) => {
      this.#codec = codec;
      if (codec) this.#tell();
    });
  }

  /** Takes the connection of the call that is on; undefined where none is. What is known of a network outlives a connection. */
  connect(connection: RTCPeerConnection | undefined): void {
    if (!connection) this.#begin();
    if (connection !== this.#connection) {
      this.#changed = false;
      this.#hushed = isWeak(this.#state.mode);
      this.#goAnotherWay();
    }
    this.#connection = connection;
    this.#meter.connect(connection);
    this.#follow();
  }

  /** Takes what this side sends, and what the page asks for. */
  follow({ camera, screen }: MediaState, options: MediaOptions): void {
    this.#options = options;
    this.#shares = screen;
    if (this.#sends !== (camera || screen)) {
      this.#sends = !this.#sends;
      this.#begin();
      this.#follow();
    }
    this.#tell();
    // A camera that is turned on while the network is too slow is held back like any other, and both sides know.
    if (camera && !this.#films && this.#state.told) this.#port.hold(true);
    this.#films = camera;
  }

  /** How the lanes are sent now, in their order. */
  get lanes(): readonly (SendingLane | undefined)[] {
    const { voice, camera, screen } = wishesOf(this.#state, this.#limits);
    const maxBitrate = voice ? voice * 1000 : this.#hushed ? MENDED_VOICE : undefined;
    return [{ encoding: { ...VOICE, maxBitrate } }, this.#laneOf(camera, CAMERA), this.#laneOf(screen, SCREEN)];
  }

  get #limits(): Limits {
    const { maxLines: lines = 720, maxBitrate, dataSaver = false } = this.#options;
    // Where the person has told the browser to save data, a page need not.
    const [shares, films] = [this.#shares, this.#films];
    return { lines, maxBitrate, shares, films, saving: dataSaver || !!this.#port.device.connection?.saveData };
  }

  /**
   * A codec that is changed makes the browser begin anew, and forget what waits to be sent and to be sent again: seconds of
   * a large picture, which would go on taking the network from the voice when there is none any more. The codec of weak
   * networks is the one that needs the fewest bits for a small picture.
   */
  #codecOf(lane: number): string | undefined {
    if (lane !== CAMERA) return this.#codec;
    const weak = this.#state.mode !== 'full' && this.#state.mode !== 'start';
    this.#changed ||= weak;
    // To ask makes the page wait for the browser, and nothing has to be asked as a call begins.
    const usual = this.#codec ?? (this.#changed ? this.#senders[lane]?.getParameters().codecs?.[0]?.mimeType : undefined);
    return weak ? (usual === LEAN ? PLAIN : LEAN) : usual;
  }

  get #senders(): readonly RTCRtpSender[] {
    return this.#connection?.getSenders() ?? [];
  }

  #laneOf({ degradationPreference, active, maxBitrate, maxFramerate, lines }: Sending, lane: number): SendingLane {
    return {
      degradationPreference,
      codec: this.#codecOf(lane),
      lines,
      encoding: { active, maxBitrate: maxBitrate && maxBitrate * 1000, maxFramerate },
    };
  }

  /** Whether the picture has hardly begun. */
  get #isNew(): boolean {
    const { mode, since = this.#readAt } = this.#state;
    return mode === 'start' && this.#readAt - since < START_FOR;
  }

  #begin(): void {
    this.#take(UNKNOWN);
  }

  /** Media has gone over to another way, such as the direct one in place of TURN. */
  readonly #goAnotherWay = (): void => {
    this.#state = moved(this.#state);
  };

  #follow(): void {
    const needed = this.#sends && !!this.#connection;
    if (needed === !!this.#stop) return;
    this.#stop?.();
    this.#stop = needed ? this.#meter.follow((reading) => this.#read(reading)) : undefined;
  }

  #read(reading: Reading): void {
    // All lanes and the data channel share one way.
    const way = this.#connection?.sctp?.transport.iceTransport;
    if (way) way.onselectedcandidatepairchange = this.#goAnotherWay;
    this.#readAt = reading.at;
    this.#take(adapt(this.#state, reading, this.#limits));
  }

  #take(state: Adapting): void {
    const { told } = this.#state;
    this.#state = state;
    this.#hushed ||= isWeak(state.mode);
    this.#tell();
    if (told !== state.told) this.#port.hold(state.told);
  }

  /** Says that something is to be sent in another way, if it is. */
  #tell(): void {
    const key = JSON.stringify([this.#codec, this.#hushed, wishesOf(this.#state, this.#limits)]);
    if (key === this.#key) return;
    this.#key = key;
    this.#port.retune();
  }
}
