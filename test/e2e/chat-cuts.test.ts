/** Two people write to each other and send files while the relay is killed and pages are loaded anew, and between two kinds of browser. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endsWithFile, hasArrived, openChat, reading, reads, savedFile, sendFile, write } from '../support/chatting.js';
import { startMortalRelay } from '../support/daemons.js';
import { withoutFirefox } from '../support/launch.js';
import { talk, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld } from '../support/world.js';

const MEGABYTE = 1024 * 1024;

/** What stands in a person's chat, in its order, by who wrote it. */
async function byWriter(person: Person): Promise<{ own: string[]; theirs: string[] }> {
  const lines = await reading(person);
  const of = (who: string) => lines.flatMap((line) => (line.startsWith(who) ? [line.slice(who.length)] : []));
  return { own: of('I: '), theirs: of('they: ') };
}

/** How the panel marks what this person wrote. */
const marks = (person: Person): Promise<string[]> =>
  person.panel((panel) => [...panel.shadowRoot!.querySelectorAll<HTMLElement>('.tick')].map(({ title }) => title));

/** Writes so fast that much is on its way at once. */
const burst = (person: Person): Promise<unknown> =>
  person.panel((panel) => Promise.all(['one', 'two', 'three'].map((text) => panel.sendMessage(text))));

test('Two people write to each other and send files: the relay is killed amid that, and each page loaded anew, and nothing is lost or doubled', async (t) => {
  const [world, relay] = await Promise.all([openWorld(t), startMortalRelay(t)]);
  const [alice, bob] = await twoPeople(world, { alice: { relay: relay.url }, bob: { relay: relay.url } });
  await talk(alice, bob);

  await openChat(alice);
  await write(alice, 'Hello Bob <b>https://example.com/a</b>');
  const { text, from } = await bob.event('call-message');
  assert.deepEqual([text, from], ['Hello Bob <b>https://example.com/a</b>', 'alice']);
  await hasArrived(alice, 1);
  await bob.reads('Hello Bob');
  await openChat(bob);
  assert.equal(await bob.panel((panel) => panel.shadowRoot!.querySelector('.words a')?.getAttribute('href')), 'https://example.com/a');

  await Promise.all([burst(alice), relay.kill(), burst(bob)]);
  await alice.event('relay-status', { status: 'offline' });
  assert.equal(await bob.panel((panel) => panel.sendMessage('Without a relay') as Promise<boolean>), true);
  await alice.event('call-message', { text: 'Without a relay' });
  const sum = await sendFile(alice, '../data.bin', 5 * MEGABYTE);
  await bob.press('Receive data.bin');
  assert.equal(await savedFile(bob, 'data.bin'), sum);
  await relay.revive();
  await Promise.all([alice.event('relay-status', { status: 'online' }, 25_000), bob.event('relay-status', { status: 'online' }, 25_000)]);

  await bob.reload();
  await alice.state('reconnecting');
  await write(alice, 'While you were away');
  await bob.state('connected');
  await bob.event('call-message', { text: 'While you were away' });
  await openChat(bob);
  const hers = ['Hello Bob <b>https://example.com/a</b>', 'one', 'two', 'three', 'data.bin', 'While you were away'];
  const his = ['one', 'two', 'three', 'Without a relay'];
  await reads(bob, hers.length + his.length);
  assert.deepEqual(await byWriter(bob), { own: his, theirs: hers });
  await hasArrived(alice, hers.length);
  assert.equal((await bob.events('call-message')).length, 1, 'what was there already is no news');
  await bob.press('Receive data.bin');
  assert.equal(await savedFile(bob, 'data.bin'), sum);

  await alice.reload();
  await bob.state('reconnecting');
  assert.equal(await bob.panel((panel) => panel.sendMessage('Are you there?') as Promise<boolean>), true);
  await alice.event('call-message', { text: 'Are you there?' });
  await openChat(alice);
  await write(alice, 'Yes');
  await bob.event('call-message', { text: 'Yes' });
  await Promise.all([hasArrived(alice, hers.length + 1), hasArrived(bob, his.length + 1)]);
  assert.deepEqual(await byWriter(alice), { own: [...hers, 'Yes'], theirs: [...his, 'Are you there?'] });
  assert.deepEqual(await byWriter(bob), { own: [...his, 'Are you there?'], theirs: [...hers, 'Yes'] });
  for (const person of [alice, bob]) assert.deepEqual(new Set(await marks(person)), new Set(['Delivered']), person.name);
  assert.equal((await alice.events('call-message')).length, 1, 'nor is it here');

  await endsWithFile(alice, bob, 'data.bin', sum);
});

test('Chromium and Firefox write to each other and send each other files', { skip: withoutFirefox }, async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { media: 'audio', bobVisits: { browser: 'firefox' } });
  await alice.press('Call Bob');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  for (const [one, other, name] of [
    [alice, bob, 'from-chromium.bin'],
    [bob, alice, 'from-firefox.bin'],
  ] as const) {
    await openChat(one);
    await write(one, `This is ${one.name}`);
    await other.event('call-message', { text: `This is ${one.name}` });
    await hasArrived(one, 1);
    const sum = await sendFile(one, name, MEGABYTE + 5);
    await openChat(other);
    await other.press(`Receive ${name}`);
    assert.equal(await savedFile(other, name), sum);
  }
  await alice.press('Close chat');
  await alice.press('Hang up');
  await bob.event('call-ended', { reason: 'hung-up' });
});
