/**
 * One call's RTCPeerConnection (W3C WebRTC): offer, answer, batched candidates (RFC 8838), renegotiation by perfect
 * negotiation, and the data channel on which the call's messages travel too.
 */
import type { Candidate, Description, MediaKind } from '../../relay/protocol/index.js';
import { Candidates } from './candidates.js';
import { pageClock } from './clock.js';
import { namesCandidates, told, usernameOf, withOwnHello } from './descriptions.js';
import { FirstMedia } from './first-media.js';
import { LANES, addLanes, send, takeLanes } from './lanes.js';
import type { LocalTracks, SendingLane } from './lanes.js';
import { PacketWatch } from './packet-watch.js';
import type { PeerListener, PeerPort } from './ports.js';

/** Milliseconds for which an offer waits for candidates that may ride with it. */
const GATHER_WITH_OFFER = 100;
/** Milliseconds that a TURN server has for its first candidate, where a path is to be prepared while it rings. */
const PREPARE_WITHIN = 5000;
/** Milliseconds after an ICE restart for which a connection that seems to be lost may still be there. */
const RESTARTS_FOR = 2000;
/** Most descriptions and batches of candidates of the other side that wait for their turn; more end the call. */
export const MAX_WAITING = 200;

const NO_TRACKS: LocalTracks = { audio: null, video: null };

/** What a peer connection is made with. */
export interface PeerOptions {
  readonly configuration: RTCConfiguration;
  /** How the lanes are sent, in their order; undefined leaves it to the browser. */
  readonly lanes?: readonly (SendingLane | undefined)[];
  /** Which ways a path may take that is prepared while it rings; undefined where none is to be. */
  readonly early?: 'relay' | 'all' | undefined;
  /** Whether the microphone is a stand-in that is silent as it should be. */
  readonly voiceless?: boolean;
}

/** A call's peer connection. */
export class Peer implements PeerPort<LocalTracks, MediaStream> {
  readonly #listener: PeerListener;
  readonly #options: () => PeerOptions | Promise<PeerOptions>;
  readonly #polite: boolean;
  #made: ((connection: RTCPeerConnection) => void) | undefined;
  #connection: RTCPeerConnection | undefined;
  #channel: RTCDataChannel | undefined;
  #work: Promise<void> = Promise.resolve();
  #attached: Promise<void> = Promise.resolve();
  #waiting = 0;
  #tracks = NO_TRACKS;
  #stream: MediaStream | null = null;
  #screen: MediaStream | null = null;
  #closed = false;
  /** Whether nobody has accepted yet, so that nothing is sent over what is prepared. */
  #holds = false;
  /** The answer of a connection that is ready. */
  #answer: RTCSessionDescriptionInit | undefined;
  #negotiated = false;
  #offering = false;
  readonly #candidates = new Candidates((candidates) => this.#listener.event({ type: 'gathered', candidates }));
  /** How many lanes there are to be. */
  #lanes = 1;
  /** When ICE was last restarted, by either side. */
  #restartedAt = -Infinity;
  #first: FirstMedia | undefined;
  #watch: PacketWatch | undefined;

  /**
   * @param options asked anew for each connection and each ICE restart
   * @param polite yields when both sides renegotiate at once
   * @param made gets the browser's connection before anything is negotiated, for what else the two pages share; one that is
   *   prepared while it rings only with the accept
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
      await this.#candidates.settle(connection, GATHER_WITH_OFFER);
      if (this.#connection) this.#introduce({ type: 'offered' }, { type: 'offer', sdp: withOwnHello(description.sdp) });
    });
  }

  answer(description: Description, candidates: readonly Candidate[]): void {
    this.#do(async () => {
      let answer = this.#answer;
      if (!answer) {
        const connection = await this.#open();
        answer = connection && (await this.#reply(connection, description));
      }
      if (!this.#connection || !answer) return;
      this.#answer = undefined;
      this.#candidates.take(this.#connection, candidates);
      this.#present(this.#connection);
      this.#negotiated = true;
      this.#introduce({ type: 'answered' }, answer);
      await this.#attach();
      this.#grow();
    });
  }

  makeReady(description: Description): void {
    this.#do(async () => {
      // Whoever describes his end with its candidates could be sent a packet before anybody has accepted.
      if (namesCandidates(description)) return;
      try {
        const connection = await this.#open(true);
        this.#answer = connection && (await this.#reply(connection, description));
      } catch {
        // Then it is made when the call is taken, and whatever is wrong is told.
        this.#shut();
      }
    });
  }

  prepare(description: Description, candidates: readonly Candidate[]): void {
    this.#holds = true;
    this.#do(async () => {
      if ((await this.#prepare(description, candidates).catch(() => false)) || this.#closed) return;
      this.close();
      this.#listener.event({ type: 'unprepared' });
    });
  }

  connect(description: Description, candidates: readonly Candidate[], ahead = false): void {
    this.#holds = ahead;
    this.#do(async () => {
      if (!this.#connection) return;
      // The tracks have been in their lanes since the offer.
      if (ahead) await this.#attach();
      try {
        await this.#hear(this.#connection, description);
      } catch (cause) {
        if (!ahead) throw cause;
        return this.#listener.event({ type: 'unprepared' });
      }
      this.#negotiated = true;
      this.#candidates.take(this.#connection, candidates);
      await this.#attach();
      this.#grow();
    });
  }

  begin(): void {
    this.#holds = false;
    const connection = this.#connection;
    if (!connection) return;
    this.#present(connection);
    void this.#attach();
    // A path whose other end is closed looks for a while as if it stood.
    if (this.#channel?.readyState !== 'closed') this.#follow(connection);
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
      // An ICE restart of the other side makes this one gather anew, by then from everywhere.
      if (isOffer && usernameOf(description) !== usernameOf(connection.remoteDescription)) await this.#gatherAnew();
      await this.#hear(connection, description);
      if (!isOffer) return;
      takeLanes(connection);
      await connection.setLocalDescription();
      this.#listener.event({ type: 'described', description: told(connection.localDescription!) });
      await this.#attach();
    });
  }

  addCandidates(candidates: readonly Candidate[]): void {
    this.#takeIn(async () => this.#candidates.take(this.#connection, candidates));
  }

  restartIce(): void {
    this.#do(async () => {
      await this.#gatherAnew();
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
    this.#shut();
  }

  #shut(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#candidates.drop();
    this.#first?.stop();
    this.#watch?.stop();
    if (this.#channel) this.#channel.onclose = null;
    this.#channel?.close();
    this.#channel = undefined;
    // Its tracks end by themselves, but later, and until then the browser keeps no page that is being left.
    connection?.getReceivers().forEach(({ track }) => track.stop());
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

  /** Answers an offer. */
  async #reply(connection: RTCPeerConnection, description: Description): Promise<RTCSessionDescriptionInit> {
    await this.#hear(connection, description);
    takeLanes(connection);
    const answer = await connection.createAnswer();
    await connection.setLocalDescription(answer);
    return answer;
  }

  /** Answers false where there is no way for a path that nobody has accepted yet: without TURN, or where that gives no address. */
  async #prepare(description: Description, candidates: readonly Candidate[]): Promise<boolean> {
    const { early, configuration } = await this.#options();
    const connection = early && (await this.#open(true, early));
    if (!connection) return false;
    const answer = await this.#reply(connection, description);
    this.#candidates.take(this.#connection, candidates);
    await this.#candidates.settle(connection, PREPARE_WITHIN, true);
    if (!this.#connection || !this.#candidates.areWaiting) return false;
    this.#negotiated = true;
    this.#introduce({ type: 'prepared', narrow: early === 'relay' && configuration.iceTransportPolicy !== 'relay' }, answer);
    return true;
  }

  /** Undefined where the call was over before there was anything to open. */
  async #open(ahead = false, early?: RTCIceTransportPolicy): Promise<RTCPeerConnection | undefined> {
    const { configuration, voiceless } = await this.#options();
    if (this.#closed) return undefined;
    let connection: RTCPeerConnection;
    try {
      connection = new RTCPeerConnection(early === 'relay' ? { ...configuration, iceTransportPolicy: early } : configuration);
    } catch (cause) {
      throw new NotUsable(String(cause));
    }
    this.#connection = connection;
    connection.onicecandidate = ({ candidate }) => this.#candidates.gather(candidate);
    connection.ontrack = ({ track, transceiver }) => this.#receive(track, connection.getTransceivers().indexOf(transceiver));
    connection.onconnectionstatechange = () => this.#follow(connection);
    connection.onnegotiationneeded = () => this.#renegotiate();
    const channel = connection.createDataChannel('video-call', { negotiated: true, id: 0 });
    channel.onmessage = ({ data }) => typeof data === 'string' && this.#listener.message(data);
    channel.onopen = () => this.#listener.changed();
    channel.onclose = () => this.#connection === connection && this.#listener.event({ type: 'parted' });
    this.#channel = channel;
    if (!ahead) this.#present(connection);
    const listens = (): boolean => !voiceless && !!this.#tracks.audio?.enabled && !this.#tracks.audio.muted;
    this.#first = new FirstMedia(
      connection,
      (event) => this.#listener.event(event),
      () => this.#stream?.getTracks().length ?? 0,
    );
    this.#watch = new PacketWatch(connection, (event) => this.#listener.event(event), listens, pageClock);
    return connection;
  }

  /** The next candidates are of today's servers, and of all ways where the path was prepared through TURN alone. */
  async #gatherAnew(): Promise<void> {
    const { configuration } = await this.#options();
    this.#candidates.gatherAnew();
    this.#restartedAt = pageClock.now();
    if (this.#holds) return;
    try {
      this.#connection?.setConfiguration(configuration);
    } catch {
      // A new path with the old servers is better than none.
    }
  }

  /** Hands the connection, once, to whatever else the two pages share. */
  #present(connection: RTCPeerConnection): void {
    this.#made?.(connection);
    this.#made = undefined;
  }

  #renegotiate(): void {
    if (!this.#negotiated) return;
    this.#do(async () => {
      const connection = this.#connection;
      if (connection?.signalingState !== 'stable') return;
      this.#offering = true;
      try {
        await connection.setLocalDescription();
        if (this.#connection) this.#listener.event({ type: 'described', description: told(connection.localDescription!) });
      } finally {
        this.#offering = false;
      }
    }, 'renegotiation');
  }

  #introduce(
    what: { readonly type: 'offered' | 'answered' } | { readonly type: 'prepared'; readonly narrow: boolean },
    description: RTCSessionDescriptionInit,
  ): void {
    this.#listener.event({ ...what, description: told(description), candidates: this.#candidates.introduce() });
  }

  /** Applies what the other side describes; its candidates are counted anew. */
  async #hear(connection: RTCPeerConnection, description: Description): Promise<void> {
    this.#candidates.hearAnew();
    await connection.setRemoteDescription(description as RTCSessionDescriptionInit);
  }

  /** Adds the lanes that are wanted and missing; they are filled, and the browser asks to negotiate. */
  #grow(): void {
    const connection = this.#connection;
    if (this.#polite || !this.#negotiated || !connection || connection.getTransceivers().length >= this.#lanes) return;
    addLanes(connection, this.#lanes);
    void this.#attach();
  }

  /** Sends what is wanted. One after the other, each with the wishes of its time: else an older one might be the last that the browser hears. */
  #attach(): Promise<void> {
    const attached = this.#attached.then(async () => {
      const { lanes } = await this.#options();
      if (this.#connection) await send(this.#connection, this.#holds ? NO_TRACKS : this.#tracks, lanes);
    });
    this.#attached = attached.catch(() => {});
    return attached;
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
    // While ICE begins anew media goes on over the path that was there: a word of its loss may be premature.
    const patience = this.#restartedAt + RESTARTS_FOR - pageClock.now();
    if (state === 'disconnected' && patience > 0) {
      pageClock.after(patience, () => connection.connectionState === state && this.#follow(connection));
      return;
    }
    if (state === 'connected' && !this.#holds) {
      this.#first?.start();
      this.#watch?.start();
    } else if (state === 'disconnected' || state === 'failed') this.#watch?.broke();
    if (state === 'connected' || state === 'disconnected' || state === 'failed') this.#listener.event({ type: 'path', state });
  }
}

/** The browser would not make a peer connection at all. */
class NotUsable extends Error {}
