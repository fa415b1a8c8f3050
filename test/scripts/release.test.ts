/** `npm run release`: with a real git and a real npm, on a small package of its own. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { moveUnreleased } from '../../scripts/release/changelog.mjs';
import { faultsOf } from '../../scripts/release/contents.mjs';
import { sizeReport } from '../../scripts/release/sizes.mjs';
import { channelOf, nextVersion } from '../../scripts/release/version.mjs';

const exec = promisify(execFile);
const scripts = fileURLToPath(new URL('../../scripts/', import.meta.url));

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n### Calls\n\n- They ring.\n\n## [0.1.0] - 2026-01-02\n\n- The first.\n';

/** A package that is small, and has what every release needs. */
const FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: 'small',
    version: '0.1.0',
    type: 'module',
    exports: { '.': { types: './dist/components/small.d.ts', import: './dist/components/small.js' } },
    files: ['dist', 'CHANGELOG.md'],
    scripts: { build: 'node build.mjs', test: 'node test.mjs' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'small',
    version: '0.1.0',
    lockfileVersion: 3,
    packages: { '': { name: 'small', version: '0.1.0' } },
  }),
  LICENSE: 'MIT',
  'README.md': 'As /v0.1.0/video-call.js or small@0.1.0/dist/.',
  'CHANGELOG.md': CHANGELOG,
  '.gitignore': 'dist/\n.cache/\n',
  'components/version.ts': "export const VERSION = '0.1.0';\n",
  'scripts/release/sizes.json': '{}',
  'build.mjs': `
    import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    import { compress } from ${JSON.stringify(new URL('../../scripts/compressed.mjs', import.meta.url).href)};
    import { writeIntegrity } from ${JSON.stringify(new URL('../../scripts/integrity.mjs', import.meta.url).href)};
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    mkdirSync('dist/components', { recursive: true });
    const files = { 'video-call.js': 'console.warn(' + JSON.stringify(version) + ');', 'components/small.js': 'export {};', 'components/small.d.ts': 'export {};' };
    for (const [name, text] of Object.entries(files)) writeFileSync('dist/' + name, text);
    writeIntegrity('dist', version);
    await compress('dist');`,
  'test.mjs': `
    import { readFileSync, writeFileSync } from 'node:fs';
    writeFileSync(process.env.CALL_SIZES, '{ "call": 70000 }');
    if (readFileSync('README.md', 'utf8').includes('meddle')) writeFileSync('dist/components/small.js', 'export const other = 1;');`,
};

/** That package in a repository of its own, all of it committed. */
async function repository(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'video-call-small-'));
  t.after(() => rmSync(root, { recursive: true, force: true, maxRetries: 3 }));
  const git = async (...args: string[]): Promise<string> => (await exec('git', args, { cwd: root })).stdout.trim();
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = (path: string): string => readFileSync(join(root, path), 'utf8');
  for (const [path, text] of Object.entries(FILES)) write(path, text);
  await git('init', '--quiet', '--initial-branch=main');
  for (const [name, value] of [
    ['user.name', 'A tester'],
    ['user.email', 'tester@example.com'],
    ['commit.gpgsign', 'false'],
    ['tag.gpgsign', 'false'],
  ] as const)
    await git('config', name, value);
  const commit = async (): Promise<void> => {
    await git('add', '--all');
    await git('commit', '--quiet', '--message', 'test: something');
  };
  await commit();
  const release = (...args: string[]) =>
    exec(process.execPath, [join(scripts, 'release.mjs'), ...args], { cwd: root, env: { ...process.env, GITHUB_REPOSITORY: '' } }).then(
      ({ stdout }) => ({ ok: true, said: stdout }),
      (error: { stdout: string; stderr: string }) => ({ ok: false, said: error.stderr + error.stdout }),
    );
  return { root, git, write, read, commit, release };
}

test('A release has its version everywhere, its changes under it, a commit, a tag and the tarball that was tested', async (t) => {
  const { root, git, read, release } = await repository(t);
  const { ok, said } = await release('minor');
  assert.ok(ok, said);
  assert.equal((JSON.parse(read('package.json')) as { version: string }).version, '0.2.0');
  assert.equal((JSON.parse(read('package-lock.json')) as { packages: { '': { version: string } } }).packages[''].version, '0.2.0');
  assert.equal(read('components/version.ts'), "export const VERSION = '0.2.0';\n");
  assert.equal(read('README.md'), 'As /v0.2.0/video-call.js or small@0.2.0/dist/.');
  const day = new Date().toISOString().slice(0, 10);
  assert.ok(read('CHANGELOG.md').startsWith(`# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - ${day}\n\n### Calls\n\n- They ring.\n`));
  assert.equal(await git('status', '--porcelain'), '');
  assert.equal(await git('log', '-1', '--format=%s'), 'chore(release): 0.2.0');
  assert.equal(await git('describe', '--exact-match'), 'v0.2.0');
  assert.match(await git('tag', '--list', '--format=%(contents)', 'v0.2.0'), /### Calls\n\n- They ring\./);
  assert.ok(existsSync(join(root, '.cache/release/small-0.2.0.tgz')));
  const sizes = JSON.parse(read('scripts/release/sizes.json')) as Record<string, unknown>;
  assert.deepEqual([sizes.version, sizes.call, sizes.files], ['0.2.0', 70_000, 10]);
  assert.match(said, /git push origin main v0\.2\.0/);

  const verified = await release('verify', '--no-tests');
  assert.ok(verified.ok, verified.said);
  assert.equal(await git('status', '--porcelain'), '');
  assert.match((await release('minor')).said, /nothing under "## \[Unreleased\]"/);
});

test('A trial, tests that change what was packed, and a stray file leave the tree as it was', async (t) => {
  const { git, write, commit, release } = await repository(t);
  const before = await git('rev-parse', 'HEAD');
  const trial = await release('1.0.0', '--dry-run', '--no-tests');
  assert.ok(trial.ok, trial.said);
  assert.match(trial.said, /not measured\s+with a whole call/);
  assert.deepEqual([await git('rev-parse', 'HEAD'), await git('status', '--porcelain'), await git('tag')], [before, '', '']);

  const stray = `${FILES['build.mjs']}\nwriteFileSync('dist/secret.env', 'SECRET=1');`;
  for (const [path, text, why] of [
    ['README.md', 'meddle', /What was tested is not what was packed/],
    ['build.mjs', stray, /dist\/secret\.env has no place in the package/],
  ] as const) {
    write(path, text);
    await commit();
    const { ok, said } = await release('minor');
    assert.equal(ok, false);
    assert.match(said, why);
    assert.deepEqual([await git('status', '--porcelain'), await git('tag')], ['', ''], text);
  }
});

test('A tag that cannot be made leaves no commit behind', async (t) => {
  const { git, release } = await repository(t);
  // Where there is v0.2.0/a, git can make no v0.2.0.
  await git('tag', 'v0.2.0/a');
  const before = await git('rev-parse', 'HEAD');
  const { ok, said } = await release('minor', '--no-tests');
  assert.equal(ok, false);
  assert.match(said, /v0\.2\.0/);
  assert.deepEqual([await git('rev-parse', 'HEAD'), await git('status', '--porcelain'), await git('tag')], [before, '', 'v0.2.0/a']);
});

test('A release is refused, with what to do, where it would not be what everybody can see', async (t) => {
  const { git, write, release } = await repository(t);
  await git('tag', 'v0.1.0');
  const refused = async (why: RegExp, ...args: string[]): Promise<void> => {
    const { ok, said } = await release(...args);
    assert.equal(ok, false);
    assert.match(said, why);
  };
  await refused(/Version 0\.1\.0 has been released already/, '0.1.0');
  await refused(/0\.0\.9 is not greater than 0\.1\.0/, '0.0.9');
  await refused(/Say which version/);
  await refused(/--hasty is no option/, 'minor', '--hasty');
  await git('tag', '--delete', 'v0.1.0');
  await refused(/package\.json says 0\.1\.0, and this commit has no tag v0\.1\.0/, 'verify');
  write('notes.txt', 'Not committed.');
  await refused(/changes that are not committed:\n\?\? notes\.txt/, 'minor');
  rmSync(join(await git('rev-parse', '--show-toplevel'), 'notes.txt'));
  await git('switch', '--quiet', '--create', 'other');
  await refused(/made on the branch main, and this is other/, 'minor');
});

describe('The next version', () => {
  test('is a step from the present one, or one that is greater than every other', () => {
    assert.equal(nextVersion('patch', '0.1.0', ['0.1.0']), '0.1.1');
    assert.equal(nextVersion('major', '0.1.0', []), '1.0.0');
    assert.equal(nextVersion('0.1.0', '0.1.0', []), '0.1.0', 'the first one may be the one that package.json has had all along');
    assert.equal(nextVersion('1.0.0-beta.1', '0.9.0', ['0.9.0']), '1.0.0-beta.1');
    for (const bad of ['1.0', 'v1.0.0', 'next', '']) assert.throws(() => nextVersion(bad, '0.1.0', []), /Say which version/);
    assert.throws(() => nextVersion('0.3.0', '0.2.0', ['0.2.0', '0.10.0']), /not greater than 0\.10\.0/);
  });

  test('goes to those who ask for it, where it is a trial', () => {
    assert.deepEqual([channelOf('1.0.0'), channelOf('1.0.0-beta.1')], ['latest', 'next']);
  });
});

test('A changelog without the heading, or with that version, is no changelog for a release', () => {
  assert.throws(() => moveUnreleased('# Changelog\n', '1.0.0', '2026-01-01'), /no heading "## \[Unreleased\]"/);
  assert.throws(() => moveUnreleased(CHANGELOG, '0.1.0', '2026-01-01'), /a heading for 0\.1\.0 already/);
  assert.throws(() => moveUnreleased('## [Unreleased]\n\n### Calls\n', '1.0.0', '2026-01-01'), /nothing under/);
});

test('Sizes are told beside those of the release before', () => {
  const said = sizeReport({ entry: 7_700, tarball: 1_000, unpacked: 2_000, files: 3 }, { entry: 7_800, tarball: 900, unpacked: 2_000 });
  assert.match(said, /7,700 {2}the script tag.*\(−100\)\n.*not measured.*\n.*1,000 {2}the tarball \(\+100\)\n.*\(as before\)/);
});

test('A package may not import what it has not, nor lack what it promises', () => {
  const manifest = { name: 'small', version: '1.0.0', exports: { '.': './dist/components/a.js' }, dependencies: { lit: '^3.0.0' } };
  const files: Record<string, string> = {
    'package.json': JSON.stringify(manifest),
    'README.md': '',
    'CHANGELOG.md': '',
    'dist/components/b.js': "import 'lit'; import 'koa'; import 'node:fs'; export * from './gone.js'; void import('./late.js');",
    'dist/components/b.d.ts': "export type A = import('./types.js').A;",
    'dist/chunks/part-123456.js': 'import"lit";',
    'dist/integrity.json': JSON.stringify({ version: '0.9.0', files: { 'video-call.js': 'sha384-AA==' } }),
    'test/secret.test.ts': '',
  };
  assert.deepEqual(
    faultsOf(Object.keys(files), (path: string) => Buffer.from(files[path] ?? '')),
    [
      'test/secret.test.ts has no place in the package (scripts/release/contents.mjs).',
      'LICENSE is not in the package.',
      'dist/components/a.js is not in the package.',
      'dist/components/b.js imports koa, which is not among the dependencies of the package.',
      'dist/components/b.js imports ./gone.js, which is not in the package.',
      'dist/components/b.js imports ./late.js, which is not in the package.',
      'dist/components/b.d.ts imports ./types.js, which is not in the package.',
      'dist/chunks/part-123456.js imports lit: a page that loads it by a script tag has no packages.',
      'The widget was built as version 0.9.0, not as 1.0.0.',
      'dist/chunks/part-123456.js is not the file whose checksum is in dist/integrity.json.',
      'dist/video-call.js is not the file whose checksum is in dist/integrity.json.',
      'dist/chunks/part-123456.js.br is missing, or not that file compressed with brotli.',
    ],
  );
});
