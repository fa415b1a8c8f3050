/** Calls that call: in several tabs, by keyboard alone, and in a window of their own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aliceAlone, bobAlone, bothEnd, ready, together, twoPeople } from '../support/people.js';
import type { Person } from '../support/person.js';
import { openWorld, panel } from '../support/world.js';

declare const observer: { named(root: Element, role: string, name: string): Element | null };

/** How a tab has said that it rings, the last word. */
const alertOf = async (tab: Person) => (await tab.frames('sent', 'ringing')).at(-1)?.message!.alert;

/** Waits until one of these tabs says that it sounds and the others that they are only seen, and answers it and them. */
async function soundingOf(tabs: readonly Person[]): Promise<[sounding: Person, others: Person[]]> {
  for (let looks = 0; looks < 100; looks++) {
    const alerts = await Promise.all(tabs.map(alertOf));
    const [sounding, others] = ['sound', 'visual'].map((alert) => tabs.filter((_, at) => alerts[at] === alert));
    if (sounding!.length === 1 && others!.length === tabs.length - 1) {
      assert.ok((await sounding![0]!.loudness()) > 0, `${sounding![0]!.name} is heard`);
      for (const other of others!) assert.equal(await other.loudness(0), 0, `${other.name} is not heard`);
      return [sounding![0]!, others!];
    }
    await setTimeout(50);
  }
  return assert.fail(`one tab sounds: ${(await Promise.all(tabs.map(alertOf))).join(', ')}`);
}

test('Of three tabs of Bob one rings aloud; when it is closed another one does, and answering in the third silences all', async (t) => {
  const world = await openWorld(t);
  const first = await bobAlone(world, {}, { autoplay: 'allowed' });
  const beside = (name: string) => ready(world, { name, markup: panel({ me: 'bob', 'max-resolution': '360p' }), beside: first });
  const tabs = [first, await beside('bob, second tab'), await beside('bob, third tab')];
  const alice = await aliceAlone(world);
  await alice.event('presence-change', { presence: 'online' });
  await alice.press('Call Bob');
  await Promise.all(tabs.map((one) => one.state('incoming')));
  const [sounding, others] = await soundingOf(tabs);
  await alice.state('ringing');
  assert.equal(await alice.has('Cancel'), true);

  await sounding.closeTab();
  const [next, [last]] = await soundingOf(others);
  await last!.turnTo();
  await last!.press('Accept');
  await Promise.all([
    alice.event('call-connected'),
    last!.event('call-connected'),
    next.event('call-ended', { reason: 'answered-elsewhere' }),
  ]);
  assert.equal(await next.loudness(0), 0);
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
  for (let steps = 0; steps < 12; steps++) {
    if (await focused(person, name)) return person.page.keyboard.press('Enter');
    await person.page.keyboard.press('Tab');
  }
  assert.fail(`${person.name} comes to “${name}” by the Tab key`);
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
  await tabTo(bob, 'Picture in picture');
  await bob.find('Bring call back');
  const lifted = await windowOf(bob);
  assert.deepEqual(lifted?.controls, ['Mute microphone', 'Turn camera off', 'Hang up']);
  assert.ok(lifted.fills, 'the call fills its window');
  t.diagnostic(`two new frames within ${lifted.frames.toFixed(0)} ms of looking`);
  await bob.hears();
  await tabTo(bob, 'Bring call back');
  await bob.seesAndHears();

  await tabTo(bob, 'Picture in picture');
  await bob.find('Bring call back');
  await tabTo(alice, 'Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await bob.find('Close');
  assert.equal(await windowOf(bob), null);
});
