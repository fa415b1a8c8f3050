import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openBalancer } from './balancer.js';
import { freePort } from './daemons.js';

/** A server that sends back what it hears. */
async function openEcho(t: TestContext): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return server;
}

test('Whoever has gone before a relay was reached is brought to none, and others are', async (t) => {
  const server = await openEcho(t);
  const { port } = server.address() as AddressInfo;
  const dead = await freePort();
  // While those that are dead are tried, the client goes.
  const balancer = await openBalancer(t, [...Array<number>(50).fill(dead), port]);
  const gone = connect(balancer.port, '127.0.0.1');
  gone.on('error', () => undefined);
  await once(gone, 'connect');
  gone.resetAndDestroy();
  const client = connect(balancer.port, '127.0.0.1');
  client.write('hello');
  assert.equal(String((await once(client, 'data'))[0]), 'hello');
  client.destroy();
  assert.deepEqual(balancer.taken, [port]);
});

test('A connection whose first bytes say so goes to the next relay', async (t) => {
  const servers = await Promise.all([openEcho(t), openEcho(t)]);
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  const balancer = await openBalancer(t, ports, { inTurn: /^next/ });
  for (const word of ['next', 'same', 'next']) {
    const client = connect(balancer.port, '127.0.0.1');
    client.write(word);
    assert.equal(String((await once(client, 'data'))[0]), word);
    client.destroy();
  }
  assert.deepEqual(balancer.taken, [ports[1], ports[1], ports[0]]);
});
