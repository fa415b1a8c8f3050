/** The files that operators start from: what can be tried of them on any machine. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { readOptions } from '../../relay/options.js';

const run = promisify(execFile);
const example = (name: string): string => readFileSync(new URL(`../../relay/examples/${name}`, import.meta.url), 'utf8');
const systemd = spawnSync('systemd-analyze', ['--version']).error === undefined;

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'video-call-examples-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** The values of a setting that may be there several times. */
const settings = (unit: string, name: string): string[] =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value]) => value!);

describe('The unit for systemd', () => {
  const unit = example('video-call-relay.service');

  test('is one that systemd understands', { skip: !systemd && 'There is no systemd-analyze.' }, async (t) => {
    const path = join(folder(t), 'video-call-relay.service');
    // Only the program, which is not installed here, is another one.
    writeFileSync(path, unit.replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath}`));
    const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', path]);
    assert.deepEqual([stdout, stderr], ['', '']);
    writeFileSync(path, unit.replace('DynamicUser', 'DynamikUser').replace(/^ExecStart=.*$/m, `ExecStart=${process.execPath}`));
    assert.match((await run('systemd-analyze', ['verify', '--man=no', path])).stderr, /DynamikUser/, 'a mistake would be told');
  });

  test('has variables that the relay reads, and asks for tokens where it is reached through a proxy', () => {
    const given = settings(unit, 'Environment').flatMap((line) => line.split(' ').map((each) => each.split('=') as [string, string]));
    const env = Object.fromEntries(given);
    assert.throws(() => readOptions([], env), /takes everybody at their word/);
    const command = readOptions([], { ...env, AUTH_SECRET: 'x'.repeat(32), ORIGINS: 'https://www.example.com' });
    assert.ok(command.run === 'relay');
    const { port, trustProxy, metrics, httpsDir } = command.options;
    assert.deepEqual([port, trustProxy, metrics, httpsDir], [8080, ['loopback'], true, '/var/lib/video-call-relay']);
    assert.deepEqual(settings(unit, 'RestartPreventExitStatus'), ['2'], 'the exit code for options that cannot be');
  });
});

test('Both start the relay in such a way that memory is given back, as the fuzzer that measures it does', () => {
  const fuzzer = readFileSync(new URL('../soak/support/fuzz/relay-process.ts', import.meta.url), 'utf8');
  const [, library, conf] = /LD_PRELOAD: '(.+?)', MALLOC_CONF: '(.+?)'/.exec(fuzzer)!;
  for (const name of ['video-call-relay.service', 'Dockerfile']) {
    assert.match(example(name), new RegExp(`^(?:Environment=|ENV )LD_PRELOAD=${library} MALLOC_CONF=${conf}$`, 'm'));
  }
});

test('Both give Node room for what lives for a moment, in words that it takes from its environment', async () => {
  for (const name of ['video-call-relay.service', 'Dockerfile']) {
    const [, options] = /^(?:Environment=|ENV )NODE_OPTIONS=(.*)$/m.exec(example(name))!;
    assert.match(options!, /^--max-semi-space-size=\d+$/);
    const { stdout } = await run(process.execPath, ['--print', 'process.env.NODE_OPTIONS'], { env: { NODE_OPTIONS: options } });
    assert.equal(stdout.trim(), options);
  }
});

describe('The Dockerfile', () => {
  const steps = example('Dockerfile')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line))
    .map((line) => line.split(/ (.*)/s) as [string, string]);
  const values = (name: string): string[] => steps.filter(([step]) => step === name).map(([, value]) => value);

  test('takes along what the package needs to run, and nothing that is not made by its build', () => {
    const { files, dependencies } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      files: string[];
      dependencies: object;
    };
    const copied = values('COPY').flatMap((value) => /^--from=build \/src\/(\S+)/.exec(value)?.[1] ?? []);
    assert.deepEqual(copied, ['package.json', 'node_modules', 'dist', 'demo']);
    assert.ok(['dist', 'demo'].every((each) => files.includes(each)));
    assert.ok(Object.keys(dependencies).length > 0);
    const [build, system, ...more] = values('RUN');
    assert.equal(build, 'npm ci && npm run build && npm prune --omit=dev');
    assert.match(system!, /^apt-get update && apt-get install \S+ --no-install-recommends libjemalloc2 /);
    assert.deepEqual(more, []);
  });

  test('starts a relay that wants to be told who may call', () => {
    const pairs = values('ENV')
      .join(' ')
      .split(' ')
      .map((each) => each.split('=') as [string, string]);
    const env = Object.fromEntries(pairs);
    assert.throws(() => readOptions([], env), /On 0\.0\.0\.0 other machines reach this relay/);
    assert.equal(readOptions([], { ...env, OPEN: 'yes' }).run, 'relay');
    assert.deepEqual(JSON.parse(values('CMD').at(-1)!), ['node', 'dist/relay/cli.js']);
    assert.deepEqual([values('USER'), values('STOPSIGNAL')], [['node'], ['SIGTERM']]);
  });
});
