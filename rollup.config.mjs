/**
 * The script-tag build: one small entry with Lit inside, and chunks that load when they are needed; the classic script, which loads
 * the entry; and the headless client, built apart: what it shares with the entry would otherwise be one more chunk that the button waits for.
 */
import { existsSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import MagicString from 'magic-string';
import esbuild from 'rollup-plugin-esbuild';
import { countedPrivates, declaredProperties, edited, leanLit, leanMarkup, leanStyles } from './scripts/lean.mjs';

/** What runs in an audio worklet is a file of its own, named by its address and imported by nobody. */
const worklets = {
  name: 'worklets',
  async transform(code, file) {
    const text = new MagicString(code);
    for (const [expression, name] of code.matchAll(/new URL\('(\.\/[\w-]+-worklet)\.js', import\.meta\.url\)/g)) {
      const { id } = await this.resolve(name, file);
      text.replace(expression, `import.meta.ROLLUP_FILE_URL_${this.emitFile({ type: 'chunk', id })}`);
    }
    return edited(text);
  },
};

const plugins = [
  leanStyles,
  declaredProperties,
  leanLit,
  worklets,
  resolve({ extensions: ['.ts', '.js'] }),
  esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' }),
  leanMarkup,
  countedPrivates,
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
  plugins: [
    terser({
      ecma: 2022,
      module: true,
      compress: { passes: 3, lhs_constants: false, keep_fargs: false },
      format: { comments: /^# allFunctionsCalledOnLoad/ },
    }),
  ],
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
  output: { ...output, format: 'es', chunkFileNames: 'chunks/[name]-[hash:6].js', manualChunks, onlyExplicitManualChunks: true },
});

export default [
  modules('video-call', 'components/video-call.ts', together),
  modules('video-call-client', 'components/headless/index.ts'),
  { input: { 'video-call.classic': 'components/classic.ts' }, plugins, output: { ...output, format: 'iife' } },
];
