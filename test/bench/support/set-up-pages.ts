/** One call from the press on `Accept` until both see and hear: ours, one by PeerJS, or the two ends in one page without anything between them. */
import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { LOOPBACK_PEERS, startTcpDetour, startTurn } from '../../support/daemons.js';
import { openSite, pageWith } from '../../support/pages.js';
import { startRelay } from '../../support/relay.js';
import { openPeerSwitchboard } from './peer-switchboard.js';

/** Whose call it is. */
export type Maker = 'one page' | 'PeerJS' | 'ours' | 'ours, path prepared';

/** What a call is like. */
export interface SetUpCase {
  /** Milliseconds from a page to its server and back. */
  readonly roundTrip: number;
  /** Milliseconds that the camera takes to open. */
  readonly camera: number;
}

/** Milliseconds from the press until the first picture of the other side was shown and its first sound was decoded. */
export interface SetUpTimes {
  readonly callee: number;
  readonly caller: number;
}

/** Milliseconds for which it rings before somebody takes the call. */
const RINGS_FOR = 1000;

/** Notes when the first picture of the other side is on the screen, and its first sound decoded; slows down the camera. Plain script. */
const WATCH = `
  globalThis.__name ??= (target) => target;
  const now = () => performance.timeOrigin + performance.now();
  const connections = (globalThis.benchConnections = new Set());
  const seen = (globalThis.benchSeen = {});
  const Plain = RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Plain {
    constructor(...all) {
      super(...all);
      connections.add(this);
    }
  };
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  globalThis.benchCamera = 0;
  mediaDevices.getUserMedia = async (constraints) => {
    if (constraints.video && benchCamera > 0) await new Promise((resolve) => setTimeout(resolve, benchCamera));
    return open(constraints);
  };
  const videos = () => [document, ...[...document.querySelectorAll('video-call-panel')].map(({ shadowRoot }) => shadowRoot)]
    .flatMap((root) => [...(root?.querySelectorAll('video.remote') ?? [])]);
  // A picture that is there and not to be seen yet has not been shown.
  const onceShown = (video, done) =>
    void (getComputedStyle(video).opacity > 0 ? done() : video.isConnected && requestAnimationFrame(() => onceShown(video, done)));
  const watched = new WeakSet();
  const look = () => {
    for (const video of videos()) {
      if (watched.has(video)) continue;
      watched.add(video);
      // The canvas of a test page and the like show nothing before there is a call.
      video.requestVideoFrameCallback(() => onceShown(video, () => (seen[video.dataset.end ?? 'picture'] ??= now())));
    }
    for (const connection of connections) {
      // To ask keeps a page busy, so that it is done no longer than needed.
      if (seen[connection.benchEnd ?? 'sound']) continue;
      for (const receiver of connection.getReceivers()) {
        if (receiver.track.kind !== 'audio') continue;
        const [source] = receiver.getSynchronizationSources();
        if (source) seen[connection.benchEnd ?? 'sound'] ??= now();
      }
    }
    setTimeout(look, 4);
  };
  look();
`;

declare global {
  var benchCamera: number;
  var benchSeen: Record<string, number>;
  var benchAt: number;
  var benchPress: () => void;
}

const VIDEO = 'autoplay playsinline style="width: 400px; height: 300px"';

/** The caller's camera is open and its offer is there when the callee presses: from then on everything happens in one page. */
const ONE_PAGE = `<video class="remote" data-end="picture" ${VIDEO}></video><video class="remote" data-end="picture2" ${VIDEO}></video>
<script type="module">
  const [one, two] = document.querySelectorAll('video');
  const media = { audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } };
  const [theirs, ours] = [await navigator.mediaDevices.getUserMedia(media), await navigator.mediaDevices.getUserMedia(media)];
  const ends = [new RTCPeerConnection(), new RTCPeerConnection()];
  const [caller, callee] = ends;
  callee.benchEnd = 'sound2';
  const wait = [];
  const pass = (from, to) => (from.onicecandidate = ({ candidate }) => {
    if (to.remoteDescription) void to.addIceCandidate(candidate);
    else wait.push(() => to.addIceCandidate(candidate));
  });
  pass(caller, callee);
  pass(callee, caller);
  caller.ontrack = ({ streams: [stream] }) => (one.srcObject = stream);
  callee.ontrack = ({ streams: [stream] }) => (two.srcObject = stream);
  for (const track of theirs.getTracks()) caller.addTrack(track, theirs);
  await caller.setLocalDescription();
  globalThis.benchPress = async () => {
    for (const track of ours.getTracks()) callee.addTrack(track, ours);
    await callee.setRemoteDescription(caller.localDescription);
    await callee.setLocalDescription();
    await caller.setRemoteDescription(callee.localDescription);
    for (const each of wait) void each();
  };
  document.title = 'ready';
</script>`;

/** A call by PeerJS as its guide has it: each side opens its devices when it calls, or takes a call. */
const peerJs = (me: string, port: number): string => `<video class="remote" ${VIDEO}></video><script src="/peerjs.js"></script>
<script type="module">
  const media = { audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } } };
  const peer = new Peer('${me}', { host: '127.0.0.1', port: ${port}, path: '/', config: { iceServers: [] } });
  const show = (call) => call.on('stream', (stream) => (document.querySelector('video').srcObject = stream));
  peer.on('open', () => (document.title = 'ready'));
  peer.on('call', (call) => {
    document.title = 'ringing';
    show(call);
    globalThis.benchPress = async () => call.answer(await navigator.mediaDevices.getUserMedia(media));
  });
  globalThis.benchCall = async () => show(peer.call('bob', await navigator.mediaDevices.getUserMedia(media)));
</script>`;

const panelOf = (me: string, relay: string, more = ''): string =>
  `<div style="height: 600px"><video-call-panel layout="inline" style="height: 600px" me="${me}" relay="${relay}" ${more}></video-call-panel></div>`;

/** What calls are made with. */
export interface SetUpBench {
  measure(maker: Maker, conditions: SetUpCase): Promise<SetUpTimes>;
  close(): Promise<void>;
}

/** Opens what all calls of a bench share. @param turn whether there is a TURN server as well, for prepared paths */
export async function openSetUp(browser: Browser, turn: boolean): Promise<SetUpBench> {
  const ends: (() => unknown)[] = [];
  const t = { after: (end: () => unknown) => void ends.push(end) } as unknown as TestContext;
  const site = await openSite();
  const switchboard = await openPeerSwitchboard();
  const relay = await startRelay();
  const server = turn ? await startTurn(t, LOOPBACK_PEERS) : undefined;
  const turning = server ? await startRelay({ turn: [`turn:127.0.0.1:${server.port}`], turnSecret: 'secret' }) : undefined;
  site.answer('/peerjs.js', (_, response) => {
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(readFileSync(new URL('../../../node_modules/peerjs/dist/peerjs.min.js', import.meta.url)));
  });
  const detours = new Map<string, Awaited<ReturnType<typeof startTcpDetour>>>();
  /** A way to a server that takes its time. */
  const detour = async (port: number, roundTrip: number): Promise<number> => {
    if (roundTrip === 0) return port;
    const key = `${port} ${roundTrip}`;
    let way = detours.get(key);
    if (!way) detours.set(key, (way = await startTcpDetour(t, port, roundTrip / 2)));
    return way.port;
  };
  const portOf = (url: string): number => Number(new URL(url).port);

  async function visit(html: string, script: string, camera: number): Promise<Page> {
    const context = await browser.createBrowserContext();
    await context.overridePermissions(site.origin, ['camera', 'microphone']);
    const page = await context.newPage();
    await page.setViewport({ width: 900, height: 640 });
    await page.evaluateOnNewDocument(WATCH);
    await page.evaluateOnNewDocument(`globalThis.benchCamera = ${camera}`);
    await page.goto(site.add(pageWith(html, script)));
    return page;
  }
  const titled = (page: Page, title: string): Promise<unknown> =>
    page.waitForFunction((wanted) => document.title === wanted, { polling: 10 }, title);
  const inState = (page: Page, state: string): Promise<unknown> =>
    page.waitForFunction((wanted) => document.querySelector('video-call-panel')?.getAttribute('state') === wanted, { polling: 10 }, state);
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RINGS_FOR));
  const press = (page: Page): Promise<number> =>
    page.evaluate(() => {
      const at = performance.timeOrigin + performance.now();
      globalThis.benchPress();
      return at;
    });
  /** When a page saw and heard, by the clock that all pages share. */
  const both = async (page: Page, picture = 'picture', sound = 'sound'): Promise<number> => {
    const handle = await page.waitForFunction(
      (one, two) => {
        const { [one]: seen, [two]: heard } = globalThis.benchSeen;
        return seen !== undefined && heard !== undefined ? Math.max(seen, heard) : false;
      },
      { polling: 50, timeout: 20_000 },
      picture,
      sound,
    );
    return (await handle.jsonValue()) as number;
  };

  async function pages(maker: Maker, { roundTrip, camera }: SetUpCase): Promise<readonly [callee: Page, caller: Page]> {
    if (maker === 'PeerJS') {
      const port = await detour(switchboard.port, roundTrip);
      const [callee, caller] = [
        await visit(peerJs('bob', port), 'data:text/javascript,', camera),
        await visit(peerJs('alice', port), 'data:text/javascript,', 0),
      ];
      await Promise.all([titled(callee, 'ready'), titled(caller, 'ready')]);
      await caller.evaluate('benchCall()');
      await titled(callee, 'ringing');
      return [callee, caller];
    }
    const used = maker === 'ours' ? relay : turning!;
    const url = `ws://127.0.0.1:${await detour(portOf(used.origin), roundTrip)}/ws`;
    const script = `${relay.origin}/video-call.js`;
    const callee = await visit(panelOf('bob', url), script, camera);
    const caller = await visit(panelOf('alice', url, 'peer="bob"'), script, 0);
    for (const page of [callee, caller]) {
      await page.waitForFunction(
        () => (document.querySelector('video-call-panel') as { relayStatus?: string } | null)?.relayStatus === 'online',
      );
    }
    await caller.evaluate('void document.querySelector("video-call-panel").call("bob")');
    await Promise.all([inState(callee, 'incoming'), inState(caller, 'ringing')]);
    await callee.evaluate(() => {
      const panel = document.querySelector('video-call-panel')!.shadowRoot!;
      globalThis.benchPress = () => panel.querySelector<HTMLElement>('[part~="accept-button"]')!.click();
    });
    return [callee, caller];
  }

  return {
    async measure(maker, conditions) {
      if (maker === 'one page') {
        const page = await visit(ONE_PAGE, 'data:text/javascript,', 0);
        await titled(page, 'ready');
        await pause();
        const at = await press(page);
        const times = { callee: (await both(page, 'picture2', 'sound2')) - at, caller: (await both(page)) - at };
        await page.browserContext().close();
        return times;
      }
      const [callee, caller] = await pages(maker, conditions);
      await pause();
      const at = await press(callee);
      const [sees, isSeen] = await Promise.all([both(callee), both(caller)]);
      await Promise.all([callee, caller].map((page) => page.browserContext().close()));
      return { callee: sees - at, caller: isSeen - at };
    },
    async close() {
      for (const end of ends) await end();
      switchboard.close();
      await Promise.all([relay.close(), turning?.close(), site.close()]);
    },
  };
}
