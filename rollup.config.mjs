/** The script-tag build: one small entry with Lit inside, and chunks that load when they are needed. */
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

export default {
  input: { 'video-call': 'components/video-call.ts' },
  plugins: [lean, resolve({ extensions: ['.ts', '.js'] }), esbuild({ target: 'es2022', tsconfig: 'tsconfig.json' })],
  output: {
    dir: 'dist',
    format: 'es',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
    plugins: [terser({ ecma: 2020, module: true, format: { comments: false } })],
  },
};
