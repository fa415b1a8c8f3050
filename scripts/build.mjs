/**
 * Builds what the package ships into dist/:
 *   widget   dist/video-call.js and dist/chunks/, the script-tag build with Lit inside, each file also compressed
 *   modules  dist/components/ and dist/relay/, one module for each source file, with types
 *   manifest dist/custom-elements.json, what the elements have, and the data for editors and typings for frameworks that are made from it
 *
 *   node scripts/build.mjs             builds all of it
 *   node scripts/build.mjs --stale     builds what is missing or older than its source
 *   node scripts/build.mjs widget      builds one part
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compress } from './compressed.mjs';
import { printIntegrity, writeIntegrity } from './integrity.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const version = () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
const bin = (...parts) => join(root, 'node_modules', ...parts);

const PARTS = {
  widget: {
    sources: [
      'components',
      'relay/protocol',
      'rollup.config.mjs',
      'scripts/compressed.mjs',
      'scripts/integrity.mjs',
      'scripts/lean.mjs',
      'tsconfig.json',
      'package-lock.json',
    ],
    command: (out) => [bin('rollup', 'dist', 'bin', 'rollup'), '--config', 'rollup.config.mjs', '--dir', out, '--silent'],
    finish: async (fresh) => {
      writeIntegrity(fresh, version());
      await compress(fresh);
    },
    report: () => console.log(`\n${printIntegrity(dist)}\n`),
  },
  modules: {
    sources: ['components', 'relay', 'testing', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    command: (out) => [bin('typescript', 'bin', 'tsc'), '--project', 'tsconfig.build.json', '--outDir', out, '--noEmitOnError'],
    finish: nameLit,
  },
  manifest: {
    sources: [
      ...['components', 'relay/protocol', 'scripts/elements', 'tsconfig.json'],
      ...['custom-elements-manifest.config.mjs', 'package.json', 'package-lock.json'],
    ],
    command: (out) => [join(root, 'scripts', 'elements', 'generate.mjs'), '--out', out],
  },
};

/** Types that the compiler finds out by itself name the package that Lit has them from, which is none of our dependencies. */
function nameLit(fresh) {
  for (const name of readdirSync(fresh, { recursive: true }).filter((each) => each.endsWith('.d.ts'))) {
    const path = join(fresh, name);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('import("lit-html', 'import("lit'));
  }
}

function* filesUnder(path) {
  const whole = join(root, path);
  if (!existsSync(whole)) return;
  let entries;
  try {
    entries = readdirSync(whole, { withFileTypes: true });
  } catch {
    yield path;
    return;
  }
  for (const entry of entries) yield* filesUnder(join(path, entry.name));
}

/** A digest of everything a part is made from. */
function digestOf(part) {
  const hash = createHash('sha256');
  for (const file of PARTS[part].sources.flatMap((source) => [...filesUnder(source)]).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

const stampOf = (part) => join(dist, `.${part}`);

function isStale(part) {
  const stamp = stampOf(part);
  return !existsSync(stamp) || readFileSync(stamp, 'utf8') !== digestOf(part);
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject).on('exit', (code) => resolve(code === 0));
  });
}

/** Builds one part beside dist/ and moves it in when it is whole, so that nobody sees half a build. */
async function build(part) {
  const digest = digestOf(part);
  const fresh = join(root, `dist.${part}-${process.pid}`);
  const started = performance.now();
  try {
    if (!(await run(PARTS[part].command(relative(root, fresh))))) {
      throw new Error(`The ${part} could not be built; the messages above say where. Then run \`npm run build\` again.`);
    }
    await PARTS[part].finish?.(fresh);
    mkdirSync(dist, { recursive: true });
    for (const name of readdirSync(fresh)) {
      rmSync(join(dist, name), { recursive: true, force: true });
      renameSync(join(fresh, name), join(dist, name));
    }
    writeFileSync(stampOf(part), digest);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  console.log(`Built the ${part} in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** Builds those of the given parts (all by default) that are missing in dist/ or older than their source. */
export async function buildStale(parts = Object.keys(PARTS)) {
  for (const part of parts) if (isStale(part)) await build(part);
}

async function main(args) {
  const named = args.filter((arg) => !arg.startsWith('--'));
  const unknown = named.find((part) => !(part in PARTS));
  if (unknown) throw new Error(`There is no part called ${unknown}. The parts are: ${Object.keys(PARTS).join(', ')}.`);
  const parts = named.length > 0 ? named : Object.keys(PARTS);
  if (args.includes('--stale')) return buildStale(parts);
  for (const part of parts) await build(part);
  for (const part of parts) PARTS[part].report?.();
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
