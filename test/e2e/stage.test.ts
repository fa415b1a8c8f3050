/** What a person does with the stage of a call by mouse, finger and keyboard. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeGallery, openGalleryPage } from '../support/gallery-page.js';
import type { Box, GalleryPage } from '../support/gallery-page.js';

after(closeGallery);

const OWN = '[part~=local-video]';
const THEIRS = '[part~=remote-video]';
const STAGE = '[part~=stage]';

/** In which corner of another box a box is: `top left` and the like. */
const cornerIn = (box: Box, around: Box): string =>
  [
    box.y + box.height / 2 < around.y + around.height / 2 ? 'top' : 'bottom',
    box.x + box.width / 2 < around.x + around.width / 2 ? 'left' : 'right',
  ].join(' ');

const corner = async (gallery: GalleryPage, selector = OWN): Promise<string> => {
  await gallery.rest();
  return cornerIn(await gallery.boxOf(selector), await gallery.boxOf(STAGE));
};

const isInside = (box: Box, { width, height }: { width: number; height: number }): boolean =>
  box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height;

const press = (gallery: GalleryPage, part: string): Promise<void> =>
  gallery.inPanel((root, name) => root.querySelector<HTMLElement>(`[part~=${name}]`)!.click(), `${part}-button`);

test("One's own picture follows the pointer without a layout, springs to a corner, and goes there by arrow keys as well", async (t) => {
  const gallery = await openGalleryPage(t);
  await gallery.show('connected');
  assert.equal(await corner(gallery), 'bottom right');
  await gallery.inPanel((root) => Object.assign(window, { videos: [...root.querySelectorAll('video')] }));

  const stage = await gallery.boxOf(STAGE);
  const own = await gallery.boxOf(OWN);
  const before = await gallery.work();
  await gallery.page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    let last = performance.now();
    const look = (now: number) => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const { mouse } = gallery.page;
  const [x, y] = [own.x + own.width / 2, own.y + own.height / 2];
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x - 60, y - 40, { steps: 20 });
  const under = await gallery.boxOf(OWN);
  assert.deepEqual([Math.round(under.x - own.x), Math.round(under.y - own.y)], [-60, -40], 'it is where the pointer took it');
  await mouse.move(stage.x + 60, stage.y + 120, { steps: 20 });
  const worked = await gallery.work();
  await mouse.up();
  assert.equal(await corner(gallery), 'top left');
  const frames = await gallery.page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(2).sort((a, b) => a - b));
  const at = (share: number) => frames[Math.floor(frames.length * share)]!.toFixed(1);
  t.diagnostic(
    `frames while dragging: ${frames.length}, median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, longest ${frames.at(-1)!.toFixed(1)} ms`,
  );
  t.diagnostic(
    `layouts in 40 moves: ${worked.layouts - before.layouts}; work per move ${(((worked.seconds - before.seconds) * 1000) / 40).toFixed(2)} ms`,
  );
  // The tools appear once, and the timer of the call ticks meanwhile.
  assert.ok(worked.layouts - before.layouts < 15, `a drag lays nothing out: ${worked.layouts - before.layouts} layouts in 40 moves`);
  assert.ok(Number(at(0.5)) < 50, `frames are drawn while dragging: ${at(0.5)} ms`);

  await gallery.inPanel((root) => root.querySelector<HTMLElement>('.grip')!.focus());
  for (const [key, expected] of [
    ['ArrowRight', 'top right'],
    ['ArrowDown', 'bottom right'],
    ['ArrowLeft', 'bottom left'],
  ] as const) {
    await gallery.page.keyboard.press(key);
    assert.equal(await corner(gallery), expected);
  }
  assert.equal(
    await gallery.inPanel((root) =>
      [...root.querySelectorAll('video')].every(
        (video, index) => video === (window as unknown as { videos: unknown[] }).videos[index] && !video.paused,
      ),
    ),
    true,
    'the pictures are the same elements and play on',
  );
});

/** Two presses a tenth of a second apart, by the clock of the events, however busy the machine is between them. */
async function doublePress({ devtools, page }: GalleryPage, x: number, y: number): Promise<void> {
  await page.mouse.move(x, y);
  const now = Date.now() / 1000;
  for (const clickCount of [1, 2]) {
    for (const [type, after] of [
      ['mousePressed', 0],
      ['mouseReleased', 0.02],
    ] as const) {
      const timestamp = now + clickCount / 10 + after;
      await devtools.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount, timestamp });
    }
  }
}

test("The pictures are swapped by button and by double press; one's own is put away, and the tab at the edge brings it back", async (t) => {
  const gallery = await openGalleryPage(t);
  await gallery.show('connected', 'inline');
  const [own, theirs] = [await gallery.boxOf(OWN), await gallery.boxOf(THEIRS)];
  const isLarge = async (selector: string) => {
    await gallery.rest();
    return (await gallery.boxOf(selector)).width === theirs.width;
  };
  await press(gallery, 'swap-pictures');
  assert.deepEqual([await isLarge(OWN), await isLarge(THEIRS)], [true, false]);
  assert.deepEqual(await gallery.boxOf(THEIRS), own, 'the small picture is where the other one was');
  await doublePress(gallery, own.x + own.width / 2, own.y + own.height - 12);
  assert.deepEqual([await isLarge(OWN), await isLarge(THEIRS)], [false, true]);

  await gallery.inPanel((root) => root.querySelector<HTMLElement>('[part~=hide-picture-button]')!.focus());
  await gallery.page.keyboard.press('Enter');
  await gallery.rest();
  const names = () => gallery.inPanel((root) => [...root.querySelectorAll('.handle button')].map((button) => button.textContent.trim()));
  assert.deepEqual(await names(), ['Show your picture']);
  const stage = await gallery.boxOf(STAGE);
  assert.ok((await gallery.boxOf(OWN)).x >= stage.x + stage.width, 'it is outside the stage');
  const tab = await gallery.boxOf('.tab');
  assert.ok(tab.x + tab.width <= stage.x + stage.width + 1, 'the tab is inside');
  await gallery.page.keyboard.press('Enter');
  assert.deepEqual(await names(), ['Swap pictures', 'Hide your picture']);
  assert.deepEqual([await gallery.rest(), await gallery.boxOf(OWN)][1], own);
});

test('Controls step back for the eyes when nothing moves; a tap brings them back and presses none, and so do mouse and focus', async (t) => {
  const gallery = await openGalleryPage(t, { width: 390, height: 844, touch: true });
  await gallery.show('connected-still');
  await gallery.rest();
  assert.equal(await gallery.inPanel((root) => getComputedStyle(root.querySelector('footer')!).opacity), '0');
  assert.match(JSON.stringify(await gallery.page.accessibility.snapshot()), /Hang up/, 'it is there for whoever does not look');
  const [microphone, hangUp] = [await gallery.boxOf('[part~=microphone-button]'), await gallery.boxOf('[part~=hangup-button]')];
  await gallery.page.touchscreen.tap(microphone.x + 20, microphone.y + 20);
  await gallery.until('[data-still]', false);
  assert.equal(await gallery.page.$eval('video-call-panel', (panel) => panel.hasAttribute('muted')), false);
  await gallery.page.touchscreen.tap(100, 400);
  await gallery.until('[data-still]');
  await gallery.page.mouse.move(120, 300);
  await gallery.until('[data-still]', false);
  await gallery.page.touchscreen.tap(100, 400);
  await gallery.until('[data-still]');
  await gallery.inPanel((root) => root.querySelector<HTMLElement>('[part~=microphone-button]')!.focus());
  await gallery.until('[data-still]', false);
  await gallery.rest();
  await gallery.page.touchscreen.tap(hangUp.x + 20, hangUp.y + 20);
  await gallery.page.waitForFunction(() => document.querySelector('video-call-panel')!.state === 'ended');
});

test('A mouse that is moved onto a control which has stepped back, by a program say, presses it; a finger after a mouse does not, and a key after that does', async (t) => {
  const gallery = await openGalleryPage(t, { width: 900, height: 700 });
  await gallery.show('connected-still');
  await gallery.rest();
  await gallery.page.mouse.move(10, 10);
  await gallery.until('[data-still]');
  const microphone = await gallery.boxOf('[part~=microphone-button]');
  const hangUp = await gallery.boxOf('[part~=hangup-button]');
  const own = await gallery.boxOf(OWN);
  assert.ok(own.y + own.height > hangUp.y && own.x + own.width > hangUp.x, 'the small picture is where they were');
  const [x, y] = [microphone.x + 20, microphone.y + 20];
  const isMuted = () => gallery.page.$eval('video-call-panel', (panel) => panel.hasAttribute('muted'));
  await gallery.page.touchscreen.tap(x, y);
  await gallery.until('[data-still]', false);
  assert.equal(await isMuted(), false);
  await gallery.inPanel((root) => root.querySelector<HTMLElement>('[part~=microphone-button]')!.focus());
  await gallery.page.keyboard.press('Enter');
  await gallery.page.waitForSelector('video-call-panel[muted]');
  await gallery.page.touchscreen.tap(x, y);
  await gallery.page.waitForSelector('video-call-panel:not([muted])');
  await gallery.inPanel((root) => root.querySelector<HTMLElement>('[part~=microphone-button]')!.blur());
  await gallery.page.mouse.move(10, 10);
  await gallery.until('[data-still]');
  await gallery.page.mouse.click(x, y);
  await gallery.page.waitForSelector('video-call-panel[muted]');
  await gallery.page.mouse.move(10, 10);
  await gallery.until('[data-still]');
  await gallery.page.mouse.click(hangUp.x + 20, hangUp.y + 20);
  await gallery.page.waitForFunction(() => document.querySelector('video-call-panel')!.state === 'ended');
});

test('A pen that hovers brings controls back that have stepped back, as a mouse does, and then presses them', async (t) => {
  const gallery = await openGalleryPage(t, { width: 900, height: 700 });
  await gallery.show('connected-still');
  await gallery.rest();
  await gallery.page.mouse.move(10, 10);
  await gallery.until('[data-still]');
  const { x, y } = await gallery.boxOf('[part~=microphone-button]');
  const session = await gallery.page.createCDPSession();
  const pen = (type: 'mouseMoved' | 'mousePressed' | 'mouseReleased') =>
    session.send('Input.dispatchMouseEvent', {
      ...{ type, x: x + 20, y: y + 20, pointerType: 'pen' },
      ...(type !== 'mouseMoved' && { button: 'left', clickCount: 1 }),
    });
  await pen('mouseMoved');
  await gallery.until('[data-still]', false);
  await pen('mousePressed');
  await pen('mouseReleased');
  await gallery.page.waitForSelector('video-call-panel[muted]');
});

test('A pill that is thrown so quickly that the pointer leaves it with its first move is dragged, and let go where the pointer is', async (t) => {
  const gallery = await openGalleryPage(t);
  await gallery.show('connected');
  await press(gallery, 'minimise');
  await gallery.rest();
  const pill = await gallery.boxOf('.stage');
  await gallery.drag({ x: pill.x + 30, y: pill.y + 30, width: 4, height: 4 }, { x: -400, y: -300 }, 1);
  await gallery.rest();
  const thrown = await gallery.boxOf('.stage');
  assert.ok(thrown.x <= pill.x - 390 && thrown.y <= pill.y - 290, `it is where it was thrown: ${JSON.stringify(thrown)}`);
  const { mouse } = gallery.page;
  await mouse.move(thrown.x + 30, thrown.y + 30);
  await mouse.move(thrown.x + 90, thrown.y + 20, { steps: 4 });
  await gallery.rest();
  assert.deepEqual(await gallery.boxOf('.stage'), thrown, 'a pointer that is not pressed takes it nowhere');
  // Nobody is told of a button that is let go outside the browser's window, but that it is up.
  const [x, y] = [thrown.x + 30, thrown.y + 20];
  for (const event of [
    { type: 'mousePressed', x, y, button: 'left', clickCount: 1 },
    { type: 'mouseMoved', x: x + 2, y, buttons: 0 },
    { type: 'mouseMoved', x: x + 60, y, buttons: 0 },
    { type: 'mouseReleased', x: 5, y: 5, button: 'left' },
  ] as const) {
    await gallery.devtools.send('Input.dispatchMouseEvent', event);
  }
  await gallery.rest();
  assert.deepEqual(await gallery.boxOf('.stage'), thrown, 'nor does one that was let go where nobody saw it');
  await mouse.click(thrown.x + 30, thrown.y + 30);
  await gallery.until('[part~=minimise-button]');
});

test('A floating call is dragged, stays inside a window that shrinks, and becomes a pill and a call again where it is', async (t) => {
  const gallery = await openGalleryPage(t);
  await gallery.show('connected');
  const before = await gallery.boxOf('.stage');
  const header = { x: before.x + 60, y: before.y + 20, width: 20, height: 20 };
  await gallery.drag(header, { x: -500, y: -120 }, 20);
  await gallery.rest();
  const moved = await gallery.boxOf('.stage');
  assert.ok(moved.x < before.x - 300 && moved.y < before.y, `it was moved: ${JSON.stringify(moved)}`);

  await gallery.page.setViewport({ width: 700, height: 640 });
  await gallery.page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => resolve(innerWidth === 700))));
  await gallery.rest();
  const kept = await gallery.boxOf('.stage');
  assert.ok(isInside(kept, { width: 700, height: 640 }), JSON.stringify(kept));

  await press(gallery, 'minimise');
  await gallery.rest();
  const pill = await gallery.boxOf('.stage');
  assert.ok(pill.height < 80 && isInside(pill, { width: 700, height: 640 }), `it is a pill: ${JSON.stringify(pill)}`);
  const shown = await gallery.inPanel((root) =>
    [...root.querySelectorAll('button')].filter((button) => button.checkVisibility()).map((button) => button.textContent.trim()),
  );
  assert.deepEqual(shown, ['Mute microphone', 'Hang up', 'Expand']);
  assert.ok(await gallery.box('[part~=timer]'), 'with the timer');
  await gallery.drag({ x: pill.x + 30, y: pill.y + 30, width: 4, height: 4 }, { x: -pill.x, y: -pill.y }, 20);
  await gallery.rest();
  const away = await gallery.boxOf('.stage');
  assert.ok(away.x < 60 && away.y < 60, `dragged to the corner, not expanded: ${JSON.stringify(away)}`);
  await gallery.inPanel((root) => root.querySelector<HTMLElement>('[part~=expand-button]')!.focus());
  await gallery.page.keyboard.press('ArrowRight');
  await gallery.rest();
  assert.ok((await gallery.boxOf('.stage')).x > 300, 'the arrow key takes it to the other side');
  await gallery.page.keyboard.press('ArrowLeft');
  await gallery.page.keyboard.press('Enter');
  await gallery.rest();
  const whole = await gallery.boxOf('.stage');
  assert.ok(whole.height > 400 && whole.x < 60 && isInside(whole, { width: 700, height: 640 }));
});

test('In a voice call a ring follows each voice, and rests when the microphone is off', async (t) => {
  const gallery = await openGalleryPage(t);
  await gallery.page.mouse.click(5, 5);
  await gallery.show('connected-voice-speaking');
  await gallery.until('.face[style*="--level"]');
  await gallery.until('[part~=microphone-button][style*="--level"]');
  await press(gallery, 'microphone');
  await gallery.until('[part~=microphone-button][style*="--level"]', false);
  await gallery.until('.face[style*="--level"]');
});

test('On a page that is written from right to left everything begins on the other side', async (t) => {
  const gallery = await openGalleryPage(t, { dir: 'rtl' });
  await gallery.show('connected');
  assert.equal(await corner(gallery), 'bottom left');
  assert.ok((await gallery.boxOf('.stage')).x < 40);
});

test('On a touch screen whatever can be pressed is 44 pixels wide and high for a finger, in every state', async (t) => {
  const gallery = await openGalleryPage(t, { width: 390, height: 844, touch: true, reducedMotion: true });
  for (const state of ['calling', 'incoming-video', 'connected', 'connected-sharing', 'connected-voice', 'chat', 'devices-call', 'ended']) {
    await gallery.show(state);
    assert.deepEqual(await gallery.outOfReach(), [], state);
  }
  for (const state of ['incoming-video', 'connected', 'connected-sharing', 'chat', 'devices-call', 'ended']) {
    await gallery.show(state, 'inline', { narrow: true });
    assert.deepEqual(await gallery.outOfReach(), [], `${state}, 240 pixels wide`);
  }
});
