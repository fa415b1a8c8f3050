/** What the package promises in package.json is there after a build, and importing it does nothing by itself. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const manifest = JSON.parse(read('package.json')) as {
  exports: Record<string, string | { types: string; import: string }>;
  bin: Record<string, string>;
  customElements: string;
};
const isBuilt = existsSync(fileURLToPath(new URL('dist/custom-elements.json', root)));
const skip = isBuilt ? false : 'the package is not built; run `npm run build`';

test('Every file that package.json names is there', { skip }, () => {
  const targets = Object.values(manifest.exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  for (const path of [...targets, ...Object.values(manifest.bin), manifest.customElements]) {
    assert.ok(existsSync(new URL(path, root)), `${path} is there`);
  }
});

test('The modules of the package can be imported in Node, and register nothing there', { skip }, async () => {
  for (const name of ['', '/button', '/panel', '/roster', '/history', '/relay', '/protocol']) await import(`video-call-elements${name}`);
  // Lit brings a registry for servers.
  for (const name of ['video-call-button', 'video-call-panel', 'video-call-roster', 'video-call-history'])
    assert.equal(customElements.get(name), undefined);
});

test('The modules leave Lit to the page, and the script-tag build brings it', { skip }, () => {
  assert.match(read('dist/components/video-call-button.js'), /from 'lit'/);
  assert.doesNotMatch(read('dist/video-call.js'), /(from|import)\s*"lit/);
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
