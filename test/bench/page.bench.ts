/** What a page with nothing but a button costs its visitors: time of the main thread on a slow machine, and how soon a call that comes in is seen. */
import type { Browser } from 'puppeteer-core';
import { percentile } from '../soak/support/figures.js';
import { openSite, pageWith } from '../support/pages.js';
import type { Site } from '../support/pages.js';
import { startRelay } from '../support/relay.js';
import { launch } from './support/call-pages.js';
import type { Bench } from './support/tables.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 15);
/** How much slower the processor is made. */
const SLOWED = 4;
/** Milliseconds for which a page that has all it needs is looked at; what comes late is counted, too. */
const LINGERS = 1000;

/** What a page did until all was there, in milliseconds of its main thread. */
interface Cost {
  readonly all: number;
  readonly script: number;
  readonly longest: number;
}

const WATCH = `
  globalThis.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) globalThis.longest = Math.max(globalThis.longest, duration);
  }).observe({ type: 'longtask', buffered: true });
`;

/** A page, and what is waited for in it. */
interface BenchPage {
  readonly name: string;
  readonly url: string;
  /** Whether the browser finds time for what can wait, such as the panel of a page that has none. */
  readonly idles?: boolean;
  /** When a script in the page finds that all is there. */
  readonly ready: string;
}

async function costOf(browser: Browser, { url, ready, idles = true }: BenchPage): Promise<Cost> {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const devtools = await page.createCDPSession();
    await page.evaluateOnNewDocument(WATCH);
    if (!idles) await page.evaluateOnNewDocument('globalThis.requestIdleCallback = () => 0');
    await devtools.send('Performance.enable');
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    await page.goto(url);
    await page.waitForFunction(ready);
    await new Promise((resolve) => setTimeout(resolve, LINGERS));
    const { metrics } = await devtools.send('Performance.getMetrics');
    const milliseconds = (name: string): number => 1000 * (metrics.find((metric) => metric.name === name)?.value ?? 0);
    return {
      all: milliseconds('TaskDuration'),
      script: milliseconds('ScriptDuration'),
      longest: (await page.evaluate('longest')) as number,
    };
  } finally {
    await context.close();
  }
}

/** Pages of the same words, without and with the button. */
function pagesOf(site: Site, script: string): readonly BenchPage[] {
  const drawn = `document.querySelector('video-call-button').shadowRoot?.querySelector('button')`;
  const connected = `document.querySelector('video-call-button').presence === 'offline'`;
  const button = (attributes: string): string =>
    site.add(pageWith(`<video-call-button peer="support"${attributes}>Talk to us</video-call-button>`, script));
  return [
    { name: 'the same page without it', url: site.add(pageWith('<button>Talk to us</button>', 'data:text/javascript,')), ready: 'true' },
    { name: 'a button that connects at a press: the entry alone', url: button(' lazy'), ready: drawn, idles: false },
    {
      name: 'the same, and the panel, which loads when nothing else is to be done',
      url: button(' lazy'),
      ready: `${drawn} && customElements.get('video-call-panel')`,
    },
    { name: 'a button that shows who is there: the entry and its connection', url: button(''), ready: connected, idles: false },
  ];
}

/** The bench. */
export const pageBench: Bench = {
  name: 'page',
  async run(report) {
    const [browser, site, relay] = await Promise.all([launch(), openSite(), startRelay()]);
    try {
      const pages = pagesOf(site, `${relay.origin}/video-call.js`);
      const found = new Map(pages.map(({ name }) => [name, [] as Cost[]]));
      for (let round = -1; round < ROUNDS; round++) {
        for (const page of pages) {
          const cost = await costOf(browser, page);
          if (round >= 0) found.get(page.name)!.push(cost);
        }
      }
      const of = (name: string, pick: (cost: Cost) => number): number => percentile(found.get(name)!.map(pick), 0.5);
      const bare = of(pages[0]!.name, ({ all }) => all);
      for (const { name } of pages) {
        report.row(`Main thread of a page until all is there, and a second more; processor slowed ${SLOWED} times, in ms`, {
          page: name,
          pages: ROUNDS,
          all: of(name, ({ all }) => all),
          'beyond the page without it': of(name, ({ all }) => all) - bare,
          'of that, scripts': of(name, ({ script }) => script),
          'longest task over 50 ms': Math.max(...found.get(name)!.map(({ longest }) => longest)) || 'none',
        });
      }
    } finally {
      await Promise.all([relay.close(), site.close()]);
      await browser.close();
    }
  },
};
