/** A relay on a free port, and pages that talk to it as scripts do: word by word. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocket, type ClientOptions } from 'ws';

import type { Clock } from '../../../relay/clock.js';
import { createRelay } from '../../../relay/index.js';
import type { Relay, RelayAddress, RelayOptions } from '../../../relay/index.js';
import type { Log } from '../../../relay/log.js';
import { SUBPROTOCOL } from '../../../relay/protocol/index.js';

/** A message as it came over the wire. */
export type Heard = Record<string, unknown> & { readonly type: string };

/** A call ID for tests. */
export const CALL = '6ba7b810-9dad-4fd1-80b4-00c04fd430c8';

/** A log line: level, fields, message. */
export type Line = readonly [level: keyof Log, fields: Readonly<Record<string, unknown>>, message: string];

/** A log that keeps its lines. */
export function keepLog(): Log & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const write = (level: keyof Log) => (fields: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push([level, fields, message]);
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Time that stands still until a test moves it. */
export class StoppedClock implements Clock {
  #now = 1_000_000;
  readonly #repeats = new Set<{ readonly milliseconds: number; readonly run: () => void; next: number }>();

  now(): number {
    return this.#now;
  }

  date(): number {
    return 1_700_000_000_000 + this.#now;
  }

  every(milliseconds: number, run: () => void): () => void {
    const repeat = { milliseconds, run, next: this.#now + milliseconds };
    this.#repeats.add(repeat);
    return () => this.#repeats.delete(repeat);
  }

  /** Timers that run. */
  get timers(): number {
    return this.#repeats.size;
  }

  /** Lets seconds pass. */
  pass(seconds: number): void {
    const end = this.#now + seconds * 1000;
    while (this.#now < end) {
      this.#now = Math.min(end, ...[...this.#repeats].map(({ next }) => next));
      for (const repeat of this.#repeats) {
        if (repeat.next > this.#now) continue;
        repeat.next += repeat.milliseconds;
        repeat.run();
      }
    }
  }
}

/** A relay that listens, and how to reach it. */
export interface TestRelay {
  readonly relay: Relay;
  readonly address: RelayAddress;
  readonly clock: StoppedClock;
  readonly log: ReturnType<typeof keepLog>;
  /** Connects without a word. */
  connect(headers?: Readonly<Record<string, string>>, options?: ClientOptions): Promise<TestPage>;
  /** Connects and says hello; the answer is in `welcome`. */
  join(hello?: Readonly<Record<string, unknown>>, options?: ClientOptions): Promise<TestPage>;
}

/** Starts a relay, which ends with the test. */
export async function startRelay(t: TestContext, options: RelayOptions = {}): Promise<TestRelay> {
  const clock = new StoppedClock();
  const log = keepLog();
  const relay = createRelay({ port: 0, clock, log, stun: [], ...options });
  const address = await relay.listen();
  const sockets: WebSocket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.terminate();
    return relay.close();
  });

  const open = async (headers: Readonly<Record<string, string>> = {}, client: ClientOptions = {}) => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${address.port}${options.base ?? ''}/ws`, SUBPROTOCOL, { headers, ...client });
    sockets.push(webSocket);
    const page = new TestPage(webSocket);
    await once(webSocket, 'open');
    return page;
  };
  const join = async (hello: Readonly<Record<string, unknown>> = {}, client: ClientOptions = {}) => {
    const page = await open({}, client);
    page.say({ type: 'hello', device: 'd1', ...hello });
    page.welcome = await page.next('welcome');
    return page;
  };
  return { relay, address, clock, log, connect: open, join };
}

/** One page: what it hears waits until a test asks for it. */
export class TestPage {
  welcome: Heard = { type: 'none' };
  readonly #heard: Heard[] = [];
  #wake: (() => void) | undefined;
  readonly webSocket: WebSocket;
  /** Resolves with the code and the reason when the connection has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('error', () => undefined);
    webSocket.on('message', (data) => {
      this.#heard.push(JSON.parse(String(data)) as Heard);
      this.#wake?.();
    });
    this.closed = new Promise((resolve) => {
      webSocket.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake?.();
      });
    });
  }

  get address(): string {
    return `${String(this.welcome['peer'])}/${String(this.welcome['device'])}`;
  }

  say(message: unknown): void {
    this.webSocket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Says something to another page. */
  tell(to: string, content: Readonly<Record<string, unknown>> & { readonly type: string }): void {
    this.say({ to, call: CALL, n: 1, ack: 0, ...content });
  }

  invite(to: string): void {
    this.tell(to, { type: 'invite', media: 'video', expires: 60, description: { type: 'offer', sdp: 'v=0\r\n' }, gen: 0 });
  }

  /** The next message, which must be of this type. */
  async next(type: string): Promise<Heard> {
    const message = await this.#take(type);
    if (message.type !== type) throw new Error(`Expected "${type}", heard ${JSON.stringify(message)}`);
    return message;
  }

  /** The next message of this type that has these fields; what comes before it is passed over. */
  async until(type: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Heard> {
    for (;;) {
      const message = await this.#take(type);
      if (message.type === type && Object.entries(fields).every(([key, value]) => message[key] === value)) return message;
    }
  }

  /** Everything that came up to now: a ping goes there and back, and what is older has come by then. */
  async drain(): Promise<Heard[]> {
    this.say({ type: 'ping' });
    const all: Heard[] = [];
    for (;;) {
      while (this.#heard.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      const message = this.#heard.shift()!;
      if (message.type === 'pong') return all;
      all.push(message);
    }
  }

  async #take(type: string): Promise<Heard> {
    while (this.#heard.length === 0) {
      if (this.webSocket.readyState === WebSocket.CLOSED) throw new Error(`The connection ended before "${type}" came.`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#heard.shift()!;
  }

  /** Leaves; with 1000 for good, with 1001 as a reload does. */
  async leave(code: number): Promise<void> {
    this.webSocket.close(code);
    await this.closed;
  }
}

/** Connects a page to a relay wherever it runs, and says hello. */
export async function joinAt(t: TestContext, port: number, hello: Readonly<Record<string, unknown>> = {}): Promise<TestPage> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/ws`, SUBPROTOCOL);
  t.after(() => webSocket.terminate());
  const page = new TestPage(webSocket);
  await once(webSocket, 'open');
  page.say({ type: 'hello', device: 'd1', ...hello });
  page.welcome = await page.next('welcome');
  return page;
}

/** Sends bytes, and answers with the text that comes back until the other side ends it. */
export async function exchange(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  // A server takes the end of a request's connection for the wish not to hear its answer.
  if (!Buffer.from(bytes).includes('Connection: close')) socket.end();
  return readAll(socket);
}

/** A handshake as text; fields that are undefined are left out. */
export function handshake(path: string, fields: Readonly<Record<string, string | undefined>> = {}, method = 'GET'): string {
  const all = {
    Host: 'relay.test',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': SUBPROTOCOL,
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

async function readAll(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** Sends bytes, and answers with the first line that comes back; then hangs up. */
export async function statusOf(port: number, bytes: string): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(bytes);
  const [first] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(String(first))?.[1]);
}
