/** What the file of a recording is called, and of which kind it is. Pure. */
import { withoutEdges } from '../chat/names.js';

/**
 * Kinds of files, the best first: MP4 with AAC plays on every machine; of the others VP8 takes the least work beside a call that encodes
 * and decodes already.
 */
const TYPES = [
  'video/mp4;codecs=avc1.42E01F,mp4a.40.2',
  'video/mp4;codecs=avc1.64001F,mp4a.40.2',
  'video/webm;codecs=vp8,opus',
  'video/webm;codecs=vp9,opus',
  'video/webm',
  'video/mp4',
];

/** The best kind of file that a browser writes; undefined where it writes none of them. */
export const bestType = (supports: (type: string) => boolean): string | undefined => TYPES.find(supports);

/** Characters that no file system likes, that hide the end of a name, or that are not to be seen. */
// eslint-disable-next-line no-control-regex -- those are what is looked for
const UNFIT = /[\u0000-\u001f\u007f-\u009f\\/:*?"<>|\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;
/** Most characters of the person's name in the name of a file. */
const LONGEST = 60;

/**
 * The name of a file: whose call, when it was (as the clock of this machine had it), and of which kind.
 *
 * @param at milliseconds since the epoch
 */
export function fileName(name: string, at: number, type: string): string {
  const plain = withoutEdges(name.replace(UNFIT, ' ').replace(/\s+/g, ' '));
  const who = withoutEdges([...plain].slice(0, LONGEST).join(''));
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const when = `${day} ${two(date.getHours())}.${two(date.getMinutes())}.${two(date.getSeconds())}`;
  return `${who ? `${who} ` : ''}${when}.${type.startsWith('video/mp4') ? 'mp4' : 'webm'}`;
}
