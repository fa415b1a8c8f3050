/**
 * Makes pages of the guides, for the demo site: a page beside each `demo/guides/*.md`, and `index.html` of its README.
 *
 *   node scripts/guides.mjs
 *
 * The pages are kept in the repository, so that the demo needs no build; a test says when they have to be made anew.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Marked } from 'marked';

const demo = fileURLToPath(new URL('../demo/', import.meta.url));
const folder = join(demo, 'guides');

/** The part of a link after `#` that leads to a heading with these words, as GitHub makes it. */
export const anchorOf = (words) =>
  words
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** Where a page of the demo finds what a guide links to; undefined for what is in the package, and not served. */
const servedAs = (href) => {
  if (/^https?:|^#/.test(href)) return href;
  if (href.startsWith('../../')) return undefined;
  return href.replace(/(^|\/)README\.md/, '$1./').replace(/\.md(?=#|$)/, '.html');
};

const plain = (html) =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&#39;', "'");

const marked = new Marked({
  renderer: {
    heading({ tokens, depth }) {
      const words = this.parser.parseInline(tokens);
      return `<h${depth} id="${anchorOf(plain(words))}">${words}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      const served = servedAs(href);
      if (served !== undefined) return `<a href="${served}">${words}</a>`;
      const path = href.replace(/^(\.\.\/)+/, '').replace(/#.*/, '');
      return plain(words) === path ? words : `${words} (<code>${path}</code> in the package)`;
    },
    code({ text, lang }) {
      const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
      return `<pre tabindex="0"><code class="${lang}">${escaped}</code></pre>\n`;
    },
    table(token) {
      const row = (cells, tag) => `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
      const body = token.rows.map((cells) => row(cells, 'td')).join('\n');
      return `<div class="table"><table>\n<thead>${row(token.header, 'th')}</thead>\n<tbody>\n${body}\n</tbody>\n</table></div>\n`;
    },
  },
});

/** The links of a navigation, with the one that leads to `here` marked. */
const navigation = (links, here) =>
  links.map(([href, words]) => `        <a href="${href}"${href === here ? ' aria-current="page"' : ''}>${words}</a>`).join('\n');

/** The links to all demo pages, as the first of them has them. */
function demoLinks() {
  const nav = /<nav aria-label="Demo pages">(.*?)<\/nav>/s.exec(readFileSync(join(demo, 'index.html'), 'utf8'))[1];
  return [...nav.matchAll(/<a href="([^"]+)"[^>]*>([^<]+)<\/a>/g)].map(([, href, words]) => [href, words]);
}

/** The pages of all guides: names of files, and what is in them. */
export function renderGuides() {
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  const texts = new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  const titleOf = (name) => /^# (.+)$/m.exec(texts.get(name))[1];
  // In the order in which the first of them names them.
  const order = (name) => texts.get('README.md').indexOf(`(${name})`);
  const sorted = names.toSorted((a, b) => order(a) - order(b));
  const pageOf = (name) => (name === 'README.md' ? './' : name.replace(/\.md$/, '.html'));
  const guides = sorted.map((name) => [pageOf(name), name === 'README.md' ? 'All guides' : titleOf(name)]);
  const page = (name) => `<!doctype html>
<!-- Made of ${name} by scripts/guides.mjs. -->
<html lang="en">
  <head>
    <meta charset="utf-8" />${name === 'README.md' ? '\n    <base href="/guides/" />' : ''}
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${titleOf(name)} · video-call-elements</title>
    <link rel="icon" href="../icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="../demo.css" />
    <link rel="stylesheet" href="guides.css" />
  </head>
  <body>
    <header class="top">
      <a class="brand" href="/"><img src="../icon.svg" alt="" width="28" height="28" /> video-call-elements</a>
      <nav aria-label="Demo pages">
${navigation(demoLinks(), '/guides/')}
      </nav>
    </header>

    <main class="guide">
      <nav class="groups" aria-label="Guides">
${navigation(guides, pageOf(name))}
      </nav>
      <article>
${marked.parse(texts.get(name))}      </article>
    </main>
  </body>
</html>
`;
  return new Map(sorted.map((name) => [name === 'README.md' ? 'index.html' : basename(pageOf(name)), page(name)]));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, html] of renderGuides()) writeFileSync(join(folder, name), html);
}
