/** Programs that tests run beside themselves and may treat badly: a relay of its own process, and a TURN server. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { findCoturn } from './browsers.mjs';

const root = new URL('../../', import.meta.url).pathname;

/** A free port outside of the range from which clients get theirs. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

/** Runs a program until it says a word, and ends it with the test, whatever happens. `hear` gets all that it has said so far. */
export async function run(
  t: TestContext,
  command: string,
  args: readonly string[],
  ready: RegExp,
  hear: (said: string) => void = () => undefined,
): Promise<ChildProcess> {
  const program = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void program.kill('SIGKILL');
  process.once('exit', kill);
  t.after(() => {
    process.off('exit', kill);
    kill();
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [program.stdout, program.stderr]) {
      stream.on('data', (data: Buffer) => {
        hear((said += String(data)));
        if (ready.test(said)) resolve();
      });
    }
    program.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${said}`)));
    program.once('error', reject);
  });
  return program;
}

/** A relay that can be killed without a word, and comes back at the same place. */
export interface MortalRelay {
  /** For the `relay` attribute. */
  readonly url: string;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  revive(): Promise<void>;
}

/** Starts a relay in a process of its own. */
export async function startMortalRelay(t: TestContext): Promise<MortalRelay> {
  const port = await freePort();
  const start = (): Promise<ChildProcess> =>
    run(t, process.execPath, ['--import', 'tsx', 'relay/cli.ts', '--port', String(port), '--stun', 'none'], /The relay is ready/);
  let program = await start();
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    kill: async () => {
      const ended = once(program, 'exit');
      program.kill('SIGKILL');
      await ended;
    },
    revive: async () => void (program = await start()),
  };
}

/** Why tests that need a TURN server are skipped, or false where coturn is there. */
export const withoutTurn: string | false = findCoturn().path ? false : findCoturn().reason;

/** A TURN server through which all media of a call goes, and which can be made a black hole. */
export interface TurnServer {
  readonly port: number;
  /** Where it speaks TLS, if it does. */
  readonly tlsPort: number;
  /** For the `ice-servers` attribute. */
  readonly iceServers: string;
  /** Takes everything and passes nothing on (SIGSTOP). */
  stop(): void;
  /** Goes on (SIGCONT). */
  go(): void;
}

/** A TURN server for calls on this machine, over UDP and TCP. */
const PLAIN = ['-n', '-E', '127.0.0.1', '-r', 'local.test', '--use-auth-secret', '-f', '--no-tls', '--no-dtls', '--no-cli'];
/** Peers on this machine itself, which a server for others never allows. */
export const LOOPBACK_PEERS = [...PLAIN, '--no-multicast-peers', '--allow-loopback-peers'];

/** Starts coturn on this machine's loopback address. The secret is `secret`. */
export async function startTurn(t: TestContext, options: readonly string[] = LOOPBACK_PEERS): Promise<TurnServer> {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'turn-'));
  const place = [
    '-L',
    '127.0.0.1',
    '-p',
    `${port}`,
    `--tls-listening-port=${tlsPort}`,
    `--min-port=${port + 1}`,
    `--max-port=${port + 200}`,
  ];
  const files = ['--log-file=stdout', '--simple-log', `--pidfile=${folder}/turn.pid`, `--userdb=${folder}/turndb`];
  const args = [...options, ...place, ...files, '--static-auth-secret=secret'];
  const program = await run(t, findCoturn().path!, args, /Total General servers/);
  t.after(() => {
    program.kill('SIGCONT');
    rmSync(folder, { recursive: true, force: true });
  });
  const username = `${Math.floor(Date.now() / 1000) + 3600}:test`;
  const credential = createHmac('sha1', 'secret').update(username).digest('base64');
  return {
    port,
    tlsPort,
    iceServers: JSON.stringify([{ urls: [`turn:127.0.0.1:${port}?transport=udp`], username, credential }]),
    stop: () => void program.kill('SIGSTOP'),
    go: () => void program.kill('SIGCONT'),
  };
}
