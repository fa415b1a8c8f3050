/** Whether a file is a picture that can be shown, by its bytes, whatever it is called. Pure. */
import { MAX_PICTURE_PIXELS } from './bounds.js';

const SIGNATURES: readonly (readonly [type: string, pattern: RegExp])[] = [
  // eslint-disable-next-line no-control-regex -- a PNG begins with them, so that it is never taken for text
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/**
 * The type of a picture that a browser shows without running anything in it; undefined for all else, and for one of so many pixels
 * that to draw it would take the page's memory.
 *
 * @param bytes the file, or its beginning
 */
export function pictureTypeOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  const type = SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
  if (!type) return undefined;
  const [width = 0, height = 0] = sizeOf(type, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)) ?? [];
  return width > 0 && height > 0 && width * height <= MAX_PICTURE_PIXELS ? type : undefined;
}

type Size = readonly [width: number, height: number];

/** Width and height as the file says; undefined where it breaks off before that. */
function sizeOf(type: string, file: DataView): Size | undefined {
  try {
    if (type === 'image/png') return [file.getUint32(16), file.getUint32(20)];
    if (type === 'image/gif') return sizeOfGif(file);
    return type === 'image/webp' ? sizeOfWebp(file) : sizeOfJpeg(file);
  } catch {
    return undefined;
  }
}

/** That of its screen or of its first frame, for which some browsers enlarge the screen (GIF89a). */
function sizeOfGif(file: DataView): Size {
  const number = (at: number): number => file.getUint16(at, true);
  const colours = file.getUint8(10);
  let at = 13 + (colours & 0x80 ? 6 << (colours & 7) : 0);
  // Extensions: each is a chain of blocks that say how long they are, the last one empty.
  while (file.getUint8(at) === 0x21) {
    for (at += 2; file.getUint8(at) > 0;) at += 1 + file.getUint8(at);
    at++;
  }
  return [Math.max(number(6), number(at + 1) + number(at + 5)), Math.max(number(8), number(at + 3) + number(at + 7))];
}

/** By the kind of its first chunk (RFC 9649): lossy, lossless, or extended. */
function sizeOfWebp(file: DataView): Size | undefined {
  const kind = String.fromCharCode(...[12, 13, 14, 15].map((at) => file.getUint8(at)));
  if (kind === 'VP8 ') return [file.getUint16(26, true) & 0x3fff, file.getUint16(28, true) & 0x3fff];
  const bits = file.getUint32(kind === 'VP8L' ? 21 : 24, true);
  if (kind === 'VP8L') return [(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1];
  return kind === 'VP8X' ? [(bits & 0xffffff) + 1, (file.getUint32(26, true) >>> 8) + 1] : undefined;
}

/** Walks over the segments (ITU-T T.81) to the first frame. */
function sizeOfJpeg(file: DataView): Size | undefined {
  for (let at = 2; ;) {
    if (file.getUint8(at) !== 0xff) return undefined;
    const marker = file.getUint8(at + 1);
    // Any number of them may stand between two segments.
    if (marker === 0xff) at++;
    // Start of a frame; three numbers of that range are tables.
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return [file.getUint16(at + 7), file.getUint16(at + 5)];
    // One that has no length is none of a file before its first frame: whoever writes it wants readers to disagree.
    else if (marker < 2 || (marker >= 0xd0 && marker <= 0xd9) || file.getUint16(at + 2) < 2) return undefined;
    else at += 2 + file.getUint16(at + 2);
  }
}
