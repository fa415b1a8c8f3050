/**
 * `npm test`: makes sure of a browser, builds, checks, runs every suite, and sums up.
 *
 *   node test/run.mjs                       everything
 *   node test/run.mjs unit                  one suite: check, unit, components or e2e
 *   node test/run.mjs soak                  what takes too long for every day: many calls, long cuts, with figures
 *   node test/run.mjs e2e outcomes glare    of a suite, the files whose path contains one of the words
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildStale } from '../scripts/build.mjs';
import { makeSureOfBrowsers, makeSureOfRedis } from './support/browsers.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [only, ...words] = process.argv.slice(2);

// Browsers leave things behind in the temporary folder; ours is removed as a whole, however the run ends.
const scratch = mkdtempSync(join(tmpdir(), 'video-call-test-'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));

function testFiles(folder, ending, without) {
  const whole = join(root, folder);
  if (!existsSync(whole)) return [];
  return readdirSync(whole, { recursive: true })
    .map((name) => `${folder}/${name.split(sep).join('/')}`)
    .filter((path) => path.endsWith(ending) && !(without && path.startsWith(without)))
    .filter((path) => words.length === 0 || words.some((word) => path.includes(word)))
    .sort();
}

const reporter = pathToFileURL(join(root, 'test', 'support', 'count-reporter.mjs')).href;
const nodeTests = (files, results, ...flags) => [
  '--import=tsx',
  '--test',
  '--test-reporter=spec',
  '--test-reporter-destination=stdout',
  `--test-reporter=${reporter}`,
  `--test-reporter-destination=${results}`,
  ...flags,
  ...files,
];

/** Files whose tests wait for clocks most of the time: cuts that last, machines that sleep. */
const PATIENT = /e2e\/(survive|sleep|network|devices)\./;
/** Files whose tests say how soon something happens. */
const PUNCTUAL = /e2e\/(call|outcomes|races)\./;

const SUITES = {
  check: { title: 'Check', minutes: 4, args: () => [join(root, 'scripts', 'check.mjs')] },
  unit: {
    title: 'Unit tests',
    minutes: 8,
    files: () => testFiles('test', '.test.ts', 'test/e2e/'),
    args: (files, results) => nodeTests(files, results, '--test-concurrency=2'),
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
    files: () => testFiles('test/e2e', '.test.ts'),
    // What is measured by the clock has the machine to itself; of the others, those that mostly wait run beside the rest.
    phases: (files) => {
      const others = files.filter((file) => !PUNCTUAL.test(file));
      const [waiting, working] = [true, false].map((patient) => others.filter((file) => PATIENT.test(file) === patient));
      return [[waiting, working], [files.filter((file) => PUNCTUAL.test(file))]];
    },
    args: (files, results) => nodeTests(files, results, '--test-concurrency=1'),
  },
  soak: {
    title: 'Soaks',
    minutes: 120,
    needs: 'a browser',
    byName: true,
    files: () => testFiles('test/soak', '.soak.ts'),
    args: (files, results) => nodeTests(files, results, '--test-concurrency=1'),
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

/** Runs one suite. Whatever went wrong without a test to blame counts as one failure with a name of its own. */
async function runSuite(name, env) {
  const suite = SUITES[name];
  console.log(`\n── ${suite.title} ${'─'.repeat(Math.max(0, 70 - suite.title.length))}\n`);
  const files = suite.files?.();
  const nothing = { passed: 0, failed: [], skipped: [] };
  if (files?.length === 0) return { ...nothing, failed: [`there is no test file${words.length > 0 ? ` for ${words.join(', ')}` : ''}`] };

  const runFiles = async (some) => {
    const resultsPath = join(scratch, `${name}-${randomUUID()}.json`);
    const ended = await run(suite.args(some, resultsPath), suite.minutes, {
      ...env,
      TMPDIR: scratch,
      TEST_RESULTS: resultsPath,
      TEST_FILES: some?.join('\n') ?? '',
    });
    const results = existsSync(resultsPath) ? JSON.parse(readFileSync(resultsPath, 'utf8') || '{}') : {};
    return { ended, passed: 0, failed: [], skipped: [], ...results };
  };
  const ran = [];
  for (const streams of suite.phases?.(files) ?? [[files]]) {
    ran.push(...(await Promise.all(streams.filter((some) => some?.length !== 0).map(runFiles))));
  }
  const ok = ran.every(({ ended }) => ended);
  if (!files) return { ...nothing, passed: ok ? 1 : 0, failed: ok ? [] : ['the checks found something to mend'] };

  const passed = ran.reduce((sum, each) => sum + each.passed, 0);
  const [failed, skipped] = [ran.flatMap((each) => each.failed), ran.flatMap((each) => each.skipped)];
  if (!ok && failed.length === 0) failed.push('the run broke off; the messages above say where');
  if (ok && passed + failed.length + skipped.length === 0) failed.push('no test ran');
  return { passed, failed, skipped };
}

function sumUp(results) {
  console.log(`\n── Summary ${'─'.repeat(63)}\n`);
  let passed = 0;
  let failed = 0;
  for (const [name, result] of Object.entries(results)) {
    passed += result.passed;
    failed += result.failed.length;
    const skipped = result.skipped.length > 0 ? `, ${result.skipped.length} skipped` : '';
    console.log(`${SUITES[name].title}: ${result.passed} passed, ${result.failed.length} failed${skipped} (${result.seconds} s)`);
    for (const test of result.failed) console.log(`  ✖ ${test}`);
    for (const { name: test, reason } of result.skipped) console.log(`  ﹣ skipped: ${test} — ${reason}`);
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

async function main() {
  if (only && !(only in SUITES)) throw new Error(`There is no suite called ${only}. The suites are: ${Object.keys(SUITES).join(', ')}.`);
  const names = only ? [only] : Object.keys(SUITES).filter((name) => !SUITES[name].byName);
  const env = {};
  if (names.some((name) => SUITES[name].needs)) {
    const { chromium, firefox, coturn, redis } = makeSureOfBrowsers();
    if (!chromium.path) throw new Error('Without Chromium there is nothing to test calls with.');
    env.CHROME_PATH = chromium.path;
    if (firefox.path) env.FIREFOX_PATH = firefox.path;
    if (coturn.path) env.TURNSERVER_PATH = coturn.path;
    if (redis.path) env.REDIS_SERVER_PATH = redis.path;
  } else if (names.includes('unit')) {
    const { path } = makeSureOfRedis();
    if (path) env.REDIS_SERVER_PATH = path;
  }
  if (!only) await buildStale();
  else if (only === 'e2e' || only === 'soak') await buildStale(['widget']);

  const results = {};
  for (const name of names) {
    const started = performance.now();
    const result = await runSuite(name, env);
    results[name] = { ...result, seconds: ((performance.now() - started) / 1000).toFixed(1) };
  }
  return sumUp(results);
}

main().then(
  (good) => (process.exitCode = good ? 0 : 1),
  (error) => {
    console.error(error.message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  },
);
