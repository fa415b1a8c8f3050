/** Calls at the level of the protocol, without browsers: two scripts that signal over relays as two pages do. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { Outbox } from '../../../components/call/outbox.js';
import { SUBPROTOCOL, parseFromRelay } from '../../../relay/protocol/index.js';
import type { CallContent, CallMessage, StampedCallMessage } from '../../../relay/protocol/index.js';

/** A session description as long as that of a video call. */
const SDP = `v=0\r\n${'a=candidate:1 1 udp 2122260223 192.0.2.7 46154 typ host\r\n'.repeat(50)}`;

/** How long it takes until a message that was not acknowledged is looked at again, in milliseconds. */
const LOOK_EVERY = 250;

/** One script that is connected to a relay, and comes back when it is not. */
export class Client {
  readonly peer: string;
  readonly #url: string;
  readonly #calls = new Map<string, Side>();
  #socket: WebSocket | undefined;
  #resume: string | undefined;
  #closed = false;
  /** Messages that it has sent. */
  sent = 0;
  /** Changes of presence that it was told of. */
  told = 0;
  #joined: () => void = () => undefined;
  readonly joined = new Promise<void>((resolve) => (this.#joined = resolve));

  constructor(peer: string, url: string) {
    this.peer = peer;
    this.#url = url;
    this.#connect();
  }

  /** Watches addresses. */
  watch(addresses: readonly string[]): void {
    this.send({ type: 'watch', addresses });
  }

  send(message: unknown): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.sent++;
    this.#socket.send(JSON.stringify(message));
  }

  /** Takes part in a call. */
  take(call: string, side: Side): void {
    this.#calls.set(call, side);
  }

  /** Forgets a call. */
  drop(call: string): void {
    this.#calls.delete(call);
  }

  close(): void {
    this.#closed = true;
    this.#socket?.terminate();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    socket.on('open', () => this.send({ type: 'hello', peer: this.peer, device: 'd1', resume: this.#resume }));
    socket.on('message', (data) => this.#heard(String(data)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!this.#closed) setTimeout(() => this.#connect(), 250);
    });
  }

  #heard(text: string): void {
    const { message } = parseFromRelay(text);
    if (message?.type === 'welcome') {
      this.#resume = message.resume;
      this.#joined();
    } else if (message?.type === 'presence') this.told++;
    else if (message && 'from' in message) this.#calls.get(message.call)?.receive(message);
  }
}

/** One side of a call: what is not acknowledged is said again, as the protocol has it. */
class Side {
  readonly heard: CallContent[] = [];
  readonly #outbox: Outbox;
  readonly #client: Client;
  readonly #partner: string;
  readonly #timer: NodeJS.Timeout;
  readonly #onHeard: (content: CallContent) => void;
  /** Messages that were said again. */
  repeats = 0;

  constructor(client: Client, partner: string, call: string, onHeard: (content: CallContent) => void) {
    this.#client = client;
    this.#partner = `${partner}/d1`;
    this.#outbox = new Outbox(call);
    this.#onHeard = onHeard;
    client.take(call, this);
    this.#timer = setInterval(() => this.#again(), LOOK_EVERY);
  }

  say(content: CallContent): void {
    this.#client.send(this.#outbox.post(this.#partner, content, Date.now()));
  }

  receive(message: StampedCallMessage): void {
    const { deliver, owed } = this.#outbox.receive(message.from, message);
    for (const content of deliver) {
      this.heard.push(content);
      this.#onHeard(content);
    }
    if (owed) this.#client.send(this.#outbox.acknowledgement(message.from));
  }

  /** Whether all that was said has been acknowledged. */
  get settled(): boolean {
    return this.#outbox.settled;
  }

  end(call: string): void {
    clearInterval(this.#timer);
    this.#client.drop(call);
  }

  #again(): void {
    const due: CallMessage[] = this.#outbox.due(Date.now());
    this.repeats += due.length;
    for (const message of due) this.#client.send(message);
  }
}

/** What came of one call. */
export interface Outcome {
  /** Milliseconds from the invite to its arrival, and to the end of the whole exchange. */
  readonly rang: number;
  readonly whole: number;
  readonly repeats: number;
  /** Messages that were acknowledged and never heard, or not in order. */
  readonly lost: number;
}

const candidates = { type: 'candidates', candidates: [{ candidate: 'candidate:1 1 udp 1 192.0.2.7 46154 typ host' }], gen: 0 } as const;
const CALLER: readonly CallContent[] = [{ type: 'confirm' }, { type: 'media', microphone: true, camera: true, screen: false }, candidates];
/** Messages of one call that are to be acknowledged. */
export const MESSAGES_OF_A_CALL = 9;
const CALLEE: readonly CallContent[] = [candidates, { type: 'media', microphone: true, camera: true, screen: false }];

/** Signals a whole call of nine messages and their acknowledgements; resolves when both sides have nothing left to say or to hear. */
export function signalCall(alice: Client, bob: Client): Promise<Outcome> {
  const call = randomUUID();
  const started = performance.now();
  let rang = NaN;
  return new Promise((resolve) => {
    const caller = new Side(alice, bob.peer, call, (content) => {
      if (content.type !== 'accept') return;
      for (const each of CALLER) caller.say(each);
      caller.say({ type: 'hangup', reason: 'hung-up' });
    });
    const callee = new Side(bob, alice.peer, call, (content) => {
      if (content.type !== 'invite') return;
      rang = performance.now() - started;
      callee.say({ type: 'ringing', alert: 'sound' });
      callee.say({ type: 'accept', media: 'video', description: { type: 'answer', sdp: SDP }, gen: 0 });
      for (const each of CALLEE) callee.say(each);
    });
    caller.say({ type: 'invite', media: 'video', expires: 60, description: { type: 'offer', sdp: SDP }, gen: 0 });
    const timer = setInterval(() => {
      const over = callee.heard.at(-1)?.type === 'hangup';
      if (!over || !caller.settled || !callee.settled) return;
      clearInterval(timer);
      const lost = CALLER.length + 2 - callee.heard.length + (CALLEE.length + 2 - caller.heard.length);
      caller.end(call);
      callee.end(call);
      resolve({ rang, whole: performance.now() - started, repeats: caller.repeats + callee.repeats, lost });
    }, 10);
  });
}
