/** Component tests: every .wtr.ts file under test/components in real Chromium, written in TypeScript and served as it is. */
import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { CHROMIUM_FLAGS, findShell, requireChromium } from './test/support/browsers.mjs';
import { countReporter } from './test/support/wtr-count-reporter.mjs';

const shell = findShell().path;
const wanted = process.env.TEST_FILES ? process.env.TEST_FILES.split('\n') : 'test/components/**/*.wtr.ts';

export default {
  files: wanted,
  nodeResolve: true,
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  concurrency: 2,
  testFramework: { config: { timeout: 20_000 } },
  // Modules of worklets are named by their address, which nobody resolves.
  middleware: [(context, next) => ((context.path = context.path.replace(/-worklet\.js$/, '-worklet.ts')), next())],
  plugins: [esbuildPlugin({ ts: true, target: 'es2022', tsconfig: fileURLToPath(new URL('./tsconfig.json', import.meta.url)) })],
  browsers: [
    chromeLauncher({
      // Each page in a window and with a storage of its own: one that is not in front would draw no frames.
      createPage: async ({ browser }) => (await browser.createBrowserContext()).newPage(),
      launchOptions: {
        executablePath: shell ?? (await requireChromium()),
        headless: shell ? 'shell' : true,
        args: [
          ...CHROMIUM_FLAGS,
          '--use-fake-device-for-media-stream',
          '--use-fake-ui-for-media-stream',
          '--autoplay-policy=no-user-gesture-required',
        ],
      },
    }),
  ],
  reporters: [defaultReporter({ reportTestResults: true, reportTestProgress: false }), countReporter(process.env.TEST_RESULTS)],
};
