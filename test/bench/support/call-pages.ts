/** Two pages in a browser of their own that are in a call of 720 lines: ours, or a bare pair of connections. */
import { readdirSync, readFileSync } from 'node:fs';
import puppeteer from 'puppeteer-core';
import type { Browser, Page } from 'puppeteer-core';
import { CHROMIUM_FLAGS, requireChromium } from '../../support/browsers.mjs';
import { openSite, pageWith } from '../../support/pages.js';
import { startRelay } from '../../support/relay.js';
import { cpuOf } from '../../soak/support/process-meter.js';

/** Milliseconds within which a picture should have its 720 lines. */
const PATIENCE = 30_000;

/** How the pages send: by the elements, by the browser's defaults, or by those and the one wish that the picture keep its lines. */
export type Kind = 'ours' | 'bare' | 'bare, keeps its lines';

/** A call that is on. */
export interface RunningCall {
  /** Milliseconds from the moment at which the connection stands to 720 lines of the other side on the screen; undefined where they did not come. */
  readonly sharpAfter: readonly (number | undefined)[];
  /** Seconds of a processor for which the whole browser was busy so far, and for which it only drew. */
  busy(): { readonly all: number; readonly drawing: number };
  close(): Promise<void>;
}

/** Notes when connections stand, in each page; plain script, since it comes before the page's own. */
const WATCH = `{
  globalThis.__name ??= (target) => target;
  const Plain = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Plain {
    constructor(...all) {
      super(...all);
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') globalThis.stoodAt ??= performance.now();
      });
    }
  };
}`;

declare global {
  var stoodAt: number | undefined;
  var bareConnection: RTCPeerConnection | undefined;
}

/** All processes of a browser. */
function processesOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
  return [pid, ...children.flatMap((child) => processesOf(Number(child)))];
}

/** Whether it is the process that puts pages together: on a machine without a graphics card, with the processor. */
const draws = (pid: number): boolean => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=gpu-process');

/** Milliseconds from the standing connection to 720 lines in the element that shows the other side. */
const sharpAfter = (page: Page): Promise<number | undefined> =>
  page.evaluate(async (patience) => {
    const find = (): HTMLVideoElement | null =>
      (document.querySelector('video-call-panel')?.shadowRoot ?? document).querySelector<HTMLVideoElement>('video.remote');
    const until = performance.now() + patience;
    while (performance.now() < until) {
      if (globalThis.stoodAt !== undefined && find()?.videoHeight === 720) return performance.now() - globalThis.stoodAt;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return undefined;
  }, PATIENCE);

const panelOf = (me: string, peer = ''): string =>
  `<div style="height: 600px"><video-call-panel layout="inline" style="height: 600px" me="${me}" ${peer && `peer="${peer}"`}></video-call-panel></div>`;

/** The same two pictures, in the same sizes as in a panel. */
const BARE = `<div style="position: relative; height: 600px; overflow: hidden">
  <video class="remote" autoplay playsinline muted style="position: absolute; width: 100%; height: 100%; object-fit: cover"></video>
  <video class="local" autoplay playsinline muted style="position: absolute; right: 14px; bottom: 100px; width: 132px; height: 176px; object-fit: cover; scale: -1 1"></video>
</div>`;

/** Opens a call in a browser of its own. */
export async function openCall(kind: Kind): Promise<RunningCall> {
  const [relay, site, browser] = await Promise.all([startRelay(), openSite(), launch()]);
  const open = async (markup: string): Promise<Page> => {
    // A window each: the tab behind another one draws nothing.
    const page = await (await browser.createBrowserContext()).newPage();
    await page.browserContext().overridePermissions(site.origin, ['camera', 'microphone']);
    await page.setViewport({ width: 900, height: 640 });
    await page.evaluateOnNewDocument(WATCH);
    await page.goto(site.add(pageWith(markup, kind === 'ours' ? `${relay.origin}/video-call.js` : 'data:text/javascript,')));
    return page;
  };
  const pages = await Promise.all(kind === 'ours' ? [open(panelOf('bob')), open(panelOf('alice', 'bob'))] : [open(BARE), open(BARE)]);
  await (kind === 'ours' ? callByPanels(pages) : connectBare(pages, kind !== 'bare'));
  const times = await Promise.all(pages.map(sharpAfter));
  return {
    sharpAfter: times,
    busy: () => {
      const spent = processesOf(browser.process()!.pid!).map((pid) => ({ pid, seconds: cpuOf(pid) }));
      const sum = (some: typeof spent): number => some.reduce((seconds, each) => seconds + each.seconds, 0);
      return { all: sum(spent), drawing: sum(spent.filter(({ pid }) => draws(pid))) };
    },
    close: async () => {
      await browser.close();
      await Promise.all([relay.close(), site.close()]);
    },
  };
}

/** A browser whose camera and microphone are stand-ins. */
export const launch = async (): Promise<Browser> =>
  puppeteer.launch({
    executablePath: await requireChromium(),
    headless: true,
    args: [...CHROMIUM_FLAGS, '--autoplay-policy=no-user-gesture-required', '--use-fake-device-for-media-stream'],
  });

async function callByPanels([bob, alice]: readonly Page[]): Promise<void> {
  const state = (page: Page, wanted: string): Promise<unknown> =>
    page.waitForFunction((name) => document.querySelector('video-call-panel')?.getAttribute('state') === name, {}, wanted);
  const online = (page: Page): Promise<unknown> =>
    page.waitForFunction(
      () => (document.querySelector('video-call-panel') as unknown as { relayStatus?: string }).relayStatus === 'online',
    );
  await Promise.all([bob!, alice!].map(online));
  const ask = (page: Page, what: string, ...all: string[]): Promise<unknown> =>
    page.evaluate(
      (name, args) =>
        (document.querySelector('video-call-panel') as unknown as Record<string, (...args: string[]) => unknown>)[name]!(...args),
      what,
      all,
    );
  await ask(alice!, 'call', 'bob');
  await state(bob!, 'incoming');
  await ask(bob!, 'accept');
}

/** What everybody writes first: two connections, each told of the other. */
async function connectBare([one, two]: readonly Page[], keepsLines: boolean): Promise<void> {
  const open = (page: Page): Promise<void> =>
    page.evaluate(async (keeps) => {
      const connection = (globalThis.bareConnection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' }));
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
        video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } },
      });
      const [local, remote] = ['local', 'remote'].map((name) => document.querySelector<HTMLVideoElement>(`video.${name}`)!);
      local!.srcObject = stream;
      const theirs = new MediaStream();
      remote!.srcObject = theirs;
      remote!.muted = false;
      connection.ontrack = ({ track }) => theirs.addTrack(track);
      for (const track of stream.getTracks()) {
        const sender = connection.addTrack(track, stream);
        if (!keeps || track.kind !== 'video') continue;
        await sender.setParameters({ ...sender.getParameters(), degradationPreference: 'maintain-resolution' });
      }
    }, keepsLines);
  await Promise.all([open(one!), open(two!)]);
  /** Describes a page's end with all of its candidates. */
  const describe = (page: Page, other: RTCSessionDescriptionInit | null): Promise<RTCSessionDescriptionInit> =>
    page.evaluate(async (theirs) => {
      const connection = globalThis.bareConnection!;
      if (theirs) await connection.setRemoteDescription(theirs);
      await connection.setLocalDescription();
      while (connection.iceGatheringState !== 'complete') await new Promise((resolve) => setTimeout(resolve, 5));
      return connection.localDescription!.toJSON() as RTCSessionDescriptionInit;
    }, other);
  const answer = await describe(two!, await describe(one!, null));
  await one!.evaluate((description) => globalThis.bareConnection!.setRemoteDescription(description), answer);
}
