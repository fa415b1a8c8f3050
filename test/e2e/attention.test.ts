/** Calls that call: in several tabs, by keyboard alone, and in a window of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aliceAlone, bobAlone, bothEnd, ready, together, twoPeople } from '../support/people.js';
import { PATIENCE } from '../support/person.js';
import type { Person } from '../support/person.js';
import { openWorld, panel } from '../support/world.js';

declare const observer: { named(root: Element, role: string, name: string): Element | null };

/** How a tab has said that it rings, the last word. */
const alertOf = async (tab: Person) => (await tab.frames('sent', 'ringing')).at(-1)?.message!.alert;

/** Waits until this tab sounds, and the others say that they are only seen. */
async function onlyRings(tab: Person, others: readonly Person[]): Promise<void> {
  const wanted = ['sound', ...others.map(() => 'visual')].join();
  let alerts = '';
  for (const until = Date.now() + PATIENCE; alerts !== wanted; await setTimeout(20)) {
    if (Date.now() > until) assert.fail(`${tab.name} sounds alone, and not ${alerts}`);
    alerts = (await Promise.all([tab, ...others].map(alertOf))).join();
  }
  assert.ok((await tab.loudness()) > 0, `${tab.name} is heard`);
  for (const other of others) assert.equal(await other.loudness(0), 0, `${other.name} is not heard`);
}

test('Of three tabs of Bob the one in front rings aloud; when it is closed another one does, and answering silences all', async (t) => {
  const world = await openWorld(t);
  const tabs = [await bobAlone(world)];
  for (const name of ['bob, second tab', 'bob, third tab']) {
    await tabs[0]!.touch();
    tabs.unshift(await ready(world, { name, markup: panel({ me: 'bob', 'max-resolution': '360p' }), beside: tabs[0]! }));
  }
  const [front, next, last] = tabs as [Person, Person, Person];
  await front.touch();
  const alice = await aliceAlone(world);
  await alice.event('presence-change', { presence: 'online' });
  await alice.press('Call Bob');
  await Promise.all(tabs.map((one) => one.state('incoming')));
  await onlyRings(front, [next, last]);

  await front.closeTab();
  await next.turnTo();
  await onlyRings(next, [last]);
  await next.press('Accept');
  await Promise.all([next.state('connecting'), last.event('call-ended', { reason: 'answered-elsewhere' })]);
  assert.equal(await last.loudness(0), 0);
  await alice.press('Hang up');
});

/** The role of what has the focus, through every shadow root; or whether it is the button of this name. */
const focused = ({ page }: Person, name?: string) =>
  page.evaluate((wanted) => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return wanted ? !!at && observer.named(document.body, 'button', wanted) === at : at?.getAttribute('role');
  }, name);

/** Goes on with the Tab key until this control has the focus, and presses it. */
async function tabTo(person: Person, name: string): Promise<void> {
  await person.find(name);
  for (let steps = 0; steps < 24; steps++) {
    if (await focused(person, name)) return person.page.keyboard.press('Enter');
    await person.page.keyboard.press('Tab');
  }
  assert.fail(`${person.name} comes to “${name}” by the Tab key`);
}

/** Begins to measure for how long the picture of the other side stands still at most, and answers the function that tells. */
async function watchPicture({ page }: Person): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const video = document.querySelector('video-call-panel')!.shadowRoot!.querySelector<HTMLVideoElement>('[part~=remote-video]')!;
    let [shown, at, longest] = [video.currentTime, performance.now(), 0];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - at);
      if (video.currentTime !== shown) [shown, at] = [video.currentTime, performance.now()];
    }, 5);
    Object.assign(globalThis, { stoodStill: () => (clearInterval(timer), longest) });
  });
  return () => page.evaluate(() => (globalThis as unknown as { stoodStill(): number }).stoodStill());
}

/** What the window of the call shows and hears: its controls, and how many new frames there are within a second. */
const windowOf = ({ page }: Person) =>
  page.evaluate(async () => {
    const { window: opened } = (globalThis as unknown as { documentPictureInPicture: { window: (Window & typeof globalThis) | null } })
      .documentPictureInPicture;
    const root = opened?.document.querySelector('div')?.shadowRoot;
    const video = root?.querySelector<HTMLVideoElement>('[part~=remote-video]');
    if (!opened || !root || !video) return null;
    const began = performance.now();
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    const frames = performance.now() - began;
    const controls = [...root.querySelectorAll('button')].filter((one) => one.checkVisibility()).map((one) => one.textContent.trim());
    const card = root.querySelector('[part~=dialog]')!.getBoundingClientRect();
    return { controls, frames, fills: card.width === opened.innerWidth && card.height === opened.innerHeight };
  });

test('A whole call goes by keyboard alone, part of it in a window of its own', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world, { bob: { layout: 'floating' } });
  await tabTo(alice, 'Call Bob');
  await bob.page.waitForSelector('video-call-panel >>> [aria-keyshortcuts=F8]');
  await bob.page.keyboard.press('F8');
  assert.equal(await focused(bob), 'dialog');
  await tabTo(bob, 'Accept');
  await together(alice, bob);

  await bob.page.keyboard.press('m');
  await bob.find('Unmute microphone');
  await bob.page.keyboard.press('m');
  await bob.find('Mute microphone');
  const stoodStill = await watchPicture(bob);
  await tabTo(bob, 'More');
  await tabTo(bob, 'Picture in picture');
  await bob.find('Show call here');
  const lifted = await windowOf(bob);
  const shown = ['Swap pictures', 'Hide your picture', 'Mute microphone', 'Turn camera off', 'Chat', 'More', 'Hang up'];
  assert.deepEqual(lifted?.controls, shown);
  assert.ok(lifted.fills, 'the call fills its window');
  t.diagnostic(`two new frames within ${lifted.frames.toFixed(0)} ms of looking`);
  await bob.hears();
  await tabTo(bob, 'Show call here');
  await bob.seesAndHears();
  t.diagnostic(`the picture stood still for ${(await stoodStill()).toFixed(0)} ms at most, there and back`);

  await tabTo(bob, 'More');
  await tabTo(bob, 'Picture in picture');
  await bob.find('Show call here');
  await tabTo(alice, 'Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await bob.find('Close');
  assert.equal(await windowOf(bob), null);
});
