/** The demo pages work as they stand, from the relay that serves them. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { PATIENCE } from '../support/person.js';
import { openWorld } from '../support/world.js';

test('On the first demo page one person makes a whole call between Alice and Bob, without a camera', async (t) => {
  const world = await openWorld(t, { demo: true });
  const page = await world.visit({
    name: 'visitor',
    url: `${world.relay.origin}/`,
    devices: 'none',
    viewport: { width: 1200, height: 1000 },
  });
  const [alice, bob] = [page.in('alice'), page.in('bob')];

  // Both are on one page, and one of them is there first.
  await bob.event('relay-status', { status: 'online' });
  await alice.press('Call');
  await bob.find('Incoming video call from Alice', 'dialog');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await Promise.all([alice.sees(), bob.sees()]);

  await bob.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
  await page.holdsNothing();
  const lines = await page.page.$$eval('#events .what', (cells) => cells.map((cell) => cell.textContent));
  assert.ok(lines.includes('call-connected') && lines.includes('call-ended'), 'the page has written the events down');
});

test('Two tabs with swapped names call each other', async (t) => {
  const world = await openWorld(t, { demo: true });
  const address = (me: string, peer: string): string => `${world.relay.origin}/pair.html?me=${me}&peer=${peer}`;
  const bob = await world.visit({ name: 'bob', url: address('bob', 'alice') });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', url: address('alice', 'bob') });

  await alice.press('Call');
  await bob.press('Accept');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  await alice.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
});

test('A visitor of the company page, with nothing but a button, reaches the support desk', async (t) => {
  const world = await openWorld(t, { demo: true });
  const desk = await world.visit({ name: 'desk', url: `${world.relay.origin}/support.html` });
  await desk.event('relay-status', { status: 'online' });
  const visitor = await world.visit({ name: 'visitor', url: `${world.relay.origin}/company.html` });
  await visitor.event('presence-change', { peer: 'support', presence: 'online' });

  await visitor.press('Talk to us');
  await desk.press('Accept');
  await Promise.all([visitor.seesAndHears(), desk.seesAndHears()]);
  await visitor.press('Hang up');
  await desk.event('call-ended', { reason: 'hung-up' });
  const lines = await desk.page.$$eval('#calls li', (calls) => calls.length);
  assert.equal(lines, 1, 'the desk has written the call down');
});

test('On the page of the themes three calls begin with one press, each with somebody of its own', async (t) => {
  const world = await openWorld(t, { demo: true });
  const page = await world.visit({ name: 'visitor', url: `${world.relay.origin}/themes.html`, devices: 'none' });
  await page.page.waitForFunction(() =>
    [...document.querySelectorAll<HTMLElement>('.shown')].every((panel) => panel.shadowRoot?.textContent.includes('online')),
  );
  await page.press('Start all three calls');
  await page.page.waitForFunction(() => document.querySelectorAll('.shown[state=connected]').length === 3);
  await page.page.$$eval('.shown', (panels) =>
    panels.forEach((panel) => void (panel as HTMLElementTagNameMap['video-call-panel']).hangUp()),
  );
  await page.page.waitForFunction(() => document.querySelectorAll('.shown[state=ended]').length === 3);
  await page.holdsNothing();
});

test('A page to try the elements on follows what is written, calls its other side, and goes on while attributes change', async (t) => {
  const world = await openWorld(t, { demo: true });
  const page = await world.visit({ name: 'reader', url: `${world.relay.origin}/try/panel.html`, viewport: { width: 1200, height: 1100 } });
  const other = page.in('other');
  const made = (await (await page.page.waitForSelector('#preview'))!.contentFrame())!;
  const attribute = (name: string): Promise<string | null> =>
    made.$eval('video-call-panel', (element, which) => element.getAttribute(which), name);

  await made.waitForFunction(() => document.querySelector('video-call-panel')?.relayStatus === 'online');
  await page.page.waitForFunction(() => document.querySelector('output.now')?.textContent === 'idle');
  await other.press('Call');
  await page.page.waitForFunction(() => document.querySelector('output.now')?.textContent === 'incoming');
  await made.evaluate(() => void document.querySelector('video-call-panel')!.accept());
  await other.event('call-connected');
  await page.press('inline');
  assert.equal(await attribute('layout'), 'inline');
  assert.match(await page.page.$eval('textarea', ({ value }) => value), /\n {2}layout="inline"\n/);
  await page.page.$eval('textarea', (field) => {
    field.value = field.value.replace('layout="inline"', 'layout="upside-down"');
    field.dispatchEvent(new InputEvent('input'));
  });
  await page.reads('The attribute "layout" must be one of');
  await page.press('Reset');
  assert.equal(await attribute('layout'), 'floating');
  assert.equal(await attribute('state'), 'connected');
  assert.deepEqual(await other.events('call-ended'), []);
});

test('Every page to try the elements on shows its example, with both sides connected and nothing wrong', async (t) => {
  const world = await openWorld(t, { demo: true, roster: true });
  const pages = readdirSync('demo/try').filter((name) => name.endsWith('.html') && !['index.html', 'preview.html'].includes(name));
  for (const name of pages) {
    const reader = await world.visit({ name, url: `${world.relay.origin}/try/${name}` });
    await reader.in('other').event('relay-status', { status: 'online' });
    await reader.page.waitForFunction(() => document.querySelector('[data-of=alice]'), { timeout: PATIENCE });
    assert.deepEqual([...reader.complaints(), ...(await reader.errors())], [], name);
    await reader.page.close();
  }
});
