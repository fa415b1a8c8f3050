/**
 * Makes a release: version, changelog, build, tarball, tests, sizes, commit and tag. What is published is that tarball, byte for
 * byte; .github/workflows/release.yml makes and tests it once more, and publishes it with its provenance.
 *
 *   npm run release -- minor             or patch, major, or a version such as 1.2.3
 *   npm run release -- minor --dry-run   does all of it, and takes it back
 *   npm run release -- minor --no-tests  leaves the tests to that workflow, which publishes nothing that fails them
 *   npm run release -- verify            builds, checks and tests the tarball of a version that has its tag; the workflow runs this
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveUnreleased, unreleased } from './release/changelog.mjs';
import { faultsIn } from './release/contents.mjs';
import { endAll, pack, run } from './release/programs.mjs';
import { measure, sizeReport } from './release/sizes.mjs';
import { channelOf, nextVersion } from './release/version.mjs';

const root = process.cwd();
const BRANCH = 'main';
const SIZES = 'scripts/release/sizes.json';
/** What a release changes in the tree. */
const WRITTEN = ['package.json', 'package-lock.json', 'CHANGELOG.md', 'components/version.ts', SIZES];
const OPTIONS = ['--dry-run', '--no-tests'];
/** Texts that name the version in addresses. */
const texts = () => readdirSync(root).filter((name) => /^README.*\.md$/.test(name));

const git = (...args) => run('git', args, { cwd: root });
const read = (path) => readFileSync(join(root, path), 'utf8');
const write = (path, text) => writeFileSync(join(root, path), text);
const manifest = () => JSON.parse(read('package.json'));
const say = (text) => console.log(text);

/** Refuses a tree that is not the one that everybody else can see. */
async function checkTree() {
  const branch = await git('rev-parse', '--abbrev-ref', 'HEAD');
  if (branch !== BRANCH) throw new Error(`A release is made on the branch ${BRANCH}, and this is ${branch}. Run \`git switch ${BRANCH}\`.`);
  const changes = await git('status', '--porcelain');
  if (changes) throw new Error(`There are changes that are not committed:\n${changes}\nCommit them, or put them away, and try again.`);
}

async function releasedVersions() {
  const tags = await git('tag', '--list', 'v*');
  return tags
    .split('\n')
    .filter(Boolean)
    .map((tag) => tag.slice(1));
}

/** Writes the version into everything that has one, and gives the changelog its heading. */
async function writeVersion(version, changelog) {
  write('CHANGELOG.md', changelog);
  write('components/version.ts', read('components/version.ts').replace(/'[^']*'/, `'${version}'`));
  const { name, version: former } = manifest();
  for (const text of texts()) {
    write(text, read(text).replaceAll(`${name}@${former}/`, `${name}@${version}/`).replaceAll(`/v${former}/`, `/v${version}/`));
  }
  await run('npm', ['version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts'], { cwd: root });
}

/** Builds the package, packs it, holds it to its rules, and tests it; answers what npm says of the tarball, and the sizes. */
async function makeTarball({ tests }) {
  const folder = join(root, '.cache', 'release');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('npm', ['run', 'build'], { cwd: root, show: true });
  const packed = await pack(root, folder);
  const scratch = mkdtempSync(join(tmpdir(), 'video-call-release-'));
  try {
    await run('tar', ['-xzf', join(folder, packed.filename), '-C', scratch]);
    const unpacked = join(scratch, 'package');
    const faults = faultsIn(
      unpacked,
      packed.files.map(({ path }) => path),
    );
    if (faults.length > 0) throw new Error(`The package is not as it should be:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    say(`The tarball holds what it should: ${packed.files.length} files.`);
    const measured = join(scratch, 'call.json');
    if (tests) await testPackage(folder, packed, measured);
    const call = tests ? callSize(measured) : undefined;
    return { packed, path: join(folder, packed.filename), sizes: measure(unpacked, packed, call) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs the tests on what was packed: a tarball that is made after them must be the same. */
async function testPackage(folder, packed, measured) {
  await run('npm', ['test'], { cwd: root, show: true, env: { CALL_SIZES: measured } });
  const { integrity } = await pack(root, folder);
  if (integrity !== packed.integrity)
    throw new Error('What was tested is not what was packed: the tests, or somebody beside them, changed it.');
  say('The tests passed, on the very files that are in the tarball.');
}

function callSize(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).call;
  } catch {
    return undefined;
  }
}

function sizesBefore() {
  try {
    return JSON.parse(read(SIZES));
  } catch {
    return {};
  }
}

const hasRepository = () => Boolean(manifest().repository);

function nextSteps({ packed, path }, version) {
  const lacking = hasRepository()
    ? ''
    : '\nBefore that, package.json needs "repository": npm takes a provenance only where it names the repository that it comes from.';
  return `
Tarball: ${path}
         ${packed.integrity}

Look at it with \`git show v${version}\`. To publish it, with its provenance, by .github/workflows/release.yml:

  git push origin ${BRANCH} v${version}
${lacking}
By hand, from a workflow of your own that npm trusts: npm publish ${path} --provenance --access public --tag ${channelOf(version)}
To take it back while nothing is pushed: git tag --delete v${version} && git reset --hard HEAD~1`;
}

async function release(asked, { dryRun, tests }) {
  await checkTree();
  const version = nextVersion(asked, manifest().version, await releasedVersions());
  const notes = unreleased(read('CHANGELOG.md'));
  const changelog = moveUnreleased(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10));
  const before = sizesBefore();
  let committed = false;
  let done = false;
  // Ctrl+C, and whoever's patience is over, ends what runs at the time; what was written is taken back before this program ends, too.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => (say('\nThe release is taken back.'), endAll()));
  try {
    await writeVersion(version, changelog);
    const made = await makeTarball({ tests });
    say(`\nSizes in bytes${before.version ? `, beside ${before.version}` : ''}:\n${sizeReport(made.sizes, before)}`);
    if (dryRun)
      return say(`\nVersion ${version} could be released: this was a trial, and nothing of it is left but the tarball, ${made.path}.`);
    write(SIZES, `${JSON.stringify({ version, ...made.sizes }, null, 2)}\n`);
    await git('add', '--', ...WRITTEN, ...texts());
    await git('commit', '--quiet', '--message', `chore(release): ${version}`);
    committed = true;
    // What begins with a hash is a heading of the changelog here, and no comment.
    await git('tag', '--annotate', '--cleanup=whitespace', `v${version}`, '--message', `Version ${version}\n\n${notes}`);
    done = true;
    say(nextSteps(made, version));
  } finally {
    if (!done) await takeBack(committed);
  }
}

/** Leaves what a release writes as it was. Whatever somebody has changed beside that meanwhile is theirs. */
async function takeBack(committed) {
  if (committed) await git('reset', '--quiet', '--soft', 'HEAD~1');
  const tracked = (await git('ls-files', '--', ...WRITTEN, ...texts())).split('\n');
  await git('reset', '--quiet', '--', ...tracked);
  await git('checkout', '--quiet', 'HEAD', '--', ...tracked);
}

/** The same for a version that is tagged, changing nothing: what is published has come through this. */
async function verify({ tests }) {
  const { version, repository } = manifest();
  const tags = (await git('tag', '--points-at', 'HEAD')).split('\n');
  if (!tags.includes(`v${version}`))
    throw new Error(`package.json says ${version}, and this commit has no tag v${version}. Check that tag out.`);
  const { GITHUB_REPOSITORY: home } = process.env;
  const named = typeof repository === 'string' ? repository : (repository?.url ?? '');
  if (home && !named.includes(home)) {
    throw new Error(
      `package.json must name ${home} as its "repository", or npm will not take the provenance. It says: ${named || 'nothing'}.`,
    );
  }
  const { packed, path, sizes } = await makeTarball({ tests });
  say(
    `\nSizes in bytes:\n${sizeReport(sizes, undefined)}\n\nTarball: ${path}\n         ${packed.integrity}\nChannel: ${channelOf(version)}`,
  );
}

async function main(args) {
  const unknown = args.find((arg) => arg.startsWith('--') && !OPTIONS.includes(arg));
  if (unknown) throw new Error(`${unknown} is no option. The options are ${OPTIONS.join(' and ')}.`);
  const [asked, ...more] = args.filter((arg) => !arg.startsWith('--'));
  if (more.length > 0) throw new Error(`One version at a time: ${asked}, or ${more.join(', or ')}?`);
  const wishes = { dryRun: args.includes('--dry-run'), tests: !args.includes('--no-tests') };
  return asked === 'verify' ? verify(wishes) : release(asked, wishes);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
