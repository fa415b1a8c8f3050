/** The history of calls, on real pages: across reloads and tabs, and gone when it is cleared. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { pageWith } from '../support/pages.js';
import { bothEnd, ready } from '../support/people.js';
import type { Person } from '../support/person.js';
import { button, openWorld, panel } from '../support/world.js';
import type { World } from '../support/world.js';

interface Kept {
  readonly name: string;
  readonly outcome: string;
  readonly at: number;
  readonly startedAt: number | null;
  readonly until: number;
}

/** Waits until the history of a page says this, the newest first. */
const lists = ({ page }: Person, ...wanted: string[]) =>
  page.waitForFunction(
    (lines) => {
      const root = document.querySelector('video-call-history')?.shadowRoot;
      const words = (row: Element, part: string) => row.querySelector(`[part~=${part}]`)?.textContent?.replace(/\s+/g, ' ').trim();
      const rows = [...(root?.querySelectorAll('[part~=entry]') ?? [])].map((row) => `${words(row, 'name')}: ${words(row, 'outcome')}`);
      return !!root?.querySelector('[part~=base]') && JSON.stringify(rows) === JSON.stringify(lines);
    },
    // A tab behind another one draws no frames to look at.
    { timeout: 10_000, polling: 100 },
    wanted,
  );

/** What really lies in the database of a page, the newest first. */
const kept = ({ page }: Person): Promise<Kept[]> =>
  page.evaluate(
    () =>
      new Promise<Kept[]>((resolve, reject) => {
        const opening = indexedDB.open('video-call-history', 1);
        opening.onerror = () => reject(opening.error!);
        opening.onsuccess = () => {
          const all = opening.result.transaction('calls').objectStore('calls').getAll() as IDBRequest<Kept[]>;
          all.onsuccess = () => (opening.result.close(), resolve(all.result.sort((one, other) => other.at - one.at)));
        };
      }),
  );

test('Calls made, missed and taken are kept across reloads and tabs, right to the second, until they are cleared', async (t) => {
  const world = await openWorld(t);
  const someone = (me: string, name: string, peer: string, theirs: string) => ({
    name: me,
    markup:
      panel({ me, 'display-name': name, 'max-resolution': '360p' }) +
      button({ peer, media: 'audio' }, `Call ${theirs}`) +
      '<video-call-history></video-call-history>',
  });
  const his = someone('bob', 'Bob', 'alice', 'Alice');
  const [alice, bob] = await Promise.all([ready(world, someone('alice', 'Alice', 'bob', 'Bob')), ready(world, his)]);
  await alice.event('presence-change', { presence: 'online' });

  await alice.press('Call Bob');
  await bob.find('Accept');
  await alice.press('Cancel');
  await bothEnd(alice, bob, 'cancelled');
  await Promise.all([lists(alice, 'Bob: Outgoing · Cancelled'), lists(bob, 'Alice: Missed')]);

  await alice.press('Call Bob');
  await bob.find('Accept');
  const accepted = Date.now();
  await bob.press('Accept');
  await Promise.all([alice.event('call-connected'), bob.event('call-connected')]);
  const connected = Date.now();
  const begun = await bob.panel((shown) => shown.currentCall.startedAt as number);
  await Promise.all([
    lists(bob, 'Alice: Incoming · In a call', 'Alice: Missed'),
    lists(alice, 'Bob: Outgoing · In a call', 'Bob: Outgoing · Cancelled'),
  ]);
  await bob.reload();
  await bob.state('connected');
  await alice.state('connected');
  const hungUp = Date.now();
  await alice.press('Hang up');
  const [hers, ofBob] = await bothEnd(alice, bob, 'hung-up');
  const over = Date.now();
  await Promise.all([lists(bob, 'Alice: Incoming', 'Alice: Missed'), lists(alice, 'Bob: Outgoing', 'Bob: Outgoing · Cancelled')]);
  for (const [person, end] of [
    [alice, hers],
    [bob, ofBob],
  ] as const) {
    const [last, first] = await kept(person);
    const { startedAt } = end.call as { startedAt: number };
    assert.equal(last!.startedAt, startedAt, 'when it was connected');
    assert.equal(last!.until - startedAt, Math.round(Number(end.duration) * 1000), 'how long it was, as the event says');
    assert.ok(startedAt >= accepted && startedAt <= connected, 'it was connected when it was, by the clock of this test');
    assert.ok(last!.until >= hungUp && last!.until <= over, 'and ended when it did');
    assert.ok(last!.at <= accepted && last!.at > first!.until, 'it rang before it was taken, and after the call before it');
  }
  assert.equal((await kept(bob))[0]!.startedAt, begun, 'the reload has changed nothing');

  const [tab] = await Promise.all([ready(world, { ...his, beside: bob }), alice.reload()]);
  await Promise.all([lists(tab, 'Alice: Incoming', 'Alice: Missed'), lists(alice, 'Bob: Outgoing', 'Bob: Outgoing · Cancelled')]);
  await tab.press('Clear history');
  await tab.press('Cancel');
  await tab.press('Clear history');
  await tab.page.waitForFunction(() => document.querySelector('video-call-history')!.shadowRoot!.activeElement?.textContent === 'Cancel');
  await tab.page.keyboard.press('Tab');
  await tab.page.keyboard.press('Enter');
  await Promise.all([lists(tab), lists(bob)]);
  assert.deepEqual(await kept(bob), []);
  await bob.reload();
  await lists(bob);
  assert.equal((await kept(alice)).length, 2, 'what she keeps is hers');
});

test('A call that is turned away because another one is on is missed, and nothing is kept where one element says so', async (t) => {
  const world = await openWorld(t);
  const voice = { layout: 'inline', 'virtual-camera': true };
  const alice = await ready(world, {
    name: 'alice',
    markup:
      panel({ me: 'alice', ...voice }) +
      button({ peer: 'bob', media: 'audio', 'no-history': true }, 'Call Bob') +
      '<video-call-history></video-call-history>',
  });
  const bob = await ready(world, { name: 'bob', markup: `${panel({ me: 'bob', ...voice })}<video-call-history></video-call-history>` });
  const carol = await ready(world, {
    name: 'carol',
    markup: panel({ me: 'carol', 'display-name': 'Carol', ...voice }) + button({ peer: 'bob', media: 'audio' }, 'Call Bob'),
  });
  await alice.press('Call Bob');
  await bob.find('Accept');
  await carol.press('Call Bob');
  await carol.event('call-ended', { reason: 'busy' });
  await lists(bob, 'Carol: Missed');
  await alice.press('Cancel');
  await alice.event('call-ended', { reason: 'cancelled' });
  await lists(bob, 'Carol: Missed', 'alice: Missed');
  await lists(alice);
  assert.deepEqual(await kept(alice), []);
});

/** Alice's call rings at Bob's, whose history is open, and he goes to another page; his browser keeps the one that rings. */
async function leavesWhileItRings(t: TestContext): Promise<{ world: World; alice: Person; bob: Person }> {
  const world = await openWorld(t);
  const markup = `${panel({ me: 'bob' })}<video-call-history></video-call-history>`;
  const bob = await ready(world, { name: 'bob', markup, windows: true });
  const alice = await ready(world, { name: 'alice', markup: button({ peer: 'bob' }) + panel({ me: 'alice' }) });
  await lists(bob);
  await bob.page.evaluate(() => {
    document.body.setAttribute('data-same', '');
    addEventListener('pagehide', ({ persisted }) => (sessionStorage.keeps = persisted));
  });
  await alice.press('Call');
  await alice.state('ringing');
  await bob.page.goto(world.site.add('<p>Elsewhere</p>'));
  assert.equal(await bob.page.evaluate(() => sessionStorage.keeps as string), 'true');
  return { world, alice, bob };
}

test('A call that rings on in a page which the browser has kept is taken, and at no time missed', async (t) => {
  const { alice, bob } = await leavesWhileItRings(t);
  await bob.page.goBack();
  assert.ok(await bob.page.$('body[data-same]'), 'it is the same page, which was kept');
  await bob.find('Accept');
  await lists(bob);
  await bob.press('Accept');
  await alice.event('call-connected');
  await lists(bob, 'alice: Incoming · In a call');
  await alice.press('Hang up');
  await bob.event('call-ended', { reason: 'hung-up' });
  await lists(bob, 'alice: Incoming');
});

test('A call that rang in a page to which nobody came back is missed', async (t) => {
  const { world, alice, bob } = await leavesWhileItRings(t);
  // Nothing of hers comes later that could tell of the call.
  await alice.closeTab();
  await bob.page.goto(
    world.site.add(pageWith('<video-call-history me="bob"></video-call-history>', `${world.relay.origin}/video-call.js`)),
  );
  await lists(bob, 'alice: Missed');
});
