import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { Metrics } from '../../relay/metrics.js';
import { createRelay } from '../../relay/index.js';
import { BETWEEN_PAGES, CLOSE, ERROR_CODES, FROM_RELAY, TO_RELAY } from '../../relay/protocol/index.js';
import { Tally } from '../../relay/tally.js';
import { exchange, handshake, keepLog, startRelay } from './support/relay.js';
import { tokenFor, withTokens } from './support/tokens.js';

/** Values by name and labels, such as `video_call_connections{state="open"}`. */
function read(text: string): (name: string) => number | undefined {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\w+(?:\{[^}]*\})?) (\S+)$/.exec(line) ?? [];
    if (name !== undefined) values.set(name, Number(value));
  }
  return (name) => values.get(`video_call_${name}`);
}

describe('Metrics', () => {
  test('tell what has happened, on a port of their own', async (t) => {
    const { relay, address, join, connect } = await startRelay(t, {
      metrics: true,
      metricsPort: 0,
      origins: ['https://shop.example'],
      rate: 1,
      maxConnectionsPerIp: 4,
    });
    const headers = { origin: 'https://shop.example' };
    const [alice, bob] = [await join({ peer: 'alice' }, { headers }), await join({ peer: 'bob' }, { headers })];
    const silent = await connect(headers);
    alice.say({ type: 'watch', addresses: ['bob'] });
    await alice.next('presence');
    alice.tell('bob', { type: 'hangup', reason: 'left' });
    await bob.next('hangup');
    alice.tell('nobody', { type: 'hangup', reason: 'left' });
    await alice.next('unreachable');
    alice.say('nonsense');
    await alice.next('error');
    alice.say({ type: 'ping' });
    await alice.next('error');
    await bob.leave(1000);
    const guest = await connect(headers);
    guest.say({ type: 'ping' });
    assert.equal((await guest.closed).code, CLOSE.malformed);
    await exchange(address.port, handshake('/ws', { Origin: 'https://evil.example' }));
    await exchange(address.port, handshake('/ws', { Origin: headers.origin, Upgrade: 'h2c' }));
    await Promise.all([connect(headers), connect(headers)]);
    await exchange(address.port, handshake('/ws', { Origin: headers.origin }));

    const response = await fetch(address.metricsUrl!);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    const text = await response.text();
    const value = read(text);
    const expected = {
      'connections{state="new"}': 3,
      'connections{state="open"}': 1,
      pages_joined_total: 2,
      'connections_closed_total{code="1000"}': 1,
      'connections_closed_total{code="4400"}': 1,
      'connections_refused_total{reason="origin"}': 1,
      'connections_refused_total{reason="request"}': 1,
      'connections_refused_total{reason="per-ip"}': 1,
      'messages_received_total{type="hello"}': 2,
      'messages_received_total{type="hangup"}': 2,
      'messages_received_total{type="malformed"}': 1,
      'messages_sent_total{type="hangup"}': 1,
      'messages_sent_total{type="presence"}': 2,
      'messages_sent_total{type="welcome"}': 2,
      'messages_refused_total{code="protocol"}': 1,
      'messages_refused_total{code="rate-limited"}': 1,
      messages_dropped_total: 1,
      messages_unreachable_total: 1,
      unread_closes_total: 0,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((name) => [name, value(name)])), expected);
    assert.ok(value('received_bytes_total')! > 300 && value('sent_bytes_total')! > 300);
    assert.match(text, /^nodejs_eventloop_lag_seconds /m);
    assert.match(text, /^process_resident_memory_bytes /m);
    assert.equal(read(await relay.metrics())('pages_joined_total'), 2);
    assert.equal(silent.webSocket.readyState, 1);
  });

  test('are nowhere on the port that the world sees, and alone on their own', async (t) => {
    const { address } = await startRelay(t, { metrics: true, metricsPort: 0, demo: true });
    assert.equal((await fetch(`http://127.0.0.1:${address.port}/metrics`)).status, 404);
    assert.match(address.metricsUrl!, /^http:\/\/127\.0\.0\.1:/);
    for (const path of ['/', '/video-call.js', '/metrics/x', '/metrics?x'])
      assert.equal((await fetch(address.metricsUrl!.replace('/metrics', path))).status, 404, path);
    assert.equal((await fetch(address.metricsUrl!, { method: 'POST' })).status, 404);
  });

  test('are not served unless they are asked for', async (t) => {
    assert.equal((await startRelay(t)).address.metricsUrl, undefined);
  });

  test('whose port is taken keep the relay from starting, and free its own port again', async (t) => {
    const { relay, address } = await startRelay(t, { metrics: true, metricsPort: 0 });
    const metricsPort = Number(new URL(address.metricsUrl!).port);
    const second = createRelay({ port: 0, metrics: true, metricsPort, log: keepLog() });
    await assert.rejects(second.listen(), { code: 'EADDRINUSE', port: metricsPort });
    await second.close();
    await relay.close();
    await assert.rejects(fetch(address.metricsUrl!), 'a relay that has ended frees both of its ports');
  });

  test('count what a page is told once, also of those whom it may not see', async (t) => {
    const { relay, join } = await startRelay(t, withTokens);
    const alice = await join({ token: tokenFor('alice', { calls: [] }) });
    alice.say({ type: 'watch', addresses: ['bob', 'carol'] });
    assert.equal((await alice.drain()).length, 2);
    assert.equal(read(await relay.metrics())('messages_sent_total{type="presence"}'), 2);
  });

  test('do not believe a page that ends its connection with a code of the relay, and neither does the log', async (t) => {
    const { relay, connect, log } = await startRelay(t);
    await (await connect()).leave(4429);
    while (relay.connections > 0) await new Promise((resolve) => setImmediate(resolve));
    const value = read(await relay.metrics());
    assert.deepEqual([value('connections_closed_total{code="4429"}'), value('connections_closed_total{code="other"}')], [0, 1]);
    const [level] = log.lines.find(([, , message]) => message === 'page left before it was welcomed')!;
    assert.equal(level, 'debug');
  });

  test('of a relay do not count those of another one in the same process', async (t) => {
    const [one, two] = [await startRelay(t), await startRelay(t)];
    await one.join();
    assert.equal(read(await one.relay.metrics())('pages_joined_total'), 1);
    assert.equal(read(await two.relay.metrics())('pages_joined_total'), 0);
  });
});

test('Everything that can happen is counted under a word that was there before', () => {
  const tally = new Tally();
  assert.deepEqual(
    Object.keys(tally.received).filter((type) => type !== 'malformed'),
    [...Object.keys(TO_RELAY), ...Object.keys(BETWEEN_PAGES)],
  );
  assert.deepEqual(Object.keys(tally.errors), [...ERROR_CODES]);
  for (const type of [...Object.keys(FROM_RELAY), ...Object.keys(BETWEEN_PAGES)]) assert.equal(tally.sent[type], 0);
  for (const code of [...Object.values(CLOSE), 1000, 1006, 3999, 4999, 0]) tally.close(code, false);
  assert.equal(tally.closed['4409'], 1);
  assert.equal(tally.closed['other'], 3);
  assert.equal(Object.hasOwn(tally.closed, '3999'), false);
  for (const code of [4409, 1009, 1000, 1005]) tally.close(code, true);
  assert.deepEqual([tally.closed['4409'], tally.closed['1009'], tally.closed['other'], tally.closed['1005']], [1, 1, 5, 1]);
});

test('The table of metrics for operators is what there is', async () => {
  const zero = { waiting: 0, delivered: 0, dropped: 0, unfollowed: 0 };
  const metrics = new Metrics({
    tally: new Tally(),
    connections: () => ({}),
    bytes: () => ({ read: 0, written: 0 }),
    cluster: () => undefined,
    records: () => zero,
  });
  const text = readFileSync(new URL('../../relay/OPERATING.md', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^\| `(video_call_\w+)` \| (\w+) \| ([^|]*) \| ([^|]*) \|$/gm)].map(([, name, type, , help]) => ({
    name,
    type,
    help: help!.trim(),
  }));
  const described = (await metrics.describe()).map(({ name, type, help }) => ({ name, type, help }));
  assert.deepEqual(documented, described);
});
