/** The list of people on a real relay. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ready } from '../support/people.js';
import { openWorld, panel } from '../support/world.js';
import type { Person } from '../support/person.js';

/** Waits until the list of a page says this of everybody in it. */
const lists = ({ page }: Person, ...wanted: string[]) =>
  page.waitForFunction(
    (lines) => {
      const root = document.querySelector('video-call-roster')?.shadowRoot;
      const rows = [...(root?.querySelectorAll<HTMLElement>('[part~=person]') ?? [])];
      const said = rows.map((row) => row.querySelector<HTMLElement>('.who')!.innerText.replace(/\s+/g, ' ').trim());
      return JSON.stringify(said) === JSON.stringify(lines);
    },
    { timeout: 10_000 },
    wanted,
  );

/** Listens until a page has asked for the list so many times; answers with the seconds between. */
async function pausesOfQuestions({ page }: Person, count: number): Promise<number[]> {
  const devtools = await page.createCDPSession();
  const times: number[] = [];
  await new Promise<void>((resolve) => {
    devtools.on('Network.webSocketFrameSent', ({ timestamp, response }) => {
      if (response.payloadData.includes('"roster"') && times.push(timestamp) === count) resolve();
    });
    void devtools.send('Network.enable');
  });
  await devtools.detach();
  return times.slice(1).map((time, at) => time - times[at]!);
}

test('Three people see each other in the list; two of them talk, and the third sees that', async (t) => {
  const world = await openWorld(t, { roster: true });
  const someone = (me: string, name: string) => ({
    name: me,
    markup: `${panel({ me, 'display-name': name, 'max-resolution': '360p' })}<video-call-roster></video-call-roster>`,
  });
  const alice = await ready(world, someone('alice', 'Alice'));
  const bob = await ready(world, someone('bob', 'Bob'));
  const carol = await ready(world, someone('carol', 'Carol'));
  await Promise.all([lists(alice, 'Bob online', 'Carol online'), lists(carol, 'Alice online', 'Bob online')]);

  await alice.press('Video call Bob');
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  await lists(carol, 'Alice in a call', 'Bob in a call');
  await lists(alice, 'Bob In a call', 'Carol online');

  await t.test('a list of few is asked for as often as the relay offers, which is sooner than every four seconds', async () => {
    const pauses = await pausesOfQuestions(alice, 4);
    t.diagnostic(`seconds between questions: ${pauses.map((pause) => pause.toFixed(2)).join(', ')}`);
    assert.ok(Math.min(...pauses) < 3);
  });

  await t.test('whoever comes is listed, and goes by the name of the page that came last', async () => {
    const someoneElse = await ready(world, { name: 'dave', markup: panel({ me: 'dave', 'display-name': 'Dave' }) });
    await lists(alice, 'Bob In a call', 'Carol online', 'Dave online');
    await someoneElse.page.close();
    await ready(world, { name: 'dave without a name', markup: panel({ me: 'dave' }) });
    await lists(alice, 'Bob In a call', 'Carol online', 'dave online');
  });

  await carol.page.close();
  await alice.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
  await lists(alice, 'Bob online', 'dave online');
  assert.equal(await alice.page.$$eval('video-call-panel', (panels) => panels.length), 1, 'nobody made a second panel');
});
