import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { NetworkRate, MAX_REMEMBERED, networkOf } from '../../relay/limits.js';
import { HANDSHAKE_TIMEOUT, PLAIN_CONNECTIONS_PER_IP, SERVER_LIMITS, createServer } from '../../relay/server.js';
import { exchange, handshake, startRelay, statusOf } from './support/relay.js';

/** A server whose patience is counted in tenths of a second. */
async function impatient(t: TestContext): Promise<number> {
  const server = createServer(undefined, {
    ...SERVER_LIMITS,
    headersTimeout: 200,
    requestTimeout: 300,
    connectionsCheckingInterval: 50,
  });
  server.on('request', (request, response) => request.on('end', () => response.end('whole')).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Waits for the end of a connection, also one that is cut off while something is still being written to it. */
function closed(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.on('close', () => resolve()));
}

describe('Whoever speaks slowly', () => {
  test('has ten seconds for the header and fifteen for the request, looked at every two', () => {
    const { headersTimeout, requestTimeout, connectionsCheckingInterval, maxHeaderSize } = SERVER_LIMITS;
    assert.deepEqual([headersTimeout, requestTimeout, connectionsCheckingInterval, maxHeaderSize], [10_000, 15_000, 2000, 8192]);
    assert.equal(HANDSHAKE_TIMEOUT, 10_000);
    const server = createServer(undefined);
    assert.deepEqual([server.headersTimeout, server.requestTimeout, server.maxHeadersCount], [10_000, 15_000, 64]);
  });

  for (const [title, bytes] of [
    ['says half a line', 'GET / HT'],
    ['never ends the header', 'GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n'],
    ['never ends the body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
  ] as const) {
    test(`and ${title} is answered 408 and let go`, async (t) => {
      const socket = connect(await impatient(t), '127.0.0.1');
      const drip = setInterval(() => socket.write(title.includes('header') ? 'X-B: 1\r\n' : 'x'), 40);
      t.after(() => clearInterval(drip));
      socket.write(bytes);
      let heard = '';
      socket.on('data', (data) => (heard += String(data)));
      await closed(socket);
      assert.match(heard, /^HTTP\/1\.1 (408|400) /);
    });
  }

  test('and says nothing at all is let go as well', async (t) => {
    const socket = connect(await impatient(t), '127.0.0.1');
    socket.resume();
    await closed(socket);
  });
});

describe('Whoever speaks too much in plain HTTP', () => {
  test('is answered 431: more than 8 KiB of header, or more than 64 fields', async (t) => {
    const { address } = await startRelay(t);
    const get = (path: string, fields: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n${fields}\r\n`;
    assert.equal(await statusOf(address.port, get('/healthz', `X-A: ${'a'.repeat(9000)}\r\n`)), 431);
    assert.equal(await statusOf(address.port, get(`/${'a'.repeat(9000)}`, '')), 431);
    assert.equal(await statusOf(address.port, get('/healthz', 'X-A: 1\r\n'.repeat(64))), 431);
    assert.equal(await statusOf(address.port, get('/healthz', 'X-A: 1\r\n'.repeat(63))), 200);
  });

  test('or in another way than HTTP allows is answered 400, 405 or not at all, and nothing of it comes back', async (t) => {
    const { address } = await startRelay(t, { demo: true });
    const cases: [string, RegExp][] = [
      ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400/],
      ['POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked, gzip\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400/],
      ['GET / HTTP/1.1\nHost: x\n\n', /^HTTP\/1\.1 400/],
      ['GET / HTTP/1.1\r\nHost : x\r\n\r\n', /^HTTP\/1\.1 400/],
      ['GET / HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n 2\r\n\r\n', /^HTTP\/1\.1 400/],
      ['CONNECT evil.example:80 HTTP/1.1\r\nHost: x\r\n\r\n', /^$|^HTTP\/1\.1 40/],
      ['TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 405/],
      ['OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 40/],
      ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', /^HTTP\/1\.1 400|^$/],
    ];
    for (const [bytes, answer] of cases) {
      const heard = await exchange(address.port, bytes);
      assert.match(heard, answer, bytes);
      assert.doesNotMatch(heard, /evil/, bytes);
    }
    const headers = { 'X-Forwarded-Host': 'evil.example', 'X-Evil': 'evil' };
    const response = await fetch(`http://127.0.0.1:${address.port}/evil?next=%0d%0aSet-Cookie:evil=1`, { headers });
    assert.equal(response.status, 404);
    assert.doesNotMatch(JSON.stringify([...response.headers]) + (await response.text()), /evil/);
  });
});

describe('Whoever has many addresses', () => {
  const cases: [string, string][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::1:2:3:4:5', '2001:db8:0:1::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
    ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
  ];
  for (const [ip, network] of cases) test(`${ip} is counted as ${network}`, () => assert.equal(networkOf(ip), network));

  test('in one IPv6 site (/48) has no more than ten networks have', async (t) => {
    const { address } = await startRelay(t, { maxConnectionsPerIp: 1, trustProxy: ['loopback'], open: true });
    const from = (network: number) => handshake('/ws', { 'X-Forwarded-For': `2001:db8:1:${network}::1` });
    for (let network = 0; network < 10; network++) {
      const held = connect(address.port, '127.0.0.1');
      t.after(() => held.destroy());
      held.write(from(network));
      await once(held, 'data');
    }
    assert.equal(await statusOf(address.port, from(10)), 429);
    assert.equal(await statusOf(address.port, handshake('/ws', { 'X-Forwarded-For': '2001:db8:2::1' })), 101);
  });

  test('in one IPv6 network has no more connections than one address has', async (t) => {
    const { address } = await startRelay(t, { maxConnectionsPerIp: 1, trustProxy: ['loopback'], open: true });
    const from = (ip: string) => handshake('/ws', { 'X-Forwarded-For': ip });
    const held = connect(address.port, '127.0.0.1');
    t.after(() => held.destroy());
    held.write(from('2001:db8:1:2::1'));
    await once(held, 'data');
    assert.equal(await statusOf(address.port, from('2001:db8:1:2:ffff::9')), 429);
    assert.equal(await statusOf(address.port, from('2001:db8:1:3::1')), 101);
  });
});

describe('Whoever connects and does not say who he is', () => {
  test('takes no more than a part of the room, and makes it again when he is somebody', async (t) => {
    const { connect: open, address } = await startRelay(t, { maxConnections: 200, connectRate: 1000, maxConnectionsPerIp: 200, drain: 0 });
    const pages = [];
    for (let n = 0; n < 100; n++) pages.push(await open());
    assert.equal(await statusOf(address.port, handshake('/ws')), 503);
    pages[0]!.say({ type: 'hello', device: 'd1' });
    await pages[0]!.next('welcome');
    assert.equal(await statusOf(address.port, handshake('/ws')), 101);
  });

  test('nor asks for a WebSocket finds the port closed when there are a thousand such beyond the bound', () => {
    assert.equal(createServer(undefined, { ...SERVER_LIMITS, maxWebSockets: 50 }).maxConnections, 1050);
  });
});

describe('Whoever connects again and again', () => {
  test('is refused with 429 before anything else is done, and may come back a while later', async (t) => {
    const { address, clock, relay } = await startRelay(t, { connectRate: 1, maxConnectionsPerIp: 1000 });
    const loop = async (times: number) => {
      const statuses: number[] = [];
      for (let n = 0; n < times; n++) statuses.push(await statusOf(address.port, handshake('/ws')));
      return statuses;
    };
    assert.deepEqual(await loop(12), [...Array<number>(10).fill(101), 429, 429]);
    assert.match(await exchange(address.port, handshake('/ws')), /Retry-After: 5\r\n/);
    clock.pass(2);
    assert.deepEqual(await loop(3), [101, 101, 429]);
    assert.match(await relay.metrics(), /connections_refused_total\{reason="connect-rate"\} 4\n/);
  });

  test('from ever new networks is remembered within bounds, and forgotten after a minute', () => {
    const rate = new NetworkRate({ burst: 10, perSecond: 1 });
    for (let n = 0; n < MAX_REMEMBERED + 1000; n++) assert.equal(rate.allows(`n${n}`, n / 1000), true);
    assert.equal(rate.size, MAX_REMEMBERED);
    rate.allows('another', 120_000);
    assert.equal(rate.size, 1);
  });
});

describe('Whoever asks for files again and again', () => {
  const ask = async (url: string, ip: string) => {
    const response = await fetch(url, { headers: { 'X-Forwarded-For': ip } });
    await response.text();
    return response;
  };

  test('is told 429 and to come back later, while others, and questions about health, are answered', async (t) => {
    const { address, clock, relay } = await startRelay(t, { requestRate: 1, demo: true, trustProxy: ['loopback'], open: true });
    for (let n = 0; n < 20; n++) assert.equal((await ask(address.url, '192.0.2.1')).status, 200);
    const refused = await ask(address.url, '192.0.2.1');
    assert.deepEqual([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')], [429, '5', 'close']);
    for (const path of ['healthz', 'readyz']) assert.equal((await ask(`${address.url}/${path}`, '192.0.2.1')).status, 200);
    assert.equal((await ask(`${address.url}/healthz?x`, '192.0.2.1')).status, 429);
    assert.equal((await ask(address.url, '192.0.2.2')).status, 200);
    clock.pass(1);
    assert.equal((await ask(address.url, '192.0.2.1')).status, 200);
    assert.match(await relay.metrics(), /^video_call_requests_refused_total 2$/m);
  });
});

describe('Whoever opens connections and says nothing', () => {
  /** Opens so many, and answers with those of them that were closed at once. */
  async function hold(t: TestContext, port: number, count: number): Promise<{ held: Socket[]; closed: () => number }> {
    let closed = 0;
    const held = Array.from({ length: count }, () => {
      const socket = connect(port, '127.0.0.1');
      t.after(() => socket.destroy());
      socket.on('error', () => undefined).resume();
      return socket.on('close', () => closed++);
    });
    await Promise.all(held.map((socket) => once(socket, 'connect')));
    return { held, closed: () => closed };
  }

  test('has so many of one address or network, and those beyond are closed unheard', async (t) => {
    const { address, relay } = await startRelay(t, { maxConnectionsPerIp: 2 });
    const { held } = await hold(t, address.port, 2 + PLAIN_CONNECTIONS_PER_IP);
    const [one] = (await hold(t, address.port, 1)).held;
    await once(one!, 'close');
    assert.match(await relay.metrics(), /connections_refused_total\{reason="sockets"\} 1\n/);
    held[0]!.destroy();
    // The relay takes note of it in a turn of its own.
    while ((await exchange(address.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')) === '');
  });

  test('is not told from others behind a proxy that is trusted, and so is not counted there', async (t) => {
    const { address } = await startRelay(t, { maxConnectionsPerIp: 2, trustProxy: ['loopback'], open: true });
    const { closed } = await hold(t, address.port, 2 + PLAIN_CONNECTIONS_PER_IP);
    const health = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    assert.match(await exchange(address.port, health), /^HTTP\/1\.1 200/);
    assert.equal(closed(), 0);
  });
});

test('A person has no more pages than the relay was told', async (t) => {
  const { join, connect: open } = await startRelay(t, { maxConnectionsPerPerson: 2 });
  await join({ peer: 'alice', device: 'a' });
  await join({ peer: 'alice', device: 'b' });
  const third = await open();
  third.say({ type: 'hello', peer: 'alice', device: 'c' });
  assert.equal((await third.closed).code, 4429);
  await join({ peer: 'bob' });
});

test('Whoever put a proxy in front and forgot to say so is told once', async (t) => {
  const { address, log } = await startRelay(t);
  for (let n = 0; n < 3; n++) await statusOf(address.port, handshake('/ws', { 'X-Forwarded-For': '192.0.2.1' }));
  const warnings = log.lines.filter(([level, , message]) => level === 'warn' && message.includes('--trust-proxy'));
  assert.equal(warnings.length, 1);
});
