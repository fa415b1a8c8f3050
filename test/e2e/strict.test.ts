/** Pages of sites that allow as little as browsers let them: a whole call, and nothing that a policy has to report. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openChat, write } from '../support/chatting.js';
import { bothEnd, talk } from '../support/people.js';
import type { World } from '../support/world.js';
import { button, openWorld, panel } from '../support/world.js';

/** The headers that the README gives to paste, of this relay, and with the address at which the test hears of violations. */
function headersOf({ relay, site }: World): Record<string, string> {
  const lines = /```http\n([^`]+)```/.exec(readFileSync('README.md', 'utf8'))![1]!.trim().split('\n');
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]));
  const policy = headers['Content-Security-Policy']!.replaceAll('https://relay.example.com', relay.origin).replaceAll(
    'wss://relay.example.com',
    relay.origin.replace(/^http/, 'ws'),
  );
  // The icon of the test's own page is an empty one.
  const own = `${policy.replace('img-src', 'img-src data:')}; report-uri ${site.origin}/violation`;
  return { ...headers, 'Content-Security-Policy': own, 'Cross-Origin-Opener-Policy': 'same-origin' };
}

test('A whole call works under a strict content policy, Trusted Types and an embedder policy, and nothing is reported', async (t) => {
  const world = await openWorld(t);
  const reports: string[] = [];
  let heard = (): void => {};
  world.site.answer('/violation', (request, response) => {
    const parts: Buffer[] = [];
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        reports.push(Buffer.concat(parts).toString());
        response.writeHead(204).end();
        heard();
      });
  });
  const headers = headersOf(world);
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob' }), headers });
  await bob.event('relay-status', { status: 'online' });
  const markup = panel({ me: 'alice', 'display-name': 'Alice' }) + button({ peer: 'bob' }, 'Call Bob');
  const alice = await world.visit({ name: 'alice', markup, headers, devices: 'screen' });
  assert.equal(await alice.page.evaluate(() => crossOriginIsolated), true);
  await talk(alice, bob);
  // The beat of a recording comes from a worklet, which is a script of the relay; without it the page would be warned.
  const warnings: string[] = [];
  alice.page.on('console', (message) => message.type() === 'warn' && warnings.push(message.text()));
  await alice.press('Record');
  await bob.reads('Alice records this call.');

  await openChat(bob);
  await write(bob, 'Hello');
  await alice.event('call-message', { text: 'Hello' });
  await alice.press('Stop recording');
  // Alice's panel is large enough for all of its controls.
  await alice.press('Share screen');
  await bob.reads('Alice is sharing a screen');
  await alice.press('Devices');
  await alice.find('Devices', 'dialog');
  await alice.press('Close');
  await alice.press('Picture in picture');
  await alice.press('Show call here');
  await alice.seesAndHears();
  await alice.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');

  // One violation of the test's own shows that it would have heard of any.
  const reported = new Promise<void>((resolve) => (heard = resolve));
  assert.deepEqual([reports, warnings], [[], []]);
  await alice.page.evaluate(() => document.head.append(Object.assign(document.createElement('style'), { textContent: 'p {}' })));
  await reported;
  assert.equal(reports.length, 1);
  assert.match(reports[0]!, /style-src-elem/);
});
