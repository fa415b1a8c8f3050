/** What a relay writes, as the command writes it, and above all what it does not write. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';

import { CLOSE, SUBPROTOCOL } from '../../relay/protocol/index.js';
import { CALL, TestPage, exchange, handshake, startRelay } from './support/relay.js';

const cli = fileURLToPath(new URL('../../relay/cli.ts', import.meta.url));

async function runRelay(t: TestContext, level: string, ...more: readonly string[]) {
  const args = [
    '--import',
    'tsx',
    cli,
    '--port',
    '0',
    '--stun',
    'none',
    '--log-level',
    level,
    '--trust-proxy',
    'loopback',
    '--open',
    ...more,
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } });
  t.after(() => child.kill('SIGKILL'));
  let [said, log] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (log += String(chunk)));
  child.stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
  while (!said.includes('<video-call-button')) await once(child.stdout, 'data');
  const port = Number(/localhost:(\d+)/.exec(said)![1]);
  const join = async (hello: object) => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${port}/ws`, SUBPROTOCOL, { headers: { 'x-forwarded-for': '198.51.100.77' } });
    t.after(() => webSocket.terminate());
    const page = new TestPage(webSocket);
    await once(webSocket, 'open');
    page.say({ type: 'hello', device: 'd1', ...hello });
    return page;
  };
  const end = async (): Promise<string> => {
    child.kill('SIGTERM');
    await once(child, 'close');
    return log;
  };
  return { port, join, end };
}

/** A call with everything in it that is nobody's business, and strangers who try to write into the log. */
async function live({ port, join }: Awaited<ReturnType<typeof runRelay>>): Promise<void> {
  const alice = await join({ peer: 'alice', token: 'TOKEN-OF-ALICE', name: 'NAME-OF-ALICE\u2028' });
  alice.welcome = await alice.next('welcome');
  const bob = await join({ peer: 'bob' });
  bob.welcome = await bob.next('welcome');
  const candidates = [{ candidate: 'candidate:1 1 udp 1 203.0.113.99 9 typ host CANDIDATE-OF-ALICE' }];
  const description = { type: 'offer', sdp: 'v=0\r\nSDP-OF-ALICE\r\n' };
  alice.tell('bob', { type: 'invite', media: 'video', expires: 60, description, gen: 0, candidates, name: 'NAME-OF-ALICE' });
  await bob.next('invite');
  bob.tell(alice.address, { type: 'accept', media: 'video', description: { ...description, type: 'answer' } });
  await alice.next('accept');
  alice.say({ type: 'token', token: 'TOKEN-OF-ALICE' });
  await alice.next('token');
  alice.say('{"type":"SAID\\n{\\"level\\":30}\u001b[31m"}');
  await alice.next('error');
  alice.say({ to: 'bob\r\nINJECTED', call: CALL, n: 1, ack: 0, type: 'hangup', reason: '\u001b[2J' });
  await alice.next('error');
  alice.webSocket.close(4000, 'REASON\r\nINJECTED');
  await alice.closed;
  const evil = await join({ peer: 'evil\r\nINJECTED\u001b[31m' });
  await evil.closed;
  await exchange(port, handshake('/ws?INJECTED=%0d%0a\u001b[31m', { 'User-Agent': 'INJECTED\u001b[31m' }));
  await exchange(port, handshake('/INJECTED%0d%0a'));
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined).end('\u001b]0;INJECTED\u0007\r\n\r\n');
  await once(socket.resume(), 'close');
}

describe('The log of a relay', { concurrency: 2 }, () => {
  test('names once each origin whose pages are not let in, so that one that was forgotten can be found', async (t) => {
    const relay = await runRelay(t, 'info', '--origins', 'https://shop.example');
    for (const origin of ['https://www.shop.example', 'https://www.shop.example', 'https://evil.example/\r\nINJECTED', 'null']) {
      await exchange(relay.port, handshake('/ws', { Origin: origin.split('\r')[0]! }));
    }
    const log = await relay.end();
    const told = [...log.matchAll(/"origin":"([^"]+)"/g)].map(([, origin]) => origin);
    assert.deepEqual(told, ['https://www.shop.example', 'https://evil.example', 'none']);
  });

  test('at its usual level has a line for each step of life, and nothing that is nobody\u2019s business', async (t) => {
    const relay = await runRelay(t, 'info');
    await live(relay);
    const log = await relay.end();
    const lines = log
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      lines.map(({ msg, code }) => (code === undefined ? msg : `${String(msg)} ${String(code)}`)),
      [
        'relay listens',
        'everybody is taken at their word: without tokens (--auth-secret) whoever connects may take any ID',
        'page joined',
        'page joined',
        'page left 4000',
        'page left before it was welcomed 4400',
        'relay closes',
        'page left 1012',
        'relay closed',
      ],
    );
    const [, ...later] = log.split('\n');
    assert.doesNotMatch(later.join('\n'), /TOKEN|SDP|CANDIDATE|NAME|REASON|SAID|INJECTED|v=0|198\.51|203\.0|127\.0/);
  });

  test('at its lowest level has addresses, but still no secret, and no line that a stranger wrote', async (t) => {
    const relay = await runRelay(t, 'debug');
    await live(relay);
    const log = await relay.end();
    for (const line of log.trim().split('\n')) assert.equal(typeof (JSON.parse(line) as { time: unknown }).time, 'string', line);
    assert.match(log, /198\.51\.100\.77|127\.0\.0\.1/);
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    assert.doesNotMatch(log, /TOKEN|SDP|CANDIDATE|REASON|INJECTED|[\x00-\x09\x0b-\x1f]/);
  });
});

test('Every code with which a relay ends a connection can be found in its log', async (t) => {
  const codes = Object.values(CLOSE);
  const authorize = ({ token }: { token?: string }) =>
    token === 'bad'
      ? { refused: 'unauthorized' as const, message: 'No.' }
      : token === 'banned'
        ? { refused: 'forbidden' as const, message: 'No.' }
        : token === 'broken'
          ? Promise.reject(new Error('down'))
          : { peer: 'alice' };
  const { relay, join, connect: open, log, clock } = await startRelay(t, { authorize, rate: 1 });
  const ends: (() => Promise<TestPage>)[] = [
    async () => {
      const page = await join({ device: '1003' });
      page.webSocket.send(Buffer.from('x'));
      return page;
    },
    async () => {
      const page = await join({ device: '1008' });
      page.webSocket.send('{', { fin: false });
      for (let n = 0; n < 40; n++) page.webSocket.send(' ', { fin: false });
      return page;
    },
    async () => {
      const page = await join({ device: '1009' });
      page.say('x'.repeat(70_000));
      return page;
    },
    ...['bad', 'banned', 'broken'].map((token) => async () => {
      const page = await open();
      page.say({ type: 'hello', device: 'd', token });
      return page;
    }),
    async () => {
      const page = await open();
      page.say('x');
      return page;
    },
    async () => {
      const page = await open();
      clock.pass(6);
      return page;
    },
    async () => {
      const page = await join({ device: '4409' });
      await join({ device: '4409', peer: 'alice', resume: page.welcome['resume'] });
      return page;
    },
    async () => {
      const page = await join({ device: '4429' });
      for (let n = 0; n < 200; n++) page.say({ type: 'ping' });
      return page;
    },
  ];
  for (const end of ends) await (await end()).closed;
  await relay.close();
  const logged = new Set(log.lines.filter(([level]) => level === 'info').map(([, { code }]) => code));
  for (const code of codes) assert.ok(logged.has(code), `${code} is in the log, beside ${[...logged].join(' ')}`);
});
