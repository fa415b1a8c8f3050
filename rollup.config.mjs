/**
 * The script-tag build: one small entry with Lit inside, and chunks that load when they are needed; the classic script, which loads
 * the entry; and the headless client, built apart: what it shares with the entry would otherwise be one more chunk that the button waits for.
 */
import resolve from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import esbuild from 'rollup-plugin-esbuild';

/** Style sheets without the blanks and comments that are for people. */
const lean = {
  name: 'lean-styles',
  transform: (code) => ({
    code: code.replace(/css`([^`]*)`/g, (_, sheet) => {
      const bare = sheet.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ');
      return `css\`${bare
        .replace(/ ?([{};]) ?/g, '$1')
        .replace(/([:,]) /g, '$1')
        .replaceAll(';}', '}')
        .trim()}\``;
    }),
    map: null,
  }),
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

const plugins = [lean, worklets, resolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' })];
const output = {
  dir: 'dist',
  entryFileNames: '[name].js',
  sourcemap: true,
  plugins: [terser({ ecma: 2020, module: true, format: { comments: false } })],
};
const modules = (name, source) => ({
  input: { [name]: source },
  plugins,
  output: { ...output, format: 'es', chunkFileNames: 'chunks/[name]-[hash].js' },
});

export default [
  modules('video-call', 'components/video-call.ts'),
  modules('video-call-client', 'components/headless/index.ts'),
  { input: { 'video-call.classic': 'components/classic.ts' }, plugins, output: { ...output, format: 'iife' } },
];
