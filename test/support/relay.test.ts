import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { withoutRedis } from './redis.js';
import { startRelays } from './relay.js';

const outside = Object.values(networkInterfaces())
  .flat()
  .find((address) => address && address.family === 'IPv4' && !address.internal)?.address;
const withoutOutside = outside === undefined && 'This machine has no address but 127.0.0.1.';

test('Several relays are behind the address that a test names', { skip: withoutRedis || withoutOutside }, async () => {
  const relay = await startRelays(2, { host: outside!, open: true });
  const { status } = await fetch(`${relay.origin}/readyz`);
  await relay.close();
  await relay.close();
  assert.equal(status, 200);
});

test('Several relays with https are refused with a sentence that says what to do', { skip: withoutRedis }, async () => {
  await assert.rejects(startRelays(2, { https: true }), /plain HTTP .* start a relay with https by startRelay/);
});
