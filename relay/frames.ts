/** Payloads of up to so many bytes have their length in the second byte of a frame, or in the two after it. */
const SHORT = 125;
const MEDIUM = 65_535;

/** The first byte of a text that is whole. */
const TEXT = 0x81;
/** Second bytes that send a reader on to the length behind them. */
const IN_TWO = 126;
const IN_EIGHT = 127;

/**
 * A text as a whole frame of a server (RFC 6455 section 5.2), in one piece: `ws` hands head and text over apart, and Node
 * and the system take longer over two pieces, one of them a string, than over one of bytes. A string that has to wait is there twice besides.
 *
 * @param waits whether it will have to wait: a small buffer is a part of a larger one that others share, and would keep all of it meanwhile
 */
export function frameOf(text: string, waits: boolean): Buffer {
  const length = Buffer.byteLength(text);
  const head = length <= SHORT ? 2 : length <= MEDIUM ? 4 : 10;
  const frame = waits ? Buffer.allocUnsafeSlow(head + length) : Buffer.allocUnsafe(head + length);
  frame[0] = TEXT;
  frame[1] = head === 2 ? length : head === 4 ? IN_TWO : IN_EIGHT;
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(text, head);
  return frame;
}

/**
 * The same frame as a string with a character for each byte (latin1), to be joined with others: a few such frames are one
 * write, from the stack and without a buffer. Undefined for a text that is not plain ASCII, where bytes and characters
 * differ, and for one of more than 65,535 bytes.
 */
export function latin1FrameOf(text: string): string | undefined {
  const { length } = text;
  if (length > MEDIUM || Buffer.byteLength(text) !== length) return undefined;
  if (length <= SHORT) return String.fromCharCode(TEXT, length) + text;
  return String.fromCharCode(TEXT, IN_TWO, length >> 8, length & 0xff) + text;
}
