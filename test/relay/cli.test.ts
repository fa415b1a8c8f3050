import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';

import { SUBPROTOCOL } from '../../relay/protocol/index.js';
import { startRelay } from './support/relay.js';

const cli = fileURLToPath(new URL('../../relay/cli.ts', import.meta.url));

function run(t: TestContext, ...argv: string[]) {
  return runWith(t, {}, ...argv);
}

function runWith(t: TestContext, env: Readonly<Record<string, string>>, ...argv: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  t.after(() => child.kill('SIGKILL'));
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (output.err += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...output }));
  return { child, output, ended };
}

describe('The command', { concurrency: 2 }, () => {
  test('listens, says where, and lets its pages go on SIGTERM', async (t) => {
    const { child, output, ended } = run(t, '--port', '0');
    while (!output.out.includes('<video-call-button')) await once(child.stdout, 'data');
    const [, url] = /The relay is ready: (http:\/\/localhost:\d+)/.exec(output.out) ?? [];
    const page = new WebSocket(`${url!.replace('http://localhost', 'ws://127.0.0.1')}/ws`, SUBPROTOCOL);
    page.on('open', () => page.send('{"type":"hello","device":"d1"}'));
    await once(page, 'message');
    child.kill('SIGTERM');
    const [code] = (await once(page, 'close')) as [number];
    assert.equal(code, 1012);
    const { code: exitCode, err } = await ended;
    assert.equal(exitCode, 0);
    for (const line of err.trim().split('\n')) assert.equal(typeof JSON.parse(line), 'object');
  });

  test('ends with 2 and a sentence for options that cannot be', async (t) => {
    const { code, out, err } = await run(t, '--redis', 'http://x:secret@y').ended;
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, /^video-call-relay: --redis must be the URL of a Redis, such as .*\n$/);
    assert.doesNotMatch(err, /secret/);
  });

  test('ends with 1 and a sentence where the port is taken', async (t) => {
    const { address } = await startRelay(t);
    const { code, err } = await run(t, '--port', String(address.port), '--log-level', 'silent').ended;
    assert.equal(code, 1);
    assert.match(err, /^video-call-relay: port \d+ is taken by another program\. Choose another with --port/);
  });

  test('prints a token, or ends with 2 and a sentence', async (t) => {
    const secret = { AUTH_SECRET: 'a secret of thirty-two bytes....' };
    const made = await runWith(t, secret, 'token', '--sub', 'alice', '--calls', 'bob', '--ttl', '1h').ended;
    assert.deepEqual([made.code, made.err], [0, '']);
    assert.match(made.out, /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const refused = await runWith(t, secret, 'token', '--sub', 'alice', '--ttl', '1y').ended;
    assert.deepEqual([refused.code, refused.out], [2, '']);
    assert.match(refused.err, /^video-call-relay: --ttl must be a time such as .*\n$/);
  });

  test('says its version', async (t) => {
    const { code, out } = await run(t, '--version').ended;
    assert.equal(code, 0);
    assert.match(out, /^\d+\.\d+\.\d+\n$/);
  });
});
