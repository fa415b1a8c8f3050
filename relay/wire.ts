import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

import type { Backlog, Reader } from './backlog.js';
import type { Corked, Corks } from './corks.js';
import { frameOf, latin1FrameOf } from './frames.js';
import { CLOSE, MAX_UNREAD_BYTES } from './protocol/index.js';

/** Longest reason that fits into a close frame, in bytes. */
const MAX_REASON = 123;

/** The connection to a page, as far as its session needs to know it. */
export interface Wire {
  /** Sends a text. Answers false when the page is gone, or has left too much unread. */
  send(text: string): boolean;
  /** Sends a ping of the WebSocket itself. */
  ping(): void;
  /**
   * Answers a ping of the WebSocket itself; of those that come within one turn of the event loop the last one
   * (RFC 6455 section 5.5.3). Answers false as `send` does.
   */
  pong(data: Buffer): boolean;
  /** Begins to close; what was sent before still arrives. */
  close(code: number, reason: string): void;
  /** Ends the connection at once, with what waits for it. */
  cut(): void;
  /** Stops reading from the page, or goes on. */
  pause(): void;
  resume(): void;
}

/** How many times the bytes that a page may leave unread can be written to it over TLS within one turn. */
const TLS_TURN = 16;

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

/**
 * A WebSocket that says so before it writes its close frame, whoever wants that: `ws` closes by itself in answer to a page
 * that closes, and where one breaks the protocol, and no data may follow then (RFC 6455 section 5.5.1).
 */
export class PageSocket extends WebSocket {
  /** Who is told. */
  ending: { beforeClose(): void } | undefined;

  override close(code?: number, data?: string | Buffer): void {
    this.ending?.beforeClose();
    super.close(code, data);
  }
}

/** What all connections of a relay share. */
export interface Shared {
  readonly corks: Corks;
  readonly backlog: Backlog;
}

/**
 * Most bytes that are gathered, but for a text that is longer by itself. A string of up to so many Node encodes on the
 * stack, tries to write at once, and copies only what is left over.
 */
const MAX_GATHERED = 16 * 1024;

/**
 * A WebSocket on a socket that is corked. Texts of one run are gathered besides, as one string: no buffer has to be made
 * for each of them, nor taken away again. What is gathered never outlives the run, and is written before anything else.
 */
export class CorkedWire implements Wire, Reader, Corked {
  readonly #webSocket: PageSocket;
  readonly #socket: Duplex;
  readonly #shared: Shared;
  readonly #overrun: () => void;
  /** The data of the ping that is answered at the end of this turn. */
  #ping: Buffer | undefined;
  /** Frames that are gathered, a character for each byte. */
  #gathered = '';
  #corked = false;
  #gone = false;
  /** The turn in which something was written last, and what waited before that. */
  #turn = -1;
  #left = 0;

  /** @param overrun told when this page must go because all together have left too much unread */
  constructor(webSocket: PageSocket, socket: Duplex, shared: Shared, overrun: () => void) {
    this.#webSocket = webSocket;
    webSocket.ending = this;
    this.#socket = socket;
    this.#shared = shared;
    this.#overrun = overrun;
  }

  send(text: string): boolean {
    if (!this.#cork()) return false;
    const frame = this.#mayGather ? latin1FrameOf(text) : undefined;
    if (frame === undefined) {
      this.#writeGathered();
      this.#socket.write(frameOf(text, this.#left > 0));
    } else this.#gather(frame);
    return this.#isRead();
  }

  ping(): void {
    this.#writeGathered();
    if (this.#isOpen) this.#webSocket.ping();
  }

  pong(data: Buffer): boolean {
    if (!this.#cork()) return false;
    this.#writeGathered();
    if (!this.#ping) this.#shared.corks.late(this);
    // A copy, for the data is part of all that was read together with it.
    this.#ping = Buffer.from(data);
    return this.#isRead();
  }

  close(code: number, reason: string): void {
    // A page that is not read from could not answer the end of its connection.
    this.#webSocket.resume();
    this.#webSocket.close(code, Buffer.byteLength(reason) <= MAX_REASON ? reason : '');
  }

  /** Writes what was sent before a close frame, which nothing may follow. */
  beforeClose(): void {
    this.#writeGathered();
  }

  cut(): void {
    this.#gathered = '';
    this.#webSocket.terminate();
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  get unread(): number {
    return this.#socket.writableLength + this.#gathered.length;
  }

  overrun(): void {
    this.#overrun();
  }

  /** Takes note that the connection is gone. */
  gone(): void {
    this.#gone = true;
    this.#shared.backlog.forget(this);
  }

  release(turnEnds: boolean): void {
    // The answer to a ping waits for the end of the turn, since only the last one counts; all else goes with it.
    if (!this.#corked || (this.#ping && !turnEnds)) return;
    this.#corked = false;
    this.#writeGathered();
    if (this.#ping) this.#webSocket.pong(this.#ping);
    this.#ping = undefined;
    this.#socket.uncork();
    if (!this.#gone) this.#shared.backlog.note(this);
  }

  get #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  /**
   * Only where nothing waits: a string that has to wait would be there twice. Nor beside the answer to a ping, which keeps
   * all else until the end of the turn: the page may end its connection before that.
   */
  get #mayGather(): boolean {
    return this.#left === 0 && !this.#ping;
  }

  #gather(frame: string): void {
    if (this.#gathered.length + frame.length > MAX_GATHERED) this.#writeGathered();
    this.#gathered += frame;
  }

  /**
   * Writes what is gathered to the socket, which is corked. Before a close frame that was done already; where the
   * connection ended without one meanwhile, nobody is there to read it, and the socket may take no more.
   */
  #writeGathered(): void {
    const gathered = this.#gathered;
    if (gathered === '') return;
    this.#gathered = '';
    if (this.#isOpen) this.#socket.write(gathered, 'latin1');
  }

  /** Holds back what is written until all is there; answers false when nothing can be written any more. */
  #cork(): boolean {
    if (!this.#isOpen) return false;
    const { turn } = this.#shared.corks;
    if (this.#turn !== turn) {
      this.#turn = turn;
      this.#left = this.#webSocket.bufferedAmount;
    }
    if (!this.#corked) {
      this.#corked = true;
      this.#shared.corks.soon(this);
      this.#socket.cork();
    }
    return true;
  }

  /** Whether the page reads. What was only held back by the cork was not left unread by it. */
  #isRead(): boolean {
    if (this.#webSocket.bufferedAmount + this.#gathered.length <= MAX_UNREAD_BYTES) return true;
    this.release(true);
    const waiting = this.#webSocket.bufferedAmount;
    if (waiting <= MAX_UNREAD_BYTES) return true;
    // Over TLS what is written in one turn counts as written in the next: it was not left unread by the page.
    return 'encrypted' in this.#socket && this.#left <= MAX_UNREAD_BYTES && waiting <= TLS_TURN * MAX_UNREAD_BYTES;
  }
}
