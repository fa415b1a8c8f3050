/** One connection to the relay that is looked at, word by word. Every wait has an end, which says what came instead. */
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';

import { SUBPROTOCOL } from '../protocol/index.js';
import { Failure } from './rule.js';

/** A message as it came. */
export type Heard = Readonly<Record<string, unknown>> & { readonly type: string };

/** How a connection ended. */
export interface Ended {
  readonly code: number;
  readonly reason: string;
}

/** Milliseconds in which a relay should have said what it says at once. */
export const SOON = 3000;

/** Most characters of what came that are shown. */
const SHOWN = 160;

const shorten = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

/** Whether a message has these fields; a function decides for its field. */
export function matches(message: Heard, fields: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(fields).every(([name, value]) =>
    typeof value === 'function' ? (value as (value: unknown) => boolean)(message[name]) : message[name] === value,
  );
}

/** See the top of this file. */
export class Visitor {
  /** What the relay said first; `none` before. */
  welcome: Heard = { type: 'none' };
  /** What nobody has asked for yet, in the order in which it came. */
  #heard: Heard[] = [];
  readonly #looks = new Set<() => void>();
  #ended: Ended | undefined;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.on('message', (data, binary) => this.#take(binary ? '' : (data as Buffer).toString()));
    socket.on('close', (code, reason) => {
      this.#ended = { code, reason: String(reason) };
      this.#wake();
    });
  }

  /** The address that `welcome` gave it. */
  get address(): string {
    return `${String(this.welcome['peer'])}/${String(this.welcome['device'])}`;
  }

  /** Says something: text and bytes as they are, anything else as JSON. */
  say(message: unknown): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  /** The next message with this type and these fields, which may have come already; what else came stays. */
  async hear(type: string, fields: Readonly<Record<string, unknown>> = {}, within = SOON): Promise<Heard> {
    const wanted = (message: Heard): boolean => message.type === type && matches(message, fields);
    const found = await this.#until(() => this.#heard.find(wanted), within, true);
    if (!found) throw new Failure(`no \`${type}\` as it should be within ${within / 1000} s, but ${this.#describe()}`);
    this.#heard = this.#heard.filter((message) => message !== found);
    return found;
  }

  /** How the connection ends. */
  async end(within = SOON): Promise<Ended> {
    const ended = await this.#until(() => this.#ended, within, false);
    if (!ended) throw new Failure(`no end of the connection within ${within / 1000} s, but ${this.#describe()}`);
    return ended;
  }

  /** Fails unless the connection ends with this code. */
  async endsWith(code: number, within = SOON): Promise<void> {
    const { code: came, reason } = await this.end(within);
    if (came !== code) throw new Failure(`the close code ${came}${reason && ` (${shorten(reason)})`}`);
  }

  /** Everything that came up to now and nobody asked for: a ping goes there and back, and what is older has come by then. */
  async drain(): Promise<readonly Heard[]> {
    this.say({ type: 'ping' });
    await this.hear('pong');
    return this.#heard.splice(0);
  }

  /** Waits for the time in which something must not come; ends early, with that message, where it does. */
  async unless(type: string, fields: Readonly<Record<string, unknown>>, milliseconds: number): Promise<Heard | undefined> {
    return this.#until(() => this.#heard.find((message) => message.type === type && matches(message, fields)), milliseconds, true);
  }

  /** Goes for good, as a page that means to. */
  leave(): void {
    this.socket.close(1000);
  }

  /** Is cut off, as by a network that is gone. */
  cut(): void {
    this.socket.terminate();
  }

  #take(text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      // Told like any other message that nobody expects.
    }
    const isMessage = typeof message === 'object' && message !== null && typeof (message as Heard).type === 'string';
    this.#heard.push(isMessage ? (message as Heard) : { type: '(no message of the protocol)' });
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#looks]) look();
  }

  #until<Found>(find: () => Found | undefined, within: number, open: boolean): Promise<Found | undefined> {
    return new Promise((resolve) => {
      const end = (found: Found | undefined): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
        resolve(found);
      };
      // Of a connection that is closed nothing more is to be heard.
      const look = (): void => {
        const found = find();
        if (found !== undefined || (open && this.#ended)) end(found);
      };
      const timer = setTimeout(() => end(undefined), within);
      this.#looks.add(look);
      look();
    });
  }

  #describe(): string {
    const came = this.#heard.map((message) => shorten(JSON.stringify(message))).slice(-3);
    const ended = this.#ended && `the end of the connection with ${this.#ended.code}`;
    return [...came, ...(ended ? [ended] : [])].join(', ') || 'nothing';
  }
}

/** How a connection was refused before it became a WebSocket: the status, or the error of the network. */
export class Refusal extends Error {
  constructor(
    readonly status: number | undefined,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Opens a connection with the protocol's subprotocol.
 *
 * @throws Refusal where the relay answers in plain HTTP, or cannot be reached
 */
export function openVisitor(url: URL, options: ClientOptions): Promise<Visitor> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false, handshakeTimeout: 2 * SOON, ...options });
    const visitor = new Visitor(socket);
    socket.once('open', () => resolve(visitor));
    socket.once('unexpected-response', (_request, response) => {
      reject(new Refusal(response.statusCode, `the relay refused the connection with the status ${response.statusCode}`));
      response.resume();
      socket.terminate();
    });
    socket.once('error', ({ message }) => reject(new Refusal(undefined, `no connection: ${message}`)));
  });
}
