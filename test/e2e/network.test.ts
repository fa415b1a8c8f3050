/** A device in mid-call whose network goes, comes back, or becomes another: relay and media are away at once. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { requireChromium } from '../support/browsers.mjs';
import { run } from '../support/daemons.js';
import { plugInDevice, withoutNetns } from '../support/netns.js';
import type { Device } from '../support/netns.js';
import type { Person } from '../support/person.js';
import { bothEnd } from '../support/people.js';
import { openWorld } from '../support/world.js';

/** Alice on this machine and Bob on another device, who talk. */
async function talkAcross(t: TestContext): Promise<{ alice: Person; bob: Person; device: Device }> {
  const device = plugInDevice(t);
  const folder = mkdtempSync(join(tmpdir(), 'https-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const options = ['--demo', '--https', '--host', '0.0.0.0', '--open', '--port', '0', '--stun', 'none', '--https-dir', folder];
  let said = '';
  await run(t, process.execPath, ['--import', 'tsx', 'relay/cli.ts', ...options], /choose to go on/, (text) => (said = text));
  const [address] = new RegExp(`https://${device.here}:\\d+`).exec(said) ?? [];
  assert.ok(address, `the address ${device.here} is printed: ${said}`);
  const world = await openWorld(t);
  const program = device.wrap(await requireChromium());
  const bob = await world.visit({ name: 'bob', url: `${address}/pair.html?me=bob&peer=alice`, program });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', url: `${address.replace(device.here, '127.0.0.1')}/pair.html?me=alice&peer=bob` });
  await alice.press('Call');
  await bob.press('Accept');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  return { alice, bob, device };
}

test(
  'A device that gets another address in mid-call is seen and heard again within eight seconds, without a click',
  { skip: withoutNetns },
  async (t) => {
    const { alice, bob, device } = await talkAcross(t);
    device.move();
    const from = Date.now();
    await Promise.all([alice.untilSound(false), bob.untilSound(false)]);
    await Promise.all([alice.untilSound(true, 20_000), bob.untilSound(true, 20_000)]);
    const took = Date.now() - from;
    t.diagnostic(`heard again for a second and a half ${took} ms after the change`);
    assert.ok(took < 8000 + 2000, `it took ${took} ms`);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await alice.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
  },
);

test(
  'A device that has no network for fifteen seconds is seen and heard again without a click when it has',
  { skip: withoutNetns },
  async (t) => {
    const { alice, bob, device } = await talkAcross(t);
    device.unplug();
    await Promise.all([alice.state('reconnecting', {}, 20_000), bob.state('reconnecting', {}, 20_000)]);
    await setTimeout(12_000);
    device.plug();
    const from = Date.now();
    await Promise.all([alice.state('connected', {}, 20_000), bob.state('connected', {}, 20_000)]);
    t.diagnostic(`connected again ${Date.now() - from} ms after the network was back`);
    await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
    await bob.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
  },
);
