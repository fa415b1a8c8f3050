/** The demo pages lead to each other. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../demo/', import.meta.url);
const pagesIn = (path: string): string[] =>
  readdirSync(new URL(path, folder)).flatMap((name) => (name.endsWith('.html') ? [`${path}${name}`] : []));
const pages = pagesIn('');
/** Pages of which only the first is in the list: the others are found from there. */
const inside = ['try/', 'guides/'].flatMap(pagesIn).filter((path) => path !== 'try/preview.html');
const addressOf = (page: string): string => `/${page.replace(/index\.html$/, '')}`;
const shelfOf = (page: string): string => addressOf(page).replace(/(?<=\/\w+\/).*/, '');

/** The links of a page to the others, and those of them that stand for itself. */
function linksOf(page: string): { list: string[]; current: string[] } {
  const text = readFileSync(new URL(page, folder), 'utf8');
  const nav = /<nav aria-label="Demo pages">(.*?)<\/nav>/s.exec(text)?.[1] ?? '';
  const links = [...nav.matchAll(/<a href="([^"]+)"( aria-current="page")?>([^<]+)<\/a>/g)];
  return {
    list: links.map(([, address, , words]) => `${address} ${words}`),
    current: links.flatMap(([, address, current]) => (current ? [address!] : [])),
  };
}

test('Every demo page links to all of them in the same words, and marks itself', () => {
  const { list } = linksOf('index.html');
  const listed = [...pages.map(addressOf), '/try/', '/guides/'];
  assert.deepEqual(list.map((link) => link.split(' ')[0]).sort(), listed.sort());
  for (const page of [...pages, ...inside]) assert.deepEqual(linksOf(page), { list, current: [shelfOf(page)] }, page);
});
