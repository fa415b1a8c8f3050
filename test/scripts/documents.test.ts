/** The README, the guides and the pages of the demo say what is so. What takes a browser is in test/e2e/documents.test.ts. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { describe, test } from 'node:test';
import { marked } from 'marked';
import { VideoCallButton } from '../../components/video-call-button.js';
import { VideoCallHistory } from '../../components/video-call-history.js';
import { VideoCallPanel } from '../../components/video-call-panel.js';
import { VideoCallRoster } from '../../components/video-call-roster.js';
import { words as diagnosisWords } from '../../components/locales/diagnosis/en.js';
import { words } from '../../components/locales/en.js';
import { words as chinese } from '../../components/locales/zh.js';
import { UNLOADED } from '../../components/loading.js';
import { readOptions } from '../../relay/options.js';
import { anchorOf, renderGuides } from '../../scripts/guides.mjs';
import { DOCUMENTS, blocksIn, blocksOf, read } from '../support/documents/blocks.js';
import { linesOf, rowOf } from '../support/documents/commands.js';
import { scriptFor } from '../support/documents/scripts.js';

const run = promisify(execFile);
const OTHERS = ['relay/OPERATING.md', 'relay/SECURITY.md', 'relay/CAPACITY.md', 'relay/SWITCHBOARD.md', 'relay/PROTOCOL.md'];
/** Languages of blocks that are run whole, each by a test of its own. */
const WHOLE = ['html', 'http', 'ini', 'json'];

describe('Every fenced block', () => {
  for (const path of DOCUMENTS) {
    test(`of ${path} is run by a test`, () => {
      for (const { place, language, text } of blocksOf(path)) {
        if (language === 'sh') {
          for (const line of linesOf(text))
            assert.ok(rowOf(line), `${place}: nobody runs “${line}”. Give it a row in test/support/documents/commands.ts.`);
        } else if (language === 'js') {
          assert.ok(scriptFor(text), `${place}: nobody runs this script. Give it a row in test/support/documents/scripts.ts.`);
        } else {
          assert.ok(WHOLE.includes(language), `${place}: nobody runs “${language}”. Say how in test/scripts/documents.test.ts.`);
        }
      }
    });
  }
});

describe('The commands', () => {
  for (const path of [...DOCUMENTS, ...OTHERS]) {
    const blocks = blocksOf(path).filter(({ language }) => language === 'sh');
    if (blocks.length === 0) continue;
    test(`of ${path} can be given as they stand`, async (t) => {
      for (const { text, place } of blocks) {
        const shell: string[] = [];
        const env: Record<string, string> = {};
        for (const line of linesOf(text)) {
          const row = rowOf(line);
          if (!row) assert.fail(`${place}: ${line}`);
          if (row.how === 'shell') shell.push(line);
          else await row.how({ line, path, env }, row.match);
          const [, name] = /^export (\w+)=/.exec(line) ?? [];
          if (name) env[name] = (await run('bash', ['-ec', `${line}; printf %s "$${name}"`])).stdout;
        }
        if (shell.length === 0) continue;
        const folder = mkdtempSync(join(tmpdir(), 'commands-'));
        t.after(() => rmSync(folder, { recursive: true }));
        await run('bash', ['-euo', 'pipefail', '-c', shell.join('\n')], { cwd: folder });
      }
    });
  }
});

test('Variables for the relay are ones that it reads, and headers to paste are those of the README', () => {
  for (const { text } of blocksIn('ini')) {
    const lines = text.split('\n').map((line) => line.replace('…', 'x'.repeat(48)).split(/=(.*)/s, 2) as [string, string]);
    const command = readOptions([], Object.fromEntries(lines));
    assert.ok(command.run === 'relay');
    // What no option has would not be missed.
    const help = lines.map(([name]) => `--${name.toLowerCase().replaceAll('_', '-')}`);
    for (const option of help) assert.ok(read('relay/OPERATING.md').includes(`\`${option}\``), option);
  }
  const [english] = blocksOf('README.md').filter(({ language }) => language === 'http');
  assert.deepEqual(
    blocksIn('http').map(({ text }) => text),
    [english!.text],
    'test/e2e/strict.test.ts serves a page with these',
  );
  for (const { text } of blocksIn('json')) assert.doesNotThrow(() => void JSON.parse(text), text);
});

test('No command runs a package of somebody else: `npx` is told which package a program is in', () => {
  const { bin, name } = JSON.parse(read('package.json')) as { bin: object; name: string };
  const bare = new RegExp(`npx (?!--package=${name} )(?:-\\S+ )*(?:${Object.keys(bin).join('|')})\\b`);
  const texts = [...new Set([...DOCUMENTS, ...OTHERS, 'relay/CONFORMANCE.md', 'CHANGELOG.md', 'llms.txt', 'scripts/elements/pages.mjs'])];
  for (const path of texts) assert.doesNotMatch(read(path), bare, path);
});

// ── Links ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const SKIPPED = /^(?:node_modules|dist[^/]*|coverage|\.\w+)(?:\/|$)|\/node_modules\//;
const markdown = readdirSync('.', { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.md') && !SKIPPED.test(path));

/** The anchors of each document that was looked at. */
const found = new Map<string, Set<string>>();

/** The anchors of a document: one for each heading, with a number where it is not the first of its name. */
function anchorsOf(path: string): Set<string> {
  const known = found.get(path);
  if (known) return known;
  const anchors = new Set<string>();
  found.set(path, anchors);
  void marked.walkTokens(marked.lexer(read(path)), (token) => {
    if (token.type !== 'heading') return;
    const anchor = anchorOf(String((token as { text: string }).text).replaceAll('`', ''));
    for (let n = 0; ; n += 1) {
      const numbered = n === 0 ? anchor : `${anchor}-${n}`;
      if (anchors.has(numbered)) continue;
      anchors.add(numbered);
      return;
    }
  });
  return anchors;
}

test('Every link of every document leads to a file and a heading that are there', () => {
  const dead: string[] = [];
  for (const path of markdown) {
    void marked.walkTokens(marked.lexer(read(path)), (token) => {
      if (token.type !== 'link' && token.type !== 'image') return;
      const { href } = token as { href: string };
      if (/^[a-z]+:/.test(href)) return;
      const [file = '', anchor] = href.split('#', 2);
      // Demo pages are addressed with a question, too.
      const target = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file.split('?', 1)[0]!)));
      if (!existsSync(target)) dead.push(`${path}: ${href}`);
      else if (anchor !== undefined && !anchorsOf(target).has(decodeURIComponent(anchor)))
        dead.push(`${path}: ${href} has no such heading`);
    });
  }
  assert.deepEqual(dead, []);
});

// ── What they say ──────────────────────────────────────────────────────────────────────────────────────────────────

test('Words that the guides quote from the widget are its words', () => {
  const texts = (table: unknown): string[] => (typeof table === 'string' ? [table] : Object.values(table as object).flatMap(texts));
  const all = texts([words, diagnosisWords, chinese, UNLOADED]).map((text) => text.replaceAll(/\{\w+\}/g, '…'));
  for (const path of DOCUMENTS.filter((each) => each !== 'README.md')) {
    for (const [, quoted] of read(path).matchAll(/“([^”]+)”/g)) {
      if (quoted === 'quotes') continue;
      assert.ok(
        all.some((text) => text === quoted || text.startsWith(`${quoted} `)),
        `${path}: nothing in the widget says “${quoted}”`,
      );
    }
  }
});

test('The pages of the guides are made of the guides', () => {
  for (const [name, html] of renderGuides()) {
    assert.equal(read(`demo/guides/${name}`), html, `${name} is older than its guide: run \`node scripts/guides.mjs\``);
  }
});

describe('The pages to try the elements on', () => {
  const folder = 'demo/try/';
  const pages = readdirSync(folder).filter((name) => name.endsWith('.html') && !['index.html', 'preview.html'].includes(name));
  const rows = pages.flatMap((page) => [
    ...[...read(folder + page).matchAll(/<tr([^>]*)>/g)].map(([, attributes]) => {
      const value = (name: string): string | undefined => new RegExp(`data-${name}="([^"]*)"`).exec(attributes!)?.[1];
      return { of: value('of'), attribute: value('attribute') };
    }),
  ]);

  test('have every attribute of every element, and no other', () => {
    const elements = {
      'video-call-panel': VideoCallPanel,
      'video-call-button': VideoCallButton,
      'video-call-roster': VideoCallRoster,
      'video-call-history': VideoCallHistory,
    };
    // Those that frameworks write by the names of properties are no names for people.
    const namesOf = ({
      observedAttributes,
      elementProperties,
    }: Pick<typeof VideoCallPanel, 'observedAttributes' | 'elementProperties'>): string[] =>
      observedAttributes.filter((attribute) =>
        [...elementProperties].some(
          ([name, options]) => (typeof options.attribute === 'string' ? options.attribute : String(name).toLowerCase()) === attribute,
        ),
      );
    const shared = namesOf(VideoCallRoster).filter((name) => namesOf(VideoCallHistory).includes(name));
    for (const [tag, element] of Object.entries(elements)) {
      const shown = rows.filter(({ of }) => of === tag).map(({ attribute }) => attribute);
      // Those of the connection are shown on the panel, and are the same everywhere; what a page cannot set is in the element's words.
      const own = namesOf(element).filter((name) => tag === 'video-call-panel' || !shared.includes(name) || name === 'panel');
      const source = readFileSync(`components/${tag}.ts`, 'utf8');
      const readOnly = [...source.matchAll(/@attr \{.*?\} ([\w-]+)/g)].map(([, name]) => name!);
      assert.deepEqual([...new Set(shown)].sort(), [...new Set([...own, ...readOnly])].sort(), tag);
    }
  });

  test('lead to each other in the same words', () => {
    const groupsOf = (page: string): string[] => {
      const [, nav] = /<nav class="groups"[^>]*>(.*?)<\/nav>/s.exec(read(folder + page))!;
      return [...nav!.matchAll(/<a href="([^"]+)"( aria-current="page")?>([^<]+)</g)].map(
        ([, href, current, title]) => `${href} ${title}${current && href !== page ? ' and is marked' : ''}`,
      );
    };
    const all = groupsOf(pages[0]!);
    assert.deepEqual(all.map((link) => link.split(' ')[0]).sort(), [...pages].sort());
    for (const page of pages) assert.deepEqual(groupsOf(page), all, page);
    for (const link of all) assert.ok(read(`${folder}index.html`).includes(`href="${link.split(' ')[0]}"`), link);
  });
});
