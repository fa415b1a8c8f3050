/** The gallery in a browser: one state of the panel, with a person's hands on it. */
import type { TestContext } from 'node:test';
import type { CDPSession, Page } from 'puppeteer-core';
import { openGallery } from './gallery-site.mjs';
import { browserOf } from './launch.js';

declare global {
  interface Window {
    show(state: string, layout: string, options?: { narrow?: boolean }): Promise<void>;
    freeze(): void;
  }
}

/** How the page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly touch?: boolean;
  readonly scheme?: 'light' | 'dark';
  readonly reducedMotion?: boolean;
  /** CSS of the page around the panel. */
  readonly css?: string;
  readonly dir?: 'rtl';
}

/** A rectangle in the viewport. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How far what may cover the edges of a screen reaches in, in pixels. */
export type Insets = Readonly<Record<'top' | 'right' | 'bottom' | 'left', number>>;

/** What a finger cannot press as it should: less than 44 pixels wide or high, below something else, or outside the safe part of the screen. */
function outOfReach(root: ShadowRoot, { top, right, bottom, left }: Insets): string[] {
  const isHit = (element: Element, x: number, y: number) => {
    const hit = root.elementFromPoint(x, y);
    return hit === element || element.contains(hit) || hit?.closest('label')?.contains(element);
  };
  return [...root.querySelectorAll('button, select, textarea, .grip')]
    .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    .filter((element) => getComputedStyle(element).pointerEvents !== 'none' && !element.closest('[inert]'))
    .flatMap((element) => {
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height, right: end, bottom: low } = element.getBoundingClientRect();
      const name = `${element.textContent.trim() || element.localName} (${element.className}, ${width}×${height})`;
      const [midX, midY] = [x + width / 2, y + height / 2];
      // Half a pixel less than half of it: a point on the very edge is beside it.
      const missed = [-21.5, 0, 21.5].some((way) => !isHit(element, midX + way, midY) || !isHit(element, midX, midY + way));
      const isOut = x < left || y < top || end > innerWidth - right || low > innerHeight - bottom;
      return [...(missed ? [`${name} is small or covered`] : []), ...(isOut ? [`${name} is at an edge`] : [])];
    });
}

/** What is loaded when it is first opened, by the states that show it. */
const LATER: Readonly<Record<string, string>> = { chat: '.talk', 'devices-call': '.devices select' };

/** A page that shows the gallery. */
export class GalleryPage {
  readonly page: Page;
  readonly devtools: CDPSession;

  constructor(page: Page, devtools: CDPSession) {
    this.page = page;
    this.devtools = devtools;
  }

  /** Shows a state, as soon as everything that belongs to it is there. */
  async show(state: string, layout = 'floating', options = {}): Promise<void> {
    await this.page.evaluate((...args) => window.show(...args), state, layout, options);
    if (/connect/.test(state))
      await this.page.waitForFunction(() =>
        document
          .querySelector('video-call-panel')
          ?.shadowRoot?.adoptedStyleSheets.some((sheet) => [...sheet.cssRules].some((rule) => rule.cssText.startsWith('.grip'))),
      );
    if (state in LATER) await this.until(LATER[state]!);
    await this.rest();
  }

  /** Waits until nothing moves in the panel any more, apart from what moves for ever. */
  async rest(): Promise<void> {
    await this.page.waitForFunction(
      () =>
        document
          .querySelector('video-call-panel')!
          .shadowRoot!.getAnimations()
          .every((animation) => animation.playState !== 'running' || animation.effect?.getTiming().iterations === Infinity),
      { polling: 'raf' },
    );
  }

  /** The box of what a selector finds in the panel; undefined where it is not drawn. */
  box(selector: string): Promise<Box | undefined> {
    return this.page.evaluate((wanted) => {
      const found = document.querySelector('video-call-panel')!.shadowRoot!.querySelector(wanted);
      if (!found?.checkVisibility()) return undefined;
      const { x, y, width, height } = found.getBoundingClientRect();
      return { x, y, width, height };
    }, selector);
  }

  /** The box of what must be there. */
  async boxOf(selector: string): Promise<Box> {
    const box = await this.box(selector);
    if (!box) throw new Error(`${selector} is not shown`);
    return box;
  }

  /** Evaluates a function with the shadow root of the panel. */
  inPanel<Result, Args extends unknown[]>(act: (root: ShadowRoot, ...args: Args) => Result, ...args: Args): Promise<Awaited<Result>> {
    return this.page.evaluate(
      `(${act.toString()})(document.querySelector('video-call-panel').shadowRoot, ...${JSON.stringify(args)})`,
    ) as Promise<Awaited<Result>>;
  }

  /** What a finger cannot press as it should, with the reason; nothing where all is well. */
  outOfReach(insets: Insets = { top: 0, right: 0, bottom: 0, left: 0 }): Promise<string[]> {
    return this.inPanel(outOfReach, insets);
  }

  /** Waits until a selector finds something in the panel, or nothing any more. */
  async until(selector: string, there = true): Promise<void> {
    await this.page.waitForFunction(
      (wanted, expected) => !!document.querySelector('video-call-panel')!.shadowRoot!.querySelector(wanted) === expected,
      { polling: 'raf', timeout: 10_000 },
      selector,
      there,
    );
  }

  /** Drags by mouse from the middle of a box by a way, in so many moves, and lets go at rest. */
  async drag(from: Box, way: { x: number; y: number }, moves = 12): Promise<void> {
    const { mouse } = this.page;
    const [x, y] = [from.x + from.width / 2, from.y + from.height / 2];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x + way.x, y + way.y, { steps: moves });
    await mouse.up();
  }

  /** What the browser has counted since the page began: layouts, and seconds of work. */
  async work(): Promise<{ layouts: number; seconds: number }> {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    const value = (name: string) => metrics.find((metric) => metric.name === name)!.value;
    return {
      layouts: value('LayoutCount'),
      seconds: value('ScriptDuration') + value('LayoutDuration') + value('RecalcStyleDuration'),
    };
  }
}

let site: ReturnType<typeof openGallery> | undefined;

/** Opens the gallery for one test. */
export async function openGalleryPage(t: TestContext, look: Look = {}): Promise<GalleryPage> {
  site ??= openGallery();
  const { origin } = await site;
  const browser = await browserOf({ browser: 'chromium', devices: 'none', autoplay: 'allowed', permission: 'granted' });
  const context = await browser.createBrowserContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const { width = 1180, height = 760, touch = false } = look;
  await page.setViewport({ width, height, hasTouch: touch, isMobile: touch });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: look.scheme ?? 'light' },
    { name: 'prefers-reduced-motion', value: look.reducedMotion ? 'reduce' : 'no-preference' },
  ]);
  // Functions that tsx has compiled call a helper of this name, which pages do not have.
  await page.evaluateOnNewDocument('globalThis.__name ??= (target) => target;');
  await page.goto(origin);
  await page.waitForFunction('window.states');
  if (look.css) await page.addStyleTag({ content: look.css });
  if (look.dir) await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  const devtools = await page.createCDPSession();
  await devtools.send('Performance.enable');
  return new GalleryPage(page, devtools);
}

/** Closes the site that the tests of this file have used. */
export async function closeGallery(): Promise<void> {
  await (await site)?.close();
}
