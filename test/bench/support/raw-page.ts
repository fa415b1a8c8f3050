/**
 * A page that costs next to nothing, so that a bench measures the relay and not its visitors: a socket, frames that were
 * made beforehand (RFC 6455), and of what comes only the count, but for what would make the count worth nothing.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { SUBPROTOCOL } from '../../../relay/protocol/index.js';

/** Opcodes of RFC 6455, section 5.2. */
const OPCODE = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** A text frame of a client, with a mask of zeros. */
export const frameOf = (message: object): Buffer => masked(OPCODE.text, Buffer.from(JSON.stringify(message)));

/** A frame of a client, of at most 65,535 bytes. */
function masked(opcode: number, payload: Buffer): Buffer {
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** How a message of the relay begins that says that another one was not brought to anybody. */
const REFUSAL = /^\{"type":"(?:error|unreachable)"/;
/** Bytes of a message that must be there before it is looked at. */
const BEGINNING = 22;

const NOTHING = Buffer.alloc(0);

/** Counts the messages of a server in what comes, however it is cut, and hands over what is none. */
export class FrameCounter {
  /** Bytes of the present frame that are still to come. */
  #left = 0;
  /** Whether a message ends with it. */
  #counts = false;
  /** The beginning of a frame that cannot be judged yet. */
  #head = NOTHING;
  readonly #control: (opcode: number, payload: Buffer) => void;
  readonly #refused: (beginning: string) => void;

  /**
   * @param control told of each frame that is no part of a message
   * @param refused told how a message begins that is an error, or says that somebody was not reached; it is not counted
   */
  constructor(control: (opcode: number, payload: Buffer) => void, refused: (beginning: string) => void) {
    this.#control = control;
    this.#refused = refused;
  }

  /** Takes what came; answers with the number of messages that ended in it. */
  take(chunk: Buffer): number {
    const bytes = this.#head.length > 0 ? Buffer.concat([this.#head, chunk]) : chunk;
    this.#head = NOTHING;
    let [count, at] = [0, 0];
    while (at < bytes.length) {
      if (this.#left === 0 && !this.#begin(bytes, at)) {
        this.#head = Buffer.from(bytes.subarray(at));
        return count;
      }
      const some = Math.min(this.#left, bytes.length - at);
      this.#left -= some;
      at += some;
      if (this.#left === 0 && this.#counts) count++;
    }
    return count;
  }

  /** Looks at a frame that begins there; answers false while too little of it has come. */
  #begin(bytes: Buffer, at: number): boolean {
    const size = sizeOf(bytes, at);
    if (!size) return false;
    const [start, opcode] = [at + size.head, bytes[at]! & 0x0f];
    const isControl = opcode >= OPCODE.close;
    const wanted = isControl ? size.payload : Math.min(size.payload, BEGINNING);
    if (bytes.length < start + wanted) return false;
    this.#left = size.head + size.payload;
    this.#counts = !isControl && (bytes[at]! & 0x80) > 0;
    if (isControl) this.#control(opcode, bytes.subarray(start, start + wanted));
    else if (opcode === OPCODE.text && isRefusal(bytes, start, wanted)) {
      this.#counts = false;
      this.#refused(bytes.toString('latin1', start, Math.min(start + 300, bytes.length)));
    }
    return true;
  }
}

/** Whether a message says that another one was not taken. One byte tells for nearly all, so that counting stays cheap. */
function isRefusal(bytes: Buffer, start: number, length: number): boolean {
  const letter = bytes[start + '{"type":"'.length];
  return length === BEGINNING && (letter === 0x65 || letter === 0x75) && REFUSAL.test(bytes.toString('latin1', start, start + length));
}

/** Bytes of a frame's header and of what is in it; undefined while that cannot be told. */
function sizeOf(bytes: Buffer, at: number): { readonly head: number; readonly payload: number } | undefined {
  const there = bytes.length - at;
  if (there < 2) return undefined;
  const length = bytes[at + 1]! & 0x7f;
  if (length < 126) return { head: 2, payload: length };
  if (length === 126) return there < 4 ? undefined : { head: 4, payload: bytes.readUInt16BE(at + 2) };
  return there < 10 ? undefined : { head: 10, payload: Number(bytes.readBigUInt64BE(at + 2)) };
}

/**
 * What comes is read into one place for all pages: a buffer for each read would be work for the garbage collector, whose
 * pauses count as the server's.
 */
const READ = Buffer.alloc(65_536);

/**
 * Such a page, after its welcome. Whatever would falsify what is measured, an error or the end of the connection before
 * `close`, ends the bench as an exception that nobody catches.
 */
export class RawPage {
  /** Told how many messages came. */
  onFrames: (count: number) => void = () => undefined;
  readonly #socket: Socket;
  readonly #peer: string;
  readonly #counter = new FrameCounter(
    (opcode, payload) => this.#control(opcode, payload),
    (beginning) => this.#fail(`${this.#peer} was told: ${beginning}`),
  );
  #closed = false;
  /** Ends the wait for the welcome. */
  #opening: { readonly resolve: (page: RawPage) => void; readonly reject: (error: Error) => void } | undefined;

  private constructor(socket: Socket, peer: string) {
    this.#socket = socket;
    this.#peer = peer;
  }

  /** Connects to a server on this machine, and says hello. */
  static open(port: number, peer: string): Promise<RawPage> {
    let hear = (_chunk: Buffer): void => undefined;
    const onread = {
      buffer: READ,
      callback: (bytes: number): boolean => {
        hear(READ.subarray(0, bytes));
        return true;
      },
    };
    const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
    const page = new RawPage(socket, peer);
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    );
    let begin = '';
    let upgraded = false;
    socket.on('error', (error) => page.#fail(`The connection of ${peer} failed: ${error.message}`));
    socket.on('close', () => page.#fail(`The connection of ${peer} ended. ${begin}`));
    hear = (chunk) => {
      if (upgraded) return page.#hear(chunk);
      begin += chunk.toString('latin1');
      const end = begin.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (!begin.startsWith('HTTP/1.1 101')) return page.#fail(begin);
      upgraded = true;
      socket.write(frameOf({ type: 'hello', peer, device: 'd' }));
      page.#hear(Buffer.from(begin.slice(end + 4), 'latin1'));
      begin = '';
    };
    return new Promise((resolve, reject) => (page.#opening = { resolve, reject }));
  }

  send(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #hear(chunk: Buffer): void {
    let count = this.#counter.take(chunk);
    if (count > 0 && this.#opening) {
      count--;
      this.#opening.resolve(this);
      this.#opening = undefined;
    }
    if (count > 0) this.onFrames(count);
  }

  #control(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.ping) this.send(masked(OPCODE.pong, payload));
    if (opcode !== OPCODE.close) return;
    const code = payload.length < 2 ? 'no code' : payload.readUInt16BE(0);
    this.#fail(`The connection of ${this.#peer} was closed with ${code}: ${payload.subarray(2).toString()}`);
  }

  #fail(sentence: string): void {
    if (this.#closed) return;
    this.close();
    if (!this.#opening) throw new Error(sentence);
    this.#opening.reject(new Error(sentence));
  }
}
