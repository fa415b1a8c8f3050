/** Two people in a call write to each other and send files, also while a page is loaded anew; last words before the end; and far too many words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_TEXTS_AT_ONCE, TEXTS_PER_SECOND } from '../../components/chat/bounds.js';
import { endsWithFile, exposeLanes, hasArrived, openChat, reads, savedFile, sendFile, untilChat, write } from '../support/chatting.js';
import { talk, twoPeople } from '../support/people.js';
import { openWorld } from '../support/world.js';

test('Two people write to each other and send a file, are shown what has arrived, also after a reload, and can save it after the call as well', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  await openChat(alice);
  await write(alice, 'Hello Bob <b>https://example.com/a</b>');
  const { text, from } = await bob.event('call-message');
  assert.deepEqual([text, from], ['Hello Bob <b>https://example.com/a</b>', 'alice']);
  await bob.reads('Hello Bob');
  await openChat(bob);
  assert.equal(await bob.panel((panel) => panel.shadowRoot!.querySelector('.words a')?.getAttribute('href')), 'https://example.com/a');
  await write(bob, 'Hello Alice');
  await alice.event('call-message', { text: 'Hello Alice' });
  const sum = await sendFile(alice, '../data.bin', 1024 * 1024);
  await bob.press('Receive data.bin');
  assert.equal(await savedFile(bob, 'data.bin'), sum);
  await Promise.all([hasArrived(alice, 2), hasArrived(bob, 1), reads(alice, 3), reads(bob, 3)]);

  await bob.reload();
  await alice.state('reconnecting');
  await write(alice, 'While you were away');
  await bob.event('call-message', { text: 'While you were away' });
  await openChat(bob);
  await Promise.all([hasArrived(alice, 3), reads(bob, 4)]);
  assert.equal((await bob.events('call-message')).length, 1, 'what was there already is no news');
  await bob.press('Receive data.bin');
  assert.equal(await savedFile(bob, 'data.bin'), sum);

  await endsWithFile(alice, bob, 'data.bin', sum);
});

test('What was said last before the end is known to have arrived, whoever hangs up, and as soon as he likes', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  for (const [ends, hears] of [
    [alice, false],
    [bob, false],
    [bob, true],
  ] as const) {
    await talk(alice, bob);
    await openChat(alice);
    await alice.panel((panel) => Promise.all(['one', 'two', 'three'].map((text) => panel.sendMessage(text))));
    const heard = bob.event('call-message', { text: 'three' });
    if (hears) await heard;
    await ends.panel((panel) => panel.hangUp());
    await heard;
    await untilChat(alice, `root.querySelectorAll('.over .tick[title=Delivered]').length === 3`);
    for (const person of [alice, bob]) await person.press('Close');
  }
});

test('What is written and followed by the end in one breath arrives, also where nobody had written before', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  const said = await alice.panel((panel) => {
    const sent = panel.sendMessage('goodbye');
    panel.hangUp();
    return sent;
  });
  assert.equal(said, true);
  await bob.event('call-message', { text: 'goodbye' });
  await Promise.all([
    untilChat(alice, `root.querySelector('.over .tick[title=Delivered]')`),
    untilChat(bob, `root.querySelector('.over .log')?.textContent.includes('goodbye')`),
  ]);
  for (const { page } of [alice, bob]) await page.waitForFunction(() => observer.live().peerConnections === 0);
});

test('Who writes while the other side is away, and hangs up, is shown that it did not get through', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  await bob.page.goto('about:blank');
  await alice.state('reconnecting');
  await alice.panel((panel) => panel.sendMessage('Are you there?'));
  await alice.panel((panel) => panel.hangUp());
  await untilChat(alice, `root.querySelector('.over .lost')?.textContent === 'Did not get through' && !root.querySelector('.over .tick')`);
});

test('Somebody who floods the chat, and sends what nobody asked for, is not heard any more, and the call goes on', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await exposeLanes(alice);
  await talk(alice, bob);
  await openChat(bob);
  // On a slow machine, where drawing each message would take longer than it takes to be allowed the next.
  await bob.page.emulateCPUThrottling(6);
  const began = Date.now();
  await alice.page.evaluate(() => {
    const { lanes } = globalThis as unknown as { lanes: Record<string, RTCDataChannel> };
    const { chat, files } = lanes as { chat: RTCDataChannel; files: RTCDataChannel };
    for (const nonsense of ['', '{', '[]', '{"type":"text"}', '{"type":"take","id":1,"from":-1}', 'x'.repeat(100_000)]) chat.send(nonsense);
    chat.send(new ArrayBuffer(1000));
    files.send('no frame');
    for (let at = 0; at < 50; at++) files.send(new ArrayBuffer(16_000));
    chat.send(JSON.stringify({ type: 'file', id: 1, at: 1, name: '../../<img src=x onerror=alert(1)>\u202egpj.exe', size: 1e9 }));
    for (let id = 2; id < 3000; id++) chat.send(JSON.stringify({ type: 'text', id, at: 1, text: '<script>throw 1</script>' }));
  });
  await bob.event('call-message');
  await alice.page.waitForFunction(
    () => (globalThis as unknown as { lanes: Record<string, RTCDataChannel> }).lanes.chat!.readyState === 'closed',
  );
  await bob.find('Receive _img src=x onerror=alert(1)_gpj.exe');
  const seconds = (Date.now() - began) / 1000;
  await bob.page.emulateCPUThrottling(null);
  const messages = await bob.events('call-message');
  assert.ok(messages.length <= MAX_TEXTS_AT_ONCE + seconds * TEXTS_PER_SECOND + 1, `${messages.length} within ${seconds} s`);
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await bob.press('Close chat');
  await bob.press('Hang up');
  await alice.event('call-ended', { reason: 'hung-up' });
});
