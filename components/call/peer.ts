/**
 * One call's RTCPeerConnection (W3C WebRTC): offer, answer, batched candidates (RFC 8838), renegotiation by perfect
 * negotiation, and the data channel on which the call's messages travel too.
 */
import { MAX_CANDIDATE, MAX_CANDIDATES } from '../../relay/protocol/index.js';
import type { Candidate, Description, MediaKind } from '../../relay/protocol/index.js';
import { pageClock } from './clock.js';
import { FirstMedia } from './first-media.js';
import { LANES, addLanes, send, takeLanes } from './lanes.js';
import type { LocalTracks, SendingLane } from './lanes.js';
import { PacketWatch } from './packet-watch.js';
import type { PeerListener, PeerPort } from './ports.js';

/** Milliseconds for which an offer waits for candidates that may ride with it. */
export const GATHER_WITH_OFFER = 100;
/** Milliseconds for which later candidates are collected into one message. */
export const BATCH_CANDIDATES = 20;
/** Most descriptions and batches of candidates of the other side that wait for their turn; more end the call. */
export const MAX_WAITING = 200;

/** What a peer connection is made with. */
export interface PeerOptions {
  readonly configuration: RTCConfiguration;
  /** How the lanes are sent, in their order; undefined leaves it to the browser. */
  readonly lanes?: readonly (SendingLane | undefined)[];
  /** Whether the microphone is a stand-in that is silent as it should be. */
  readonly voiceless?: boolean;
}

/** A call's peer connection. */
export class Peer implements PeerPort<LocalTracks, MediaStream> {
  readonly #listener: PeerListener;
  readonly #options: () => PeerOptions | Promise<PeerOptions>;
  readonly #polite: boolean;
  readonly #made: ((connection: RTCPeerConnection) => void) | undefined;
  #connection: RTCPeerConnection | undefined;
  #channel: RTCDataChannel | undefined;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  #tracks: LocalTracks = { audio: null, video: null };
  #stream: MediaStream | null = null;
  #screen: MediaStream | null = null;
  #closed = false;
  /** Whether the first description has been told: the other side can do nothing with candidates that come before it. */
  #introduced = false;
  #negotiated = false;
  #offering = false;
  #gathered: Candidate[] = [];
  #sent = 0;
  /** Candidates of the other side since its last description. */
  #added = 0;
  /** How many lanes there are to be. */
  #lanes = 1;
  #batch: ReturnType<typeof setTimeout> | undefined;
  #first: FirstMedia | undefined;
  #watch: PacketWatch | undefined;

  /**
   * @param options asked anew for each connection and each ICE restart
   * @param polite yields when both sides renegotiate at once
   * @param made gets the browser's connection before anything is negotiated, for what else the two pages share
   */
  constructor(
    listener: PeerListener,
    options: () => PeerOptions | Promise<PeerOptions>,
    polite: boolean,
    made?: (connection: RTCPeerConnection) => void,
  ) {
    this.#listener = listener;
    this.#made = made;
    this.#options = options;
    this.#polite = polite;
  }

  get remoteStream(): MediaStream | null {
    return this.#stream;
  }

  get remoteScreen(): MediaStream | null {
    return this.#screen;
  }

  offer(media: MediaKind): void {
    this.#do(async () => {
      const connection = await this.#open();
      if (!connection) return;
      addLanes(connection, Math.max(this.#lanes, media === 'video' ? 2 : 1));
      const description = await connection.createOffer();
      await connection.setLocalDescription(description);
      await this.#attach();
      await this.#gatherFor(connection, GATHER_WITH_OFFER);
      if (this.#connection) this.#introduce('offered', withOwnHello(description));
    });
  }

  answer(description: Description, candidates: readonly Candidate[]): void {
    this.#do(async () => {
      const connection = await this.#open();
      if (!connection) return;
      await this.#hear(connection, description);
      this.#add(candidates);
      takeLanes(connection);
      const answer = await connection.createAnswer();
      await connection.setLocalDescription(answer);
      if (!this.#connection) return;
      this.#negotiated = true;
      this.#introduce('answered', answer);
      await this.#attach();
      this.#grow();
    });
  }

  connect(description: Description, candidates: readonly Candidate[]): void {
    this.#do(async () => {
      if (!this.#connection) return;
      await this.#hear(this.#connection, description);
      this.#negotiated = true;
      this.#add(candidates);
      await this.#attach();
      this.#grow();
    });
  }

  widen(lanes: number): void {
    this.#lanes = Math.max(this.#lanes, lanes);
    this.#do(async () => this.#grow(), 'renegotiation');
  }

  describe(description: Description): void {
    this.#takeIn(async () => {
      const connection = this.#connection;
      if (!connection || !this.#negotiated) return;
      const isOffer = description.type === 'offer';
      if (isOffer && !this.#polite && (this.#offering || connection.signalingState !== 'stable')) return;
      // An ICE restart of the other side makes this one gather anew.
      if (isOffer && usernameOf(description) !== usernameOf(connection.remoteDescription)) this.#sent = 0;
      await this.#hear(connection, description);
      if (!isOffer) return;
      takeLanes(connection);
      await connection.setLocalDescription();
      this.#listener.event({ type: 'described', description: plain(connection.localDescription!) });
      await this.#attach();
    });
  }

  addCandidates(candidates: readonly Candidate[]): void {
    this.#takeIn(async () => this.#add(candidates));
  }

  restartIce(): void {
    this.#do(async () => {
      const { configuration } = await this.#options();
      try {
        this.#connection?.setConfiguration(configuration);
      } catch {
        // A new path with the old servers is better than none.
      }
      this.#sent = 0;
      this.#connection?.restartIce();
    }, 'renegotiation');
  }

  setTracks(tracks: LocalTracks): void {
    if (tracks.audio !== this.#tracks.audio) this.#watch?.listenAnew();
    this.#tracks = tracks;
    this.retune();
  }

  /** Sends as the options say now. */
  retune(): void {
    if (this.#connection) void this.#attach();
  }

  send(text: string): boolean {
    if (this.#channel?.readyState !== 'open') return false;
    try {
      this.#channel.send(text);
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = undefined;
    clearTimeout(this.#batch);
    this.#first?.stop();
    this.#watch?.stop();
    if (this.#channel) this.#channel.onclose = null;
    this.#channel?.close();
    this.#channel = undefined;
    connection?.close();
    this.#stream = this.#screen = null;
  }

  /** Does what the other side asks for, in its turn; it may not ask for any number of things at once. */
  #takeIn(job: () => Promise<void>): void {
    if (this.#waiting >= MAX_WAITING) {
      if (!this.#closed) this.#listener.event({ type: 'broken', detail: 'The other side describes its end without end.' });
      return;
    }
    this.#waiting++;
    this.#do(() => job().finally(() => this.#waiting--), 'renegotiation');
  }

  /** Lets one thing follow the other; what the browser refuses is reported, never thrown. */
  #do(job: () => Promise<void>, kind: 'setup' | 'renegotiation' = 'setup'): void {
    this.#work = this.#work
      .then(() => (this.#closed ? undefined : job()))
      .catch((cause: unknown) => {
        if (kind === 'setup' && (this.#connection || cause instanceof NotUsable))
          this.#listener.event({ type: 'broken', detail: String(cause) });
      });
  }

  /** Undefined where the call was over before there was anything to open. */
  async #open(): Promise<RTCPeerConnection | undefined> {
    const { configuration, voiceless } = await this.#options();
    if (this.#closed) return undefined;
    let connection: RTCPeerConnection;
    try {
      connection = new RTCPeerConnection(configuration);
    } catch (cause) {
      throw new NotUsable(String(cause));
    }
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => candidate && this.#gather(candidate);
    connection.ontrack = ({ track, transceiver }) => this.#receive(track, connection.getTransceivers().indexOf(transceiver));
    connection.onconnectionstatechange = () => this.#follow(connection);
    connection.onnegotiationneeded = () => this.#renegotiate();
    const channel = connection.createDataChannel('video-call', { negotiated: true, id: 0 });
    channel.onmessage = ({ data }) => typeof data === 'string' && this.#listener.message(data);
    channel.onopen = () => this.#listener.changed();
    channel.onclose = () => this.#connection === connection && this.#listener.event({ type: 'parted' });
    this.#channel = channel;
    this.#made?.(connection);
    const listens = (): boolean => !voiceless && !!this.#tracks.audio?.enabled && !this.#tracks.audio.muted;
    this.#first = new FirstMedia(
      connection,
      (event) => this.#listener.event(event),
      () => this.#stream?.getTracks().length ?? 0,
    );
    this.#watch = new PacketWatch(connection, (event) => this.#listener.event(event), listens, pageClock);
    return connection;
  }

  #renegotiate(): void {
    if (!this.#negotiated) return;
    this.#do(async () => {
      const connection = this.#connection;
      if (connection?.signalingState !== 'stable') return;
      this.#offering = true;
      try {
        await connection.setLocalDescription();
        if (this.#connection) this.#listener.event({ type: 'described', description: plain(connection.localDescription!) });
      } finally {
        this.#offering = false;
      }
    }, 'renegotiation');
  }

  #gather(candidate: RTCIceCandidate): void {
    if (
      candidate.candidate.length === 0 ||
      candidate.candidate.length > MAX_CANDIDATE ||
      this.#sent + this.#gathered.length >= MAX_CANDIDATES
    )
      return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    this.#gathered.push({
      candidate: candidate.candidate,
      ...(sdpMid !== null && { sdpMid }),
      ...(sdpMLineIndex !== null && { sdpMLineIndex }),
      ...(usernameFragment && { usernameFragment }),
    });
    if (!this.#introduced) return;
    this.#batch ??= setTimeout(() => {
      this.#batch = undefined;
      const candidates = this.#takeGathered();
      if (candidates.length > 0) this.#listener.event({ type: 'gathered', candidates });
    }, BATCH_CANDIDATES);
  }

  #introduce(type: 'offered' | 'answered', description: RTCSessionDescriptionInit): void {
    this.#introduced = true;
    this.#listener.event({ type, description: plain(description), candidates: this.#takeGathered() });
  }

  #takeGathered(): Candidate[] {
    this.#sent += this.#gathered.length;
    return this.#gathered.splice(0);
  }

  async #gatherFor(connection: RTCPeerConnection, milliseconds: number): Promise<void> {
    if (connection.iceGatheringState === 'complete') return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, milliseconds);
      connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && resolve());
    });
  }

  /** Applies what the other side describes; its candidates are counted anew. */
  async #hear(connection: RTCPeerConnection, description: Description): Promise<void> {
    this.#added = 0;
    await connection.setRemoteDescription(description as RTCSessionDescriptionInit);
  }

  /** Adds the lanes that are wanted and missing; they are filled, and the browser asks to negotiate. */
  #grow(): void {
    const connection = this.#connection;
    if (this.#polite || !this.#negotiated || !connection || connection.getTransceivers().length >= this.#lanes) return;
    addLanes(connection, this.#lanes);
    void this.#attach();
  }

  #add(candidates: readonly Candidate[]): void {
    const room = Math.max(0, MAX_CANDIDATES - this.#added);
    this.#added += candidates.length;
    // One that the browser does not understand, or that belongs to an offer that was passed over, is left out.
    for (const candidate of candidates.slice(0, room)) this.#connection?.addIceCandidate(candidate).catch(() => {});
  }

  async #attach(): Promise<void> {
    const { lanes } = await this.#options();
    if (this.#connection) await send(this.#connection, this.#tracks, lanes);
  }

  #receive(track: MediaStreamTrack, lane: number): void {
    // Whatever else a stranger offers is left alone.
    if (track.kind !== LANES[lane]) return;
    const stream = lane < 2 ? (this.#stream ??= new MediaStream()) : (this.#screen ??= new MediaStream());
    stream.addTrack(track);
    track.addEventListener('unmute', () => this.#first?.look());
    this.#listener.changed();
  }

  #follow(connection: RTCPeerConnection): void {
    const state = connection.connectionState;
    if (connection !== this.#connection) return;
    if (state === 'connected') {
      this.#first?.start();
      this.#watch?.start();
    } else if (state === 'disconnected' || state === 'failed') this.#watch?.broke();
    if (state === 'connected' || state === 'disconnected' || state === 'failed') this.#listener.event({ type: 'path', state });
  }
}

/** The user name of ICE (RFC 8839, section 5.4), which changes with every ICE restart. */
const usernameOf = (description: { readonly sdp: string } | null): string | undefined =>
  /^a=ice-ufrag:(.+)$/m.exec(description?.sdp ?? '')?.[1];

/** The browser would not make a peer connection at all. */
class NotUsable extends Error {}

const plain = ({ type, sdp }: RTCSessionDescriptionInit | RTCSessionDescription): Description => ({
  type: type as 'offer' | 'answer',
  sdp: sdp ?? '',
});

/**
 * An offer that goes to every device of a person says that this side opens the DTLS handshake (RFC 5763, section 5).
 * Left to the answerers, each that answers would say hello, and the browser shakes hands with the first hello that it
 * hears, which may not be that of the device whose answer it then takes: a call without end and without a picture.
 */
const withOwnHello = ({ type, sdp = '' }: RTCSessionDescriptionInit): RTCSessionDescriptionInit => ({
  type,
  sdp: sdp.replaceAll('a=setup:actpass', 'a=setup:active'),
});
