/** A relay in a process of its own, closely watched: what it says, how it ends, what it counts and what memory it holds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { freePort } from '../../../support/daemons.js';

const root = new URL('../../../../', import.meta.url).pathname;

/** Such a relay. */
export interface WatchedRelay {
  readonly port: number;
  /** What it wrote to its standard error stream: lines of the log, and whatever else. */
  readonly said: readonly string[];
  /** How it ended, if it did before it was told to. */
  readonly ended: string | undefined;
  /** Resolves as soon as it ends. */
  readonly end: Promise<void>;
  /** Memory that it holds after garbage was collected, in bytes. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** The sum of a metric over its labels, or of those with a label that matches. */
  count(metric: string, label?: RegExp): Promise<number>;
  /** Tells it to end, and answers with its exit code. */
  stop(): Promise<number | null>;
}

/** The command line: bounds that one machine alone would reach are out of the way, all others are as they come. */
const ARGS = [
  ...['--port', '0', '--metrics', '--stun', 'none', '--demo', '--roster', '--log-level', 'warn', '--drain', '0'],
  ...[
    '--open',
    '--trust-proxy',
    'loopback',
    '--max-connections-per-ip',
    '5000',
    '--max-connections-per-person',
    '2000',
    '--connect-rate',
    '100000',
    '--request-rate',
    '100000',
  ],
  ...['--rate', '1000'],
];

/** The program: from its source, or as it was built for those who run it, where nothing but its own code holds memory. */
const PROGRAM = { source: ['--import', 'tsx', 'relay/cli.ts'], built: ['dist/relay/cli.js'] };

/** The built one runs as the unit for systemd and the Dockerfile have it: with an allocator that gives back what is free. */
const ENVIRONMENT = {
  source: {},
  built: { LD_PRELOAD: 'libjemalloc.so.2', MALLOC_CONF: 'background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0' },
};

/** Starts it. Whatever happens, it ends with the test. */
export async function startWatchedRelay(
  t: TestContext,
  program: keyof typeof PROGRAM,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<WatchedRelay> {
  const metrics = await freePort();
  const node = ['--expose-gc', '--import', './test/support/memory-probe.mjs', ...PROGRAM[program]];
  const child = spawn(process.execPath, [...node, ...ARGS, '--metrics-port', String(metrics), ...args], {
    cwd: root,
    env: { ...process.env, ...ENVIRONMENT[program], ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  t.after(kill);

  const state = { ended: undefined as string | undefined, stopping: false };
  const said: string[] = [];
  let [rest, greeting] = ['', ''];
  const end = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      process.off('exit', kill);
      if (!state.stopping) state.ended = `code ${code}, signal ${signal}`;
      resolve();
    });
  });
  child.stderr!.on('data', (data: Buffer) => {
    const lines = (rest + String(data)).split('\n');
    rest = lines.pop()!;
    said.push(...lines.filter((line) => line !== ''));
  });
  await new Promise<void>((resolve) => {
    child.stdout!.on('data', (data: Buffer) => /ready: http:\/\/localhost:\d+/.test((greeting += String(data))) && resolve());
    void end.then(resolve);
  });
  const port = Number(/ready: http:\/\/localhost:(\d+)/.exec(greeting)?.[1]);
  if (state.ended !== undefined) throw new Error(`The relay did not start: ${state.ended} ${said.join('\n')}`);
  return {
    port,
    said,
    get ended() {
      return state.ended;
    },
    end,
    async memory() {
      const answer = once(child, 'message');
      child.send('memory');
      return ((await answer) as [NodeJS.MemoryUsage])[0];
    },
    async count(metric, label = /.*/) {
      const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
      const lines = [...text.matchAll(new RegExp(`^video_call_${metric}(\\{.*\\})? (\\S+)$`, 'gm'))];
      return lines.filter(([, labels = '']) => label.test(labels)).reduce((sum, [, , value]) => sum + Number(value), 0);
    },
    async stop() {
      state.stopping = true;
      child.kill('SIGTERM');
      await end;
      return child.exitCode;
    },
  };
}
