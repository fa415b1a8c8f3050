/** The demo pages lead to each other. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

const folder = new URL('../../demo/', import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith('.html'));
const addressOf = (page: string): string => (page === 'index.html' ? '/' : page);

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
  assert.deepEqual(list.map((link) => link.split(' ')[0]).sort(), pages.map(addressOf).sort());
  for (const page of pages) assert.deepEqual(linksOf(page), { list, current: [addressOf(page)] }, page);
});
