/**
 * Takes a picture of every state of the panel, from the real elements, in every layout and colour scheme.
 *
 * Usage: node test/support/screenshots.mjs <directory> [only states that contain this text] [language]
 */
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import puppeteer from 'puppeteer-core';
import { requireChromium } from './browsers.mjs';

const [directory, only = '', lang = 'en'] = process.argv.slice(2);
if (!directory) throw new Error('Say into which directory the pictures go.');
await mkdir(directory, { recursive: true });

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const bundle = await build({
  entryPoints: [here('gallery.ts')],
  bundle: true,
  format: 'esm',
  write: false,
  splitting: false,
  target: 'es2022',
  tsconfig: here('../../tsconfig.json'),
});
const files = new Map([
  ['/', ['text/html', await readFile(here('gallery.html'))]],
  ['/gallery.js', ['text/javascript', bundle.outputFiles[0].contents]],
]);
const server = createServer((request, response) => {
  const [type, body] = files.get(request.url) ?? [];
  response.writeHead(body ? 200 : 404, { 'content-type': type ?? 'text/plain' }).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const VIEWS = [
  { name: 'floating-desktop', layout: 'floating', width: 1180, height: 760 },
  { name: 'inline-desktop', layout: 'inline', width: 900, height: 820 },
  { name: 'phone', layout: 'floating', width: 390, height: 844 },
];
const NARROW = { name: 'narrow', layout: 'inline', width: 360, height: 820, narrow: true };
const LANDSCAPE = { name: 'landscape', layout: 'floating', width: 844, height: 390 };

const browser = await puppeteer.launch({
  executablePath: await requireChromium(),
  args: [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error('page:', error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction('window.states');
  await page.evaluate((tag) => (document.documentElement.lang = tag), lang);
  const states = (await page.evaluate('window.states')).filter((state) => state.includes(only));
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const view of scheme === 'light' ? [...VIEWS, NARROW, LANDSCAPE] : VIEWS) {
      await page.setViewport({ width: view.width, height: view.height });
      for (const state of states) {
        await page.evaluate((name, layout, narrow) => window.show(name, layout, { narrow }), state, view.layout, !!view.narrow);
        await new Promise((resolve) => setTimeout(resolve, 550));
        await page.screenshot({ path: join(directory, `${state}.${view.name}.${scheme}.png`) });
      }
    }
  }
  console.log(`${states.length} states in ${directory}`);
} finally {
  await browser.close();
  server.close();
}
