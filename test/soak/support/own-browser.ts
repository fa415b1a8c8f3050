/** A browser with a folder of its own, as people have it, and what it and its pages hold in memory. */
import { readFile, rm } from 'node:fs/promises';
import puppeteer from 'puppeteer-core';
import type { Browser } from 'puppeteer-core';
import { CHROMIUM_FLAGS, requireChromium } from '../../support/browsers.mjs';
import { Person } from '../../support/person.js';
import { residentOf } from './process-meter.js';

/** Somebody in front of a browser of their own, which keeps what a page keeps in a folder, as people have it: begun again with it, too. */
export async function openBrowser(folder: string, url: string, name: string): Promise<[Browser, Person]> {
  const browser = await puppeteer.launch({
    executablePath: await requireChromium(),
    userDataDir: folder,
    args: CHROMIUM_FLAGS,
  });
  const [page] = await browser.pages();
  await page!.evaluateOnNewDocument('globalThis.__name ??= (target) => target;');
  await page!.evaluateOnNewDocument(await readFile(new URL('../../support/observer.js', import.meta.url), 'utf8'));
  await page!.goto(url);
  return [browser, new Person(page!, name)];
}

/** Closes it, and removes its folder. */
export async function closeBrowser(browser: Browser, folder: string): Promise<void> {
  await browser.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** What the scripts of a page hold after its rubbish was collected, in megabytes. */
export async function heapOf(person: Person): Promise<number> {
  const devtools = await person.page.createCDPSession();
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = (await devtools.send('Runtime.getHeapUsage')) as unknown as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await devtools.detach();
  return (usedSize + backingStorageSize) / 1e6;
}

/** Memory of the processes of a browser that is resident, in megabytes. */
export interface Memory {
  /** Of the page that works most. */
  readonly page: number;
  readonly browser: number;
  readonly others: number;
}

/** What a browser takes now. */
export async function memoryOf(browser: Browser): Promise<Memory> {
  const devtools = await browser.target().createCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const megabytes = ({ id }: { id: number }): number => residentOf(id) / 1024;
  const pages = processInfo.filter(({ type }) => type === 'renderer').sort((a, b) => b.cpuTime - a.cpuTime);
  const others = processInfo.filter((each) => each !== pages[0] && each.type !== 'browser');
  return {
    page: megabytes(pages[0]!),
    browser: megabytes(processInfo.find(({ type }) => type === 'browser')!),
    others: others.reduce((sum, each) => sum + megabytes(each), 0),
  };
}
