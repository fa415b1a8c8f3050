import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import express from 'express';
import Koa from 'koa';
import { WebSocket, WebSocketServer, type ClientOptions } from 'ws';

import { ownCertificate } from '../../relay/certificate.js';
import { OptionsError, createRelay } from '../../relay/index.js';
import type { RelayOptions } from '../../relay/index.js';
import { SUBPROTOCOL } from '../../relay/protocol/index.js';
import { TestPage, exchange, handshake, keepLog, startRelay, statusOf } from './support/relay.js';
import { withTokens } from './support/tokens.js';

const quiet = () => ({ port: 0, log: keepLog(), stun: [], open: true });

describe('A relay that listens', () => {
  test('says where, the same each time it is asked', async (t) => {
    const relay = createRelay(quiet());
    t.after(() => relay.close());
    assert.equal(relay.address, undefined);
    const address = await relay.listen();
    assert.equal(address.host, '127.0.0.1');
    assert.equal(address.url, `http://localhost:${address.port}`);
    assert.equal(await relay.listen(), address);
    assert.equal(relay.address, address);
  });

  test('rejects where the port is taken, and can be closed then', async (t) => {
    const { address } = await startRelay(t);
    const second = createRelay({ ...quiet(), port: address.port });
    await assert.rejects(second.listen(), { code: 'EADDRINUSE' });
    await second.close();
  });

  test('shares a process with others, and knows nothing of their pages', async (t) => {
    const [one, two] = [await startRelay(t), await startRelay(t)];
    const [alice] = [await one.join({ peer: 'alice' }), await two.join({ peer: 'bob' })];
    alice.invite('bob');
    await alice.next('unreachable');
  });

  test('refuses to listen for other machines while it takes everybody at their word', () => {
    assert.throws(() => createRelay({ host: '0.0.0.0' }), OptionsError);
    assert.throws(() => createRelay({ trustProxy: ['loopback'] }), OptionsError);
  });

  test('says once that everybody is taken at their word, and nothing of the kind where it asks for tokens', async (t) => {
    const warnings = async (options: RelayOptions) => {
      const log = keepLog();
      const relay = createRelay({ ...quiet(), open: false, log, ...options });
      t.after(() => relay.close());
      await relay.listen();
      if (options.authSecret !== undefined) relay.attach(createServer());
      return log.lines.filter(([level]) => level === 'warn').map(([, , message]) => message.split(':')[0]);
    };
    assert.deepEqual(await warnings({}), ['everybody is taken at their word']);
    assert.deepEqual(await warnings(withTokens), []);
    assert.deepEqual(await warnings({ ...withTokens, host: '0.0.0.0' }), ['tokens cross the network unencrypted']);
  });
});

describe('A relay that closes', () => {
  test('tells its pages 1012, frees its port, and may be told twice', async (t) => {
    const { relay, address, join, connect } = await startRelay(t);
    const [known, unknown] = [await join(), await connect()];
    const closing = relay.close();
    assert.equal(relay.close(), closing);
    assert.deepEqual([(await known.closed).code, (await unknown.closed).code], [1012, 1012]);
    await closing;
    assert.equal(relay.connections, 0);
    assert.equal(relay.address, undefined);
    const again = createRelay({ ...quiet(), port: address.port });
    await again.listen();
    await again.close();
    await assert.rejects(relay.listen(), /closed/);
    assert.throws(() => relay.attach(createServer()), /closed/);
  });

  test('loses nothing that it has accepted', async (t) => {
    const { relay, join } = await startRelay(t);
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    const accepted = new Promise((resolve) => bob.webSocket.once('message', resolve));
    for (let n = 1; n <= 50; n++) alice.tell('bob', { type: 'hangup', reason: 'left', n });
    alice.say({ type: 'ping' });
    await accepted;
    await alice.next('pong');
    const closing = relay.close();
    for (let n = 1; n <= 50; n++) assert.equal((await bob.next('hangup'))['n'], n);
    await closing;
  });

  test('waits for nobody who has connected and says nothing', async (t) => {
    const { relay, address, join } = await startRelay(t);
    const sockets = [connect(address.port, '127.0.0.1'), connect(address.port, '127.0.0.1')];
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    sockets[1]!.write('GET / HTTP/1.1\r\nHost:');
    await (await join()).drain();
    await relay.close();
  });

  test('takes no new pages meanwhile: 503, and says that it is not ready', async (t) => {
    const relay = createRelay({ ...quiet(), base: '/r' });
    const server = createServer((_, response) => response.end('host'));
    relay.attach(server);
    const port = await listen(t, server);
    const stubborn = connect(port, '127.0.0.1');
    stubborn.write(handshake('/r/ws'));
    await once(stubborn, 'data');
    const closing = relay.close();
    assert.match(await exchange(port, handshake('/r/ws')), /^HTTP\/1\.1 503 .*\r\nRetry-After: 2\r\n/);
    assert.equal((await fetch(`http://127.0.0.1:${port}/r/readyz`)).status, 503);
    stubborn.destroy();
    await closing;
  });
});

describe('A relay that is attached', () => {
  test('wants tokens, a decision of one’s own, or to hear that it is meant to be open', () => {
    const attach = (options: RelayOptions) => createRelay({ ...quiet(), open: false, ...options }).attach(createServer());
    assert.throws(
      () => attach({}),
      (error) => error instanceof OptionsError && /authSecret.*open: true/.test(error.message),
    );
    assert.throws(() => attach({ authSecret: undefined }), OptionsError);
    for (const options of [withTokens, { authorize: () => ({ peer: 'a' }) }, { open: true }]) attach(options);
  });

  test('answers for its own paths beside a Koa application, and gives them back', async (t) => {
    const app = new Koa();
    app.use((ctx) => void (ctx.body = `host ${ctx.path}`));
    const relay = createRelay({ ...quiet(), base: '/calls' });
    t.after(() => relay.close());
    const server = createServer((request, response) => void app.callback()(request, response));
    relay.attach(server);
    const port = await listen(t, server);
    const text = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    assert.deepEqual([await text('/'), await text('/healthz'), await text('/calls/healthz')], ['host /', 'host /healthz', 'ok\n']);
    const page = new TestPage(new WebSocket(`ws://127.0.0.1:${port}/calls/ws`, SUBPROTOCOL));
    await once(page.webSocket, 'open');
    page.say({ type: 'hello', device: 'd1' });
    await page.next('welcome');
    assert.equal(await statusOf(port, handshake('/elsewhere')), 404);
    await relay.close();
    assert.equal(await text('/calls/healthz'), 'host /calls/healthz');
  });

  test('answers for its own paths beside an Express application, whose own pages and errors stay as they were', async (t) => {
    const app = express();
    app.get('/shop', (_, response) => void response.send('shop'));
    app.use((_, response) => void response.status(404).send('no such page of the shop'));
    const relays = ['/sales', '/support'].map((base) => createRelay({ ...quiet(), base, widgetDir: '/nowhere' }));
    t.after(() => Promise.all(relays.map((relay) => relay.close())));
    const server = createServer(app);
    for (const relay of relays) relay.attach(server);
    const port = await listen(t, server);
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return [response.status, await response.text()];
    };
    assert.deepEqual(await ask('/shop'), [200, 'shop']);
    assert.deepEqual(await ask('/'), [404, 'no such page of the shop']);
    assert.deepEqual(await ask('/ws'), [404, 'no such page of the shop']);
    assert.deepEqual(await ask('/supporters'), [404, 'no such page of the shop']);
    assert.deepEqual(await ask('/support/readyz'), [200, 'ready\n']);
    const pages = await Promise.all(['/sales', '/support'].map((base) => joinAt(t, `ws://127.0.0.1:${port}${base}/ws`, base.slice(1))));
    pages[0]!.invite('support');
    await pages[0]!.next('unreachable');
    await relays[0]!.close();
    assert.equal((await pages[0]!.closed).code, 1012);
    assert.deepEqual(await pages[1]!.drain(), [], 'the other relay goes on');
    assert.deepEqual(await ask('/sales/readyz'), [404, 'no such page of the shop']);
    assert.deepEqual(await ask('/shop'), [200, 'shop']);
  });

  test('speaks HTTPS where the server does', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'attach-'));
    t.after(() => rm(folder, { recursive: true }));
    const { key, cert } = await ownCertificate(folder, { names: ['localhost'], ips: ['127.0.0.1'] }, Date.now());
    const server = createTlsServer({ key, cert }, (_, response) => response.end('host'));
    const relay = createRelay(quiet());
    t.after(() => relay.close());
    relay.attach(server);
    const port = await listen(t, server);
    const page = await joinAt(t, `wss://127.0.0.1:${port}/ws`, 'alice', { ca: cert });
    assert.equal(page.address, 'alice/d1');
    assert.match(await relay.metrics(), /video_call_received_bytes_total [1-9]/);
  });

  test('without a base path takes the WebSocket and the widget only', async (t) => {
    const relay = createRelay(quiet());
    t.after(() => relay.close());
    const server = createServer((request, response) => response.end(`host ${request.url}`));
    relay.attach(server);
    const port = await listen(t, server);
    for (const path of ['/', '/healthz', '/readyz', '/index.html'])
      assert.equal(await (await fetch(`http://127.0.0.1:${port}${path}`)).text(), `host ${path}`);
    assert.equal((await fetch(`http://127.0.0.1:${port}/ws`)).status, 426);
  });

  test('leaves the WebSockets of others alone', async (t) => {
    const server = createServer();
    const others = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket, head) => {
      if (request.url === '/other') others.handleUpgrade(request, socket, head, (webSocket) => webSocket.send('other'));
    });
    const relays = ['/one', '/two'].map((base) => createRelay({ ...quiet(), base }));
    for (const relay of relays) relay.attach(server);
    t.after(() => Promise.all(relays.map((relay) => relay.close())));
    const port = await listen(t, server);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/other`);
    const [data] = (await once(socket, 'message')) as [Buffer];
    assert.equal(String(data), 'other');
    socket.terminate();
    for (const base of ['/one', '/two']) assert.equal(await statusOf(port, handshake(`${base}/ws`)), 101);
  });
});

async function joinAt(t: TestContext, url: string, peer: string, options: ClientOptions = {}): Promise<TestPage> {
  const webSocket = new WebSocket(url, SUBPROTOCOL, options);
  t.after(() => webSocket.terminate());
  const page = new TestPage(webSocket);
  await once(webSocket, 'open');
  page.say({ type: 'hello', device: 'd1', peer });
  page.welcome = await page.next('welcome');
  return page;
}

async function listen(t: TestContext, server: ReturnType<typeof createServer>): Promise<number> {
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
