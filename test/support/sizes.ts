/** What a page has loaded of the widget, as it goes over the wire: each file compressed with brotli, as the relay serves it. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import type { Person } from './person.js';

/** The bytes of each of the widget's files that this page has loaded so far, by name, the largest first. */
export async function loadedBy(person: Person, origin: string): Promise<ReadonlyMap<string, number>> {
  const urls = await person.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  const paths = new Set(urls.filter((url) => url.startsWith(origin)).map((url) => new URL(url).pathname));
  const sizes = [...paths].map((path) => [path.slice(1), brotliCompressSync(readFileSync(`dist${path}`)).length] as const);
  return new Map(sizes.sort(([, one], [, other]) => other - one));
}

/** A list for people: `21.6 kB chunks/connected.js`, a file a line. */
export const listed = (sizes: ReadonlyMap<string, number>): string =>
  [...sizes].map(([path, bytes]) => `${(bytes / 1000).toFixed(1)} kB ${path.replace(/-[\w-]{6}(?=\.js$)/, '')}`).join('\n');

/** The sum of all. */
export const sumOf = (sizes: ReadonlyMap<string, number>): number => [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
