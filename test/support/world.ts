/** A relay, a site on another origin, and people in front of its pages; everything is closed with the test. */
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { BrowserContext, Page, Permission } from 'puppeteer-core';
import { browserOf, type BrowserVariant } from './launch.js';
import { openSite, pageWith, type Site } from './pages.js';
import { Person } from './person.js';
import { startRelay, type RelayOptions, type RunningRelay } from './relay.js';
import { openWire, type Wire } from './wire.js';

/** How a person comes to a page. All of it is optional. */
export interface Visit extends Partial<BrowserVariant> {
  /** For messages of failed tests. */
  readonly name?: string;
  /** The body of a page that has the relay's script tag; see `panel` and `button`. */
  readonly markup?: string;
  /** A page to open instead, such as one of the demo. */
  readonly url?: string;
  /** Another address of the widget's script; the relay's own without it. */
  readonly script?: string;
  /** Further headers of the page. */
  readonly headers?: Record<string, string>;
  readonly lang?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Whether things move on their way in this page of Chromium, where tests want that reduced. */
  readonly motion?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Sees the page before anything is loaded in it. */
  readonly watch?: (page: Page) => void;
  /** Open the page as another tab beside that person's, with the same storage and permissions. */
  readonly beside?: Person;
}

/** See the top of this file. */
export interface World {
  readonly relay: RunningRelay;
  readonly site: Site;
  visit(visit: Visit): Promise<Person>;
  /** Lays a wire to the relay for one page, on which messages can be held up. */
  wire(): Promise<Wire>;
  /** Errors in pages fail the test at its end, unless the test says beforehand that it provokes them. */
  allowPageErrors(): void;
}

const observer = readFileSync(new URL('./observer.js', import.meta.url), 'utf8');
/** Functions that tsx has compiled, for a file that is run by hand, call a helper of this name, which pages do not have. */
const compilerHelper = 'globalThis.__name ??= (target) => target;';

const attributes = (values: Record<string, string | number | boolean>): string =>
  Object.entries(values)
    .filter(([, value]) => value !== false)
    .map(([name, value]) =>
      value === true ? ` ${name}` : ` ${name}="${String(value).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
    )
    .join('');

/** Small pictures, since one machine encodes and decodes the calls of everybody; in soaks a panel of which nothing is said has them as large as usual. */
const SIZE: Record<string, string> = process.env.PICTURES === 'usual' ? {} : { 'max-resolution': '360p' };

/** Markup of a panel, inline unless another layout is named: `panel({ me: 'alice', peer: 'bob' })`. */
export const panel = (values: Record<string, string | number | boolean> = {}): string =>
  `<video-call-panel${attributes({ layout: 'inline', ...SIZE, ...values })}></video-call-panel>`;

/** Markup of a button: `button({ peer: 'bob' })`. */
export const button = (values: Record<string, string | number | boolean>, label = ''): string =>
  `<video-call-button${attributes(values)}>${label}</video-call-button>`;

const NONE_NEEDED: BrowserVariant = { browser: 'chromium', devices: 'fake', autoplay: 'gesture', permission: 'granted' };

async function contextOf(visit: Visit, origin: string): Promise<BrowserContext> {
  const permission = visit.permission ?? 'granted';
  const variant = {
    ...NONE_NEEDED,
    browser: visit.browser ?? 'chromium',
    devices: visit.devices ?? 'fake',
    autoplay: visit.autoplay ?? 'gesture',
    windows: visit.windows ?? permission === 'denied',
    ...(visit.apart && { apart: visit.apart }),
    ...(visit.flags && { flags: visit.flags }),
    ...(visit.program !== undefined && { program: visit.program }),
  };
  const isFirefox = variant.browser === 'firefox';
  const browser = await browserOf({ ...variant, permission: isFirefox ? permission : 'granted' });
  const context = await browser.createBrowserContext();
  const granted: Permission[] = permission === 'granted' ? ['camera', 'microphone'] : [];
  if (!isFirefox && !visit.flags) await context.overridePermissions(origin, granted);
  return context;
}

/** Opens a world for one test, around a relay that runs already where one is given. */
export async function openWorld(t: TestContext, options: RelayOptions = {}, running?: RunningRelay): Promise<World> {
  const [relay, site] = await Promise.all([running ?? startRelay(options), openSite()]);
  const contexts = new Set<BrowserContext>();
  const people: Person[] = [];
  const wires: Wire[] = [];
  let errorsAllowed = false;

  async function visit(wish: Visit): Promise<Person> {
    const url = wish.url ?? site.add(pageWith(wish.markup ?? '', wish.script ?? `${relay.origin}/video-call.js`, wish.lang), wish.headers);
    const context = wish.beside?.page.browserContext() ?? (await contextOf(wish, new URL(url).origin));
    contexts.add(context);
    const page = await context.newPage();
    wish.watch?.(page);
    if (wish.viewport) await page.setViewport(wish.viewport);
    const features = [
      ...(wish.colorScheme ? [{ name: 'prefers-color-scheme', value: wish.colorScheme }] : []),
      ...(wish.motion ? [{ name: 'prefers-reduced-motion', value: 'no-preference' }] : []),
    ];
    if (features.length > 0) await page.emulateMediaFeatures(features);
    await page.evaluateOnNewDocument(compilerHelper);
    await page.evaluateOnNewDocument(observer);
    const person = new Person(page, wish.name ?? `person ${people.length + 1}`);
    people.push(person);
    await page.goto(url, { waitUntil: 'load' });
    return person;
  }

  async function wire(): Promise<Wire> {
    const laid = await openWire(relay.socketUrl);
    wires.push(laid);
    return laid;
  }

  async function pageErrors(): Promise<string[]> {
    const open = people.filter((person) => !person.page.isClosed() && !person.hasCrashed);
    const found = await Promise.all(open.map(async (person) => (await person.errors()).map((error) => `${person.name}: ${error}`)));
    return found.flat();
  }

  t.after(async () => {
    const errors = errorsAllowed ? [] : await pageErrors();
    await Promise.allSettled([...contexts].map((context) => context.close()));
    await Promise.all([...wires.map((laid) => laid.close()), relay.close(), site.close()]);
    if (errors.length > 0) throw new Error(`Errors that nobody caught in a page:\n${errors.join('\n')}`);
  });

  return { relay, site, visit, wire, allowPageErrors: () => (errorsAllowed = true) };
}
