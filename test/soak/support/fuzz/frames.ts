/** Frames of a WebSocket (RFC 6455 section 5.2), right ones and wrong ones. */

/** Codes of frames. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** What may be wrong, or only unusual, about a frame; left out, it is a whole text frame as a page sends it. */
export interface FrameForm {
  readonly opcode?: number;
  /** Whether it is the last of its message. */
  readonly fin?: boolean;
  /** The three reserved bits, 0 to 7. */
  readonly rsv?: number;
  /** Pages mask what they send. */
  readonly masked?: boolean;
  /** Bytes of the field for the length: 0, 2 or 8; the shortest that fits where it is left out. */
  readonly lengthBytes?: 0 | 2 | 8;
  /** The length that it claims, where that is not the true one. */
  readonly claims?: number;
}

const MASK = Buffer.from([0x5a, 0x0f, 0xc3, 0x99]);

/** The bytes of a frame from a page. */
export function frameOf(content: string | Buffer, form: FrameForm = {}): Buffer {
  const payload = Buffer.from(content as string);
  const { opcode = OPCODE.text, fin = true, rsv = 0, masked = true, claims = payload.length } = form;
  const lengthBytes = form.lengthBytes ?? (claims < 126 ? 0 : claims < 65_536 ? 2 : 8);
  const head = Buffer.alloc(2 + lengthBytes + (masked ? 4 : 0));
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? Math.min(claims, 125) : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) head.writeUInt16BE(claims & 0xffff, 2);
  if (lengthBytes === 8) head.writeBigUInt64BE(BigInt(claims), 2);
  if (!masked) return Buffer.concat([head, payload]);
  MASK.copy(head, head.length - 4);
  for (let at = 0; at < payload.length; at++) payload[at]! ^= MASK[at & 3]!;
  return Buffer.concat([head, payload]);
}

/** A message in several frames, with what may lie between them. */
export function fragmentsOf(content: string, count: number, between: readonly Buffer[] = []): Buffer {
  const whole = Buffer.from(content);
  const size = Math.max(Math.ceil(whole.length / count), 1);
  const parts: Buffer[] = [];
  for (let index = 0; index < count; index++) {
    const form = { opcode: index === 0 ? OPCODE.text : OPCODE.continuation, fin: index === count - 1 };
    parts.push(frameOf(whole.subarray(index * size, (index + 1) * size), form));
    const control = between[index];
    if (control && index < count - 1) parts.push(control);
  }
  return Buffer.concat(parts);
}

/** A frame that came from the relay. */
export interface Heard {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Cuts what comes from the relay into frames; it never masks and never fragments. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  /** Takes bytes, and answers with the frames that are whole now. */
  read(chunk: Buffer): Heard[] {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const heard: Heard[] = [];
    let at = 0;
    while (bytes.length - at >= 2) {
      const short = bytes[at + 1]! & 0x7f;
      const start = at + 2 + (short === 126 ? 2 : short === 127 ? 8 : 0);
      if (bytes.length < start) break;
      const length = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
      if (bytes.length < start + length) break;
      heard.push({ opcode: bytes[at]! & 0x0f, payload: bytes.subarray(start, start + length) });
      at = start + length;
    }
    this.#rest = Buffer.from(bytes.subarray(at));
    return heard;
  }
}
