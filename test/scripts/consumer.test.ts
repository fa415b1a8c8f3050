/** What a project gets that installs the package: its modules, the typings of its elements, and nothing that it did not ask for. */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import nodeResolve from '@rollup/plugin-node-resolve';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { rollup } from 'rollup';
import { install } from '../support/packed.js';
import type { Installation } from '../support/packed.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (...path: string[]): string => join(root, 'node_modules', ...path);
const parts = ['video-call.js', 'components', 'custom-elements.json', 'frameworks'];
const isBuilt = parts.every((part) => existsSync(join(root, 'dist', part)));

describe('A project that installs the package', { skip: isBuilt ? false : 'the package is not built; run `npm run build`' }, () => {
  let project: Installation;
  before(async () => {
    project = await install(['vue', 'svelte', '@types/react', '@types/node']);
  });
  after(() => project.remove());

  /** Runs a program in the project; what it says, and nothing where it is content. */
  const run = (args: readonly string[]): Promise<string> =>
    promisify(execFile)(process.execPath, args, { cwd: project.folder }).then(
      ({ stderr }) => stderr,
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr || 'It failed without a word.',
    );

  test('uses every attribute, property, method and event in React and Vue, and the compiler says no word', async () => {
    const [bundler, nodenext, svelte] = await Promise.all([
      run([bin('vue-tsc', 'bin', 'vue-tsc.js'), '--project', 'tsconfig.json']),
      run([bin('typescript', 'bin', 'tsc'), '--project', 'tsconfig.nodenext.json']),
      run([bin('svelte-check', 'bin', 'svelte-check'), '--workspace', '.', '--tsconfig', 'tsconfig.svelte.json', '--fail-on-warnings']),
    ]);
    assert.deepEqual({ bundler, nodenext, svelte }, { bundler: '', nodenext: '', svelte: '' });
  });

  test('finds no any in the types of the package', () => {
    const folder = join(project.packageFolder, 'dist');
    const declarations = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.d.ts'));
    assert.ok(declarations.length > 100, 'the types are there');
    const found = declarations.filter((name) =>
      /\bany\b/.test(readFileSync(join(folder, name), 'utf8').replaceAll(/\/\*[^]*?\*\/|\/\/.*/g, '')),
    );
    assert.deepEqual(found, []);
  });

  test('gets exports that every tool of today resolves', async () => {
    const { messages } = await publint({ pkgDir: project.packageFolder, pack: false, strict: true });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, project.packageJson as unknown as Record<string, unknown>)),
      [],
    );
    const result = await checkPackage(createPackageFromTarballData(project.tarball));
    assert.ok(result.types, 'the types are found');
    // Modules only: what takes no modules, or does not know `exports`, is not for this package.
    const past = ['node10', 'node16-cjs'];
    assert.deepEqual(
      result.problems.filter((problem) => !('resolutionKind' in problem && past.includes(problem.resolutionKind))),
      [],
    );
  });

  /** The exports that are code, by the names under which they are imported. */
  const modules = (): { name: string; path: string }[] =>
    Object.entries(project.packageJson.exports).flatMap(([name, target]) =>
      typeof target === 'string' ? [] : [{ name: `video-call-elements${name.slice(1)}`, path: target.default! }],
    );

  test('imports every module on a server, where that does nothing', async () => {
    const names = modules().map(({ name }) => name);
    assert.ok(names.length > 5, 'there are modules');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['imports.mjs', ...names], {
      cwd: project.folder,
      timeout: 30_000,
    });
    assert.deepEqual({ stdout, stderr }, { stdout: '', stderr: '' });
  });

  /** What is left in a bundle of some code: its text, and the modules that have a part in it. */
  const bundle = async (code: string): Promise<{ text: string; modules: string[] }> => {
    const entry = join(project.folder, 'entry.js');
    const own = {
      name: 'entry',
      resolveId: (id: string) => (id === entry ? id : null),
      load: (id: string) => (id === entry ? code : null),
    };
    const external = (id: string) => !/^[./]|^video-call-elements/.test(id);
    const bundled = await rollup({ input: entry, external, plugins: [own, nodeResolve()], onLog: () => {} });
    const [{ code: text, modules }] = (await bundled.generate({ format: 'es' })).output;
    await bundled.close();
    return { text: text.trim(), modules: Object.keys(modules).filter((id) => modules[id]!.renderedLength > 0) };
  };

  test('carries nothing of what it imports and does not use, and all of what it imports to be there', async () => {
    const { sideEffects } = project.packageJson;
    const isActive = ({ path }: { path: string }) => sideEffects.includes(path);
    const unused = modules().filter((module) => !isActive(module));
    const imports = unused.map(({ name }, index) => `import * as unused${index} from '${name}';`);
    const { text, modules: left } = await bundle([...imports, "import { VideoCallButton } from 'video-call-elements/button';"].join('\n'));
    assert.deepEqual({ text, left }, { text: '', left: [] });
    for (const { name } of modules().filter(isActive)) assert.match((await bundle(`import '${name}';`)).text, /customElements/, name);
  });
});
