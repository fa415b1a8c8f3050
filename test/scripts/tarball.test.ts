/** What `npm pack` would put into the package: what it should, nothing else, and all of one version. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { VERSION } from '../../components/version.js';
import { faultsIn } from '../../scripts/release/contents.mjs';
import { unreleased } from '../../scripts/release/changelog.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const parts = ['video-call.js', 'components', 'relay', 'custom-elements.json'];
const isBuilt = parts.every((part) => existsSync(`${root}dist/${part}`));

test(
  'The package holds what it should, and every file finds in it what it imports',
  { skip: isBuilt ? false : 'the package is not built; run `npm run build`' },
  async () => {
    const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      shell: process.platform === 'win32',
    });
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    assert.deepEqual(
      faultsIn(
        root,
        files.map(({ path }) => path),
      ),
      [],
    );
  },
);

test('The version is one and the same in package.json, the lock file and the elements', () => {
  const versionIn = (file: string) => (JSON.parse(readFileSync(root + file, 'utf8')) as { version: string }).version;
  assert.deepEqual([versionIn('package.json'), versionIn('package-lock.json')], [VERSION, VERSION]);
});

test('The changelog has a place for what comes next', () => {
  assert.notEqual(unreleased(readFileSync(`${root}CHANGELOG.md`, 'utf8')), undefined);
});
