import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { transformAsync } from '@babel/core';
import linker from '@angular/compiler-cli/linker/babel';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';

/** Compiles src/ with Angular's own compiler into compiled/, from where Vite takes it; a project of the Angular CLI does this by itself. */
function angular(): Plugin {
  const run = (command: string) => spawn(command, { shell: true, stdio: 'inherit' });
  return {
    name: 'angular',
    async config(_, { command, mode }) {
      const [code] = (await once(run('ngc'), 'exit')) as [number];
      if (code !== 0 && command === 'build') throw new Error('Angular could not compile src/; see above.');
      // Without them Angular's own checks for developers stay in.
      return mode === 'production' ? { define: { ngDevMode: 'false', ngJitMode: 'false' } } : {};
    },
    configureServer: ({ httpServer }) => {
      const watcher = run('ngc --watch');
      httpServer?.once('close', () => watcher.kill());
    },
    // Angular's packages are half compiled, and made whole where they are used.
    async transform(code, filename) {
      if (!filename.includes('/@angular/') || !code.includes('ɵɵngDeclare')) return null;
      const linked = await transformAsync(code, { filename, plugins: [linker], babelrc: false, configFile: false, compact: false });
      return linked?.code ? { code: linked.code, map: null } : null;
    },
  };
}

export default defineConfig({
  plugins: [angular()],
  optimizeDeps: { exclude: ['@angular/common', '@angular/core', '@angular/platform-browser', '@angular/router'] },
});
