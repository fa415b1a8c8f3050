/** Long recordings: whether everything in them is where it was, what they cost, and what is left when a page is killed. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { bothEnd, talk } from '../support/people.js';
import { pageWith } from '../support/pages.js';
import type { Person } from '../support/person.js';
import { BLUE, GREEN, bobSignals, playBack, signalScript, twoSignals, untilParts } from '../support/signals.js';
import type { Moment, Signal } from '../support/signals.js';
import { button, openWorld, panel } from '../support/world.js';
import type { World } from '../support/world.js';
import { closeBrowser, heapOf, memoryOf, openBrowser } from './support/own-browser.js';
import type { Memory } from './support/own-browser.js';
import { withoutProc } from './support/process-meter.js';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 300);
/** Seconds after which both sides change to their other signal, and back. */
const EVERY = Math.min(30, SECONDS / 10);
const RED: Signal = { colour: '#d00000', pitch: 2100 };
const YELLOW: Signal = { colour: '#c0c000', pitch: 3300 };
const PITCHES = [BLUE, RED, GREEN, YELLOW].map(({ pitch }) => pitch);

/** Lets a page change its signal every so many seconds from a moment on, by the clock of the machine. */
const alternate = (person: Person, from: number, signals: readonly Signal[]): Promise<unknown> =>
  person.page.evaluate(
    (start, every, all) => (globalThis as unknown as { alternate(...schedule: unknown[]): void }).alternate(start, every, all),
    from,
    EVERY * 1000,
    signals,
  );

/** The address of a page of somebody who calls Bob and looks and sounds like Alice. */
function pageOf(world: World, me: string): string {
  const markup = signalScript(GREEN) + panel({ me, 'max-resolution': '360p' }) + button({ peer: 'bob' }, 'Call Bob');
  return world.site.add(pageWith(markup, `${world.relay.origin}/video-call.js`));
}

const begunAt = (person: Person): Promise<number> =>
  person.page.evaluate(async () => {
    const all = await (await navigator.storage.getDirectory()).getDirectoryHandle('video-call-recordings');
    for await (const folder of (all as unknown as { values(): AsyncIterable<FileSystemDirectoryHandle> }).values()) {
      const file = await (await folder.getFileHandle('about.json')).getFile();
      return (JSON.parse(await file.text()) as { startedAt: number }).startedAt;
    }
    return 0;
  });

const near = (colour: readonly number[], wanted: string): boolean =>
  colour.every((part, at) => Math.abs(part - parseInt(wanted.slice(1 + at * 2, 3 + at * 2), 16)) < 60);

/** Which of the pitches are heard. */
const heard = ({ tones }: Moment): string => PITCHES.filter((_, at) => tones[at]! > 0.03).join();

/** After how many seconds what holds at the end holds for good. */
function since(steps: readonly number[], moments: readonly Moment[], holds: (moment: Moment) => boolean): number {
  let at = steps.length;
  while (at > 0 && holds(moments[at - 1]!)) at--;
  return steps[at] ?? NaN;
}

test(
  `A recording of ${SECONDS} seconds has both pictures and both voices at the right seconds, and memory stays flat`,
  { skip: withoutProc },
  async (t) => {
    const world = await openWorld(t);
    const folder = await mkdtemp(join(tmpdir(), 'recording-'));
    const bob = await bobSignals(world);
    const [browser, alice] = await openBrowser(folder, pageOf(world, 'alice'), 'alice');
    t.after(() => closeBrowser(browser, folder));
    await alice.event('presence-change', { presence: 'online' });
    await talk(alice, bob);
    assert.equal(await alice.panel((shown) => shown.record(true) as Promise<boolean>), true);
    const start = await begunAt(alice);
    await Promise.all([alternate(alice, start, [GREEN, YELLOW]), alternate(bob, start, [BLUE, RED])]);
    const figures: (Memory & { second: number; heap: number })[] = [];
    let other;
    for (let second = EVERY; second <= SECONDS; second += EVERY) {
      await wait(start + second * 1000 - Date.now());
      figures.push({ second, heap: await heapOf(alice), ...(await memoryOf(browser)) });
      // A fifth of the time with another tab in front.
      if (second === 4 * EVERY) {
        other = await alice.page.browserContext().newPage();
        await other.bringToFront();
        assert.equal(await alice.page.evaluate(() => document.visibilityState), 'hidden');
      }
      if (second === 6 * EVERY) await other?.close();
    }
    await alice.page.bringToFront();
    for (const { second, ...megabytes } of figures)
      t.diagnostic(
        `after ${second} s, in MB: ${Object.entries(megabytes)
          .map(([what, figure]) => `${what} ${figure.toFixed(1)}`)
          .join(', ')}`,
      );
    await bob.press('Hang up');
    await bothEnd(alice, bob, 'hung-up');
    await alice.page.waitForFunction('globalThis.recorded', { timeout: 20_000 });
    t.diagnostic(`the file: ${await alice.page.evaluate('recorded.name + ", " + recorded.size / 1e6 + " MB, " + recorded.type')}`);

    const changes = Array.from({ length: Math.ceil(SECONDS / EVERY) - 1 }, (_, at) => (at + 1) * EVERY);
    const steps = Array.from({ length: 21 }, (_, at) => (at - 8) / 10);
    const late: string[] = [];
    for (const change of changes) {
      const { moments } = await playBack(
        alice,
        'recorded',
        steps.map((step) => change + step),
        PITCHES,
      );
      const odd = (change / EVERY) % 2 === 1;
      const [mine, theirs] = odd ? [YELLOW, RED] : [GREEN, BLUE];
      const delays = {
        theirPicture: since(steps, moments, ({ large }) => near(large, theirs.colour)),
        ownPicture: since(steps, moments, ({ small }) => near(small, mine.colour)),
        voices: since(
          steps,
          moments,
          (moment) => heard(moment) === PITCHES.filter((pitch) => [mine.pitch, theirs.pitch].includes(pitch)).join(),
        ),
      };
      t.diagnostic(`change at ${change} s: ${JSON.stringify(delays)} s`);
      late.push(
        ...Object.entries(delays)
          .filter(([, delay]) => !(delay > -0.4 && delay < 1.1))
          .map(([what]) => `${what} at ${change} s`),
      );
    }
    const end = await alice.page.evaluate(async () => {
      const { recorded } = globalThis as unknown as { recorded: File };
      const video = Object.assign(document.createElement('video'), { muted: true, src: URL.createObjectURL(recorded) });
      // Ten seconds as they were, then the rest in less time.
      await video.play();
      await new Promise<void>((resolve) => {
        video.ontimeupdate = () => video.currentTime >= 10 && resolve();
      });
      const rate = video.getVideoPlaybackQuality().totalVideoFrames / video.currentTime;
      video.playbackRate = 8;
      await new Promise((resolve) => video.addEventListener('ended', resolve, { once: true }));
      return { at: video.currentTime, duration: video.duration, rate };
    });
    t.diagnostic(`played from end to end: ${end.at.toFixed(2)} of ${end.duration.toFixed(2)} s, ${end.rate.toFixed(1)} pictures a second`);
    assert.ok(Math.abs(end.at - SECONDS) < 5, `it plays to its end at ${end.at} s`);
    assert.deepEqual(late, [], 'all of it is within a second of where it was');
    // By then the browser's own stores of pictures are full.
    const [before, after] = [figures.slice(3, 7), figures.slice(7)];
    const grown = (of: 'heap' | 'page' | 'browser'): number =>
      Math.min(...after.map((each) => each[of])) - Math.min(...before.map((each) => each[of]));
    assert.ok(grown('heap') < 5, `the heap of the page stays flat: ${grown('heap')} MB more`);
    assert.ok(grown('page') < 40, `so does the memory of its process: ${grown('page')} MB more`);
    assert.ok(grown('browser') < 20, `and that of the browser's own: ${grown('browser')} MB more`);
  },
);

/** Saves what is offered, into a file that the page can be asked for. */
async function saveOffered(person: Person): Promise<void> {
  await person.page.evaluate(() => {
    Object.assign(globalThis, {
      showSaveFilePicker: async () => (await navigator.storage.getDirectory()).getFileHandle('saved', { create: true }),
    });
  });
  await person.press('Save recording');
  await person.reads('The recording was saved.');
}

const SAVED = "navigator.storage.getDirectory().then((all) => all.getFileHandle('saved')).then((handle) => handle.getFile())";

async function isThere(t: TestContext, person: Person, atLeast: number): Promise<void> {
  const { seconds, moments } = await playBack(person, SAVED, [1, atLeast - 0.5], PITCHES);
  t.diagnostic(`it plays ${seconds.toFixed(2)} s: ${JSON.stringify(moments)}`);
  assert.ok(seconds >= atLeast, `${seconds} s are there`);
  for (const moment of moments) {
    assert.ok(near(moment.large, BLUE.colour) && near(moment.small, GREEN.colour), 'with both pictures');
    assert.equal(heard(moment), `${BLUE.pitch},${GREEN.pitch}`, 'and both voices');
  }
}

test('A page that crashes while it records leaves a file that plays up to there, and offers it after the call', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoSignals(world, { alice: { apart: 'alice' } });
  await talk(alice, bob);
  await alice.press('Record');
  await untilParts(alice, 4, 20_000);
  await alice.crash();
  await alice.reload();
  await bob.sees();
  assert.equal(await bob.panel((shown) => shown.shadowRoot!.querySelector('.rec') === null), true, 'and no longer says that it records');
  await bob.press('Hang up');
  await bothEnd(alice, bob, 'hung-up');
  await alice.reads('A recording of your call with Bob was kept.');
  await saveOffered(alice);
  await isThere(t, alice, 7);
});

test('A browser that is killed while it records leaves a file that plays up to there, and offers it when it is opened again', async (t) => {
  const world = await openWorld(t);
  const folder = await mkdtemp(join(tmpdir(), 'recording-'));
  const bob = await bobSignals(world);
  const url = pageOf(world, 'carol');
  const [first, carol] = await openBrowser(folder, url, 'carol');
  await carol.event('presence-change', { presence: 'online' });
  await talk(carol, bob);
  await carol.press('Record');
  await untilParts(carol, 4, 20_000);
  first.process()!.kill('SIGKILL');
  await bob.state('reconnecting', {}, 20_000);
  await rm(join(folder, 'SingletonLock'), { force: true });
  const [second, again] = await openBrowser(folder, url, 'carol');
  t.after(() => closeBrowser(second, folder));
  await again.reads('A recording of your call with Bob was kept.');
  await saveOffered(again);
  await isThere(t, again, 7);
});

test('A recording goes on while cameras and microphones are off and on, a screen is shared, and the other page is loaded anew', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoSignals(world, { alice: { devices: 'screen' }, bob: { autoplay: 'allowed' } });
  await talk(alice, bob);
  await alice.press('Record');
  await untilParts(alice, 1);
  const start = await begunAt(alice);
  /** A second of the recording at which all is as it is now. */
  const steady = async (): Promise<number> => {
    await wait(2500);
    return (Date.now() - start) / 1000 - 1;
  };
  await bob.press('Turn camera off');
  const dark = await steady();
  await bob.press('Turn camera on');
  await alice.press('Mute microphone');
  const muted = await steady();
  await alice.press('Unmute microphone');
  await alice.press('Share screen');
  const shared = await steady();
  await alice.press('Stop sharing');
  await bob.reload();
  await alice.sees({ timeout: 20_000 });
  const back = await steady();
  await bob.press('Hang up');
  await alice.page.waitForFunction('globalThis.recorded', { timeout: 10_000 });
  const { moments } = await playBack(alice, 'recorded', [dark, muted, shared, back], PITCHES);
  for (const [at, moment] of moments.entries()) t.diagnostic(`${['dark', 'muted', 'shared', 'back'][at]}: ${JSON.stringify(moment)}`);
  const [inTheDark, inSilence, onScreen, inTheEnd] = moments as [Moment, Moment, Moment, Moment];
  assert.ok(!near(inTheDark.large, BLUE.colour), 'a face where the camera is off');
  assert.equal(heard(inTheDark), `${BLUE.pitch},${GREEN.pitch}`);
  assert.ok(near(inSilence.large, BLUE.colour), 'the camera is back');
  assert.equal(heard(inSilence), String(BLUE.pitch), 'and whoever is muted is not heard');
  assert.ok(!near(onScreen.large, BLUE.colour) && near(onScreen.small, GREEN.colour), 'the screen is large');
  assert.ok(near(inTheEnd.large, BLUE.colour), 'the page that was loaded anew is seen');
  assert.equal(heard(inTheEnd), `${BLUE.pitch},${GREEN.pitch}`, 'and heard');
});
