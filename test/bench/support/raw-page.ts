/**
 * A page that costs next to nothing, so that a bench measures the relay and not its visitors: a socket, frames that were
 * made beforehand (RFC 6455), and of what comes only the count.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { SUBPROTOCOL } from '../../../relay/protocol/index.js';

/** A text frame of a client, with a mask of zeros. */
export function frameOf(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  const long = payload.length > 125;
  const head = Buffer.alloc(long ? 8 : 6);
  head[0] = 0x81;
  head[1] = 0x80 | (long ? 126 : payload.length);
  if (long) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** Counts the frames of a server in what comes, however it is cut. */
export class FrameCounter {
  /** Bytes of the present frame that are still to come. */
  #left = 0;
  /** The beginning of a frame whose length is not there yet. */
  #head = Buffer.alloc(0);

  /** Takes what came; answers with the number of frames that ended in it. */
  take(chunk: Buffer): number {
    let [count, at] = [0, 0];
    while (at < chunk.length) {
      if (this.#left > 0) {
        const some = Math.min(this.#left, chunk.length - at);
        this.#left -= some;
        at += some;
        if (this.#left === 0) count++;
        continue;
      }
      const head = this.#head.length > 0 ? Buffer.concat([this.#head, chunk.subarray(at, at + 10)]) : chunk.subarray(at, at + 10);
      const whole = sizeOf(head);
      if (whole === undefined) {
        this.#head = Buffer.from(head);
        return count;
      }
      this.#left = whole - this.#head.length;
      this.#head = Buffer.alloc(0);
    }
    return count;
  }
}

/** Bytes of a frame with its header; undefined while that cannot be told. */
function sizeOf(head: Buffer): number | undefined {
  if (head.length < 2) return undefined;
  const length = head[1]! & 0x7f;
  if (length < 126) return 2 + length;
  if (length === 126) return head.length < 4 ? undefined : 4 + head.readUInt16BE(2);
  return head.length < 10 ? undefined : 10 + Number(head.readBigUInt64BE(2));
}

/** Such a page, after its welcome. */
export class RawPage {
  /** Told how many frames came. */
  onFrames: (count: number) => void = () => undefined;
  readonly #socket: Socket;
  readonly #counter = new FrameCounter();

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Connects to a server on this machine, and says hello. */
  static open(port: number, peer: string): Promise<RawPage> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const page = new RawPage(socket);
    socket.write(
      `GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    );
    return new Promise((resolve, reject) => {
      let begin = '';
      let upgraded = false;
      socket.on('error', reject).on('close', () => reject(new Error(`The connection of ${peer} ended: ${begin}`)));
      socket.on('data', (chunk: Buffer) => {
        if (upgraded) return page.#hear(chunk, () => resolve(page));
        begin += chunk.toString('latin1');
        const end = begin.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!begin.startsWith('HTTP/1.1 101')) return reject(new Error(begin));
        upgraded = true;
        socket.write(frameOf({ type: 'hello', peer, device: 'd' }));
        const rest = Buffer.from(begin.slice(end + 4), 'latin1');
        if (rest.length > 0) page.#hear(rest, () => resolve(page));
      });
    });
  }

  send(frames: Buffer): void {
    this.#socket.write(frames);
  }

  close(): void {
    this.#socket.destroy();
  }

  #welcomed = false;
  #hear(chunk: Buffer, welcomed: () => void): void {
    const count = this.#counter.take(chunk);
    if (count === 0) return;
    if (this.#welcomed) return this.onFrames(count);
    this.#welcomed = true;
    welcomed();
    if (count > 1) this.onFrames(count - 1);
  }
}
