/** How large a release is, beside the one before. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const ROWS = [
  ['entry', 'the script tag, before anything is pressed (brotli)'],
  ['call', 'with a whole call, as a browser loaded it (brotli)'],
  ['tarball', 'the tarball'],
  ['unpacked', 'the tarball, unpacked'],
  ['files', 'files in it'],
];

/**
 * Measures a package, in bytes.
 *
 * @param {string} folder the unpacked package
 * @param {{ size: number, unpackedSize: number, files: readonly unknown[] }} packed what npm says of the tarball
 * @param {number | undefined} call what a whole call has loaded, where a test has measured it
 */
export function measure(folder, packed, call) {
  const entry = brotliCompressSync(readFileSync(join(folder, 'dist/video-call.js'))).length;
  return { entry, ...(call !== undefined && { call }), tarball: packed.size, unpacked: packed.unpackedSize, files: packed.files.length };
}

/** The sizes as lines for people, with what has changed since the release before. */
export function sizeReport(now, before) {
  const number = (value) => value.toLocaleString('en');
  return ROWS.map(([key, what]) => {
    if (now[key] === undefined) return `  ${'not measured'.padStart(12)}  ${what}`;
    const change = before?.[key] === undefined ? '' : now[key] - before[key];
    const said = change === '' ? '' : change === 0 ? ' (as before)' : ` (${change > 0 ? '+' : '−'}${number(Math.abs(change))})`;
    return `  ${number(now[key]).padStart(12)}  ${what}${said}`;
  }).join('\n');
}
