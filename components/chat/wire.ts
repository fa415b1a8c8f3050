/** What travels on the lanes of the chat: words as JSON on `chat`, pieces of files as binary frames on `files`. Pure. */
import { CHUNK_BYTES, MAX_FILE_BYTES, MAX_FILE_NAME, MAX_TEXT_BYTES, MAX_WORD_CHARACTERS } from './bounds.js';

/** A message or an offer of a file: both are numbered 1, 2, 3 … by their sender, and acknowledged. */
export type Numbered =
  /** `at` is the sender's clock, in milliseconds since the epoch. */
  | { readonly type: 'text'; readonly id: number; readonly at: number; readonly text: string }
  /** `size` in bytes. */
  | { readonly type: 'file'; readonly id: number; readonly at: number; readonly name: string; readonly size: number };

/** Everything that is said on the lane `chat`. `id` is the number of a message or file. */
export type Word =
  | Numbered
  /** All up to this number has arrived. */
  | { readonly type: 'ack'; readonly id: number }
  /** The receiver wants the file, from this byte on. */
  | { readonly type: 'take'; readonly id: number; readonly from: number }
  /** The receiver has stored so many bytes of it. */
  | { readonly type: 'have'; readonly id: number; readonly to: number }
  /** The sender has sent all of it: the SHA-256 of the SHA-256 of its blocks, in hexadecimal. */
  | { readonly type: 'end'; readonly id: number; readonly digest: string }
  /** The receiver has all of it, and it is what was sent, or is not. */
  | { readonly type: 'got'; readonly id: number; readonly ok: boolean }
  /** The receiver does not want it, or no longer. */
  | { readonly type: 'refuse'; readonly id: number }
  /** The sender does not send it, or no longer. */
  | { readonly type: 'withdraw'; readonly id: number };

/** A piece of a file. */
export interface Chunk {
  readonly id: number;
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const MAX_ID = 0x7fffffff;
const HEAD = 8;

/**
 * Reads what arrived on the lane `chat`.
 *
 * @returns undefined for what is no word of the chat; `unknown` for a word of a later version, which is passed over
 */
export function readWord(data: unknown): Word | 'unknown' | undefined {
  if (typeof data !== 'string' || data.length > MAX_WORD_CHARACTERS) return undefined;
  let word: { readonly [field: string]: unknown } | null;
  try {
    word = JSON.parse(data) as typeof word;
  } catch {
    return undefined;
  }
  const { type, id, at, text, name, size, from, to, digest, ok } = word ?? {};
  if (typeof type !== 'string' || !isWhole(id, type === 'ack' ? 0 : 1, MAX_ID)) return undefined;
  switch (type) {
    case 'text':
      return isWhole(at) && typeof text === 'string' && isMessage(text) ? { type, id, at, text } : undefined;
    case 'file':
      return isWhole(at) && typeof name === 'string' && name.length <= 4 * MAX_FILE_NAME && isWhole(size, 1, MAX_FILE_BYTES)
        ? { type, id, at, name, size }
        : undefined;
    case 'take':
      return isWhole(from, 0, MAX_FILE_BYTES) ? { type, id, from } : undefined;
    case 'have':
      return isWhole(to, 0, MAX_FILE_BYTES) ? { type, id, to } : undefined;
    case 'end':
      return typeof digest === 'string' && /^[\da-f]{64}$/.test(digest) ? { type, id, digest } : undefined;
    case 'got':
      return typeof ok === 'boolean' ? { type, id, ok } : undefined;
    case 'ack':
    case 'refuse':
    case 'withdraw':
      return { type, id };
    default:
      return 'unknown';
  }
}

/** A frame of the lane `files`: number and offset, each 32 bits, big-endian, and up to 16 KiB of the file. */
export function frame(id: number, offset: number, bytes: Uint8Array): ArrayBuffer {
  const whole = new Uint8Array(HEAD + bytes.length);
  const head = new DataView(whole.buffer);
  head.setUint32(0, id);
  head.setUint32(4, offset);
  whole.set(bytes, HEAD);
  return whole.buffer;
}

/** Reads what arrived on the lane `files`; undefined for what is no frame. */
export function readFrame(data: unknown): Chunk | undefined {
  if (!(data instanceof ArrayBuffer) || data.byteLength <= HEAD || data.byteLength > HEAD + CHUNK_BYTES) return undefined;
  const head = new DataView(data);
  return { id: head.getUint32(0), offset: head.getUint32(4), bytes: new Uint8Array(data, HEAD) };
}

/** A message without what cannot be shown: control characters, and halves of characters. */
export const cleanText = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- those are what is taken out
  text.replace(/\r\n?/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f]|\p{Cs}/gu, '');

/** Whether a text is within the bounds of a message, and says anything. */
export const isMessage = (text: string): boolean => cleanText(text).trim() !== '' && bytesOf(text) <= MAX_TEXT_BYTES;

/** How long a text is in bytes of UTF-8. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

const isWhole = (value: unknown, least = 0, most = Number.MAX_SAFE_INTEGER): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
