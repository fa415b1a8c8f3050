/** Contact sheets: many pictures side by side, each with its name, as a page to leaf through and as PNGs to look at one by one. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The size of a sheet and the most that a tile takes of it, in pixels. */
const SHEET = { width: 1520, height: 1500 };
const TILE = { width: 494, height: 470 };
const MARGIN = 20;
const GAP = 8;
const LABEL = 18;

/**
 * A picture, and the part of it that matters.
 *
 * @typedef {{ file: string, width: number, height: number, box: number[] }} Picture
 */

/** The part of a picture that a tile shows, and how large. */
function tileOf({ file, width, height, box: [left, top, right, bottom] }) {
  const inset = [
    Math.max(0, top - MARGIN),
    Math.max(0, width - right - MARGIN),
    Math.max(0, height - bottom - MARGIN),
    Math.max(0, left - MARGIN),
  ];
  const [wide, tall] = [width - inset[1] - inset[3], height - inset[0] - inset[2]];
  const scale = Math.min(1, TILE.width / wide, TILE.height / tall);
  const [w, h] = [Math.round(wide * scale), Math.round(tall * scale)];
  const cut = `inset(${inset.map((each) => `${Math.round(each)}px`).join(' ')})`;
  return {
    width: w + GAP,
    height: h + GAP + LABEL,
    html: `<figure style="width:${w}px"><img src="${file}" style="width:${w}px;height:${h}px;object-view-box:${cut}"><figcaption>${file.replace(/\.png$/, '')}</figcaption></figure>`,
  };
}

/** Fills sheets, row by row. */
function sheetsOf(pictures) {
  const sheets = [];
  let [x, y, row] = [0, 0, 0];
  for (const tile of pictures.map(tileOf)) {
    if (x + tile.width > SHEET.width) [x, y, row] = [0, y + row, 0];
    if (sheets.length === 0 || y + tile.height > SHEET.height) {
      sheets.push([]);
      [x, y, row] = [0, 0, 0];
    }
    sheets.at(-1).push(tile.html);
    x += tile.width;
    row = Math.max(row, tile.height);
  }
  return sheets;
}

const page = (tiles) => `<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>
  body { margin: 0; display: flex; flex-wrap: wrap; align-items: start; align-content: start; background: #8a8f98; font: 12px/${LABEL}px monospace }
  figure { margin: ${GAP / 2}px } img { display: block } figcaption { overflow: hidden; white-space: nowrap }
</style>${tiles.join('')}`;

/**
 * Writes `index.html` with all pictures, and `sheet-001.png` and on.
 *
 * @param {import('puppeteer-core').Browser} browser
 * @param {string} directory where the pictures are
 * @param {readonly Picture[]} pictures
 * @returns {Promise<number>} how many sheets there are
 */
export async function writeSheets(browser, directory, pictures) {
  const sheets = sheetsOf(pictures);
  const index = join(directory, 'index.html');
  const tab = await browser.newPage();
  await tab.setViewport(SHEET);
  for (const [at, tiles] of sheets.entries()) {
    await writeFile(index, page(tiles));
    await tab.goto(pathToFileURL(index).href);
    await tab.screenshot({ path: join(directory, `sheet-${String(at + 1).padStart(3, '0')}.png`) });
  }
  await tab.close();
  await writeFile(index, page(sheets.flat()));
  return sheets.length;
}
