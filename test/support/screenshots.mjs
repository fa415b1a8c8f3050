/**
 * Takes a picture of every state of the panel, from the real elements, in every layout and colour scheme.
 *
 * Usage: node test/support/screenshots.mjs <directory> [only states, views or schemes that contain one of these words] [lang:en,zh,ar]
 *
 * A word that is the name of a state, a view or a scheme means exactly that one: `connected phone light`. The views `small`, `zoomed`
 * and `window` are drawn only where they are named. All pictures are put together in contact sheets: index.html, and sheet-001.png and on.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { CHROMIUM_FLAGS, requireChromium } from './browsers.mjs';
import { writeSheets } from './contact-sheets.mjs';
import { openGallery } from './gallery-site.mjs';

const [directory, ...given] = process.argv.slice(2);
const words = given.filter((word) => !word.startsWith('lang:'));
const langs = (given.find((word) => word.startsWith('lang:'))?.slice(5) ?? 'en').split(',');
if (!directory) throw new Error('Say into which directory the pictures go.');
await mkdir(directory, { recursive: true });

const VIEWS = {
  floating: { layout: 'floating', width: 1180, height: 760 },
  inline: { layout: 'inline', width: 900, height: 820 },
  phone: { layout: 'floating', width: 390, height: 844, hasTouch: true, isMobile: true },
  landscape: { layout: 'floating', width: 844, height: 390, hasTouch: true, isMobile: true },
  column: { layout: 'inline', width: 380, height: 900, column: true },
  narrow: { layout: 'inline', width: 360, height: 820, narrow: true },
  window: { layout: 'fullscreen', width: 980, height: 560 },
  small: { layout: 'floating', width: 360, height: 640, hasTouch: true, isMobile: true },
  // What a zoom of 200 % leaves of the window of `floating`.
  zoomed: { layout: 'floating', width: 590, height: 380 },
};
/** Views that are drawn only where they are named. */
const ASKED = ['small', 'zoomed', 'window'];
const SCHEMES = { light: {}, dark: {}, forced: { 'forced-colors': 'active' } };

const { origin, close } = await openGallery();

/** Those that the words ask for: all of them where no word names one. */
function wanted(names) {
  const exact = names.filter((name) => words.includes(name));
  if (exact.length > 0) return exact;
  // `phone` asks for a view, and not for every state of the microphone.
  const loose = words.filter((word) => !(word in VIEWS) && !(word in SCHEMES));
  const alike = names.filter((name) => loose.some((word) => name.includes(word)));
  return alike.length > 0 ? alike : names.filter((name) => !ASKED.includes(name));
}

const browser = await puppeteer.launch({
  executablePath: await requireChromium(),
  protocolTimeout: 60_000,
  args: [
    ...CHROMIUM_FLAGS,
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
try {
  const page = await browser.newPage();
  const devtools = await page.createCDPSession();
  page.on('pageerror', (error) => console.error('page:', error.message));
  await page.goto(origin);
  await page.waitForFunction('window.states');
  const states = wanted(await page.evaluate('window.states'));
  const schemes = wanted(Object.keys(SCHEMES));
  const pictures = [];
  for (const name of wanted(Object.keys(VIEWS))) {
    const { layout, narrow, column, ...viewport } = VIEWS[name];
    const whole = [0, 0, viewport.width, viewport.height];
    await page.setViewport(viewport);
    for (const scheme of schemes) {
      const features = { 'prefers-color-scheme': scheme === 'dark' ? 'dark' : 'light', 'forced-colors': 'none', ...SCHEMES[scheme] };
      await devtools.send('Emulation.setEmulatedMedia', {
        features: Object.entries(features).map(([name, value]) => ({ name, value })),
      });
      for (const lang of langs) {
        await page.goto(origin);
        await page.waitForFunction('window.states');
        await page.evaluate((tag) => (document.documentElement.lang = tag), lang);
        for (const state of states) {
          // Sound is allowed to a page that was clicked.
          await page.mouse.click(5, 5);
          await page.evaluate((...args) => window.show(...args), state, layout, { narrow, column });
          await new Promise((resolve) => setTimeout(resolve, 650));
          const file = `${state}.${name}.${scheme}${lang === 'en' ? '' : `.${lang}`}.png`;
          await page.screenshot({ path: join(directory, file) });
          const box = viewport.isMobile ? whole : await page.evaluate('window.drawn()');
          pictures.push({ file, width: viewport.width, height: viewport.height, box });
        }
      }
    }
  }
  const sheets = await writeSheets(browser, directory, pictures);
  console.log(`${pictures.length} pictures of ${states.length} states, on ${sheets} sheets, in ${directory}`);
} finally {
  await browser.close();
  await close();
}
