/** Starts the browsers that tests drive: each variant once per test file, ended with it whatever happens. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import puppeteer, { type Browser } from 'puppeteer-core';
import { CHROMIUM_FLAGS, findFirefox, findShell, findXvfb, requireChromium } from './browsers.mjs';

/** What a browser has and may do, as far as that is decided when it starts. */
export interface BrowserVariant {
  readonly browser: 'chromium' | 'firefox';
  /** `fake`: camera and microphone; `screen`: a screen as well, which is given without a question; in Firefox it is the one that shows its own window. The rest is for Chromium only: `three`: three cameras; `no-camera`: a microphone only; `none`: no device. */
  readonly devices: 'fake' | 'screen' | 'three' | 'no-camera' | 'none';
  /** `gesture`: as people have it, no sound before the first click; `allowed`: sound at once. */
  readonly autoplay: 'gesture' | 'allowed';
  /** Firefox decides this for the whole browser; in Chromium with windows each person has permissions of their own. */
  readonly permission: 'granted' | 'denied';
  /** A name for a browser that is not shared with whoever does not give the same: what happens to it happens to nobody else. */
  readonly apart?: string;
  /** Chromium as people have it, with its windows, where tests are content with one that has none: for what windows do, for permissions, and for the first call of all. */
  readonly windows?: boolean;
  /** Flags of Chromium in place of all that is said here about permissions and sound. */
  readonly flags?: readonly string[];
  /** Another program to start instead, which hands its arguments on to Chromium. */
  readonly program?: string;
}

/** Pictures a second of Chromium's made-up camera. Half of what is usual leaves an eighth of the processor to the tests; what measures has all of them. */
const FPS = Number(process.env.CAMERA_FPS ?? 10);
/** Whether things in Chromium move on their way, in its own window as well. Without that a seventh of the processor is left to the tests. */
const MOTION = process.env.MOTION === '1';

const devicesOf = {
  fake: [`--use-fake-device-for-media-stream=fps=${FPS}`],
  three: [`--use-fake-device-for-media-stream=device-count=3,fps=${FPS}`],
  // Without its own question the browser gives a screen that is made up, with sound.
  screen: [`--use-fake-device-for-media-stream=fps=${FPS}`, '--use-fake-ui-for-media-stream'],
  'no-camera': ['--use-fake-device-for-media-stream=device-count=0'],
  none: [],
};

/** Chromium without windows, for whom that will do, and where there is one. */
const shellFor = ({ windows, flags, program }: BrowserVariant): string | null =>
  windows || flags || program !== undefined ? null : findShell().path;

async function launchChromium(variant: BrowserVariant): Promise<Browser> {
  const shell = shellFor(variant);
  return puppeteer.launch({
    executablePath: variant.program ?? shell ?? (await requireChromium()),
    // A browser in another network has no port that is reached from this one.
    pipe: variant.program !== undefined,
    headless: shell ? 'shell' : true,
    acceptInsecureCerts: true,
    args: [
      ...CHROMIUM_FLAGS,
      // It has no way to ask, and would refuse what tests have granted.
      ...(shell ? ['--use-fake-ui-for-media-stream'] : []),
      ...(MOTION ? [] : ['--force-prefers-reduced-motion']),
      ...(variant.flags ?? [
        `--autoplay-policy=${variant.autoplay === 'allowed' ? 'no-user-gesture-required' : 'document-user-activation-required'}`,
      ]),
      ...devicesOf[variant.devices],
    ],
  });
}

const screens = new Set<ChildProcess>();

/** Starts a screen that nobody sees, and answers its name (`:7`) and how to end it. */
async function startScreen(): Promise<{ readonly display: string; end(): void }> {
  const { path, reason } = findXvfb();
  if (!path) throw new Error(reason);
  const screen = spawn(path, ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  screens.add(screen);
  screen.once('exit', () => screens.delete(screen));
  const [number] = (await Promise.race([
    once(screen.stdio[3]!, 'data'),
    once(screen, 'exit').then(() => Promise.reject(new Error('Xvfb ended as it began.'))),
  ])) as [Buffer];
  return { display: `:${String(number).trim()}`, end: () => void screen.kill() };
}

async function launchFirefox(variant: BrowserVariant): Promise<Browser> {
  const { path, reason } = findFirefox();
  if (!path) throw new Error(reason);
  const granted = variant.permission === 'granted';
  const screen = variant.devices === 'screen' ? await startScreen() : undefined;
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: path,
    headless: !screen,
    // The window is as large as it is, so that what it shows is where the page says.
    ...(screen && { defaultViewport: null, env: { ...process.env, DISPLAY: screen.display } }),
    acceptInsecureCerts: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': variant.devices !== 'none',
      'media.navigator.permission.disabled': granted,
      'permissions.default.camera': granted ? 1 : 2,
      'permissions.default.microphone': granted ? 1 : 2,
      'media.autoplay.default': variant.autoplay === 'allowed' ? 0 : 1,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      'media.peerconnection.ice.loopback': true,
    },
  });
  if (screen) browser.on('disconnected', screen.end);
  return browser;
}

const running = new Map<string, Promise<Browser>>();
const alive = new Set<Browser>();
let scratch: string | undefined;

/** Browsers leave files behind in the temporary folder: they get one of their own, which is removed. */
function useOwnTemporaryFolder(): void {
  if (scratch) return;
  scratch = mkdtempSync(join(tmpdir(), 'video-call-browsers-'));
  process.env.TMPDIR = scratch;
}

/** The browser of this variant, started if it does not run yet. */
export function browserOf(variant: BrowserVariant): Promise<Browser> {
  const key = JSON.stringify({ ...variant, windows: shellFor(variant) === null });
  let browser = running.get(key);
  if (!browser) {
    useOwnTemporaryFolder();
    browser = variant.browser === 'firefox' ? launchFirefox(variant) : launchChromium(variant);
    running.set(key, browser);
    browser.then(
      (started) => {
        alive.add(started);
        started.on('disconnected', () => {
          alive.delete(started);
          running.delete(key);
        });
      },
      () => running.delete(key),
    );
  }
  return browser;
}

/** Ends every browser that was started here. */
export async function closeBrowsers(): Promise<void> {
  await Promise.allSettled([...running.values()].map(async (browser) => (await browser).close()));
  running.clear();
}

/** For `test(name, { skip: withoutFirefox }, …)`: the reason where there is no Firefox, else false. */
export const withoutFirefox: string | false = findFirefox().path ? false : findFirefox().reason;
/** The same where Firefox shall share a screen. */
export const withoutFirefoxScreen: string | false = withoutFirefox || (findXvfb().path ? false : findXvfb().reason);

/** Ends a program with all that it has started: where a browser's command is a script, the browser itself is a child of it. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

after(closeBrowsers);
// Whoever stops a test run does not want to find its browsers and folders later.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
process.on('exit', () => {
  for (const browser of alive) endGroup(browser.process()?.pid);
  for (const screen of screens) screen.kill();
  if (scratch) rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
});
