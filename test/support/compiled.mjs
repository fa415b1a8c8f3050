/**
 * Compiles all TypeScript of the project for a run of its tests, in about a second: a test file then takes about half of the processor's time
 * that it takes to begin where each process compiles for itself what it imports.
 */
import { transform } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const COMPILED = join(root, '.cache', 'tests');
const FOLDERS = ['relay', 'components', 'testing', 'test', 'scripts'];
/** Projects of their own, which tests compile as those who install the package do. */
const OWN = /^test\/(consumer|frameworks\/pages)\//;
/** Milliseconds after which what a run has left that was killed is removed; no run takes so long. */
const LEFT = 3 * 3_600_000;

const sourcesIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.(ts|mjs)$/.test(name) && !name.endsWith('.d.ts') && !OWN.test(name.split(sep).join('/')));

/** Writes one module, which takes itself to be at the place of its source: what it reads and starts from there it finds as before. */
async function compile(name, folder, tsconfigRaw) {
  const source = join(root, name);
  const { code } = await transform(readFileSync(source, 'utf8'), {
    loader: name.endsWith('.ts') ? 'ts' : 'js',
    format: 'esm',
    target: `node${process.versions.node}`,
    sourcefile: source,
    sourcemap: 'inline',
    sourcesContent: false,
    tsconfigRaw,
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(source).href),
      'import.meta.filename': JSON.stringify(source),
      'import.meta.dirname': JSON.stringify(dirname(source)),
    },
  });
  const file = join(folder, name.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, code);
}

const remove = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });

/**
 * Compiles everything into a folder of this run's own, which goes when this program ends; what was left by runs that were killed goes after some hours.
 * @returns {Promise<(test: string) => string>} where a test file is now, from the project's folder
 */
export async function compileTests() {
  mkdirSync(COMPILED, { recursive: true });
  for (const left of readdirSync(COMPILED).map((name) => join(COMPILED, name))) {
    if (Date.now() - (statSync(left, { throwIfNoEntry: false })?.mtimeMs ?? 0) > LEFT) remove(left);
  }
  const folder = mkdtempSync(join(COMPILED, 'run-'));
  process.on('exit', () => remove(folder));
  const tsconfigRaw = readFileSync(join(root, 'tsconfig.json'), 'utf8');
  await Promise.all(FOLDERS.flatMap(sourcesIn).map((name) => compile(name, folder, tsconfigRaw)));
  const from = relative(root, folder).split(sep).join('/');
  return (test) => `${from}/${test.replace(/\.ts$/, '.js')}`;
}
