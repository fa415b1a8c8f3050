/** The servers that a bench compares, each in a process of its own. */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

const root = new URL('../../../', import.meta.url).pathname;

/** A server that runs. */
export interface BenchServer {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  stop(): void;
}

/** Everything is checked and counted as it is for everybody; only bounds that one machine alone would reach are out of the way. */
const RELAY = [
  'dist/relay/cli.js',
  ...['--port', '0', '--metrics', '--metrics-port', '0', '--stun', 'none', '--log-level', 'warn', '--open'],
  ...['--rate', '100000', '--connect-rate', '100000', '--max-connections', '50000', '--max-connections-per-ip', '50000'],
];

/** Starts the measure. */
export const startPlain = (): Promise<BenchServer> => start('plain', ['test/bench/support/plain-forwarder.mjs']);
/** Starts the relay, as it was built. */
export const startRelay = (): Promise<BenchServer> => start('relay', RELAY);

const taskset = (...args: readonly string[]): string =>
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', ...args], { encoding: 'utf8', stdio: 'pipe' });

/**
 * Keeps this process to the first core and servers to the second, where the system has `taskset`: else the visitors, who
 * never rest, take turns with a server on one core, which costs it milliseconds. Answers with what gives all of them their
 * cores back; undefined where it could not be done.
 */
export function separate(servers: readonly BenchServer[]): (() => void) | undefined {
  const own = String(process.pid);
  const others = servers.map(({ pid }) => String(pid));
  let together = (): void => undefined;
  try {
    const before = /list: (\S+)/.exec(taskset(own))![1]!;
    together = () => [own, ...others].forEach((pid) => taskset(before, pid));
    for (const pid of others) taskset('1', pid);
    taskset('0', own);
    return together;
  } catch {
    together();
    return undefined;
  }
}

async function start(name: string, args: readonly string[]): Promise<BenchServer> {
  const program: ChildProcess = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void program.kill('SIGKILL');
  process.once('exit', kill);
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    for (const stream of [program.stdout!, program.stderr!]) {
      stream.on('data', (data: Buffer) => {
        const ready = /ready: http:\/\/localhost:(\d+)/.exec((said += String(data)));
        if (ready) resolve(Number(ready[1]));
      });
    }
    program.once('exit', (code) => reject(new Error(`The ${name} ended with ${code}: ${said}`)));
  });
  return {
    name,
    port,
    pid: program.pid!,
    stop: () => {
      process.off('exit', kill);
      kill();
    },
  };
}
