/**
 * The connection to the relay: kept up, proven, and taken up again under the same address. It carries messages and
 * knows nothing of calls.
 */
import { PONG_WITHIN, PING_EVERY_IN_CALL, SUBPROTOCOL, addressOf, isCallMessage, parseFromRelay } from '../../relay/protocol/index.js';
import type { CallMessage, IceServer, PageMessage, RelayMessage, StampedCallMessage } from '../../relay/protocol/index.js';
import type { CallErrorCode, CallTrouble } from '../call/errors.js';
import type { ClockPort } from '../call/ports.js';
import type { ConnectionOptions, RelayStatus } from '../call/session.js';
import { isFinal, isRefusal, waitBeforeRetry } from './backoff.js';
import { Losses } from './losses.js';
import type { Ending } from './losses.js';
import { Renewal } from './renewal.js';
import type { NoToken } from './token.js';
import { fetchToken } from './token.js';

/** Milliseconds from the first attempt's start until `welcome` must be there. */
export const WELCOME_WITHIN = 5000;
/** Milliseconds after a lost connection's return for which absence of others is not taken as certain. */
export const UNSTEADY_FOR = 8000;

/** What the relay says of itself and of this page when it lets the page in. */
export interface Welcome {
  readonly peer: string;
  readonly device: string;
  readonly resume: string;
  readonly name?: string;
  /** Whether it tells who is there. */
  readonly roster: boolean;
}

/** What a link tells. */
export interface LinkListener {
  status(status: RelayStatus): void;
  /** The relay knows this page now, by this address, and gave it the secret to have it again. */
  welcome(welcome: Welcome): void;
  call(message: StampedCallMessage): void;
  relay(message: RelayMessage): void;
  trouble(trouble: CallTrouble): void;
}

/** What a link needs of the browser; handed in by tests. */
export interface LinkWorld {
  readonly clock: ClockPort;
  readonly random: () => number;
  readonly open: (url: string, protocol: string) => WebSocket;
  /** Where a relay is looked for that nobody has named: where the script came from. */
  readonly usual?: string | undefined;
}

/** The one connection of a page to a relay under one peer ID. */
export class Link {
  readonly #listener: LinkListener;
  readonly #world: LinkWorld;
  #options: ConnectionOptions;
  #socket: WebSocket | undefined;
  #status: RelayStatus = 'connecting';
  #welcome: Extract<RelayMessage, { type: 'welcome' }> | undefined;
  #device: string;
  /** Who this page was at last, and its proof. */
  #former: { readonly peer: string; readonly resume: string } | undefined;
  readonly #renewal: Renewal;
  /** The token of the options when the last connection was opened. */
  #tried: string | undefined;
  #ice: { servers: readonly IceServer[]; renewAt: number } = { servers: [], renewAt: Infinity };
  #busy = false;
  readonly #losses = new Losses();
  #welcomedAt = -Infinity;
  #unsteadyUntil = -Infinity;
  #attempt = 0;
  #closed = false;
  /** The relay does not want this page under these options. */
  #unwanted = false;
  #complained = false;
  #stopTimer = (): void => {};
  #stopPong: (() => void) | undefined;
  #proofs: (() => void)[] = [];

  constructor(options: ConnectionOptions, device: string, listener: LinkListener, world: LinkWorld) {
    this.#options = options;
    this.#device = device;
    this.#listener = listener;
    this.#world = world;
    this.#renewal = new Renewal({
      clock: world.clock,
      fetch: () => fetchToken(this.#options.tokenSrc!),
      send: (token) => this.send({ type: 'token', token }),
    });
  }

  get status(): RelayStatus {
    return this.#status;
  }

  get online(): boolean {
    return this.#status === 'online';
  }

  /** Whether it has been up for long enough that others would be back, had the relay been away. */
  get steady(): boolean {
    return this.online && this.#world.clock.now() >= this.#unsteadyUntil;
  }

  get address(): string | undefined {
    return this.#welcome && addressOf(this.#welcome.peer, this.#welcome.device);
  }

  /** The ICE servers that the relay handed out last. */
  get iceServers(): readonly IceServer[] {
    return this.#ice.servers;
  }

  /** Says, before the first connection, which device this page is, and by what right if it was one before. */
  identify(device: string, former?: { readonly peer: string; readonly resume: string }): void {
    this.#device = device;
    this.#former = former;
  }

  /** Connects, and stays connected until `close`. */
  start(): void {
    if (!this.#socket && !this.#closed) void this.#connect();
  }

  /** Options for the next connection. A token that is new is used at once. */
  configure(options: ConnectionOptions): void {
    const { token, tokenSrc } = this.#options;
    this.#options = options;
    this.#unwanted = false;
    if (options.token === token && options.tokenSrc === tokenSrc) return;
    this.#losses.renew();
    this.#renewal.stop();
    if (!this.online) return this.#hasten();
    if (options.tokenSrc) void this.#renewal.now();
    else if (options.token) this.send({ type: 'token', token: options.token });
  }

  /** Sends, where there is a connection; returns whether there was. */
  send(message: PageMessage | CallMessage): boolean {
    if (!this.online) return false;
    const text = JSON.stringify(message);
    // It would close the connection, and would do so again each time that it is repeated.
    if (text.length * 3 > this.#welcome!.maxMessage && new TextEncoder().encode(text).length > this.#welcome!.maxMessage) {
      this.#complain('protocol', `A message of type ${message.type} is larger than the relay takes.`);
      return false;
    }
    this.#socket!.send(text);
    return true;
  }

  /** Says whether this page is in a call, and pings more often while it is. */
  setBusy(busy: boolean): void {
    if (this.#busy === busy) return;
    this.#busy = busy;
    this.send({ type: 'status', presence: busy ? 'busy' : 'online' });
    if (this.online) this.prove();
  }

  /**
   * Finds out now whether the connection still carries, and replaces it if not; connects at once if it waits to.
   *
   * @param done called once the relay has answered, however many connections that takes
   */
  prove(done?: () => void): void {
    if (done) this.#proofs.push(done);
    if (this.#closed || this.#stopPong) return;
    if (!this.online) return this.#hasten();
    this.#renewIce();
    this.send({ type: 'ping' });
    this.#stopTimer();
    this.#stopPong = this.#world.clock.after(PONG_WITHIN * 1000, () => this.#lost(this.#attempt, { code: 1006 }));
  }

  /** Connects at once, where it waits to. */
  #hasten(): void {
    if (this.#status === 'offline' && !this.#socket && !this.#unwanted && !this.#closed) void this.#connect();
  }

  /** Leaves the relay for good. May be called twice. */
  close(): void {
    this.#closed = true;
    this.#proofs = [];
    this.#drop(1000);
    this.#setStatus('offline');
  }

  /** Leaves the relay until `prove`: a page that is put aside would look as if it were there, for its browser keeps the connection. */
  rest(): void {
    // One that has not begun does so when the page knows who it is.
    if (this.#attempt === 0) return;
    this.#drop();
    this.#setStatus('offline');
  }

  /** Lets the connection go, and whatever it may still tell. Answers the number of the attempt that comes next. */
  #drop(code?: number): number {
    this.#stopTimers();
    this.#renewal.stop();
    this.#socket?.close(code);
    this.#socket = undefined;
    if (this.online) this.#unsteadyUntil = Infinity;
    return ++this.#attempt;
  }

  async #connect(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#stopTimers();
    this.#setStatus('connecting');
    if (attempt !== this.#attempt) return;
    let { token } = this.#options;
    this.#tried = token;
    if (this.#options.tokenSrc) {
      try {
        token = await fetchToken(this.#options.tokenSrc);
      } catch (noToken) {
        return this.#lost(attempt, { code: 1006, noToken: noToken as NoToken });
      }
      if (attempt !== this.#attempt) return;
    }
    this.#open(attempt, token);
  }

  #open(attempt: number, token: string | undefined): void {
    let socket: WebSocket;
    try {
      socket = this.#world.open(this.#options.relay, SUBPROTOCOL);
    } catch (cause) {
      this.#complain('relay-unreachable', 'The browser would not open a connection to the relay.', cause);
      return this.#lost(attempt, { code: 1006 });
    }
    this.#socket = socket;
    this.#stopTimer = this.#world.clock.after(WELCOME_WITHIN, () => this.#lost(attempt, { code: 1006 }));
    socket.onopen = () => socket.send(JSON.stringify(this.#hello(token)));
    socket.onmessage = ({ data }) => attempt === this.#attempt && this.#hear(data as unknown);
    socket.onclose = (close) => this.#lost(attempt, close);
  }

  #hello(token: string | undefined): PageMessage {
    const { me, displayName } = this.#options;
    const { peer = me, resume } = this.#former ?? {};
    return {
      type: 'hello',
      device: this.#device,
      ...(peer !== undefined && { peer }),
      ...(displayName && { name: [...displayName].slice(0, 64).join('') }),
      ...(token !== undefined && { token }),
      ...(resume !== undefined && { resume }),
    };
  }

  #hear(data: unknown): void {
    const { message, refusal } = typeof data === 'string' ? parseFromRelay(data) : { refusal: { message: 'The message is not text.' } };
    if (!message) {
      if (!this.#complained) this.#complain('protocol', `The relay sent something that is not of the protocol. ${refusal.message}`);
      this.#complained = true;
      return;
    }
    if (message.type === 'welcome') return this.#welcomed(message);
    if (!this.online) return;
    if (isCallMessage(message)) return this.#listener.call(message);
    if (message.type === 'ice-servers') this.#keepIce(message);
    if (message.type === 'pong') return this.#beat();
    if (message.type === 'token') this.#tokenTaken(message);
    if (message.type === 'error' && message.re?.type === 'token') this.#tokenRefused(message.message);
    this.#listener.relay(message);
  }

  #welcomed(welcome: Extract<RelayMessage, { type: 'welcome' }>): void {
    if (this.online) return;
    this.#welcome = welcome;
    this.#former = welcome;
    this.#device = welcome.device;
    this.#losses.welcomed();
    this.#welcomedAt = this.#world.clock.now();
    this.#keepIce(welcome);
    this.#tokenTaken(welcome);
    this.#setStatus('online');
    // Whoever is told of a status may close the link there and then.
    if (this.#closed) return;
    if (this.#busy) this.send({ type: 'status', presence: 'busy' });
    this.#listener.welcome(welcome);
    this.#beat();
  }

  #tokenTaken({ tokenTtl }: { readonly tokenTtl?: number }): void {
    if (this.#options.tokenSrc) this.#renewal.taken(tokenTtl);
  }

  /** The relay did not take a fresh token. The connection goes on with the last one, and where there is a source, so do attempts. */
  #tokenRefused(detail: string): void {
    if (this.#options.tokenSrc) return this.#renewal.failed();
    this.#complain('unauthorized', detail);
  }

  #keepIce({ iceServers, iceTtl }: { iceServers: readonly IceServer[]; iceTtl: number }): void {
    this.#ice = { servers: iceServers, renewAt: iceTtl > 0 ? this.#world.clock.now() + iceTtl * 500 : Infinity };
  }

  /** Credentials for TURN are renewed at half their life. */
  #renewIce(): void {
    if (this.#world.clock.now() < this.#ice.renewAt) return;
    this.#ice.renewAt = Infinity;
    this.send({ type: 'ice-servers' });
  }

  /** The connection has just shown that it lives; the next proof is due after a while. */
  #beat(): void {
    this.#stopTimers();
    const seconds = this.#busy ? PING_EVERY_IN_CALL : (this.#welcome?.pingEvery ?? PING_EVERY_IN_CALL);
    this.#stopTimer = this.#world.clock.after(seconds * 1000, () => this.prove());
    for (const done of this.#proofs.splice(0)) done();
  }

  #lost(attempt: number, { code, noToken }: Pick<Ending, 'code' | 'noToken'>): void {
    if (attempt !== this.#attempt || this.#closed) return;
    const rest = this.#drop();
    const { clock, random, usual } = this.#world;
    const { relay, token, tokenSrc, me } = this.#options;
    const upFor = this.online ? clock.now() - this.#welcomedAt : undefined;
    let loss = this.#losses.add({ code, noToken, upFor, renewable: !!tokenSrc || token !== this.#tried, busy: this.#busy });
    if (!noToken && !this.online && isRefusal(loss) && this.#former && me === undefined) {
      // Perhaps somebody else has signed in since: then the token is good, and who this page was is not.
      this.#former = undefined;
      this.#losses.pardon();
      loss = { ...loss, renewable: true, refusals: 0 };
    }
    this.#unwanted = isFinal(loss);
    this.#setStatus('offline');
    const trouble = this.#losses.trouble(loss, relay, relay === usual, noToken);
    if (trouble) this.#listener.trouble(trouble);
    const wait = waitBeforeRetry(loss, random());
    if (wait !== null && rest === this.#attempt) this.#stopTimer = clock.after(wait, () => void this.#connect());
  }

  #complain(code: CallErrorCode, detail: string, cause?: unknown): void {
    this.#listener.trouble({ code, detail, cause });
  }

  #setStatus(status: RelayStatus): void {
    if (status === this.#status) return;
    const { clock } = this.#world;
    if (status === 'online' && this.#unsteadyUntil === Infinity) this.#unsteadyUntil = clock.now() + UNSTEADY_FOR;
    this.#status = status;
    this.#listener.status(status);
  }

  #stopTimers(): void {
    this.#stopTimer();
    this.#stopTimer = () => {};
    this.#stopPong?.();
    this.#stopPong = undefined;
  }
}
