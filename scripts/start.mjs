/**
 * `npm start`: builds what is missing or stale, starts the relay with the demo, and says what to do next.
 * Options after `--` go to the relay: `npm start -- --port 9000`.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const options = process.argv.slice(2);

function optionValue(name) {
  const at = options.indexOf(`--${name}`);
  const joined = options.find((option) => option.startsWith(`--${name}=`));
  return joined?.slice(name.length + 3) ?? (at >= 0 ? options[at + 1] : undefined) ?? process.env[name.toUpperCase()];
}

const secure = options.includes('--https');
const address = `${secure ? 'https' : 'http'}://localhost:${optionValue('port') ?? 8080}`;

/** Whether the relay answers; a self-signed certificate cannot be asked, so there the relay's own words must do. */
async function isReady() {
  try {
    return (await fetch(`${address}/healthz`)).ok;
  } catch {
    return false;
  }
}

const nextSteps = `
  video-call-elements is running: ${address}

  1. Open ${address} — both ends of a call on one page; press Call on one, Accept on the other.
  2. Two tabs or two people: ${address}/pair.html?me=alice&peer=bob
     and                     ${address}/pair.html?me=bob&peer=alice
  3. A company's website:    ${address}/company.html
     and its support desk:   ${address}/support.html

  Browsers give camera and microphone to localhost and to https pages only, so another computer or a phone
  on your network needs https in front of the relay. Stop with Ctrl+C.
`;

async function start() {
  if (!existsSync(join(root, 'node_modules', 'koa'))) throw new Error('The dependencies are not installed yet. Run `npm ci` first.');
  const { buildStale } = await import('./build.mjs');
  await buildStale();

  const relay = spawn(process.execPath, [join(root, 'dist', 'relay', 'cli.js'), '--demo', ...options], { stdio: 'inherit' });
  let stopped = false;
  relay.on('exit', (code) => {
    stopped = true;
    process.exitCode = code ?? 0;
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => relay.kill(signal));

  for (let tries = 0; tries < 100 && !stopped && !secure; tries += 1) {
    if (await isReady()) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (!stopped) console.log(nextSteps);
}

start().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
