/** A relay that a test speaks for: it lets pages in, and says to them whatever it is told to, however wrong. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { MAX_MESSAGE_BYTES, SUBPROTOCOL } from '../../relay/protocol/index.js';

/** A message of a page, as it came. */
export type Said = Record<string, unknown> & { readonly type: string };

/** See the top of this file. */
export interface HostileRelay {
  /** For the `relay` attribute. */
  readonly url: string;
  /** The next connection of this peer, once its `hello` has come. */
  page(peer: string): Promise<HostilePage>;
  /** When this peer has said hello so far, in ms of this process. */
  hellos(peer: string): readonly number[];
  close(): Promise<void>;
}

/** What differs from a relay that lets pages in. */
export interface Manners {
  /** Whether it answers `hello` at all. */
  readonly welcomes?: boolean;
  /** Further fields of `welcome`. */
  readonly welcome?: Readonly<Record<string, unknown>>;
}

/** One page that a hostile relay has in its hands. */
export class HostilePage {
  /** Everything that the page has said, pings left out. */
  readonly said: Said[] = [];
  readonly #socket: WebSocket;
  #wake = (): void => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Says something, whatever it is: text and bytes as they are, anything else as JSON. */
  say(...messages: readonly unknown[]): void {
    for (const message of messages) {
      this.#socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
    }
  }

  /** Lets the page's panel ring, if it will; answers the id of the call. */
  invite(from: string, fields: Readonly<Record<string, unknown>> = {}): string {
    const call = randomUUID();
    this.say({ ...invitation(from, call), ...fields });
    return call;
  }

  /** Waits until the page has said this many messages with these fields, and answers them. */
  async hears(fields: Readonly<Record<string, unknown>>, count = 1, timeout = 10_000): Promise<Said[]> {
    const deadline = Date.now() + timeout;
    for (;;) {
      const found = this.said.filter((message) => Object.entries(fields).every(([name, value]) => message[name] === value));
      if (found.length >= count) return found;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`The page said ${found.length} of ${count} messages with ${JSON.stringify(fields)} within ${timeout} ms.`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, left).unref();
      });
    }
  }

  /**
   * Resolves when the page has taken in all that was said so far: whoever cancels a call that nobody knows gets an answer.
   * The page gives only so many a second, so it is asked until it does.
   */
  async settled(): Promise<void> {
    const call = randomUUID();
    const ask = (): void => this.say({ ...invitation('nobody/anywhere', call), type: 'cancel', reason: 'cancelled' });
    const asking = setInterval(ask, 300);
    try {
      ask();
      await this.hears({ type: 'ack', call });
    } finally {
      clearInterval(asking);
    }
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  /** @internal */
  keep(message: Said): void {
    this.said.push(message);
    this.#wake();
  }
}

const invitation = (from: string, call: string) => ({
  type: 'invite',
  from,
  to: 'victim',
  call,
  n: 1,
  ack: 0,
  media: 'video',
  expires: 60,
  gen: 0,
  description: { type: 'offer', sdp: 'v=0\r\n' },
});

const welcomeOf = (hello: Said) => ({
  type: 'welcome',
  peer: hello['peer'] ?? 'guest',
  device: hello['device'],
  resume: 'secret',
  iceServers: [],
  iceTtl: 0,
  pingEvery: 15,
  maxMessage: MAX_MESSAGE_BYTES,
  roster: false,
});

/** Starts one. */
export async function openHostileRelay({ welcomes = true, welcome = {} }: Manners = {}): Promise<HostileRelay> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: () => SUBPROTOCOL });
  const waiting = new Map<string, HostilePage[]>();
  const wanted = new Map<string, (page: HostilePage) => void>();
  const times = new Map<string, number[]>();

  function arrived(peer: string, page: HostilePage): void {
    times.set(peer, [...(times.get(peer) ?? []), performance.now()]);
    const take = wanted.get(peer);
    wanted.delete(peer);
    if (take) take(page);
    else waiting.set(peer, [...(waiting.get(peer) ?? []), page]);
  }

  sockets.on('connection', (socket) => {
    const page = new HostilePage(socket);
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as Said;
      if (message.type === 'ping') return page.say({ type: 'pong' });
      page.keep(message);
      if (message.type !== 'hello') return;
      if (welcomes) page.say({ ...welcomeOf(message), ...welcome });
      arrived(String(message['peer'] ?? ''), page);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    page: (peer) => {
      const page = waiting.get(peer)?.shift();
      return page ? Promise.resolve(page) : new Promise((resolve) => wanted.set(peer, resolve));
    },
    hellos: (peer) => times.get(peer) ?? [],
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
