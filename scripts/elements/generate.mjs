/**
 * Makes from the docs of the elements what is made from them:
 *
 *   node scripts/elements/generate.mjs --out dist   the manifest, typings for frameworks, data for editors; part of the build
 *   node scripts/elements/generate.mjs --pages      the reference and llms.txt, which are committed (`npm run reference`)
 *   node scripts/elements/generate.mjs --check      says which of the committed pages are no longer what the docs say
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vscodeData, webTypes } from './editors.mjs';
import { readElements } from './model.mjs';
import { llmsPage, referencePage } from './pages.mjs';
import { reactTypings, svelteTypings, vueTypings } from './typings.mjs';

/** @import { ElementDoc } from './model.mjs' */
/** @import { NamedType } from './types.mjs' */

const root = fileURLToPath(new URL('../..', import.meta.url));

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
/** A module of types alone, for those who import it as if it were more. */
const NOTHING = '// Types only.\nexport {};\n';

/** The files of the build, by their path in dist/. */
function builtFiles({ manifest, elements }) {
  const package_ = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    'custom-elements.json': json(manifest),
    'vscode.html-custom-data.json': json(vscodeData(elements)),
    'web-types.json': json(webTypes(elements, package_)),
    'frameworks/react.d.ts': reactTypings(elements),
    'frameworks/react.js': NOTHING,
    'frameworks/svelte.d.ts': svelteTypings(elements),
    'frameworks/svelte.js': NOTHING,
    'frameworks/vue.d.ts': vueTypings(elements),
    'frameworks/vue.js': NOTHING,
  };
}

const REFERENCE = { title: 'Reference', what: 'every attribute, property, method, event, slot, part and custom property' };
const DOCUMENTS = [
  { title: 'README', url: 'README.md', what: 'how to begin, policies of pages, languages, tokens' },
  { ...REFERENCE, url: 'demo/guides/reference.md' },
  { title: 'Protocol', url: 'relay/PROTOCOL.md', what: 'the JSON messages between page, relay and page' },
  { title: 'Operating', url: 'relay/OPERATING.md', what: 'the relay in production: proxies, TURN, many relays, metrics' },
  { title: 'Security', url: 'relay/SECURITY.md', what: 'what is trusted, and what is not' },
];

/** The committed pages, by their path in the project. */
const committedPages = ({ elements, types }) => ({
  'llms.txt': llmsPage(elements, types, DOCUMENTS),
  // The demo serves its own folder, and nothing beside it.
  'demo/llms.txt': llmsPage(elements, types, [{ ...REFERENCE, url: 'guides/reference.md' }]),
  'demo/guides/reference.md': referencePage(elements, types),
});

function write(folder, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function textOf(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Those of the committed pages that are not what they would be if they were made now. @returns {Promise<string[]>} */
async function stalePages() {
  const pages = Object.entries(committedPages(await readElements()));
  return pages.filter(([path, text]) => textOf(path) !== text).map(([path]) => path);
}

async function main([wish, folder]) {
  if (wish === '--out' && folder) return write(join(root, folder), builtFiles(await readElements()));
  if (wish === '--pages') return write(root, committedPages(await readElements()));
  if (wish !== '--check') throw new Error('Say what to make: --out and a folder, --pages, or --check.');
  const stale = await stalePages();
  if (stale.length > 0) throw new Error(`No longer what the docs of the elements say: ${stale.join(', ')}.`);
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
