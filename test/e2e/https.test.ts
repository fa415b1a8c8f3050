/** Two devices in a network without a name server or certificates: the one command with --https is enough for a call. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { requireChromium } from '../support/browsers.mjs';
import { run } from '../support/daemons.js';
import { plugInDevice, withoutNetns } from '../support/netns.js';
import { openWorld } from '../support/world.js';

test('With --https --host 0.0.0.0 --open another device opens the printed address and has a call', { skip: withoutNetns }, async (t) => {
  const device = plugInDevice(t);
  const folder = mkdtempSync(join(tmpdir(), 'https-'));
  t.after(() => rmSync(folder, { recursive: true }));
  let said = '';
  const options = ['--demo', '--https', '--host', '0.0.0.0', '--open', '--port', '0', '--stun', 'none', '--https-dir', folder];
  const start = await run(
    t,
    process.execPath,
    ['--import', 'tsx', 'relay/cli.ts', ...options],
    /From other devices:[\s\S]*choose to go on/,
    (text) => {
      said = text;
    },
  );
  const [address] = new RegExp(`https://${device.here}:\\d+`).exec(said) ?? [];
  assert.ok(address, `the address ${device.here} is printed: ${said}`);

  const world = await openWorld(t);
  const program = device.wrap(await requireChromium());
  const bob = await world.visit({ name: 'bob', url: `${address}/pair.html?me=bob&peer=alice`, program });
  await bob.event('relay-status', { status: 'online' });
  const local = address.replace(device.here, '127.0.0.1');
  const alice = await world.visit({ name: 'alice', url: `${local}/pair.html?me=alice&peer=bob` });

  await alice.press('Call');
  await bob.press('Accept');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  assert.deepEqual([...(await bob.live()).tracks].sort(), ['device audio', 'device video'], 'the device may use its camera');
  await bob.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
  start.kill('SIGTERM');
});
