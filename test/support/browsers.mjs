/**
 * Makes sure that there are browsers, a screen, a TURN server and a Redis server to test with.
 *
 * Chromium is needed; its build without windows makes tests quicker; Firefox ESR, Xvfb, coturn and redis-server are wanted, and tests that need them
 * are skipped without, with the reason printed.
 * Run as a program it looks, installs what is missing, and says what it found; as a module it only looks.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const programFiles = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(Boolean);

const CHROMIUM = {
  title: 'Chromium',
  variable: 'CHROME_PATH',
  commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'],
  places: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    ...programFiles.map((folder) => join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
  ],
  packages: ['chromium', 'fonts-dejavu-core'],
};

const DEBIANS_CHROMIUM = '/usr/bin/chromium';

/**
 * Chromium without windows of its own, as Playwright drives it by default: the same engine, for which a test takes two thirds of the
 * processor's time, because nothing draws tabs, their throbbing marks of a running camera, or a bar of addresses.
 */
const SHELL = {
  title: 'Chromium without windows',
  variable: 'CHROME_SHELL_PATH',
  commands: ['chromium-headless-shell'],
  places: [],
  // Both of one version: they share what a third package brings.
  packages: ['chromium', 'chromium-headless-shell'],
};

const FIREFOX = {
  title: 'Firefox',
  variable: 'FIREFOX_PATH',
  commands: ['firefox-esr', 'firefox'],
  places: [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    ...programFiles.map((folder) => join(folder, 'Mozilla Firefox', 'firefox.exe')),
  ],
  packages: ['firefox-esr'],
};

const XVFB = {
  title: 'Xvfb',
  variable: 'XVFB_PATH',
  commands: ['Xvfb'],
  places: [],
  packages: ['xvfb'],
  /** It has no way to say its version. */
  silent: true,
};

const COTURN = {
  title: 'coturn',
  variable: 'TURNSERVER_PATH',
  commands: ['turnserver'],
  places: ['/opt/homebrew/bin/turnserver'],
  packages: ['coturn'],
};

const REDIS = {
  title: 'redis-server',
  variable: 'REDIS_SERVER_PATH',
  commands: ['redis-server'],
  places: ['/opt/homebrew/bin/redis-server'],
  packages: ['redis-server'],
};

const JEMALLOC = {
  title: 'jemalloc',
  variable: 'JEMALLOC_PATH',
  commands: [],
  places: ['x86_64', 'aarch64'].map((processor) => `/usr/lib/${processor}-linux-gnu/libjemalloc.so.2`),
  packages: ['libjemalloc2'],
  /** A library is loaded, not run. */
  silent: true,
};

/** @typedef {{ path: string | null, reason: string }} Found Where a program is, or why there is none. */

function isProgram(path) {
  try {
    if (!/\.so\b/.test(path)) accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A program that cannot say its version is none: Ubuntu's `chromium` is a script that asks for snap, for example. */
function answers(path) {
  if (platform() === 'win32') return true;
  const { status, stdout, stderr } = spawnSync(path, ['--version'], { timeout: 20_000, encoding: 'utf8' });
  return status === 0 && /\d+\.\d+/.test(stdout + stderr);
}

/** Where `npx playwright install` puts its Chromium. */
function playwrightPlaces() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
  ];
  const inside = [
    ['chrome-linux', 'chrome'],
    ['chrome-linux64', 'chrome'],
    ['chrome-mac', 'Chromium.app', 'Contents', 'MacOS', 'Chromium'],
  ];
  return caches.filter(Boolean).flatMap((cache) => {
    try {
      const versions = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name));
      return versions.flatMap((version) => inside.map((parts) => join(cache, version, ...parts)));
    } catch {
      return [];
    }
  });
}

function candidates(browser) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'].filter(Boolean);
  const inPath = browser.commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...new Set([...inPath, ...browser.places, ...(browser === CHROMIUM ? playwrightPlaces() : [])])];
}

/** @returns {Found} */
function find(browser) {
  const named = process.env[browser.variable];
  if (named) {
    if (isProgram(named)) return { path: named, reason: '' };
    return { path: null, reason: `${browser.variable} is set to ${named}, and there is no program there.` };
  }
  const path = candidates(browser).find((place) => isProgram(place) && (browser.silent || answers(place)));
  return path ? { path, reason: '' } : { path: null, reason: `No ${browser.title} was found on this machine.` };
}

const found = new Map();

function findOnce(browser) {
  if (!found.has(browser)) found.set(browser, find(browser));
  return found.get(browser);
}

/** Where Chromium is, or why there is none. Installs nothing. @returns {Found} */
export const findChromium = () => findOnce(CHROMIUM);

/** Where Chromium without windows is, or why there is none: whoever names a browser by CHROME_PATH has that one alone. Installs nothing. @returns {Found} */
export function findShell() {
  const chosen = process.env[CHROMIUM.variable] && !process.env[SHELL.variable];
  return chosen ? { path: null, reason: `${CHROMIUM.variable} names the browser for all tests.` } : findOnce(SHELL);
}

/** Where Firefox is, or why there is none. Installs nothing. @returns {Found} */
export const findFirefox = () => findOnce(FIREFOX);

/** Where Xvfb is, a screen that is nowhere to be seen, or why there is none. Installs nothing. @returns {Found} */
export const findXvfb = () => findOnce(XVFB);

const advice = (browser) =>
  `Install ${browser.title}, or set ${browser.variable} to its program, or run \`node test/support/browsers.mjs\`, which tries to install it.`;

/** Where the TURN server is, or why there is none. Installs nothing. @returns {Found} */
export const findCoturn = () => findOnce(COTURN);

/** Where the Redis server is, or why there is none. Installs nothing. @returns {Found} */
export const findRedis = () => findOnce(REDIS);

/**
 * What every Chromium of the tests is started with. Addresses in candidates are what they are, and pages of one machine reach each
 * other. The popups of the address bar, two pages that each window makes ahead and nobody sees, took a third of a test's processor time.
 */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns,WebUIOmniboxPopup,WebUIOmniboxAimPopup',
];

/** The path of Chromium; without one, an error whose message says what to do. Installs nothing. */
export async function requireChromium() {
  const { path, reason } = findChromium();
  if (!path) throw new Error(`${reason} ${advice(CHROMIUM)}`);
  return path;
}

function run(command, args) {
  console.log(`  $ ${command} ${args.join(' ')}`);
  try {
    execFileSync(command, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 20 * 60_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    return true;
  } catch {
    return false;
  }
}

let listed = false;

function installWithApt(browsers) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !candidates({ commands: ['apt-get'], places: [] }).some(isProgram)) return;
  console.log(`Installing ${browsers.map(({ title }) => title).join(', ')} with apt-get; this takes a minute.`);
  const packages = new Set(browsers.flatMap(({ packages }) => packages));
  // A fresh container has no package lists at all, and an old one has stale lists.
  listed ||= run('apt-get', ['update', '-qq']);
  if (listed) run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

const isMissing = (browser) => !process.env[browser.variable] && !find(browser).path;

/** Installs in one go, which is much quicker, what would be installed one by one. */
function installTogether() {
  const missing = [CHROMIUM, FIREFOX, COTURN, REDIS].filter(isMissing);
  const debians = missing.includes(CHROMIUM) || find(CHROMIUM).path === DEBIANS_CHROMIUM;
  if (debians && !process.env[CHROMIUM.variable] && isMissing(SHELL)) missing.push(SHELL);
  if (isMissing(XVFB)) missing.push(XVFB);
  if (missing.length > 1) installWithApt(missing);
}

function makeSure(browser) {
  const before = find(browser);
  if (before.path || process.env[browser.variable]) return before;
  console.log(before.reason);
  installWithApt([browser]);
  let now = find(browser);
  if (!now.path && browser === CHROMIUM) {
    console.log('Trying the Chromium of Playwright.');
    run('npx', ['--yes', 'playwright', 'install', ...(process.getuid?.() === 0 ? ['--with-deps'] : []), 'chromium']);
    now = find(browser);
  }
  return now;
}

/**
 * Looks for the browsers and the servers, and installs what is missing where that is possible.
 * @returns {{ chromium: Found, shell: Found, firefox: Found, xvfb: Found, coturn: Found, redis: Found }}
 */
export function makeSureOfBrowsers() {
  installTogether();
  const chromium = makeSure(CHROMIUM);
  // Beside Debian's own Chromium alone it can be had: whoever has brought another one uses that.
  const shell = chromium.path === DEBIANS_CHROMIUM && !process.env[CHROMIUM.variable] ? makeSure(SHELL) : findShell();
  const firefox = makeSure(FIREFOX);
  // It is there for Firefox alone: without a question, Chromium gives a screen that is made up.
  const xvfb = firefox.path ? makeSure(XVFB) : find(XVFB);
  const coturn = makeSure(COTURN);
  const redis = makeSureOfRedis();
  console.log(chromium.path ? `Chromium: ${chromium.path}` : `${chromium.reason} ${advice(CHROMIUM)}`);
  console.log(shell.path ? `Chromium without windows: ${shell.path}` : `${shell.reason} Tests take longer, in Chromium with its windows.`);
  console.log(firefox.path ? `Firefox: ${firefox.path}` : `${firefox.reason} Tests with Firefox are skipped. ${advice(FIREFOX)}`);
  console.log(xvfb.path ? `Xvfb: ${xvfb.path}` : `${xvfb.reason} Tests of screens that Firefox shares are skipped. ${advice(XVFB)}`);
  console.log(coturn.path ? `coturn: ${coturn.path}` : `${coturn.reason} Tests of relayed calls are skipped. ${advice(COTURN)}`);
  return { chromium, shell, firefox, xvfb, coturn, redis };
}

/** The same for the Redis server alone, which tests need that need no browser. @returns {Found} */
export function makeSureOfRedis() {
  const redis = makeSure(REDIS);
  console.log(redis.path ? `redis-server: ${redis.path}` : `${redis.reason} Tests of many relays are skipped. ${advice(REDIS)}`);
  return redis;
}

/** The same for the allocator that the examples start the relay with. @returns {Found} */
export const makeSureOfJemalloc = () => makeSure(JEMALLOC);

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = makeSureOfBrowsers().chromium.path ? 0 : 1;
}
