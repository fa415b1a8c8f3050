/** What the package promises in package.json is there after a build. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { TraceMap, eachMapping } from '@jridgewell/trace-mapping';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  exports: Record<string, string | { types: string; default: string }>;
  bin: Record<string, string>;
  customElements: string;
  'web-types': string;
};
const isBuilt = existsSync(fileURLToPath(new URL('dist/custom-elements.json', root)));
const skip = isBuilt ? false : 'the package is not built; run `npm run build`';

test('Every file that package.json names is there', { skip }, () => {
  const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  for (const path of [...targets, ...Object.values(manifest.bin), manifest.customElements, manifest['web-types']]) {
    assert.ok(existsSync(new URL(path, root)), `${path} is there`);
  }
});

test('The modules leave Lit to the page, and the script-tag build brings it', { skip }, () => {
  assert.match(read('dist/components/video-call-button.js'), /from 'lit'/);
  assert.doesNotMatch(read('dist/video-call.js'), /(from|import)\s*"lit/);
});

/** A script and whatever it loads, at once or later. */
function loadedBy(path: string, all = true, seen = new Map<string, string>()): Map<string, string> {
  const source = read(`dist/${path}`);
  seen.set(path, source);
  const imports = all ? /(?:from|import)\s*\(?\s*["']([^"']+\.js)["']/g : /(?:from|import)\s*["']([^"']+\.js)["']/g;
  for (const [, target] of source.matchAll(imports)) {
    const next = new URL(target!, `https://x/${path}`).pathname.slice(1);
    if (!seen.has(next)) loadedBy(next, all, seen);
  }
  return seen;
}

test('The headless client brings no element, no Lit and no panel, at once or later, and is small', { skip }, (t) => {
  for (const [path, source] of loadedBy('video-call-client.js')) assert.doesNotMatch(source, /customElements|lit\$|<div|part=/, path);
  const compressed = [...loadedBy('video-call-client.js', false).values()].map((source) => brotliCompressSync(source).length);
  const kilobytes = compressed.reduce((sum, bytes) => sum + bytes, 0) / 1000;
  t.diagnostic(`${kilobytes.toFixed(1)} kB by brotli at once`);
  assert.ok(kilobytes < 31, `${kilobytes} kB`);
});

test('A name in the script-tag build leads to the line of the source in which it stands', { skip }, (t) => {
  const chunks = readdirSync(new URL('dist/chunks/', root)).filter((name) => name.endsWith('.js'));
  let names = 0;
  const astray: string[] = [];
  for (const path of ['video-call.js', ...chunks.map((name) => `chunks/${name}`)]) {
    const map = new TraceMap(read(`dist/${path}.map`));
    const linesOf = new Map(map.sources.map((source, at) => [source, map.sourcesContent![at]!.split('\n')]));
    eachMapping(map, ({ name, source, originalLine }) => {
      if (!name || !source || source.includes('node_modules')) return;
      names += 1;
      if (!linesOf.get(source)![originalLine! - 1]?.includes(name)) astray.push(`${name} is not in line ${originalLine!} of ${source}`);
    });
  }
  t.diagnostic(`${astray.length} of ${names} astray`);
  assert.ok(names > 10_000, `${names} names`);
  // What the build itself writes stands in no line: fields that a constructor is given, and what a decorator was.
  assert.ok(astray.length < names / 100, astray.slice(0, 20).join('\n'));
});

test('The lock file names no host that packages came from', () => {
  assert.doesNotMatch(read('package-lock.json'), /"resolved"/);
});

const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { integrity?: string; link?: boolean; dev?: boolean; hasInstallScript?: boolean }>;
};
const locked = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link);

test('The lock file has a strong checksum for every package', () => {
  const weak = locked.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'));
  assert.deepEqual(
    weak.map(([path]) => path),
    [],
  );
});

test('No package that a relay needs runs a script when it is installed', () => {
  const scripted = locked.filter(([, { dev, hasInstallScript }]) => hasInstallScript && !dev);
  assert.deepEqual(
    scripted.map(([path]) => path),
    [],
  );
});
