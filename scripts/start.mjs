/**
 * `npm start`: builds what is missing or stale, starts the relay with the demo, and says what to do next.
 * Options after `--` go to the relay: `npm start -- --port 9000`.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const options = process.argv.slice(2);

/** The port that the relay will take: an option wins over the environment, as it does in the relay. */
function chosenPort() {
  const at = options.indexOf('--port');
  const joined = options.find((option) => option.startsWith('--port='));
  return joined?.slice('--port='.length) ?? (at >= 0 ? options[at + 1] : undefined) ?? (process.env.PORT || '8080');
}

const nextSteps = (address) => `
  What to do next:

  1. Open ${address}
     Both ends of a call on one page: press Call on one side and Accept on the other. No camera is needed.
  2. Two tabs, or two people at this computer:
     ${address}/pair.html?me=alice&peer=bob
     ${address}/pair.html?me=bob&peer=alice
  3. Every attribute, to change it and see what it does; and a guide for each task:
     ${address}/try/
     ${address}/guides/
  4. A company's page with nothing but a button, and its support desk:
     ${address}/company.html
     ${address}/support.html
  5. Everybody who has this page open, each with two buttons, in eleven languages:
     ${address}/roster.html
  6. Three sites that made the panel their own:
     ${address}/themes.html
  7. A call that the page draws itself, and a screen that answers by itself:
     ${address}/headless.html
     ${address}/kiosk.html

  Browsers give camera and microphone to localhost and to https pages only. For another computer or a phone:
     npm start -- --https --host 0.0.0.0 --open
  Ctrl+C ends the relay.
`;

/** Whether the relay will speak HTTPS, as its options and the environment have it. */
const isSecure = () =>
  options.some((option) => /^--(https|cert)(=|$)/.test(option)) ||
  /^(1|true|yes|on)$/i.test(process.env.HTTPS ?? '') ||
  Boolean(process.env.CERT);

/** npm passes a signal on to the shell between it and this process, and no further: where that shell is gone, this process ends as well. */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && process.kill(process.pid, 'SIGTERM'), 500).unref();
}

async function start() {
  endWithNpm();
  if (!existsSync(join(root, 'node_modules', 'koa'))) throw new Error('The dependencies are not installed yet. Run `npm ci` first.');
  const { buildStale } = await import('./build.mjs');
  await buildStale();

  // The relay's own command line in this process: it reads the options, says what is wrong with them, and hears Ctrl+C.
  const program = join(root, 'dist', 'relay', 'cli.js');
  process.argv = [process.argv[0], program, '--demo', '--roster', ...options];
  await import(pathToFileURL(program).href);
  const asked = options.includes('--help') || options.includes('--version');
  if (!process.exitCode && !asked && chosenPort() !== '0')
    console.log(nextSteps(`${isSecure() ? 'https' : 'http'}://localhost:${chosenPort()}`));
}

start().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
