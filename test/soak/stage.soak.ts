/** What a call costs that is on while nobody does anything, apart from the pictures themselves. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeGallery, openGalleryPage } from '../support/gallery-page.js';
import { talk, twoPeople } from '../support/people.js';
import { openWorld } from '../support/world.js';

after(closeGallery);

const SECONDS = Number(process.env.SOAK_SECONDS ?? 10);
/** The share of one core. */
const MOST = 0.02;

for (const [state, layout] of [
  ['connected', 'floating'],
  ['connected', 'inline'],
  ['connected-voice', 'floating'],
  ['connected-voice-speaking', 'floating'],
  ['connected-minimised', 'floating'],
  ['reconnecting', 'floating'],
] as const) {
  test(`Script, style and layout of a panel that is ${state} (${layout}) take less than 2 % of a core`, async (t) => {
    const gallery = await openGalleryPage(t);
    await gallery.page.mouse.click(5, 5);
    await gallery.show(state, layout);
    await gallery.page.evaluate(() => window.freeze());
    const before = await gallery.work();
    await gallery.page.evaluate((seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)), SECONDS);
    const { seconds, layouts } = await gallery.work();
    const share = (seconds - before.seconds) / SECONDS;
    t.diagnostic(`${state}, ${layout}: ${(share * 100).toFixed(2)} % of a core, ${layouts - before.layouts} layouts in ${SECONDS} s`);
    assert.ok(share < MOST, `${(share * 100).toFixed(2)} % of a core`);
  });
}

test('In a call between two browsers frames are drawn on while the small picture is dragged', async (t) => {
  const world = await openWorld(t);
  const [alice, bob] = await twoPeople(world);
  await talk(alice, bob);
  const { page } = alice;
  const box = () =>
    page.$eval('video-call-panel', (panel) => {
      const [own, stage] = ['local-video', 'stage'].map((part) =>
        panel.shadowRoot!.querySelector(`[part~=${part}]`)!.getBoundingClientRect().toJSON(),
      ) as [DOMRect, DOMRect];
      return { own, stage };
    });
  await page.waitForFunction(() => document.querySelector('video-call-panel')!.shadowRoot!.querySelector('.grip'));
  const frames = page.evaluate(
    (seconds) =>
      new Promise<number[]>((resolve) => {
        const all: number[] = [];
        const begun = performance.now();
        let last = begun;
        const look = (now: number) => {
          all.push(now - last);
          last = now;
          if (now - begun > seconds * 1000) resolve(all.slice(1).sort((a, b) => a - b));
          else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    SECONDS,
  );
  let over = false;
  void frames.then(() => (over = true));
  for (let way = 1; !over; way = -way) {
    const { own, stage } = await box();
    await page.mouse.move(own.x + own.width / 2, own.y + own.height / 2);
    await page.mouse.down();
    await page.mouse.move(stage.x + (way > 0 ? 90 : stage.width - 90), stage.y + stage.height / 2, { steps: 40 });
    await page.mouse.up();
  }
  const drawn = await frames;
  const at = (share: number) => drawn[Math.floor(drawn.length * share)]!;
  t.diagnostic(
    `frames in ${SECONDS} s: ${drawn.length}, median ${at(0.5).toFixed(1)} ms, 95 % within ${at(0.95).toFixed(1)} ms, ` +
      `longer than 50 ms ${drawn.filter((length) => length > 50).length}`,
  );
  assert.ok(at(0.5) < 34, `the median frame takes ${at(0.5).toFixed(1)} ms`);
});
