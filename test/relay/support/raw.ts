/** WebSockets as no library would speak them: frames with any bit set, and all that the relay answers. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { handshake } from './relay.js';

/** A frame of RFC 6455 section 5.2; what is left out is as a browser would have it. */
export interface Frame {
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  readonly fin?: boolean;
  /** The bits RSV1 to RSV3, as one number from 0 to 7. */
  readonly rsv?: number;
  readonly masked?: boolean;
  /** The length that the frame says it has, in 64 bits; its payload may have another. */
  readonly declared?: bigint;
}

/** A frame as bytes. */
export function frame({ opcode, payload = '', fin = true, rsv = 0, masked = true, declared }: Frame): Buffer {
  const data = Buffer.from(payload);
  const mask = masked ? Buffer.from([0x12, 0x34, 0x56, 0x78]) : undefined;
  const bit = masked ? 0x80 : 0;
  let length = Buffer.from([data.length | bit]);
  if (declared !== undefined || data.length > 0xffff) {
    length = Buffer.alloc(9, bit | 127);
    length.writeBigUInt64BE(declared ?? BigInt(data.length), 1);
  } else if (data.length > 125) {
    length = Buffer.from([bit | 126, data.length >> 8, data.length & 255]);
  }
  if (mask) for (let i = 0; i < data.length; i++) data[i]! ^= mask[i % 4]!;
  return Buffer.concat([Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode]), length, mask ?? Buffer.alloc(0), data]);
}

/** A text frame with a message. */
export const textFrame = (message: unknown): Buffer =>
  frame({ opcode: 1, payload: typeof message === 'string' ? message : JSON.stringify(message) });

/** A close frame with a code (RFC 6455 section 7.4) and a reason. */
export const closeFrame = (code: number, reason: string | Uint8Array = ''): Buffer =>
  frame({ opcode: 8, payload: Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]) });

/** How a connection ended: the code of the close frame, or `cut` where there was none. */
export type End = number | 'cut';

/** A socket that says what it is told to, and takes down what the relay says. */
export class RawPage {
  readonly socket: Socket;
  /** The first line of the answer to the handshake, once it has come. */
  status = '';
  /** All that came before the first frame. */
  head = '';
  /** Texts that came. */
  readonly texts: string[] = [];
  /** Payloads of pongs that came. */
  readonly pongs: Buffer[] = [];
  /** Resolves with the code of the relay's close frame, or when the connection is gone without one. */
  readonly told: Promise<End>;
  /** Resolves with the same when the connection is gone. */
  readonly ended: Promise<End>;
  #rest = Buffer.alloc(0);
  #code: End = 'cut';
  #wake = (): void => undefined;
  #tell!: (end: End) => void;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.told = new Promise((resolve) => (this.#tell = resolve));
    this.ended = new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve(this.#code);
        this.#tell(this.#code);
        this.#wake();
      });
    });
  }

  write(...bytes: (string | Uint8Array)[]): void {
    if (this.socket.writable) this.socket.write(Buffer.concat(bytes.map((each) => Buffer.from(each as Uint8Array))));
  }

  /** Writes, and waits until it has left this process or the connection is gone. */
  async flush(bytes: Uint8Array): Promise<void> {
    if (!this.socket.writable) return;
    if (!this.socket.write(bytes)) await Promise.race([new Promise((resolve) => this.socket.once('drain', resolve)), this.ended]);
  }

  /** Waits for the next text that is a message of this type. */
  async hears(type: string): Promise<Record<string, unknown>> {
    for (let at = 0; ;) {
      for (; at < this.texts.length; at++) {
        const message = JSON.parse(this.texts[at]!) as Record<string, unknown>;
        if (message['type'] === type) return message;
      }
      if (this.socket.destroyed) throw new Error(`The connection ended before "${type}" came: ${this.head}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (this.status === '') {
      const end = this.#rest.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.head = this.#rest.toString('latin1', 0, end + 4);
      this.status = this.head.slice(0, this.head.indexOf('\r\n'));
      this.#rest = this.#rest.subarray(end + 4);
    }
    if (!this.status.includes(' 101 ')) this.head += this.#rest.toString('latin1');
    else while (this.#next());
    this.#wake();
  }

  /** Takes a frame of the relay, which is never masked nor in fragments. */
  #next(): boolean {
    const rest = this.#rest;
    if (rest.length < 2) return false;
    const short = rest[1]! & 127;
    const [start, length] =
      short < 126
        ? [2, short]
        : rest.length < 10
          ? [10, Infinity]
          : short === 126
            ? [4, rest.readUInt16BE(2)]
            : [10, Number(rest.readBigUInt64BE(2))];
    if (rest.length < start + length) return false;
    const payload = rest.subarray(start, start + length);
    const opcode = rest[0]! & 15;
    if (opcode === 1) this.texts.push(payload.toString());
    else if (opcode === 10) this.pongs.push(Buffer.from(payload));
    else if (opcode === 8) this.#tell((this.#code = payload.length < 2 ? 1005 : payload.readUInt16BE(0)));
    this.#rest = rest.subarray(start + length);
    return true;
  }
}

/** Makes a WebSocket and says nothing more. */
export async function upgraded(port: number, fields: Readonly<Record<string, string>> = {}): Promise<RawPage> {
  const page = new RawPage(port);
  page.write(handshake('/ws', fields));
  await once(page.socket, 'data');
  return page;
}

/** Makes a WebSocket, and is welcomed. */
export async function welcomed(port: number, peer: string): Promise<RawPage> {
  const page = new RawPage(port);
  // One packet for all: the relay must not lose what comes with the handshake.
  page.write(handshake('/ws'), textFrame({ type: 'hello', peer, device: 'raw' }));
  await page.hears('welcome');
  return page;
}
