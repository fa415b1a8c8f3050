import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

import type { Backlog, Reader } from './backlog.js';
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

/** What can hold back what is written to it. */
interface Corked {
  /** Writes what was held back, if anything was; it may wait for the end of the turn where that has not come yet. */
  release(turnEnds: boolean): void;
}

/**
 * Writes together what is sent at once: a system call for each frame is what a relay spends most of its time on. A page
 * gets together what one read of some connection brought for it. To hold that back until the end of the turn as well
 * would save nothing where pages speak evenly, and cost: of many hundred messages that wait, none is in the cache any
 * more, and the garbage collector has moved them.
 */
export class Corks {
  /** Those to be released as soon as what runs now has ended. */
  #soon: Corked[] = [];
  /** Those to be released at the end of this turn of the event loop. */
  #late = new Set<Corked>();
  #streams = new Set<Duplex>();
  readonly #released: () => void;
  readonly #releaseSoon = (): void => this.#endRun();
  readonly #releaseLate = (): void => this.#endTurn();
  #armed = false;
  #turn = 0;

  /** @param released told at the end of each turn in which something was held back, after it was written */
  constructor(released: () => void = () => undefined) {
    this.#released = released;
  }

  /** How many turns have ended in which anything was written. */
  get turn(): number {
    return this.#turn;
  }

  /** Releases one as soon as what runs now, such as a read with all its frames, has ended. */
  soon(corked: Corked): void {
    this.#arm();
    if (this.#soon.push(corked) === 1) process.nextTick(this.#releaseSoon);
  }

  /** Releases one at the end of this turn. */
  late(corked: Corked): void {
    this.#arm();
    this.#late.add(corked);
  }

  /** Holds back what is written to a stream until the end of this turn. */
  cork(stream: Duplex): void {
    if (this.#streams.has(stream)) return;
    this.#streams.add(stream);
    stream.cork();
    this.#arm();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(this.#releaseLate);
  }

  #endRun(): void {
    const corked = this.#soon;
    this.#soon = [];
    for (const each of corked) each.release(false);
  }

  #endTurn(): void {
    this.#armed = false;
    this.#turn++;
    this.#releaseAll();
    this.#released();
  }

  /**
   * Sets in which nothing waits are left alone, and others replaced. V8 gives a set that is cleared a new table, and where
   * the set is old one among the old: tens of megabytes in ten busy seconds that only a full collection takes away.
   */
  #releaseAll(): void {
    if (this.#late.size > 0) {
      const late = this.#late;
      this.#late = new Set();
      for (const each of late) each.release(true);
    }
    if (this.#streams.size > 0) {
      const streams = this.#streams;
      this.#streams = new Set();
      for (const stream of streams) stream.uncork();
    }
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

/** Payloads of up to so many bytes have their length in the second byte of a frame, or in the two after it. */
const SHORT = 125;
const MEDIUM = 65_535;

/**
 * A text as a whole frame of a server (RFC 6455 section 5.2), in one piece: `ws` hands head and text over apart, and Node
 * and the system take longer over two pieces, one of them a string, than over one of bytes. A string that has to wait is there twice besides.
 *
 * @param waits whether it will have to wait: a small buffer is a part of a larger one that others share, and would keep all of it meanwhile
 */
function frameOf(text: string, waits: boolean): Buffer {
  const length = Buffer.byteLength(text);
  const head = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const frame = waits ? Buffer.allocUnsafeSlow(head + length) : Buffer.allocUnsafe(head + length);
  frame[0] = 0x81;
  frame[1] = head === 2 ? length : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, head);
  return frame;
}

/** What all connections of a relay share. */
export interface Shared {
  readonly corks: Corks;
  readonly backlog: Backlog;
}

/** A WebSocket on a socket that is corked. */
export class CorkedWire implements Wire, Reader, Corked {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #shared: Shared;
  readonly #overrun: () => void;
  /** The data of the ping that is answered at the end of this turn. */
  #ping: Buffer | undefined;
  #corked = false;
  #gone = false;
  /** The turn in which something was written last, and what waited before that. */
  #turn = -1;
  #left = 0;

  /** @param overrun told when this page must go because all together have left too much unread */
  constructor(webSocket: WebSocket, socket: Duplex, shared: Shared, overrun: () => void) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#shared = shared;
    this.#overrun = overrun;
  }

  send(text: string): boolean {
    if (!this.#cork()) return false;
    this.#socket.write(frameOf(text, this.#left > 0));
    return this.#isRead();
  }

  ping(): void {
    if (this.#isOpen) this.#webSocket.ping();
  }

  pong(data: Buffer): boolean {
    if (!this.#cork()) return false;
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

  cut(): void {
    this.#webSocket.terminate();
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  get unread(): number {
    return this.#socket.writableLength;
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
    if (this.#ping) this.#webSocket.pong(this.#ping);
    this.#ping = undefined;
    this.#socket.uncork();
    if (!this.#gone) this.#shared.backlog.note(this);
  }

  get #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
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
    if (this.#webSocket.bufferedAmount <= MAX_UNREAD_BYTES) return true;
    this.release(true);
    const waiting = this.#webSocket.bufferedAmount;
    if (waiting <= MAX_UNREAD_BYTES) return true;
    // Over TLS what is written in one turn counts as written in the next: it was not left unread by the page.
    return 'encrypted' in this.#socket && this.#left <= MAX_UNREAD_BYTES && waiting <= TLS_TURN * MAX_UNREAD_BYTES;
  }
}
