import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';

import { createRelay } from '../../relay/index.js';
import { SUBPROTOCOL } from '../../relay/protocol/index.js';
import { TestPage, keepLog } from './support/relay.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('nothing is kept of the request with which a page came', async (t) => {
  const server = createServer();
  const relay = createRelay({ port: 0, log: keepLog(), stun: [], open: true });
  relay.attach(server);
  const requests: WeakRef<object>[] = [];
  server.on('upgrade', (request: object) => void requests.push(new WeakRef(request)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const page = new TestPage(new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`, SUBPROTOCOL));
  t.after(async () => {
    page.webSocket.terminate();
    await relay.close();
    server.close();
  });
  await once(page.webSocket, 'open');
  page.say({ type: 'hello', device: 'd1' });
  await page.next('welcome');
  // What is freed by one collection may hold what the next one frees.
  for (let round = 0; round < 6; round++) {
    collectGarbage();
    await turn();
  }
  assert.equal(relay.connections, 1);
  assert.deepEqual(
    requests.map((request) => request.deref()),
    [undefined],
  );
});
