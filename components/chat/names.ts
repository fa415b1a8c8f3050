/** What a file is called and what it is, when somebody else says so. Pure. */
import { MAX_FILE_NAME } from './bounds.js';

/** Control characters, those that turn the writing direction, and those that nobody sees. */
const UNSEEN = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

/** A file's name without path, and without what could deceive whoever reads it; never empty. */
export function cleanName(name: string): string {
  const last = name.replace(UNSEEN, '').split(/[/\\]/).at(-1)!;
  const plain = withoutEdges(last.replace(/[<>:"|?*]/g, '_'));
  const letters = [...plain];
  if (letters.length <= MAX_FILE_NAME) return plain || 'file';
  const ending = [...(/\.[^.]{1,16}$/.exec(plain)?.[0] ?? '')];
  return [...letters.slice(0, MAX_FILE_NAME - ending.length), ...ending].join('');
}

/** Without blanks and dots at its ends. Not by a pattern, which would try each of many anew. */
function withoutEdges(text: string): string {
  const isEdge = (at: number): boolean => /[\s.]/.test(text.charAt(at));
  let [start, end] = [0, text.length];
  while (start < end && isEdge(start)) start++;
  while (end > start && isEdge(end - 1)) end--;
  return text.slice(start, end);
}

const SIGNATURES: readonly (readonly [type: string, pattern: RegExp])[] = [
  // eslint-disable-next-line no-control-regex -- a PNG begins with them, so that it is never taken for text
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/** The type of a picture that a browser shows without running anything in it, by its first bytes; undefined for all else. */
export function pictureTypeOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  return SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
}
