import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

import { CLOSE, MAX_UNREAD_BYTES } from './protocol/index.js';

/** Longest reason that fits into a close frame, in bytes. */
const MAX_REASON = 123;

/** The connection to a page, as far as its session needs to know it. */
export interface Wire {
  /** Sends a text. Answers false when the page is gone, or has left too much unread. */
  send(text: string): boolean;
  /** Sends a ping of the WebSocket itself. */
  ping(): void;
  /** Answers a ping of the WebSocket itself. Answers false as `send` does. */
  pong(data: Buffer): boolean;
  /** Begins to close; what was sent before still arrives. */
  close(code: number, reason: string): void;
  /** Stops reading from the page, or goes on. */
  pause(): void;
  resume(): void;
}

/**
 * Writes together what is sent within one turn of the event loop: a system call for each frame is what a relay spends
 * most of its time on. Where only one frame was sent it leaves just as soon.
 */
export class Corks {
  readonly #corked = new Set<Duplex>();

  /** Holds back what is written to a socket until the end of this turn. */
  cork(socket: Duplex): void {
    if (this.#corked.has(socket)) return;
    if (this.#corked.size === 0) setImmediate(() => this.#release());
    this.#corked.add(socket);
    socket.cork();
  }

  /** Writes now what was held back for one socket. */
  uncork(socket: Duplex): void {
    if (this.#corked.delete(socket)) socket.uncork();
  }

  #release(): void {
    for (const socket of this.#corked) socket.uncork();
    this.#corked.clear();
  }
}

/** What `ws` calls the errors for which it ends a connection by itself, and the code that it says then. */
const CODES_OF_WS: readonly (readonly [RegExp, number])[] = [
  [/^WS_ERR_UNSUPPORTED_(?:MESSAGE|DATA_PAYLOAD)_LENGTH$/, CLOSE.tooLarge],
  [/^WS_ERR_TOO_MANY_BUFFERED_PARTS$/, CLOSE.policy],
  [/^WS_ERR_INVALID_UTF8$/, 1007],
  [/^WS_ERR_/, 1002],
];

/** The code with which a connection ends that has failed (RFC 6455 section 7.4.1); 1006 where nobody could say one. */
export function codeOfFailure({ code }: NodeJS.ErrnoException): number {
  return CODES_OF_WS.find(([pattern]) => pattern.test(code ?? ''))?.[1] ?? 1006;
}

/** A WebSocket on a socket that is corked. */
export class CorkedWire implements Wire {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #corks: Corks;

  constructor(webSocket: WebSocket, socket: Duplex, corks: Corks) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#corks = corks;
  }

  send(text: string): boolean {
    return this.#write(() => this.#webSocket.send(text));
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.ping();
  }

  pong(data: Buffer): boolean {
    return this.#write(() => this.#webSocket.pong(data));
  }

  close(code: number, reason: string): void {
    // A page that is not read from could not answer the end of its connection.
    this.#webSocket.resume();
    this.#webSocket.close(code, Buffer.byteLength(reason) <= MAX_REASON ? reason : '');
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  #write(frame: () => void): boolean {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return false;
    this.#corks.cork(this.#socket);
    frame();
    return this.#webSocket.bufferedAmount <= MAX_UNREAD_BYTES || this.#drained();
  }

  /** What was only held back by the cork was not left unread by the page. */
  #drained(): boolean {
    this.#corks.uncork(this.#socket);
    return this.#webSocket.bufferedAmount <= MAX_UNREAD_BYTES;
  }
}
