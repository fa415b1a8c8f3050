/**
 * `npm test`: makes sure of browsers while it builds and checks, runs every suite, and sums up.
 *
 *   node test/run.mjs                       everything
 *   node test/run.mjs unit                  one suite: check, unit, components or e2e
 *   node test/run.mjs long                  what waits for long or happens seldom: lost paths, devices, networks and relays; the rest between Chromium and Firefox; very many random calls
 *   node test/run.mjs package               the package in an empty project of each framework, which needs a registry, and its release
 *   node test/run.mjs soak                  what takes too long for every day: many calls, long cuts, with figures
 *   node test/run.mjs e2e outcomes races    of a suite, the files whose path contains one of the words
 *   node test/run.mjs e2e --relays=2        calls over two relays that are joined by a Redis, where a test does not say which
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildStale } from '../scripts/build.mjs';
import { findChromium, findCoturn, findFirefox, findRedis, findShell, makeSureOfRedis } from './support/browsers.mjs';
import { compileTests } from './support/compiled.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [only, ...words] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
/** What is no option of this program, though it looks like one. */
const unknown = process.argv.slice(2).find((arg) => arg.startsWith('--') && !/^--relays=[1-9]\d*$/.test(arg));
const relays = process.argv.find((arg) => arg.startsWith('--relays='))?.slice('--relays='.length);

// Browsers leave things behind in the temporary folder; ours is removed as a whole, however the run ends.
const scratch = mkdtempSync(join(tmpdir(), 'video-call-test-'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));

function testFiles(folder, ending, without) {
  const whole = join(root, folder);
  if (!existsSync(whole)) return [];
  return readdirSync(whole, { recursive: true })
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((path) => path.endsWith(ending) && !without?.test(path))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort();
}

/** Where a test file is once all are compiled, if they are: what is covered is counted by the sources themselves. */
let compiled;

const reporter = pathToFileURL(join(root, 'test', 'support', 'count-reporter.mjs')).href;
/** @param minutes after which a file that hangs is ended, and named as failed, so that the others still run */
const nodeTests = (files, results, atOnce, minutes = Infinity) => [
  ...(compiled ? ['--enable-source-maps'] : ['--import=tsx']),
  '--test',
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  `--test-reporter=${reporter}`,
  `--test-reporter-destination=${results}`,
  `--test-concurrency=${atOnce}`,
  ...(Number.isFinite(minutes) ? [`--test-timeout=${minutes * 60_000}`] : []),
  ...files.map((file) => compiled?.(file) ?? file),
];

/**
 * When the files of a suite run: first what needs no browser; then two lanes of about the same length beside each other; then those that
 * say how soon something happens, or suffer no gap, two at a time. More at a time makes a machine of two cores slower, and miss its moments.
 */
const LANES = [
  ['node', /^test\/(?!e2e\/).*\.test\.ts$/],
  [
    'waits',
    /e2e\/(survive|devices|tokens|turn|weak|quality|strict|chat|attention|records|documents|demo|headless|share|firefox|stage|roster)\./,
  ],
  ['punctual', /e2e\/(call|outcomes|races|https|early-ice)\./],
];
const laneOf = (file) => LANES.find(([, files]) => files.test(file))?.[0] ?? 'work';

/**
 * What waits for long, as a device that sleeps; what befalls paths, devices and relays seldom; what changes the network of the machine; and
 * chat and screens between Chromium and Firefox: `npm run test:long`, or by their name.
 */
const LONG = /e2e\/(sleep|vain|network|cut|cluster|bad-relay|lost-devices|lost-path|chat-cuts|share-firefox)\./;
/** What packs the package, installs it elsewhere or releases it: `npm run test:package`. */
const PACKAGED = /scripts\/(release|consumer)\./;

const SUITES = {
  check: { title: 'Check', minutes: 6, args: () => [join(root, 'scripts', 'check.mjs')] },
  unit: {
    title: 'Unit tests',
    minutes: 8,
    files: () => testFiles('test', '.test.ts', /^test\/(e2e|frameworks)\/|^test\/scripts\/(release|consumer)\./),
    args: (files, results) => nodeTests(files, results, 3, 4),
  },
  components: {
    title: 'Component tests',
    minutes: 5,
    needs: 'a browser',
    files: () => testFiles('test/components', '.wtr.ts'),
    args: () => [join(root, 'node_modules', '@web', 'test-runner', 'dist', 'bin.js')],
  },
  e2e: {
    title: 'End-to-end tests',
    minutes: 14,
    needs: 'a browser',
    files: () => testFiles('test/e2e', '.test.ts', words.length === 0 ? LONG : undefined),
    args: (files, results) => nodeTests(files, results, laneOf(files[0]) === 'punctual' ? 2 : 1, 5),
  },
  long: {
    title: 'What waits for long or happens seldom',
    minutes: 20,
    env: { AGREEMENT_RUNS: '20000' },
    needs: 'a browser',
    byName: true,
    files: () => [
      ...testFiles('test/e2e', '.test.ts').filter((file) => LONG.test(file)),
      ...testFiles('test/components/call', 'agreement.test.ts'),
    ],
    args: (files, results) => nodeTests(files, results, 1, 8),
  },
  package: {
    title: 'The package, installed and released',
    minutes: 10,
    needs: 'a browser',
    byName: true,
    files: () => [
      ...testFiles('test/frameworks', '.test.ts'),
      ...testFiles('test/scripts', '.test.ts').filter((file) => PACKAGED.test(file)),
    ],
    args: (files, results) => nodeTests(files, results, 1),
  },
  soak: {
    title: 'Soaks',
    env: { CAMERA_FPS: '20', MOTION: '1', PICTURES: 'usual' },
    minutes: 120,
    needs: 'a browser',
    byName: true,
    files: () => testFiles('test/soak', '.soak.ts'),
    args: (files, results) => nodeTests(files, results, 1),
  },
};

function run(args, minutes, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    const stop = () => child.kill('SIGTERM');
    process.once('exit', stop);
    const timer = setTimeout(() => {
      console.error(`It did not end within ${minutes} minutes and was stopped.`);
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    }, minutes * 60_000);
    child.on('error', reject).on('exit', (code) => {
      clearTimeout(timer);
      process.off('exit', stop);
      resolve(code === 0);
    });
  });
}

/** Runs some files of a suite, or all that it does. Whatever went wrong without a test to blame counts as one failure with a name of its own. */
async function runFiles(name, files, env) {
  const suite = SUITES[name];
  console.log(`\n── ${suite.title} ${'─'.repeat(Math.max(0, 70 - suite.title.length))}\n`);
  const resultsPath = join(scratch, `${name}-${randomUUID()}.json`);
  const filesEnv = {
    ...suite.env,
    ...process.env,
    ...env,
    TMPDIR: scratch,
    TEST_RESULTS: resultsPath,
    TEST_FILES: files?.join('\n') ?? '',
  };
  const ok = await run(suite.args(files, resultsPath), suite.minutes, filesEnv);
  if (!files) return { passed: ok ? 1 : 0, failed: ok ? [] : ['the checks found something to mend'], skipped: [], files: {} };
  const results = existsSync(resultsPath) ? JSON.parse(readFileSync(resultsPath, 'utf8') || '{}') : {};
  const { passed, failed, skipped, seconds } = { passed: 0, failed: [], skipped: [], seconds: {}, ...results };
  if (!ok && failed.length === 0) failed.push('the run broke off; the messages above say where');
  if (ok && passed + failed.length + skipped.length === 0) failed.push('no test ran');
  return { passed, failed, skipped, files: seconds };
}

/**
 * Runs suites, lane by lane.
 * @param {Promise<object>} programs what tests are told of the browsers and servers that are there; the checks run before it is known
 */
async function runSuites(names, programs) {
  const results = Object.fromEntries(names.map((name) => [name, { passed: 0, failed: [], skipped: [], seconds: 0, files: {} }]));
  const files = Object.fromEntries(names.map((name) => [name, SUITES[name].files?.()]));
  let env = {};
  const inTurn = async (lane) => {
    for (const name of names) {
      const some = files[name]?.filter((file) => laneOf(file) === lane);
      if (some ? some.length === 0 : lane !== 'checks') continue;
      const started = performance.now();
      const { passed, failed, skipped, files: took } = await runFiles(name, some, env);
      const result = results[name];
      result.passed += passed;
      result.failed.push(...failed);
      result.skipped.push(...skipped);
      Object.assign(result.files, took);
      result.seconds += (performance.now() - started) / 1000;
    }
  };
  for (const name of names) {
    if (files[name]?.length === 0) results[name].failed.push(`there is no test file${words.length > 0 ? ` for ${words.join(', ')}` : ''}`);
  }
  const began = performance.now();
  const timed = async (lane) => {
    await inTurn(lane);
    // Lanes that end long after the others want another share of the files.
    if (names.length > 1) console.log(`\n── ${lane}: over after ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  };
  await timed('checks');
  const ofNode = names.some((name) => name !== 'check' && name !== 'components');
  // What does not compile is told by the file that needs it, each of which then compiles for itself.
  if (ofNode && !process.env.NODE_V8_COVERAGE) compiled = await compileTests().catch(({ message }) => console.error(message));
  try {
    env = await programs;
  } catch ({ message }) {
    for (const name of names.filter((each) => SUITES[each].needs)) results[name].failed.push(message);
    names = names.filter((each) => !SUITES[each].needs);
  }
  await timed('node');
  await Promise.all(['work', 'waits'].map(timed));
  await timed('punctual');
  return results;
}

function sumUp(results) {
  console.log(`\n── Summary ${'─'.repeat(63)}\n`);
  let passed = 0;
  let failed = 0;
  for (const [name, result] of Object.entries(results)) {
    passed += result.passed;
    failed += result.failed.length;
    const skipped = result.skipped.length > 0 ? `, ${result.skipped.length} skipped` : '';
    console.log(
      `${SUITES[name].title}: ${result.passed} passed, ${result.failed.length} failed${skipped} (${result.seconds.toFixed(1)} s)`,
    );
    for (const test of result.failed) console.log(`  ✖ ${test}`);
    for (const { name: test, reason } of result.skipped) console.log(`  ﹣ skipped: ${test} — ${reason}`);
  }
  const slowest = Object.values(results)
    .flatMap(({ files }) => Object.entries(files))
    .sort(([, one], [, other]) => other - one)
    .slice(0, 40);
  if (slowest.length > 20)
    console.log(
      `\nThe slowest files of node:test:\n${slowest.map(([file, took]) => `${took.toFixed(1).padStart(8)} s  ${file}`).join('\n')}`,
    );
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

/** Looks for the browsers and servers that these suites need, installs what is missing while others go on, and answers what tests are told of them. */
async function programsFor(names) {
  const env = relays === undefined ? {} : { TEST_RELAYS: relays };
  if (names.some((name) => SUITES[name].needs)) {
    await run([join(root, 'test', 'support', 'browsers.mjs')], 60, {});
    const { path, reason } = findChromium();
    if (!path) throw new Error(`${reason} Without Chromium there is nothing to test calls with.`);
    env.CHROME_PATH = path;
    // What is measured is measured in the browser that people have.
    env.CHROME_SHELL_PATH = only === 'soak' ? '' : (findShell().path ?? '');
    env.FIREFOX_PATH = findFirefox().path;
    env.TURNSERVER_PATH = findCoturn().path;
    env.REDIS_SERVER_PATH = findRedis().path;
  } else if (names.includes('unit')) env.REDIS_SERVER_PATH = makeSureOfRedis().path;
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== null));
}

async function main() {
  if (unknown) throw new Error(`${unknown} is no option. The only one is --relays= with a whole number, such as --relays=2.`);
  if (only && !(only in SUITES)) throw new Error(`There is no suite called ${only}. The suites are: ${Object.keys(SUITES).join(', ')}.`);
  const names = only ? [only] : Object.keys(SUITES).filter((name) => !SUITES[name].byName);
  const programs = programsFor(names);
  // Whoever waits for it, once all is built and checked, is told what went wrong.
  const settled = programs.catch(() => undefined);
  try {
    if (!only) await buildStale();
    else if (only === 'e2e') await buildStale(['widget']);
    else if (only === 'soak') await buildStale(['widget', 'modules']);
    else if (only === 'package') await buildStale();
    return sumUp(await runSuites(names, programs));
  } finally {
    // What is being installed is whole before the last word.
    await settled;
  }
}

main().then(
  (good) => (process.exitCode = good ? 0 : 1),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
