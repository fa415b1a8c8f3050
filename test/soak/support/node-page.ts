/**
 * A page without a browser: the link and the call engine that run in pages, over real sockets and on real time. Only
 * microphone, camera and the peer connection are stand-ins; no relay could touch those anyway.
 */
import { WebSocket as NodeSocket } from 'ws';
import { newCallId } from '../../../components/call/ids.js';
import { pageClock } from '../../../components/call/clock.js';
import { CallEngine } from '../../../components/call/engine.js';
import { isLive } from '../../../components/call/phases.js';
import type { MediaPort, PeerListener, PeerPort } from '../../../components/call/ports.js';
import type { CallNotice, RelayStatus } from '../../../components/call/session.js';
import { Link } from '../../../components/link/link.js';
import { linkPort } from '../../../components/link/port.js';
import { Watching } from '../../../components/link/watching.js';
import type { Description, Presence } from '../../../relay/protocol/index.js';

type Tracks = { readonly audio: boolean; readonly video: boolean };
const SILENCE: Tracks = { audio: false, video: false };

const soon = (run: () => void, within = 20): void => void setTimeout(run, Math.random() * within);

/** What lies between two peer connections of one call. */
export interface Between {
  /** Whether a data channel comes with the connection. */
  readonly channel: boolean;
  /** Resolves when the two may find each other. */
  open: Promise<void>;
}

/** One person's page. */
export class NodePage {
  readonly peer: string;
  readonly notices: CallNotice[] = [];
  /** Milliseconds, of `performance.now`, at which the relay welcomed it. */
  readonly welcomes: number[] = [];
  /** The newest peer connection. */
  connection: Connection | undefined;
  /** How many peer connections were made. */
  connections = 0;
  readonly engine: CallEngine<Tracks, string>;
  readonly #link: Link;
  readonly #watching: Watching;
  readonly #waiting = new Set<() => void>();
  readonly #sockets: NodeSocket[] = [];

  /** @param pick the URL of the relay to connect to now */
  constructor(peer: string, pick: () => string, between: Between = { channel: false, open: Promise.resolve() }) {
    this.peer = peer;
    const media = new Devices((event) => this.engine.media(event));
    this.#link = new Link(
      { relay: 'ws://picked.later', me: peer },
      newCallId(),
      {
        status: (status) => this.#status(status),
        welcome: () => this.#welcomed(),
        call: (message) => this.engine.receive(message),
        relay: (message) => {
          if (message.type === 'presence') this.#watching.heard(message);
          if (message.type === 'unreachable' || message.type === 'error') this.engine.relaySaid(message);
        },
        trouble: ({ code, detail }) => this.#note({ type: 'error', code, detail }),
      },
      { clock: pageClock, random: Math.random, open: (_, protocol) => this.#open(pick(), protocol) },
    );
    this.#watching = new Watching((message) => this.#link.send(message), pageClock);
    this.engine = new CallEngine<Tracks, string>(
      {
        clock: pageClock,
        newId: newCallId,
        media,
        makePeer: (listener) => {
          this.connections++;
          return (this.connection = new Connection(listener, between));
        },
        link: linkPort(this.#link, this.#watching),
      },
      {
        changed: ({ state }) => {
          this.#link.setBusy(isLive(state));
          this.#moved();
        },
        notice: (notice) => this.#note(notice),
      },
    );
    this.#link.start();
  }

  get state(): string {
    return this.engine.snapshot.state;
  }

  get online(): boolean {
    return this.#link.online;
  }

  /** What others should see of it. */
  get presence(): Presence {
    return isLive(this.engine.snapshot.state) ? 'busy' : 'online';
  }

  /** Follows the presence of somebody. */
  watch(peer: string, listener: (presence: Presence | 'unknown') => void): void {
    this.#watching.watch(peer, listener);
  }

  /** Resolves when something holds, which is looked at whenever anything changes; answers when that was. */
  until(holds: () => boolean, within: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      const end = (at: number | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(at);
      };
      const look = (): void => void (holds() && end(performance.now()));
      const timer = setTimeout(() => end(undefined), within);
      this.#waiting.add(look);
      look();
    });
  }

  /** How often something was told. */
  count(type: CallNotice['type'], state?: string): number {
    return this.notices.filter((notice) => notice.type === type && (state === undefined || ('state' in notice && notice.state === state)))
      .length;
  }

  /** The end of its calls, in words. */
  get ends(): string[] {
    return this.notices.flatMap((notice) => (notice.type === 'ended' ? [`${notice.call.id} ${notice.reason}`] : []));
  }

  /** Its machine goes, without a word to anybody. */
  vanish(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.close();
  }

  close(): void {
    this.engine.close();
    this.#link.close();
  }

  #open(url: string, protocol: string): WebSocket {
    const socket = new NodeSocket(url, protocol);
    // A browser tells no more than that it is closed.
    socket.on('error', () => undefined);
    this.#sockets.push(socket);
    return socket as unknown as WebSocket;
  }

  #status(status: RelayStatus): void {
    if (status !== 'online') {
      this.#watching.offline();
      this.engine.linkChanged(false);
    }
    this.#moved();
  }

  #welcomed(): void {
    this.welcomes.push(performance.now());
    this.#watching.online();
    this.engine.linkChanged(true);
    this.#moved();
  }

  #note(notice: CallNotice): void {
    this.notices.push(notice);
    if (notice.type === 'incoming') soon(() => this.engine.rings('sound'));
    this.#moved();
  }

  #moved(): void {
    for (const look of [...this.#waiting]) look();
  }
}

class Devices implements MediaPort<Tracks, string> {
  tracks = SILENCE;
  readonly screen = null;
  readonly #listener: (event: { type: 'captured'; microphone: boolean; camera: boolean }) => void;

  constructor(listener: (event: { type: 'captured'; microphone: boolean; camera: boolean }) => void) {
    this.#listener = listener;
  }

  get stream(): string | null {
    return this.tracks.audio ? 'local' : null;
  }

  capture({ microphone, camera }: { microphone: boolean; camera: boolean }): void {
    soon(() => {
      this.tracks = { audio: microphone, video: camera };
      this.#listener({ type: 'captured', microphone, camera });
    });
  }

  setMicrophone(): void {}
  setCamera(): void {}
  setScreen(): void {}
  switchCamera(): void {}

  release(): void {
    this.tracks = SILENCE;
  }
}

const connections = new Map<string, Connection>();

/** A peer connection that connects once both ends hold the same offer and answer. */
export class Connection implements PeerPort<Tracks, string> {
  remoteStream: string | null = null;
  readonly remoteScreen = null;
  closed = false;
  /** Whether the answer to `renegotiate` has come. */
  renegotiated = false;
  readonly #listener: PeerListener;
  readonly #between: Between;
  readonly #name = newCallId();
  #other: Connection | undefined;

  constructor(listener: PeerListener, between: Between) {
    this.#listener = listener;
    this.#between = between;
    connections.set(this.#name, this);
  }

  offer(): void {
    this.#soon(() => this.#listener.event({ type: 'offered', description: { type: 'offer', sdp: this.#name }, candidates: [] }));
  }

  answer({ sdp }: Description): void {
    this.#soon(() => {
      this.#listener.event({ type: 'answered', description: { type: 'answer', sdp: `${sdp} ${this.#name}` }, candidates: [] });
      this.#listener.event({ type: 'gathered', candidates: [{ candidate: 'candidate:1' }] });
    });
  }

  makeReady(): void {}

  prepare(): void {
    this.#soon(() => this.#listener.event({ type: 'unprepared' }));
  }

  begin(): void {}

  connect({ sdp }: Description): void {
    const other = connections.get(sdp.split(' ')[1] ?? '');
    if (!other) return this.#listener.event({ type: 'broken', detail: 'unknown answer' });
    [this.#other, other.#other] = [other, this];
    void this.#between.open.then(() => this.#soon(() => other.closed || [this, other].forEach((side) => side.#join())));
  }

  describe({ type }: Description): void {
    if (type === 'answer') {
      this.renegotiated = true;
      this.#listener.changed();
    } else this.#soon(() => this.#listener.event({ type: 'described', description: { type: 'answer', sdp: 'again' } }));
  }

  /** Offers anew, as when a track is added. */
  renegotiate(): void {
    this.#listener.event({ type: 'described', description: { type: 'offer', sdp: 'again' } });
  }

  addCandidates(): void {}
  widen(): void {}

  setTracks(): void {}

  restartIce(): void {
    this.renegotiate();
  }

  send(text: string): boolean {
    const other = this.#other;
    if (!this.#between.channel || !this.remoteStream || this.closed || !other) return false;
    soon(() => other.closed || other.#listener.message(text), 5);
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    connections.delete(this.#name);
    const other = this.#other;
    // What closes says so to its other end.
    if (this.remoteStream && other) setTimeout(() => other.closed || other.#listener.event({ type: 'parted' }), 20);
    this.remoteStream = null;
  }

  #join(): void {
    this.remoteStream = 'remote';
    this.#listener.event({ type: 'path', state: 'connected' });
    this.#soon(() => this.#listener.event({ type: 'flowing', kind: 'audio' }));
    this.#soon(() => this.#listener.event({ type: 'flowing', kind: 'video' }), 60);
  }

  #soon(run: () => void, within?: number): void {
    soon(() => this.closed || run(), within);
  }
}
