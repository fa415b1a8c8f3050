/**
 * `npm run check`: types, lint with the import rule, format, pages that are made, dead code, and words that have no place in a page.
 * Every step runs, so that one look shows everything there is to mend.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (...parts) => join(root, 'node_modules', ...parts);
const tsc = bin('typescript', 'bin', 'tsc');

const STEPS = [
  { name: 'types', args: [tsc, '--noEmit'] },
  { name: 'types of the relay, without a browser', args: [tsc, '--noEmit', '-p', 'tsconfig.relay.json'] },
  { name: 'types of the pure files, without browser and Node', args: [tsc, '--noEmit', '-p', 'tsconfig.pure.json'] },
  { name: 'lint', args: [bin('eslint', 'bin', 'eslint.js'), '--max-warnings', '0', '.'] },
  {
    name: 'format',
    args: [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.'],
    advice: 'Run `npm run format`.',
  },
  {
    name: "pages made from the elements' docs",
    args: [join(root, 'scripts', 'elements', 'generate.mjs'), '--check'],
    advice: 'Run `npm run reference`, and look at what has changed.',
  },
  { name: 'dead code', args: [bin('knip', 'bin', 'knip.js')] },
];

/** What turns text into markup unchecked; text from another person must never get there. No comment switches this gate off. */
const FORBIDDEN = /\b(unsafeHTML|unsafeSVG|unsafeStatic|innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b/;

function forbiddenWords() {
  const files = readdirSync(join(root, 'components'), { recursive: true }).filter((name) => name.endsWith('.ts'));
  return files.flatMap((name) =>
    readFileSync(join(root, 'components', name), 'utf8')
      .split('\n')
      .flatMap((line, index) => (FORBIDDEN.test(line) ? [`components/${name}:${index + 1}: ${line.trim()}`] : [])),
  );
}

// Tools see a pipe here and would leave colours away.
const colours = process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: '1' } : {};

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...colours } });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject).on('close', (code) => resolve({ ok: code === 0, output }));
  });
}

let failures = 0;
function report(name, ok, output, advice = '') {
  console.log(`${ok ? '✔' : '✖'} ${name}`);
  if (ok) return;
  failures += 1;
  console.log(`${output.trim()}\n${advice}`);
}

const started = performance.now();
const queue = [...STEPS];
async function work() {
  for (let step = queue.shift(); step; step = queue.shift()) {
    const { ok, output } = await run(step.args);
    report(step.name, ok, output, step.advice);
  }
}
await Promise.all([work(), work()]);
const words = forbiddenWords();
report('no unchecked markup in components/', words.length === 0, words.join('\n'), 'Render text with Lit templates instead.');

const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  failures === 0 ? `Everything is in order (${seconds} s).` : `${failures} of the checks found something to mend (${seconds} s).`,
);
process.exitCode = failures === 0 ? 0 : 1;
