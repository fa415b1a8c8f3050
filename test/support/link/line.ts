/** A link on virtual time, with sockets that do what the test says. */
import { Link } from '../../../components/link/link.js';
import type { CallTrouble } from '../../../components/call/errors.js';
import type { ConnectionOptions } from '../../../components/call/session.js';
import type { RelayMessage, StampedCallMessage } from '../../../relay/protocol/index.js';
import { VirtualTime } from '../model/time.js';

type Sent = Record<string, unknown> & { readonly type: string };

/** A WebSocket whose other end is the test. */
export class LineSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readonly sent: Sent[] = [];
  /** With which code the page closed it; null for none, undefined while it is open. */
  closed: number | null | undefined;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent);
  }

  close(code?: number): void {
    this.closed ??= code ?? null;
  }

  /** The relay takes the connection. */
  open(): this {
    this.onopen?.();
    return this;
  }

  /** The relay says something, as an object or as whatever else comes over the wire. */
  say(message: RelayMessage | StampedCallMessage | string | Uint8Array): void {
    this.onmessage?.({ data: typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message) });
  }

  /** The connection ends with a close code. */
  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  /** The types of what the page has sent since the last look. */
  take(): string[] {
    return this.sent.splice(0).map(({ type }) => type);
  }
}

/** What a relay says to a page that it lets in. */
export const welcome = (fields: Partial<Extract<RelayMessage, { type: 'welcome' }>> = {}): RelayMessage => ({
  type: 'welcome',
  peer: 'alice',
  device: 'a1',
  resume: 'secret',
  iceServers: [{ urls: ['stun:stun.example.com'] }],
  iceTtl: 3600,
  pingEvery: 15,
  maxMessage: 65536,
  roster: false,
  ...fields,
});

/** A link and everything that it told. */
export class Line {
  readonly time = new VirtualTime();
  readonly sockets: LineSocket[] = [];
  readonly statuses: string[] = [];
  readonly troubles: CallTrouble[] = [];
  readonly welcomed: { peer: string; device: string; resume: string }[] = [];
  readonly calls: StampedCallMessage[] = [];
  readonly relaySaid: RelayMessage[] = [];
  readonly link: Link;
  /** What chance gives. */
  random = 0.5;
  /** What the page does when it is told of a status. */
  onStatus: (status: string) => void = () => {};
  /** What opening a connection throws, if anything. */
  refusal: Error | undefined;
  readonly #opened: (() => void)[] = [];
  readonly #troubled: (() => void)[] = [];

  constructor(options: Partial<ConnectionOptions> = {}) {
    this.link = new Link(
      { relay: 'ws://relay.test/ws', me: 'alice', ...options },
      'a1',
      {
        status: (status) => {
          this.statuses.push(status);
          this.onStatus(status);
        },
        welcome: ({ peer, device, resume }) => this.welcomed.push({ peer, device, resume }),
        call: (message) => this.calls.push(message),
        relay: (message) => this.relaySaid.push(message),
        trouble: (trouble) => {
          this.troubles.push(trouble);
          for (const resolve of this.#troubled.splice(0)) resolve();
        },
      },
      {
        clock: this.time,
        random: () => this.random,
        open: (url, protocol) => this.#open(url, protocol),
      },
    );
  }

  /** The newest connection. */
  get socket(): LineSocket {
    return this.sockets.at(-1)!;
  }

  /** The codes of all troubles, in order. */
  get codes(): string[] {
    return this.troubles.map(({ code }) => code);
  }

  /** Connects, and is let in. */
  start(fields: Parameters<typeof welcome>[0] = {}): this {
    this.link.start();
    this.letIn(fields);
    return this;
  }

  /** The relay takes the newest connection and lets the page in. */
  letIn(fields: Parameters<typeof welcome>[0] = {}): void {
    this.socket.open();
    this.socket.say(welcome(fields));
  }

  /** Lets time run until the page tries again. */
  retry(): LineSocket {
    const before = this.sockets.length;
    while (this.sockets.length === before && this.time.waiting > 0) this.time.run(10);
    return this.socket;
  }

  /** Resolves when the person is told of a trouble. */
  async nextTrouble(): Promise<void> {
    await new Promise<void>((resolve) => this.#troubled.push(resolve));
  }

  /** Resolves with the next connection, for links that have to ask for a token first. */
  async nextSocket(): Promise<LineSocket> {
    await new Promise<void>((resolve) => this.#opened.push(resolve));
    return this.socket;
  }

  #open(url: string, protocol: string): WebSocket {
    if (this.refusal) throw this.refusal;
    this.sockets.push(new LineSocket(url, protocol));
    for (const resolve of this.#opened.splice(0)) resolve();
    return this.socket as unknown as WebSocket;
  }
}
