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
/** Milliseconds for which a page is looked at once it is loaded; what comes late is counted, too. */
const LINGERS = 1500;

/** What a page did until all was there, in milliseconds of its main thread. */
interface Cost {
  readonly all: number;
  readonly script: number;
  /** For the styles and places of what is drawn. */
  readonly layout: number;
  /** The longest task of 50 ms or more; 0 without one. */
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
  /** What a script in the page must find at the end; asked only then, since each question takes time of the main thread. */
  readonly ready?: string;
}

async function costOf(browser: Browser, { name, url, ready = 'true', idles = false }: BenchPage): Promise<Cost> {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    const devtools = await page.createCDPSession();
    await page.evaluateOnNewDocument(WATCH);
    if (!idles) await page.evaluateOnNewDocument('globalThis.requestIdleCallback = () => 0');
    await devtools.send('Performance.enable');
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWED });
    await page.goto(url);
    await new Promise((resolve) => setTimeout(resolve, LINGERS));
    const { metrics } = await devtools.send('Performance.getMetrics');
    const milliseconds = (name: string): number => 1000 * (metrics.find((metric) => metric.name === name)?.value ?? 0);
    if (!(await page.evaluate(ready))) throw new Error(`This page is not ready ${LINGERS} ms after it was loaded: ${name}`);
    return {
      all: milliseconds('TaskDuration'),
      script: milliseconds('ScriptDuration'),
      layout: milliseconds('LayoutDuration') + milliseconds('RecalcStyleDuration'),
      longest: (await page.evaluate('longest')) as number,
    };
  } finally {
    await context.close();
  }
}

/** The least that any element of one's own costs: a module of six lines, without Lit. */
const LEAST = `customElements.define('least-button', class extends HTMLElement {
  connectedCallback() {
    this.attachShadow({ mode: 'open' }).innerHTML =
      '<style>button { padding: 10px 20px; border-radius: 999px; background: #1a5fd8; color: #fff }</style><button><slot></slot></button>';
  }
});`;

/** Pages of the same words: without our button, and with it. */
function pagesOf(site: Site, widget: string): readonly BenchPage[] {
  const module = (name: string, text: string): string => {
    site.answer(name, (_, response) => void response.writeHead(200, { 'content-type': 'text/javascript' }).end(text));
    return site.origin + name;
  };
  const plain = (script: string): string => site.add(pageWith('<button>Talk to us</button>', script));
  const ours = (attributes: string): string =>
    site.add(pageWith(`<video-call-button peer="support"${attributes}>Talk to us</video-call-button>`, widget));
  const drawn = `!!document.querySelector('video-call-button').shadowRoot?.querySelector('button')`;
  return [
    { name: 'a plain button, and an empty module', url: plain(module('/empty.js', '')) },
    {
      name: 'the least element that draws a button, without Lit',
      url: site.add(pageWith('<least-button>Talk to us</least-button>', module('/least.js', LEAST))),
    },
    { name: 'our button that connects at a press (`lazy`): the entry alone', url: ours(' lazy'), ready: drawn },
    {
      name: 'the same, and the panel, which loads when nothing else is to be done',
      url: ours(' lazy'),
      ready: `${drawn} && !!customElements.get('video-call-panel')`,
      idles: true,
    },
    {
      name: 'our button that shows who is there: the entry and its connection',
      url: ours(''),
      ready: `document.querySelector('video-call-button').presence === 'offline'`,
    },
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
        report.row(`Main thread of a page until ${LINGERS / 1000} s after it was loaded; processor slowed ${SLOWED} times, in ms`, {
          page: name,
          pages: ROUNDS,
          all: of(name, ({ all }) => all),
          'beyond the first': of(name, ({ all }) => all) - bare,
          scripts: of(name, ({ script }) => script),
          'styles and layout': of(name, ({ layout }) => layout),
          'pages with a task of 50 ms': found.get(name)!.filter(({ longest }) => longest > 0).length,
          'longest of them': Math.max(...found.get(name)!.map(({ longest }) => longest)) || 'none',
        });
      }
    } finally {
      await Promise.all([relay.close(), site.close()]);
      await browser.close();
    }
  },
};
