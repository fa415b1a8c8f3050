import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { Deadlines } from '../../relay/deadlines.js';
import type { CallRecord } from '../../relay/index.js';
import { AGAIN_AFTER, FOR_ANSWERED, MAX_WAITING, Webhook, sign } from '../../relay/webhook.js';
import { StoppedClock, keepLog, startRelay } from './support/relay.js';

const record = {
  id: 'c',
  from: 'alice',
  to: 'bob',
  media: 'audio',
  invitedAt: '',
  endedAt: '',
  reason: 'declined',
  duration: 0,
} as CallRecord;
const words = 'a secret of twenty-four bytes';
const secret = `whsec_${Buffer.from(words).toString('base64')}`;

interface Post {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Whoever receives, and answers with these statuses one after the other, then with 204. */
async function receiver(t: TestContext, statuses: number[] = []) {
  const posts: Post[] = [];
  let heard: () => void = () => undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += String(chunk)));
    request.on('end', () => {
      posts.push({ headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 204, { location: '/elsewhere' }).end();
      heard();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/calls`;
  const reach = async (count: number) => {
    while (posts.length < count) await new Promise<void>((resolve) => (heard = resolve));
  };
  return { url, posts, reach };
}

function rig(url: string, send?: typeof fetch) {
  const [clock, log] = [new StoppedClock(), keepLog()];
  const webhook = new Webhook({ url, secret, clock, deadlines: new Deadlines(clock), log, ...(send && { fetch: send }) });
  const until = async (holds: () => boolean) => {
    while (!holds()) await turn();
  };
  return { webhook, clock, log, until };
}

describe('A webhook', () => {
  test('is told of a call that has passed the relay, and can tell that it was this relay', async (t) => {
    const { url, posts, reach } = await receiver(t);
    const { join, clock } = await startRelay(t, { webhook: url, webhookSecret: secret });
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    alice.invite('bob');
    await bob.next('invite');
    bob.tell(alice.address, { type: 'decline', reason: 'declined' });
    await reach(1);
    const [{ headers, body }] = posts as [Post];
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = headers;
    const hmac = createHmac('sha256', words)
      .update(`${String(id)}.${String(time)}.${body}`)
      .digest('base64');
    assert.equal(signature, `v1,${hmac}`);
    assert.equal(time, String(Math.floor(clock.date() / 1000)));
    const { type, data } = JSON.parse(body) as { type: string; data: CallRecord };
    assert.deepEqual([type, data.from, data.to, data.reason], ['call.ended', 'alice', 'bob', 'declined']);
  });

  test('that fails is told again, later and later, under the same ID, until it has understood', async (t) => {
    const { url, posts, reach } = await receiver(t, [500, 302, 404]);
    const { webhook, clock, until } = rig(url);
    webhook.send(record);
    for (const [index, after] of AGAIN_AFTER.slice(0, 3).entries()) {
      await reach(index + 1);
      await until(() => clock.timers > 0);
      assert.equal(posts.length, index + 1);
      clock.pass(after / 1000 + 1);
    }
    await reach(4);
    await until(() => webhook.delivered === 1);
    assert.deepEqual([webhook.waiting, webhook.dropped], [0, 0]);
    assert.equal(new Set(posts.map(({ headers }) => headers['webhook-id'])).size, 1);
    assert.equal(new Set(posts.map(({ headers }) => headers['webhook-signature'])).size, 4, 'each time with its own time');
  });

  test('that never answers is given up, which is counted and logged', async () => {
    let tries = 0;
    const { webhook, clock, log, until } = rig('http://relay.invalid', () => {
      tries++;
      return Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
    });
    webhook.send(record);
    for (const [index, after] of AGAIN_AFTER.entries()) {
      await until(() => tries === index + 1 && clock.timers > 0);
      clock.pass(after / 1000 + 1);
    }
    await until(() => webhook.dropped === 1);
    assert.equal(tries, AGAIN_AFTER.length + 1);
    assert.equal(webhook.waiting, 0);
    const [level, fields] = log.lines.at(-1)!;
    assert.deepEqual([level, fields['problem']], ['warn', 'ECONNREFUSED']);
  });

  test('that is slow lets no more than so many wait, and keeps room for calls that were answered', () => {
    const { webhook } = rig('http://relay.invalid', () => new Promise(() => undefined));
    for (let n = 0; n < MAX_WAITING + 3; n++) webhook.send(record);
    assert.deepEqual([webhook.waiting, webhook.dropped], [MAX_WAITING - FOR_ANSWERED, FOR_ANSWERED + 3]);
    for (let n = 0; n < FOR_ANSWERED + 2; n++) webhook.send({ ...record, answeredAt: '2026-01-31T12:00:00.000Z' });
    assert.deepEqual([webhook.waiting, webhook.dropped], [MAX_WAITING, FOR_ANSWERED + 5]);
  });

  test('that hangs is hung up on when the relay ends, and asked no more', async (t) => {
    const asked: AbortSignal[] = [];
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { webhook, clock } = rig('http://relay.invalid', (_, options) => {
      asked.push(options!.signal!);
      return new Promise((_, reject) => options!.signal!.addEventListener('abort', () => reject(new Error('aborted'))));
    });
    for (let n = 0; n < 6; n++) webhook.send(record);
    const closing = webhook.close();
    t.mock.timers.tick(2000);
    await closing;
    assert.deepEqual(
      asked.map(({ aborted }) => aborted),
      [true, true, true, true],
    );
    await turn();
    assert.deepEqual([webhook.dropped, clock.timers, asked.length], [6, 0, 4]);
  });

  test('gets what is on its way when the relay ends, and what is left is counted', async (t) => {
    const { url, posts } = await receiver(t);
    const { webhook } = rig(url);
    webhook.send(record);
    await webhook.close();
    assert.equal(posts.length, 1);
    const failing = rig('http://relay.invalid', () => Promise.reject(new Error('no')));
    failing.webhook.send(record);
    await failing.webhook.close();
    assert.equal(failing.webhook.dropped, 1);
    assert.equal(failing.log.lines.at(-1)![2], 'call records were not delivered before the end');
  });
});

test('A secret of any form signs', () => {
  assert.equal(sign(secret, 'a', '1', 'b'), sign(words, 'a', '1', 'b'));
  assert.notEqual(sign('south', 'a', '1', 'b'), sign('north', 'a', '1', 'b'));
});
