/** Empty projects into which the package is installed as `npm pack` makes it, and what is built in them. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The frameworks that there are examples for. */
export const FRAMEWORKS = ['react', 'vue', 'svelte', 'angular', 'plain'] as const;
/** One of them. */
export type Framework = (typeof FRAMEWORKS)[number];

/** A project of its own, with the example of a framework in it and, where there are such, pages that make life hard. */
export interface Project {
  readonly folder: string;
  /** Runs a program in it. Answers what it wrote; fails with all that it said where it fails. */
  run(command: string, args: readonly string[], env?: Record<string, string>): Promise<string>;
}

/** Why projects cannot be made here, in a sentence for people: there is no registry to install from. */
export class NoRegistry extends Error {}

function run(folder: string, command: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 1e8, shell: process.platform === 'win32' };
    execFile(command, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      reject(new Error(`\`${command} ${args.join(' ')}\` failed in the project ${basename(folder)}:\n${stdout}\n${stderr}`));
    });
  });
}

/** Packs this package as it is built. Answers the path of the tarball, in a folder of its own. */
export async function pack(): Promise<string> {
  if (!existsSync(join(root, 'dist', 'custom-elements.json'))) throw new Error('The package is not built; run `npm run build`.');
  const folder = mkdtempSync(join(tmpdir(), 'video-call-projects-'));
  const name = await run(root, 'npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]);
  return join(folder, name.trim());
}

/** What npm says where it cannot reach the registry, and does not have in its cache what it wants. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT/;

/** Makes the project of a framework beside the tarball, and installs everything in it. */
export async function makeProject(framework: Framework, tarball: string): Promise<Project> {
  const folder = join(tarball, '..', framework);
  const source = join(root, 'demo', 'frameworks', framework);
  const own = (path: string): boolean => !['node_modules', 'dist', 'compiled'].includes(basename(path));
  cpSync(source, folder, { recursive: true, filter: own });
  const pages = join(root, 'test', 'frameworks', 'pages', framework);
  if (existsSync(pages)) cpSync(pages, join(folder, 'pages'), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies['video-call-elements'] = `file:${tarball}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--fetch-retries=1', '--fetch-retry-mintimeout=1000'];
  await run(folder, 'npm', ['install', ...quick]).catch((error: Error) => {
    const [why] = UNREACHABLE.exec(error.message) ?? [];
    throw why ? new NoRegistry(`The packages of the examples cannot be installed: npm cannot reach its registry (${why}).`) : error;
  });
  return { folder, run: (command, args, env) => run(folder, command, args, env) };
}

/** Builds the example for production. Answers the folder to serve. */
export async function buildExample(project: Project, relay: string): Promise<string> {
  await project.run('npm', ['run', 'build'], { VITE_RELAY: relay });
  return join(project.folder, 'dist');
}

/** Builds the pages that make life hard as developers have them, with every check of the framework. Answers the folder to serve. */
export async function buildPages(project: Project): Promise<string> {
  const out = join(project.folder, 'dist-pages');
  const args = ['vite', 'build', 'pages', '--mode', 'development', '--config', 'vite.config.ts', '--outDir', out];
  await project.run('npx', args, { NODE_ENV: 'development' });
  return out;
}
