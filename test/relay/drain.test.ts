import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';

import { MIN_BATCH, inBatches } from '../../relay/drain.js';
import { SUBPROTOCOL } from '../../relay/protocol/index.js';
import { StoppedClock, TestPage, exchange, handshake, startRelay } from './support/relay.js';

const HEALTH = 'GET /healthz HTTP/1.1\r\nHost: relay\r\n\r\n';

/** What comes of a connection on which something was asked. */
const outcomeOf = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    socket.once('data', () => resolve('answered'));
    socket.once('close', () => resolve('closed'));
  });

const cli = fileURLToPath(new URL('../../relay/cli.ts', import.meta.url));

describe('Many are let go', () => {
  test('evenly over the time there is, each once, in an order that nobody knows', async () => {
    const clock = new StoppedClock();
    const all = Array.from({ length: 10_000 }, (_, index) => index);
    const done: number[] = [];
    const ended = inBatches(all, 5000, clock, (one) => void done.push(one));
    assert.equal(done.length, 100);
    clock.pass(2.5);
    assert.ok(Math.abs(done.length - 5000) <= 200, `${done.length} after half of the time`);
    clock.pass(2.5);
    await ended;
    assert.equal(clock.timers, 0);
    assert.notDeepEqual(done, all);
    assert.deepEqual(
      [...done].sort((a, b) => a - b),
      all,
    );
  });

  test('at once where they are few, or no time is given', async () => {
    const clock = new StoppedClock();
    for (const [count, within] of [
      [MIN_BATCH, 5000],
      [1000, 0],
      [0, 5000],
    ] as const) {
      const done: number[] = [];
      await inBatches(
        Array.from({ length: count }, (_, index) => index),
        within,
        clock,
        (one) => void done.push(one),
      );
      assert.equal(done.length, count);
    }
    assert.equal(clock.timers, 0);
  });
});

describe('A relay that lets its pages go', () => {
  test('spreads them, keeps its port open to say 503 meanwhile, and still brings messages to those who wait', async (t) => {
    const { relay, address, clock, join } = await startRelay(t, { drain: 1 });
    const pages = await Promise.all(Array.from({ length: 3 * MIN_BATCH }, (_, index) => join({ peer: `p${index}`, device: 'd' })));
    let gone = 0;
    for (const page of pages) void page.closed.then(({ code }) => void (gone += code === 1012 ? 1 : 0));
    const closing = relay.close();
    while (gone < MIN_BATCH) await turn();
    assert.equal(relay.connections, 2 * MIN_BATCH);

    assert.match(await exchange(address.port, handshake('/ws')), /^HTTP\/1\.1 503 .*\r\nRetry-After: 2\r\n/);
    const health = (path: string) => fetch(`http://127.0.0.1:${address.port}${path}`).then(({ status }) => status);
    assert.deepEqual([await health('/readyz'), await health('/healthz')], [503, 200]);
    const [one, two] = pages.filter(({ webSocket }) => webSocket.readyState === WebSocket.OPEN) as [TestPage, TestPage];
    one.tell(two.address, { type: 'hangup', reason: 'left' });
    await two.next('hangup');

    clock.pass(0.1);
    await closing;
    assert.equal(gone, pages.length);
    await assert.rejects(once(connect(address.port, '127.0.0.1'), 'connect'), { code: 'ECONNREFUSED' });
  });
});

function runRelay(t: TestContext, shell = '', ...options: string[]) {
  const line = `${shell} exec "$0" --import tsx "${cli}" --port 0 --stun none ${options.join(' ')}`;
  const child = spawn('/bin/sh', ['-c', line, process.execPath], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } });
  t.after(() => child.kill('SIGKILL'));
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += String(chunk)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const listening = new Promise<number>((resolve, reject) => {
    let said = '';
    void ended.then((code) => reject(new Error(`The relay has ended with ${code} before it listened: ${log}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      const [, port] = /ready: http:\/\/localhost:(\d+)[\s\S]*video-call-button/.exec((said += String(chunk))) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
  });
  return { child, listening, log: () => log, ended };
}

async function joinAt(t: TestContext, port: number): Promise<TestPage> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/ws`, SUBPROTOCOL);
  t.after(() => webSocket.terminate());
  const page = new TestPage(webSocket);
  await once(webSocket, 'open');
  page.say({ type: 'hello', device: 'd1' });
  page.welcome = await page.next('welcome');
  return page;
}

describe('The program', { concurrency: 2 }, () => {
  test('is gone within ten seconds of SIGTERM although a page does not answer, with exit code 0', async (t) => {
    const relay = runRelay(t);
    const port = await relay.listening;
    // Reads nothing and says nothing, so the end of its connection is never answered.
    const stubborn = connect(port, '127.0.0.1');
    t.after(() => stubborn.destroy());
    stubborn.write(handshake('/ws'));
    await once(stubborn, 'readable');
    const begun = performance.now();
    relay.child.kill('SIGTERM');
    assert.equal(await relay.ended, 0);
    assert.ok(performance.now() - begun < 10_000);
  });

  test('ends at once when it is told a second time, with exit code 1', async (t) => {
    const relay = runRelay(t);
    const stubborn = connect(await relay.listening, '127.0.0.1');
    t.after(() => stubborn.destroy());
    stubborn.write(handshake('/ws'));
    await once(stubborn, 'readable');
    relay.child.kill('SIGTERM');
    while (!relay.log().includes('relay closes')) await once(relay.child.stderr, 'data');
    const begun = performance.now();
    relay.child.kill('SIGINT');
    assert.equal(await relay.ended, 1);
    assert.ok(performance.now() - begun < 1500);
  });

  test(
    'that has no file descriptors left goes on with the pages it has, and takes new ones when others have left',
    { skip: process.platform === 'win32' && 'There is no ulimit on Windows.' },
    async (t) => {
      // Enough for a start, in which the compiler reads many files at once.
      const relay = runRelay(t, 'ulimit -n 160;', '--max-connections-per-ip', '1000', '--connect-rate', '1000');
      const port = await relay.listening;
      let mayEnd = false;
      // Nothing else would say that it has, and why: what this test waits for would never come.
      void relay.ended.then((code) => mayEnd || console.error(`The relay has ended with ${code}: ${relay.log()}`));
      const [alice, bob] = [await joinAt(t, port), await joinAt(t, port)];
      const crowd = Array.from({ length: 300 }, () => connect(port, '127.0.0.1'));
      t.after(() => crowd.forEach((socket) => socket.destroy()));
      for (const socket of crowd) {
        socket.on('error', () => undefined);
        socket.write(HEALTH);
      }
      // Those for whom no descriptor is left are closed unheard.
      const outcomes = await Promise.all(crowd.map(outcomeOf));
      for (const outcome of ['answered', 'closed']) assert.ok(outcomes.includes(outcome), `some are ${outcome}`);
      alice.tell(bob.address, { type: 'hangup', reason: 'left' });
      await bob.next('hangup');
      for (const socket of crowd) socket.destroy();
      // The relay lets go of them one after the other: there is a descriptor again when somebody is answered.
      for (let answered = false; !answered;) {
        const asking = connect(port, '127.0.0.1');
        asking.on('error', () => undefined).write(HEALTH);
        answered = (await outcomeOf(asking)) === 'answered';
        asking.destroy();
      }
      const late = await joinAt(t, port);
      late.tell(alice.address, { type: 'hangup', reason: 'left' });
      await alice.next('hangup');
      mayEnd = true;
      relay.child.kill('SIGTERM');
      assert.equal(await relay.ended, 0, relay.log());
    },
  );
});
