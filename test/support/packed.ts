/** The package as those get it who install it: packed, unpacked, and beside it nothing but what it names itself. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** package.json, as far as tests read it. */
export interface PackageJson {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly sideEffects: readonly string[];
}

/** A project that has installed the package. */
export interface Installation {
  /** The project's folder, with the files of `test/consumer` in it. */
  readonly folder: string;
  /** The folder of the installed package. */
  readonly packageFolder: string;
  readonly packageJson: PackageJson;
  /** The packed package. */
  readonly tarball: Uint8Array<ArrayBuffer>;
  /** Removes all of it. */
  remove(): Promise<void>;
}

/**
 * Installs the package into an empty project, from what has been built.
 *
 * @param others packages of this project that the other one has as well
 */
export async function install(others: readonly string[]): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'video-call-consumer-'));
  const packageFolder = join(folder, 'node_modules', 'video-call-elements');
  await cp(join(root, 'test', 'consumer'), folder, { recursive: true });
  await mkdir(packageFolder, { recursive: true });

  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  await run('tar', ['-xf', join(folder, filename), '--strip-components=1', '-C', packageFolder]);

  const packageJson = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as PackageJson;
  for (const name of [...Object.keys(packageJson.dependencies), ...others]) {
    const place = join(folder, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(join(root, 'node_modules', name), place);
  }
  const tarball = new Uint8Array(await readFile(join(folder, filename)));
  return { folder, packageFolder, packageJson, tarball, remove: () => rm(folder, { recursive: true, force: true }) };
}
