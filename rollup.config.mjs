/**
 * The script-tag build: one small entry with Lit inside, and chunks that load when they are needed; the classic script, which loads
 * the entry; and the headless client, built apart: what it shares with the entry would otherwise be one more chunk that the button waits for.
 */
import { existsSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';

/** Style sheets without the blanks and comments that are for people, and without the check of what is put into them. */
const lean = {
  name: 'lean-styles',
  transform: (code) => ({
    code: code.replace(/\bcss\b(?=[^\n]* from 'lit';)/, 'unsafeCSS').replace(/\bcss`([^`]*)`/g, (_, sheet) => {
      const bare = sheet.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ');
      return `unsafeCSS(\`${bare
        .replace(/ ?([{};]) ?/g, '$1')
        .replace(/([:,]) /g, '$1')
        .replace(/([:,( ])0\.(?=\d)/g, '$1.')
        .replaceAll(' !important', '!important')
        .replaceAll(' > ', '>')
        .replaceAll(' / ', '/')
        .replaceAll(';}', '}')
        .trim()}\`)`;
    }),
    map: null,
  }),
};

/** Every node of a syntax tree. */
function* nodesOf(node) {
  if (!node || typeof node !== 'object') return;
  if (typeof node.type === 'string') yield node;
  for (const value of Object.values(node)) yield* nodesOf(value);
}

const leanText = (text) => text.replace(/\s*\n\s*/g, ' ').replace(/(<\/[\w-]+) >/g, '$1>');

/** Markup without the line breaks and indents that are for people: one blank each, as a browser reads them. */
const leanMarkup = {
  name: 'lean-markup',
  transform(code) {
    if (!/\b(?:html|svg)`/.test(code)) return null;
    const texts = [...nodesOf(this.parse(code))]
      .filter(({ type, tag }) => type === 'TaggedTemplateExpression' && /^(?:html|svg)$/.test(tag.name))
      .flatMap(({ quasi }) => quasi.quasis)
      .sort((one, other) => other.start - one.start);
    let bare = code;
    for (const { start, end } of texts) bare = bare.slice(0, start) + leanText(bare.slice(start, end)) + bare.slice(end);
    return { code: bare, map: null };
  },
};

/** Lit's declared properties in place of its decorators: the same in a few hundred bytes less. */
const declared = {
  name: 'declared-properties',
  transform(code, file) {
    if (!code.includes("from 'lit/decorators.js'")) return null;
    const options = [];
    const heads = code.match(/^export (?:abstract )?class \w+ extends \w+[^{]*\{/gm) ?? [];
    const bare = code
      .replace("import { property } from 'lit/decorators.js';", '')
      .replace(/@property\(([^()]*)\) ((?:override )?(\w+)[!?:= ])/g, (_, option, rest, name) => {
        options.push(`${name}: ${option || '{}'}`);
        return rest;
      });
    const odd = options.some((option) => /^(get|set|static|accessor|declare|readonly|private|protected|public):/.test(option));
    if (heads.length !== 1 || odd || /decorators\.js|@property\(|^ *@\w+\(/m.test(bare)) {
      this.error(`${file} must have one class, and no decorator but \`@property(…)\` before a plain field.`);
    }
    return { code: bare.replace(heads[0], (head) => `${head} static properties = { ${options.join(', ')} };`), map: null };
  },
};

/** Lit without its doors for polyfills and for hydration, and without its list of copies: what runs this needs none of them. */
const leanLit = {
  name: 'lean-lit',
  transform(code, file) {
    if (!/node_modules[\\/](?:@lit|lit-\w+)[\\/]/.test(file)) return null;
    const bare = code
      .replace(/\b\w+\.\w+(?:Polyfill|Hydrate)Support\b/g, '(void 0)')
      .replace(/\(\w+\.\w+Versions\?\?=\[\]\)\.push\("[\d.]+"\)/g, '0');
    const left = /\w+(?:PolyfillSupport|HydrateSupport|Versions)\b/.exec(bare);
    if (left) this.error(`${file} has a hook of another form: ${left[0]}. Let the rule above find it, or drop the rule.`);
    return { code: bare, map: null };
  },
};

/** What runs in an audio worklet is a file of its own, named by its address and imported by nobody. */
const worklets = {
  name: 'worklets',
  async transform(code, file) {
    const found = [...code.matchAll(/new URL\('(\.\/[\w-]+-worklet)\.js', import\.meta\.url\)/g)];
    let changed = code;
    for (const [expression, name] of found) {
      const { id } = await this.resolve(name, file);
      changed = changed.replace(expression, `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'chunk', id })}`);
    }
    return found.length > 0 ? { code: changed, map: null } : null;
  },
};

const plugins = [
  lean,
  declared,
  leanLit,
  worklets,
  resolve({ extensions: ['.ts', '.js'] }),
  esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' }),
  leanMarkup,
];

/** Most of the entry runs at once: V8 may compile it while it loads, off the main thread (its explicit compile hints). */
const EAGER = '//# allFunctionsCalledOnLoad';
const output = {
  dir: 'dist',
  // What comes with a dynamic import is nobody else's to change.
  freeze: false,
  generatedCode: { preset: 'es2015', symbols: false },
  entryFileNames: '[name].js',
  // They are in the package for whoever asks; the line that names one would be loaded by every visitor, once for each part.
  sourcemap: 'hidden',
  banner: ({ name }) => (name === 'video-call' ? EAGER : ''),
  plugins: [terser({ ecma: 2022, module: true, compress: { passes: 3 }, format: { comments: /^# allFunctionsCalledOnLoad/ } })],
};
/** All modules that come with one of these, as it says `import … from`. */
function withImports(ids, getModuleInfo, found = new Set()) {
  for (const id of ids) {
    if (found.has(id) || !getModuleInfo(id)) continue;
    withImports(getModuleInfo(id).importedIds, getModuleInfo, found.add(id));
  }
  return found;
}

const modulesAt = (...paths) =>
  paths.map((path) => {
    const id = resolvePath('components', path);
    if (!existsSync(id)) throw new Error(`There is no ${id}, from which a chunk was to be made.`);
    return id;
  });
/** What a button needs before it connects: no chunk below takes anything of it. */
const BEFORE = modulesAt('video-call.ts', 'locales/speech.ts');
const CONNECTED = modulesAt('button-controller.ts', 'sessions.ts');
const PANEL = modulesAt('video-call-panel.ts');
/** What is needed together comes in one chunk: smaller than in several, and without a further round trip. */
const TOGETHER = [
  { name: 'connected', roots: CONNECTED, without: BEFORE },
  { name: 'video-call-panel', roots: PANEL, without: [...BEFORE, ...CONNECTED] },
  {
    name: 'talking',
    roots: modulesAt('panel/in-call.ts', 'panel/moves.ts', 'panel/quality/index.ts', 'quality/adaptation.ts', 'quality/meter.ts'),
    without: [...BEFORE, ...CONNECTED, ...PANEL],
  },
  { name: 'history', roots: modulesAt('history/writer.ts'), without: [...BEFORE, ...CONNECTED, ...PANEL] },
];
const together = (id, { getModuleInfo }) => {
  const within = (roots) => withImports(roots, getModuleInfo).has(id);
  return TOGETHER.find(({ roots, without }) => within(roots) && !within(without))?.name;
};

const modules = (name, source, manualChunks) => ({
  input: { [name]: source },
  plugins,
  output: { ...output, format: 'es', chunkFileNames: 'chunks/[name]-[hash].js', manualChunks, onlyExplicitManualChunks: true },
});

export default [
  modules('video-call', 'components/video-call.ts', together),
  modules('video-call-client', 'components/headless/index.ts'),
  { input: { 'video-call.classic': 'components/classic.ts' }, plugins, output: { ...output, format: 'iife' } },
];
