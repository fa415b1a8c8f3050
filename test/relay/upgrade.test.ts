import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, test } from 'node:test';

import { createFindIp } from '../../relay/upgrade.js';
import { exchange, handshake, startRelay, statusOf } from './support/relay.js';

describe('Before a connection becomes a WebSocket', () => {
  const key = 'Sec-WebSocket-Key';
  const cases: [string, string, number][] = [
    ['all is well', handshake('/ws'), 101],
    ['a query does no harm', handshake('/ws?x=1'), 101],
    ['further subprotocols do no harm', handshake('/ws', { 'Sec-WebSocket-Protocol': 'chat,  video-call.v1' }), 101],
    ['another path is not found', handshake('/'), 404],
    ['a path that would have to be understood is not found', handshake('/ws/../ws'), 404],
    ['a path with two slashes is not found', handshake('//ws'), 404],
    ['a path in capitals is not found', handshake('/WS'), 404],
    ['a whole URL for a path is not found', handshake('http://relay.test/ws'), 404],
    ['a POST is not allowed', handshake('/ws', { 'Content-Length': '0' }, 'POST'), 405],
    ['a missing Host is bad', handshake('/ws', { Host: undefined }), 400],
    ['a second Host is bad', handshake('/ws', { Host: 'relay.test\r\nHost: evil.test' }), 400],
    ['more than 64 header fields are too many', handshake('/ws', { 'X-A': `1${'\r\nX-A: 1'.repeat(60)}` }), 431],
    ['more than 8 KiB of header are too much', handshake('/ws', { 'X-A': 'a'.repeat(9000) }), 431],
    ['another protocol than WebSocket is told what is needed', handshake('/ws', { Upgrade: 'h2c' }), 426],
    ['no upgrade at all is told what is needed', handshake('/ws', { Upgrade: undefined, Connection: 'close' }), 426],
    ['a missing subprotocol is bad', handshake('/ws', { 'Sec-WebSocket-Protocol': undefined }), 400],
    ['another subprotocol is bad', handshake('/ws', { 'Sec-WebSocket-Protocol': 'video-call.v2' }), 400],
    ['a missing key is bad', handshake('/ws', { [key]: undefined }), 400],
    ['an old version is bad', handshake('/ws', { 'Sec-WebSocket-Version': '12' }), 400],
    ['a header named like an object member does no harm', handshake('/ws', { __proto__x: '1', constructor: 'x' } as never), 101],
    ['a header named __proto__ does no harm', handshake('/ws').replace('Host:', '__proto__: x\r\nHost:'), 101],
    ['two lengths are bad', handshake('/ws', { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' }), 400],
  ];
  for (const [statement, bytes, status] of cases) {
    test(`${statement}: ${status}`, async (t) => {
      const { address } = await startRelay(t);
      assert.equal(await statusOf(address.port, bytes), status);
    });
  }

  test('a refusal is a whole HTTP answer that repeats nothing of the request, and ends the connection', async (t) => {
    const { address } = await startRelay(t);
    const answer = await exchange(address.port, handshake('/evil'));
    assert.match(
      answer,
      /^HTTP\/1\.1 404 Not Found\r\nConnection: close\r\nContent-Type: text\/plain; charset=utf-8\r\nContent-Length: 23\r\n\r\nThere is nothing here\.\n$/,
    );
  });

  test('a subprotocol of 7,000 spaces costs nothing', async (t) => {
    const { address } = await startRelay(t);
    const begun = performance.now();
    assert.equal(await statusOf(address.port, handshake('/ws', { 'Sec-WebSocket-Protocol': `a,${' '.repeat(7000)}b` })), 400);
    assert.ok(performance.now() - begun < 500);
  });

  test('a connection that is dropped at once leaves nothing behind', async (t) => {
    const { address, relay, join } = await startRelay(t);
    for (let i = 0; i < 20; i++) {
      const socket = connect(address.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(handshake('/ws'));
      socket.resetAndDestroy();
    }
    const page = await join();
    while (relay.connections > 1) await page.drain();
  });
});

describe('Pages of which origin may connect', () => {
  const origins = ['https://shop.example', 'http://localhost:3000', 'https://bücher.example', 'https://Calls.Example:443'];
  const cases: [string | undefined, number][] = [
    ['https://shop.example', 101],
    ['http://localhost:3000', 101],
    [undefined, 403],
    ['null', 403],
    ['', 403],
    ['https://evil.example', 403],
    ['https://shop.example.evil.example', 403],
    ['https://evil.example/https://shop.example', 403],
    ['http://shop.example', 403],
    ['https://shop.example:8443', 403],
    ['https://shop.example/', 403],
    ['https://SHOP.example', 403],
    ['https://shop.example, https://evil.example', 403],
    ['HTTPS://shop.example', 403],
    ['https://shop.example.', 403],
    ['https://shop.example:443', 403],
    ['https://www.shop.example', 403],
    ['https://shop.example%00.evil.example', 403],
    ['https://user@shop.example', 403],
    ['wss://shop.example', 403],
    ['shop.example', 403],
    ['*', 403],
    ['http://localhost:3001', 403],
    ['http://127.0.0.1:3000', 403],
    ['https://xn--bcher-kva.example', 101],
    ['https://b\u00fccher.example', 403],
    ['https://bucher.example', 403],
    ['https://calls.example', 101],
    ['https://calls.example:443', 403],
  ];
  for (const [origin, status] of cases) {
    test(`${origin ?? 'none'}: ${status}`, async (t) => {
      const { address } = await startRelay(t, { origins });
      assert.equal(await statusOf(address.port, handshake('/ws', { Origin: origin })), status);
    });
  }

  test('are the same with tokens, which are not asked for before', async (t) => {
    const { address, log } = await startRelay(t, { authSecret: 'a secret of thirty-two bytes....', origins });
    assert.equal(await statusOf(address.port, handshake('/ws', { Origin: 'https://evil.example', Cookie: 'session=1' })), 403);
    assert.equal(await statusOf(address.port, handshake('/ws', { Origin: 'https://shop.example' })), 101);
    assert.ok(log.lines.some(([, fields]) => fields['status'] === 403));
  });

  test('two at once are none', async (t) => {
    const { address } = await startRelay(t, { origins });
    const twice = handshake('/ws', { Origin: 'https://shop.example\r\nOrigin: https://evil.example' });
    assert.equal(await statusOf(address.port, twice), 403);
  });

  test('any, where any may', async (t) => {
    const { address } = await startRelay(t, { origins: '*' });
    for (const origin of [undefined, 'null', 'https://evil.example'])
      assert.equal(await statusOf(address.port, handshake('/ws', { Origin: origin })), 101);
  });
});

describe('How many may connect', () => {
  test('from one address is bounded: 429, until one leaves', async (t) => {
    const { join, address, relay } = await startRelay(t, { maxConnectionsPerIp: 2 });
    const [one, two] = [await join(), await join()];
    const answer = await exchange(address.port, handshake('/ws'));
    assert.match(answer, /^HTTP\/1\.1 429 .*\r\nRetry-After: 30\r\n/);
    await one.leave(1000);
    while (relay.connections > 1) await two.drain();
    await join();
  });

  test('in all is bounded: 503', async (t) => {
    const { join, address } = await startRelay(t, { maxConnections: 1 });
    await join();
    assert.equal(await statusOf(address.port, handshake('/ws')), 503);
  });

  test('is counted by the address that a trusted proxy names, and by no other', async (t) => {
    const { address } = await startRelay(t, { maxConnectionsPerIp: 1, trustProxy: ['loopback'], open: true });
    const from = (ip: string) => handshake('/ws', { 'X-Forwarded-For': ip });
    const held = connect(address.port, '127.0.0.1');
    held.write(from('192.0.2.1'));
    await new Promise((resolve) => held.once('data', resolve));
    assert.equal(await statusOf(address.port, from('198.51.100.9, 192.0.2.1')), 429);
    assert.equal(await statusOf(address.port, from('192.0.2.2')), 101);
    held.destroy();
  });
});

describe('Where a request comes from', () => {
  const request = (remoteAddress: string, forwarded?: string) =>
    ({ socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;
  const cases: [string, readonly string[], IncomingMessage, string][] = [
    ['is the other end of the connection', [], request('192.0.2.1'), '192.0.2.1'],
    ['is not what a stranger says', [], request('192.0.2.1', '10.0.0.1'), '192.0.2.1'],
    ['is not what a stranger says to a relay with proxies', ['10.0.0.0/8'], request('192.0.2.1', '10.0.0.1'), '192.0.2.1'],
    ['is what a proxy says', ['10.0.0.0/8'], request('10.1.1.1', '192.0.2.1'), '192.0.2.1'],
    ['is what the first of two proxies says', ['10.0.0.0/8'], request('10.1.1.1', '203.0.113.1, 192.0.2.1, 10.2.2.2'), '192.0.2.1'],
    ['is the proxy itself where it says nothing', ['10.0.0.0/8'], request('10.1.1.1'), '10.1.1.1'],
    ['is the proxy itself where it says nonsense', ['10.0.0.0/8'], request('10.1.1.1', 'unknown'), '10.1.1.1'],
    ['is the same for IPv4 over IPv6', ['10.1.1.1'], request('::ffff:10.1.1.1', '::ffff:192.0.2.1'), '192.0.2.1'],
    ['may be this machine', ['loopback'], request('::1', '2001:db8::1'), '2001:db8::1'],
    ['may be a link-local address', ['fe80::/10'], request('fe80::1%eth0', '192.0.2.1'), '192.0.2.1'],
  ];
  for (const [statement, trusted, given, ip] of cases) test(statement, () => assert.equal(createFindIp(trusted)(given), ip));
});
