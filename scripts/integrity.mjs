/**
 * The checksums by which a browser sees that a file of the widget is the one that was built (W3C Subresource Integrity): written
 * into dist/ with every build, and printed as tags to paste.
 *
 *   node scripts/integrity.mjs                                      for the package's files on a server of npm packages
 *   node scripts/integrity.mjs https://www.example.com/video-call/  for copies of dist/ at an address of your own
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What a page loads: the entry, the classic script, and the chunks that the entry loads when they are needed. */
const LOADED = /^(?:video-call(?:\.classic|-client)?|chunks\/[\w.-]+)\.js$/;

/** Where the files of one version are served from npm, for ever the same. */
const onNpm = (version) => `https://cdn.jsdelivr.net/npm/video-call-elements@${version}/dist/`;

/** What a button or panel that connects at once waits for beside the script. */
const NEXT = /^chunks\/(?:connected|speech)-/;

/** The checksum of a file's content, as `integrity` has it. */
export const digest = (content) => `sha384-${createHash('sha384').update(content).digest('base64')}`;

/** Which version of the widget is in a folder, and the checksum of each of its files. */
export function integrityOf(folder, version) {
  const names = readdirSync(folder, { recursive: true }).map((name) => name.split(sep).join('/'));
  const files = names.filter((name) => LOADED.test(name)).sort();
  return { version, files: Object.fromEntries(files.map((name) => [name, digest(readFileSync(join(folder, name)))])) };
}

/**
 * The tags of a page that checks all it loads: those of the script itself by their attribute, the chunks, which it loads by
 * `import()`, by an import map. That one must stand before every module of the page. What a recording loads into an audio worklet has
 * no checksum: browsers look at none there. `preload` has what elements that connect at once need next begin beside the script (HTML, `modulepreload`).
 */
export function tagsFor({ files }, base) {
  const at = (name) => new URL(name, base).href;
  const known = Object.fromEntries(Object.entries(files).map(([name, value]) => [at(name), value]));
  const checked = (name) => `integrity="${files[name]}" crossorigin="anonymous"`;
  const attributes = (name) => `src="${at(name)}" ${checked(name)}`;
  const next = Object.keys(files).filter((name) => NEXT.test(name));
  return {
    map: `<script type="importmap">\n${JSON.stringify({ integrity: known }, null, 2)}\n</script>`,
    preload: next.map((name) => `<link rel="modulepreload" href="${at(name)}" ${checked(name)}>`).join('\n'),
    module: `<script type="module" ${attributes('video-call.js')}></script>`,
    classic: `<script ${attributes('video-call.classic.js')}></script>`,
  };
}

/** Writes `integrity.json`, and `script-tag.html` with the tags for this version as npm serves it. */
export function writeIntegrity(folder, version) {
  const integrity = integrityOf(folder, version);
  const { map, preload, module, classic } = tagsFor(integrity, onNpm(version));
  writeFileSync(join(folder, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
  writeFileSync(
    join(folder, 'script-tag.html'),
    [
      `<!-- video-call-elements ${version} from a server of npm packages; the elements then need relay="wss://…". -->`,
      '<!-- The import map checks the parts that load later. It must stand before every module of the page. -->',
      map,
      '<!-- What a button or panel that connects at once needs next, a round trip sooner. Not for pages whose buttons are all `lazy`. -->',
      preload,
      module,
      '',
      `<!-- For pages that cannot have modules, in place of the last tag: ${classic} -->`,
      '',
    ].join('\n'),
  );
}

/** What a build says of its checksums. */
export function printIntegrity(folder) {
  const { version, files } = JSON.parse(readFileSync(join(folder, 'integrity.json'), 'utf8'));
  const entries = ['video-call.js', 'video-call.classic.js'].map((name) => `  ${name.padEnd(22)} ${files[name]}`);
  const { module } = tagsFor({ files }, onNpm(version));
  const rest = 'Those of all parts are in dist/integrity.json, and tags to paste in dist/script-tag.html.';
  return [
    `Checksums of version ${version}:`,
    ...entries,
    `  ${module}`,
    `${rest} For another address: node scripts/integrity.mjs <URL>`,
  ].join('\n');
}

function main([base]) {
  const dist = fileURLToPath(new URL('../dist/', import.meta.url));
  const integrity = JSON.parse(readFileSync(join(dist, 'integrity.json'), 'utf8'));
  if (base && !URL.canParse(base)) throw new Error(`${base} is no URL. Write one such as https://www.example.com/video-call/`);
  const { map, preload, module, classic } = tagsFor(integrity, base ? base.replace(/\/?$/, '/') : onNpm(integrity.version));
  console.log(`${map}\n${preload}\n${module}\n\nFor pages that cannot have modules, in place of the last one:\n${classic}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    main(process.argv.slice(2));
  } catch (error) {
    console.error(error.code === 'ENOENT' ? 'The widget is not built yet. Run `npm run build` first.' : error.message);
    process.exitCode = 1;
  }
}
