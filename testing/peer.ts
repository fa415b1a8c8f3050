/**
 * A peer without a browser: the link and the call engine of the pages, over `ws`, with nothing to hear or see. It rings and is
 * rung as a page is, with the same numbering, repeating and deadlines.
 */
import { randomBytes } from 'node:crypto';
import { WebSocket as NodeSocket } from 'ws';
import { newCallId } from '../components/call/ids.js';
import { pageClock } from '../components/call/clock.js';
import { CallEngine } from '../components/call/engine.js';
import { isLive } from '../components/call/phases.js';
import type { CallNotice } from '../components/call/session.js';
import { Link } from '../components/link/link.js';
import { linkPort } from '../components/link/port.js';
import { Watching } from '../components/link/watching.js';
import { isPeerId } from '../relay/protocol/address.js';
import { RING_TIMEOUT } from '../relay/protocol/bounds.js';
import type { Alert, MediaKind, Presence, RelayMessage } from '../relay/protocol/index.js';
import { TestCall } from './call.js';
import { Impossible, Log } from './log.js';
import type { Deadline } from './log.js';
import { NoConnection, NoDevices } from './ports.js';

/** Who a test peer is, and where. */
export interface TestPeerOptions {
  /** URL of the relay; `http(s):` is taken as `ws(s):`, one without a path gets `/ws`. */
  readonly relay: string;
  /** Its peer ID; without one the relay issues a guest ID. */
  readonly me?: string;
  /** The name that others see. */
  readonly displayName?: string;
  /** A JSON Web Token, where the relay asks for one. */
  readonly token?: string;
  /** The origin that it claims to be a page of, where the relay asks for one. */
  readonly origin?: string;
  /** Whether a certificate is taken that nobody vouches for. */
  readonly insecure?: boolean;
  /** Whether it leaves it to `rings()` to say that an incoming call rings. */
  readonly quiet?: boolean;
}

/** How a call is made. */
export interface TestCallOptions {
  /** `video` where it is left out. */
  readonly media?: MediaKind;
  /** For how many seconds it rings, 5 to 180; 60 where it is left out. */
  readonly ringTimeout?: number;
}

/** See the top of this file; `connectPeer` makes one. */
export class TestPeer {
  readonly #log = new Log();
  readonly #options: TestPeerOptions;
  readonly #link: Link;
  readonly #watching: Watching;
  readonly #engine: CallEngine<null, null>;
  readonly #calls = new Map<string, TestCall>();
  /** Incoming calls that nobody has waited for yet. */
  readonly #waiting: TestCall[] = [];
  readonly #presence = new Map<string, { presence: Presence | 'unknown'; name?: string }>();
  #me = '';
  #fatal: string | undefined;
  #closed = false;

  /** @internal */
  constructor(options: TestPeerOptions) {
    this.#options = options;
    const { me, displayName, token } = options;
    const media = new NoDevices((event) => this.#engine.media(event));
    this.#link = new Link(
      {
        relay: urlOf(options.relay),
        ...(me !== undefined && { me }),
        ...(displayName !== undefined && { displayName }),
        ...(token !== undefined && { token }),
      },
      randomBytes(16).toString('base64url'),
      {
        status: (status) => {
          if (status !== 'online') {
            this.#watching.offline();
            this.#engine.linkChanged(false);
          }
          this.#log.note(`the relay is ${status}`);
        },
        welcome: ({ peer, name: known }) => {
          this.#me = peer;
          this.#engine.name = displayName ?? known;
          this.#watching.online();
          this.#engine.linkChanged(true);
          this.#log.note(`welcome as ${peer}`);
        },
        call: (message) => this.#engine.receive(message),
        relay: (message) => this.#relaySaid(message),
        trouble: ({ code, detail }) => {
          if (code === 'unauthorized' || code === 'forbidden') this.#fatal = `${code}: ${detail}`;
          this.#log.note(`error ${code}: ${detail}`);
        },
      },
      { clock: pageClock, random: Math.random, open: (url, protocol) => this.#open(url, protocol) },
    );
    this.#watching = new Watching((message) => this.#link.send(message), pageClock);
    this.#engine = new CallEngine<null, null>(
      {
        clock: pageClock,
        newId: newCallId,
        media,
        makePeer: (listener) => new NoConnection(listener),
        link: linkPort(this.#link, this.#watching),
      },
      {
        changed: ({ state, call, alert }) => {
          this.#link.setBusy(isLive(state));
          if (call) this.#calls.get(call.id)?.heard(alert);
        },
        notice: (notice) => this.#noticed(notice),
      },
    );
    this.#link.start();
  }

  /** Its peer ID, as the relay has confirmed it. */
  get me(): string {
    return this.#me;
  }

  /** Everything that it has seen, oldest first, as text. */
  get seen(): readonly string[] {
    return this.#log.lines;
  }

  /** Waits until the relay knows it. */
  async online(deadline?: Deadline): Promise<void> {
    await this.#log.until(
      'the relay',
      () => {
        if (this.#link.online) return true;
        if (this.#fatal !== undefined) throw new Impossible(this.#fatal);
        return undefined;
      },
      deadline,
    );
  }

  /** Waits until a peer is so, and answers the name that it has told. */
  async presence(peer: string, wanted: Presence, deadline?: Deadline): Promise<{ readonly name?: string }> {
    ensurePeer(peer);
    if (!this.#presence.has(peer)) {
      this.#presence.set(peer, { presence: 'unknown' });
      this.#watching.watch(peer, (presence, name) => {
        this.#presence.set(peer, { presence, ...(name !== undefined && { name }) });
        this.#log.note(`${peer} is ${presence}`);
      });
    }
    return this.#log.until(
      `${peer} to be ${wanted}`,
      () => {
        const now = this.#presence.get(peer)!;
        return now.presence === wanted ? { ...(now.name !== undefined && { name: now.name }) } : undefined;
      },
      deadline,
    );
  }

  /**
   * Calls a peer; what comes of it is told by the call that is answered.
   *
   * @throws TypeError for what is no peer ID, Error while a call is on
   */
  call(peer: string, { media = 'video', ringTimeout = RING_TIMEOUT.default }: TestCallOptions = {}): TestCall {
    ensurePeer(peer);
    if (isLive(this.#engine.snapshot.state)) throw new Error(`A call with ${this.#engine.snapshot.call!.peer} is on: hang up first.`);
    const seconds = Math.min(Math.max(Math.round(ringTimeout), RING_TIMEOUT.min), RING_TIMEOUT.max);
    this.#engine.call(peer, { media, ringTimeout: seconds });
    return this.#calls.get(this.#engine.snapshot.call!.id)!;
  }

  /** Waits for a call, from anybody or from this peer; one that has come already is answered at once, each only once. */
  async incomingCall({ from, ...deadline }: Deadline & { readonly from?: string } = {}): Promise<TestCall> {
    return this.#log.until(
      `a call${from === undefined ? '' : ` from ${from}`}`,
      () => {
        const at = this.#waiting.findIndex((call) => from === undefined || call.peer === from);
        return at < 0 ? undefined : this.#waiting.splice(at, 1)[0];
      },
      deadline,
    );
  }

  /** Hangs up, leaves the relay, and ends every wait. May be called twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#engine.hangUp();
    this.#engine.close();
    this.#link.close();
    this.#log.close();
  }

  #open(url: string, protocol: string): WebSocket {
    const { origin, insecure = false } = this.#options;
    const socket = new NodeSocket(url, protocol, { ...(origin !== undefined && { origin }), rejectUnauthorized: !insecure });
    socket.on('error', ({ message }) => this.#log.note(message));
    socket.on('unexpected-response', (_request, { statusCode }) => {
      this.#log.note(`the relay answered with the status ${statusCode}`);
      socket.terminate();
    });
    socket.on('close', (code, reason) => code !== 1000 && this.#log.note(`the connection ended with ${code} ${String(reason)}`.trim()));
    // It has what the link uses of a browser's: send, close, and the four handlers.
    return socket as unknown as WebSocket;
  }

  #relaySaid(message: RelayMessage): void {
    if (message.type === 'presence') this.#watching.heard(message);
    if (message.type === 'error') this.#log.note(`error ${message.code} of the relay: ${message.message}`);
    if (message.type === 'unreachable' || message.type === 'error') this.#engine.relaySaid(message);
  }

  #noticed(notice: CallNotice): void {
    if (notice.type === 'error') return this.#log.note(`error ${notice.code}: ${notice.detail}`);
    if (notice.type === 'missed') return this.#log.note(`missed a call from ${notice.call.peer}, being busy or too late`);
    if (notice.type !== 'state' || !notice.call) return;
    const { call: info, state, reason } = notice;
    let call = this.#calls.get(info.id);
    if (!call) {
      this.#calls.set(info.id, (call = new TestCall(info, this.#handsFor(info.id))));
      if (info.direction === 'incoming') this.#waiting.push(call);
    }
    call.reached(state, reason);
    call.heard(this.#engine.snapshot.alert);
    this.#log.note(`call with ${info.peer}: ${state}${reason ? ` (${reason})` : ''}`);
    // As a page does once the person can see it.
    if (state === 'incoming' && !this.#options.quiet) queueMicrotask(() => call.rings());
  }

  #handsFor(id: string) {
    const mine = (run: () => void) => (): void => void (this.#engine.snapshot.call?.id === id && run());
    return {
      log: this.#log,
      accept: (media: MediaKind) => mine(() => this.#engine.accept({ media }))(),
      decline: mine(() => this.#engine.decline()),
      hangUp: mine(() => this.#engine.hangUp()),
      rings: (alert: Alert) => mine(() => this.#engine.rings(alert))(),
    };
  }
}

/** @throws TypeError */
function ensurePeer(peer: string): void {
  if (typeof peer !== 'string' || !isPeerId(peer)) throw new TypeError(`"${peer}" is no peer ID: 1 to 128 of A-Z a-z 0-9 . _ @ : + = -`);
}

/** @throws TypeError */
function urlOf(relay: string): string {
  const url = URL.canParse(relay) ? new URL(relay.replace(/^http/i, 'ws')) : undefined;
  if (!url || !/^wss?:$/.test(url.protocol))
    throw new TypeError(`"${relay}" is no URL of a relay: one begins with wss:, ws:, https: or http:.`);
  url.hash = '';
  if (url.pathname === '/') url.pathname = '/ws';
  return url.href;
}

/**
 * Connects a test peer, and answers once the relay knows it.
 *
 * @throws TypeError (of the promise) for options that cannot be, WaitError where the relay does not let it in in time
 */
export async function connectPeer({ within, ...options }: TestPeerOptions & Deadline): Promise<TestPeer> {
  if (options.me !== undefined) ensurePeer(options.me);
  const peer = new TestPeer(options);
  try {
    await peer.online({ within });
    return peer;
  } catch (error) {
    await peer.close();
    throw error;
  }
}
