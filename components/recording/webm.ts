/** How long a WebM file is, written into it afterwards: a recorder does not know while it writes (RFC 8794, RFC 9559). Pure. */

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const DURATION = 0x4489;
const TIMESTAMP_SCALE = 0x2ad7b1;
const EBML = 0x1a45dfa3;
/** Longest beginning of a file in which the duration is looked for, in bytes. */
export const HEAD = 4096;

interface Element {
  readonly id: number;
  /** Where its size begins, where its content begins, and how long that is; Infinity for one that says that it does not know. */
  readonly sizeAt: number;
  readonly from: number;
  readonly size: number;
}

/**
 * The beginning of a file with its duration in it.
 *
 * @param head the first bytes of the file, at most `HEAD` of them
 * @param milliseconds how long it is
 * @returns the bytes to put in their place; the same ones where it is no WebM, where it says already, or cannot be told how
 */
export function withDuration(head: Uint8Array<ArrayBuffer>, milliseconds: number): Uint8Array<ArrayBuffer> {
  const info = find(head, INFO);
  if (!info || info.from + info.size > head.length) return head;
  const end = info.from + info.size;
  let scale = 1_000_000;
  for (let at = info.from; at < end;) {
    const child = read(head, at);
    if (!child || child.id === DURATION || child.size === Infinity) return head;
    if (child.id === TIMESTAMP_SCALE) scale = numberIn(head, child);
    at = child.from + child.size;
  }
  if (!(scale > 0)) return head;
  const duration = new Uint8Array(11);
  duration.set([0x44, 0x89, 0x88]);
  new DataView(duration.buffer).setFloat64(3, (milliseconds * 1_000_000) / scale);
  return join(head.slice(0, info.sizeAt), sizeOf(info.size + duration.length), head.slice(info.from, end), duration, head.slice(end));
}

/** The first element of this kind at the level of the segment's children. */
function find(bytes: Uint8Array, wanted: number): Element | undefined {
  for (let at = 0; at < bytes.length;) {
    const element = read(bytes, at);
    if (!element || (at === 0 && element.id !== EBML)) return undefined;
    if (element.id === wanted) return element;
    at = element.id === SEGMENT ? element.from : element.from + element.size;
  }
  return undefined;
}

function read(bytes: Uint8Array, at: number): Element | undefined {
  const idLength = lengthOf(bytes[at]);
  const sizeAt = at + idLength;
  const sizeLength = lengthOf(bytes[sizeAt]);
  const from = sizeAt + sizeLength;
  if (idLength > 4 || sizeLength > 8 || from > bytes.length) return undefined;
  let id = 0;
  for (let i = at; i < sizeAt; i++) id = id * 256 + bytes[i]!;
  let size = bytes[sizeAt]! & ((1 << (8 - sizeLength)) - 1);
  let unknown = size === (1 << (8 - sizeLength)) - 1;
  for (let i = sizeAt + 1; i < from; i++) {
    size = size * 256 + bytes[i]!;
    unknown &&= bytes[i] === 0xff;
  }
  return { id, sizeAt, from, size: unknown ? Infinity : size };
}

/** How many bytes a number takes whose first byte is this; 9 for one that begins none. */
const lengthOf = (first: number | undefined): number => (first ? Math.clz32(first) - 23 : 9);

const numberIn = (bytes: Uint8Array, { from, size }: Element): number =>
  bytes.slice(from, from + size).reduce((sum, byte) => sum * 256 + byte, 0);

/** A size in eight bytes. */
function sizeOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(4, size);
  bytes[0] = 1;
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
