/** Many calls at once between two pages: a page of callers and a page of callees, a panel for each. */
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { BrowserContext, Page } from 'puppeteer-core';
import { browserOf } from '../../support/launch.js';
import { openSite, pageWith } from '../../support/pages.js';
import { panel } from '../../support/world.js';
import type { Seen } from './figures.js';

/** An event of a panel. */
export interface PanelEvent {
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly panel: string;
  readonly state?: string;
  readonly reason?: string;
  readonly call?: string;
}

/** What a page holds open. */
export interface Held {
  readonly connections: number;
  readonly tracks: number;
  readonly timers: number;
  readonly panels: number;
}

/** What `meters.js` offers in the page. */
interface Meters {
  readonly events: PanelEvent[];
  readonly errors: string[];
  now(): number;
  everyPanel(type: string, fields: object, since: number, timeout: number): Promise<{ times: (number | null)[]; missing: string[] }>;
  live(): Held;
  watch(): void;
  rest(): void;
  seen(): Seen;
  paths(): Promise<string[]>;
  forget(): void;
}
declare global {
  const meters: Meters;
}

export type BrowserName = 'chromium' | 'firefox';
type Attributes = Record<string, string | number | boolean>;

const METERS = readFileSync(new URL('./meters.js', import.meta.url), 'utf8');
const COMPILER_HELPER = 'globalThis.__name ??= (target) => target;';

/** One of the two pages. */
export class Side {
  readonly page: Page;
  readonly name: string;

  constructor(page: Page, name: string) {
    this.page = page;
    this.name = name;
  }

  /** Waits until every panel has had this event since a moment; answers when, in milliseconds since the epoch. */
  async all(type: string, fields: Record<string, string>, since: number, timeout = 30_000): Promise<number[]> {
    const { times, missing } = await this.page.evaluate((...wanted) => meters.everyPanel(...wanted), type, fields, since, timeout);
    if (missing.length > 0) {
      const recent = (await this.events()).filter(({ panel: id }) => id === missing[0]).slice(-12);
      const shown = recent.map(({ type: what, state, reason, time }) => `${what}:${state ?? reason ?? ''}@${(time - since).toFixed(0)}`);
      throw new Error(`${this.name}: ${type} ${JSON.stringify(fields)} did not come to ${missing.join(', ')}. ${shown.join(' ')}`);
    }
    return times as number[];
  }

  events(): Promise<PanelEvent[]> {
    return this.page.evaluate(() => meters.events);
  }

  errors(): Promise<string[]> {
    return this.page.evaluate(() => meters.errors);
  }

  watch(): Promise<void> {
    return this.page.evaluate(() => meters.watch());
  }

  /** Ends the watch; answers what was seen. */
  async seen(): Promise<Seen> {
    return this.page.evaluate(() => {
      meters.rest();
      return meters.seen();
    });
  }

  held(): Promise<Held> {
    return this.page.evaluate(() => meters.live());
  }

  forget(): Promise<void> {
    return this.page.evaluate(() => meters.forget());
  }
}

/** Two pages full of people. */
export interface Crowd {
  readonly callers: Side;
  readonly callees: Side;
  readonly sides: readonly [Side, Side];
  /** Every caller calls his callee; answers when they did. */
  dial(): Promise<number>;
  /** Every callee takes the call. */
  accept(): Promise<number>;
  /** Every caller hangs up; answers when. */
  hangUp(): Promise<number>;
}

/** How a crowd is made. */
export interface CrowdOptions {
  /** How many calls at once. */
  readonly pairs: number;
  readonly media: 'audio' | 'video';
  /** The widget's script. */
  readonly script: string;
  /** Attributes of all panels. */
  readonly attributes?: Attributes;
  /** Whether the callees take each call at once. */
  readonly answers?: boolean;
  readonly browsers?: readonly [BrowserName, BrowserName];
}

const STYLE = '<style>body { display: flex; flex-wrap: wrap } video-call-panel { width: 240px; height: 200px }</style>';

/** Opens both pages; everything is closed with the test. */
export async function openCrowd(t: TestContext, options: CrowdOptions): Promise<Crowd> {
  const { pairs, media, script, attributes = {}, answers = true, browsers = ['chromium', 'chromium'] } = options;
  const site = await openSite();
  const contexts: BrowserContext[] = [];
  t.after(async () => {
    await Promise.allSettled(contexts.map((context) => context.close()));
    await site.close();
  });
  const many = (each: (index: number) => Attributes): string =>
    STYLE +
    Array.from({ length: pairs }, (_, index) => panel({ ringtone: 'none', ringback: 'none', ...attributes, ...each(index) })).join('');

  async function open(name: string, browser: BrowserName, markup: string): Promise<Side> {
    const started = await browserOf({ browser, devices: 'fake', autoplay: 'allowed', permission: 'granted' });
    const context = await started.createBrowserContext();
    contexts.push(context);
    if (browser === 'chromium') await context.overridePermissions(site.origin, ['camera', 'microphone']);
    const page = await context.newPage();
    await page.evaluateOnNewDocument(COMPILER_HELPER);
    await page.evaluateOnNewDocument(METERS);
    await page.goto(site.add(pageWith(markup, script)), { waitUntil: 'load' });
    const side = new Side(page, name);
    await side.all('relay-status', { status: 'online' }, 0);
    return side;
  }

  const [callees, callers] = await Promise.all([
    open(
      'callees',
      browsers[1],
      many((index) => ({ id: `callee-${index}`, me: `callee-${index}`, ...(answers && { 'auto-answer': media }) })),
    ),
    open(
      'callers',
      browsers[0],
      many((index) => ({ id: `caller-${index}`, me: `caller-${index}` })),
    ),
  ]);
  const eachPanel = (side: Side, what: 'call' | 'accept' | 'hangUp'): Promise<number> =>
    side.page.evaluate(
      (method, kind) => {
        const at = meters.now();
        for (const each of document.querySelectorAll<HTMLElement & Record<string, any>>('video-call-panel')) {
          if (method === 'call') each.call(each.id.replace('caller', 'callee'), { media: kind });
          else each[method]();
        }
        return at;
      },
      what,
      media,
    );
  return {
    callers,
    callees,
    sides: [callers, callees],
    dial: () => eachPanel(callers, 'call'),
    accept: () => eachPanel(callees, 'accept'),
    hangUp: () => eachPanel(callers, 'hangUp'),
  };
}
