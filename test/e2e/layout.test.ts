/**
 * Where everything stands, in every layout: boxes in place of pixels, because machines differ in fonts and in how they smooth them.
 * `UPDATE_LAYOUT=1` writes down what is there now; look at the pictures of `npm run screenshots` before you believe it.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { closeGallery, openGalleryPage } from '../support/gallery-page.js';
import type { Box, GalleryPage } from '../support/gallery-page.js';

after(closeGallery);

const VIEWS = {
  floating: { layout: 'floating', width: 1180, height: 760 },
  inline: { layout: 'inline', width: 900, height: 820 },
  phone: { layout: 'floating', width: 390, height: 844 },
  landscape: { layout: 'floating', width: 844, height: 390 },
  window: { layout: 'fullscreen', width: 980, height: 640 },
  narrow: { layout: 'inline', width: 360, height: 820 },
};
const STATES = ['ringing', 'connected', 'connected-camera-off', 'connected-voice'];
/** Parts whose boxes are made of lengths, and not of letters. */
const PARTS = [
  'local-video',
  'remote-video',
  'microphone-button',
  'camera-button',
  'fullscreen-button',
  'hangup-button',
  'minimise-button',
];
/** What rounding may make of a length, in pixels. */
const TOLERANCE = 2;

const file = new URL('./layout.json', import.meta.url);
type Layout = Record<string, Record<string, number[]>>;

const rounded = ({ x, y, width, height }: Box): number[] => [x, y, width, height].map((length) => Math.round(length));

/** The boxes of the parts of a state, from the top left of its card; the card itself as its size. */
async function boxesOf(gallery: GalleryPage): Promise<Record<string, number[]>> {
  const card = await gallery.boxOf('.stage');
  const boxes: Record<string, number[]> = { card: rounded(card).slice(2) };
  for (const part of PARTS) {
    const box = await gallery.box(`[part~=${part}]`);
    if (box) boxes[part] = rounded({ ...box, x: box.x - card.x, y: box.y - card.y });
  }
  return boxes;
}

const differ = (one: readonly number[] = [], other: readonly number[] = []): boolean =>
  one.length !== other.length || one.some((length, index) => Math.abs(length - other[index]!) > TOLERANCE);

const overlap = ([x, y, width, height]: number[], [left, top, wide, high]: number[]): boolean =>
  x! < left! + wide! && left! < x! + width! && y! < top! + high! && top! < y! + height!;

/** What stands where nothing may stand: controls over each other or over the small picture, or outside the card. */
function collisions({ card, ...parts }: Record<string, number[]>): string[] {
  const shown = Object.entries(parts).filter(([, [, , width]]) => width! < card![0]!);
  return shown.flatMap(([name, box], index) => [
    ...shown.slice(index + 1).flatMap(([other, at]) => (overlap(box, at) ? [`${name} over ${other}`] : [])),
    ...(box[0]! < 0 || box[1]! < 0 || box[0]! + box[2]! > card![0]! || box[1]! + box[3]! > card![1]! ? [`${name} outside`] : []),
  ]);
}

test('In every layout the parts of the stage stand where they stood, none over another and none outside', async (t) => {
  const now: Layout = {};
  const gallery = await openGalleryPage(t, { reducedMotion: true });
  for (const [view, { layout, ...size }] of Object.entries(VIEWS)) {
    await gallery.page.setViewport(size);
    for (const state of STATES) {
      await gallery.show(state, layout, { narrow: view === 'narrow' });
      now[`${state} ${view}`] = await boxesOf(gallery);
    }
  }
  if (process.env.UPDATE_LAYOUT)
    writeFileSync(
      file,
      `${JSON.stringify(now, null, 2).replace(/\[\s+([^\]]*?)\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`,
    );
  const then = JSON.parse(readFileSync(file, 'utf8')) as Layout;
  const wrong: string[] = [];
  for (const name of new Set([...Object.keys(now), ...Object.keys(then)])) {
    for (const part of new Set([...Object.keys(now[name] ?? {}), ...Object.keys(then[name] ?? {})])) {
      const [is, was] = [now[name]?.[part], then[name]?.[part]];
      if (differ(is, was)) wrong.push(`${name}: ${part} is at ${is?.join(' ') ?? 'no place'}, and was at ${was?.join(' ') ?? 'no place'}`);
    }
    wrong.push(...collisions(now[name]!).map((what) => `${name}: ${what}`));
  }
  assert.deepEqual(wrong, []);
});

/** Phones, upright and on their side, with what their screens lack at the edges. */
const PHONES = [
  { width: 390, height: 844, insets: { top: 59, right: 0, bottom: 34, left: 0 } },
  { width: 844, height: 390, insets: { top: 0, right: 59, bottom: 21, left: 59 } },
  { width: 320, height: 568, insets: { top: 20, right: 0, bottom: 0, left: 0 } },
  { width: 568, height: 320, insets: { top: 0, right: 0, bottom: 0, left: 0 } },
];

test('On a phone a finger reaches every control, whatever its screen lacks at the edges', async (t) => {
  const gallery = await openGalleryPage(t, { touch: true, reducedMotion: true });
  const wrong: string[] = [];
  for (const { insets, ...size } of PHONES) {
    await gallery.page.setViewport({ ...size, hasTouch: true, isMobile: true });
    await gallery.devtools.send('Emulation.setSafeAreaInsetsOverride', { insets });
    for (const state of [
      'connected',
      'connected-sharing',
      'connected-both-share',
      'connected-camera-off',
      'notice-both-gone-and-no-picture',
    ]) {
      await gallery.show(state);
      for (const what of await gallery.outOfReach(insets)) wrong.push(`${state}, ${size.width} by ${size.height}: ${what}`);
    }
    await gallery.show('connected');
    await gallery.inPanel((root) => root.querySelector<HTMLElement>('[part~=more-button]')!.click());
    // What More opens lies over the picture of oneself.
    const covered = (await gallery.outOfReach(insets)).filter((what) => !what.includes('grip'));
    for (const what of covered) wrong.push(`More, ${size.width} by ${size.height}: ${what}`);
  }
  assert.deepEqual(wrong, []);
});

const HOSTILE = `
  * { all: unset !important; font: italic 50px/3 cursive !important; color: red !important; text-transform: uppercase !important;
      letter-spacing: 9px !important; word-spacing: 40px !important; text-indent: 50px !important; visibility: visible !important }
  head, script, style, title { display: none !important }
  html { font-size: 60px !important }
  main { display: block !important; transform: rotate(3deg) scale(0.5) !important; filter: grayscale(1) !important; contain: paint !important;
      overflow: hidden !important; position: relative !important; z-index: -1 !important }
  body::after { content: 'Buy now' !important; position: fixed !important; inset: 0 !important; z-index: 2147483647 !important; background: gold !important }
`;

test('A page whose style sheets want everything leaves the panel whole, in front, and as it is', async (t) => {
  const [quiet, hostile] = [await openGalleryPage(t), await openGalleryPage(t, { css: HOSTILE })];
  const look = (gallery: GalleryPage) =>
    gallery.inPanel((root) => {
      const of = (selector: string) => {
        const { fontSize, fontFamily, letterSpacing, textTransform, color, textIndent } = getComputedStyle(root.querySelector(selector)!);
        return [fontSize, fontFamily, letterSpacing, textTransform, color, textIndent];
      };
      return [of('.title'), of('footer'), of('button')];
    });
  const front = async (gallery: GalleryPage) => {
    const { x, y, width, height } = await gallery.boxOf('[part~=hangup-button]');
    return gallery.page.evaluate((...at) => document.elementFromPoint(...at)?.localName, x + width / 2, y + height / 2);
  };
  for (const state of ['connected', 'connected-voice', 'ended']) {
    for (const gallery of [quiet, hostile]) await gallery.show(state);
    assert.deepEqual(rounded(await hostile.boxOf('.card')), rounded(await quiet.boxOf('.card')), state);
    assert.deepEqual(await look(hostile), await look(quiet), state);
    if (state !== 'ended') assert.equal(await front(hostile), 'video-call-panel');
  }
  await hostile.show('connected', 'inline');
  const { height } = await hostile.boxOf('.stage');
  assert.ok(height >= 150, `the stage in the page has a height: ${height}`);
});
