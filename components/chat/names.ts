/** What a file is called, when somebody else says so. Pure. */
import { MAX_FILE_NAME } from './bounds.js';

/** Control characters, those that turn the writing direction, and those that nobody sees. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800]/gu;

/** Names that are no files on some machines, whatever their ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** A file's name without path, and without what could deceive whoever reads it; never empty. */
export function cleanName(name: string): string {
  const last = name.replace(UNSEEN, '').split(/[/\\]/).at(-1)!;
  const plain = withoutEdges(last.replace(/[<>:"|?*]/g, '_').replace(/\s+/g, ' ')).replace(RESERVED, '_$1');
  const letters = [...plain];
  if (letters.length <= MAX_FILE_NAME) return plain || 'file';
  const ending = [...endOf(plain)];
  return [...letters.slice(0, MAX_FILE_NAME - ending.length), ...ending].join('');
}

/** The end of a name that says what it is: from its last dot on, or its last letters where that is too far. */
export const endOf = (name: string): string => /\.[^.]{1,20}$/.exec(name)?.[0] ?? [...name].slice(-8).join('');

/** A text without blanks and dots at its ends. Not by a pattern, which would try each of many anew. */
export function withoutEdges(text: string): string {
  const isEdge = (at: number): boolean => /[\s.]/.test(text.charAt(at));
  let [start, end] = [0, text.length];
  while (start < end && isEdge(start)) start++;
  while (end > start && isEdge(end - 1)) end--;
  return text.slice(start, end);
}
