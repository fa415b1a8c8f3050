/** Programs that tests run beside themselves and may treat badly: a relay of its own process, and a TURN server. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Bottleneck } from './bottleneck.js';
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
  t: Pick<TestContext, 'after'>,
  command: string,
  args: readonly string[],
  ready: RegExp,
  hear: (said: string) => void = () => undefined,
): Promise<ChildProcess> {
  const program = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => void program.kill('SIGKILL');
  process.once('exit', kill);
  program.once('exit', () => process.off('exit', kill));
  t.after(kill);
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
  /** The widget's script. */
  readonly script: string;
  readonly port: number;
  /** The ID of its process, another one after each start. */
  readonly pid: number;
  /** Ends it at once (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  revive(): Promise<void>;
  /** Asks it to end (SIGTERM), and waits until it has. */
  end(): Promise<void>;
  /** Lets it stand still (SIGSTOP). */
  stop(): void;
  /** Lets it go on (SIGCONT). */
  go(): void;
}

/** Starts a relay in a process of its own, with further options. */
export async function startMortalRelay(t: TestContext, ...options: readonly string[]): Promise<MortalRelay> {
  const port = await freePort();
  const start = (): Promise<ChildProcess> =>
    run(
      t,
      process.execPath,
      ['--import', 'tsx', 'relay/cli.ts', '--port', String(port), '--stun', 'none', ...options],
      /The relay is ready/,
    );
  let program = await start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(program, 'exit');
    program.kill(signal);
    await ended;
  };
  return {
    url: `ws://127.0.0.1:${port}/ws`,
    script: `http://127.0.0.1:${port}/video-call.js`,
    port,
    get pid() {
      return program.pid!;
    },
    kill: () => end('SIGKILL'),
    revive: async () => void (program = await start()),
    end: () => end('SIGTERM'),
    stop: () => void program.kill('SIGSTOP'),
    go: () => void program.kill('SIGCONT'),
  };
}

/** Why tests that need a TURN server are skipped, or false where coturn is there. */
export const withoutTurn: string | false = findCoturn().path ? false : findCoturn().reason;

/** A TURN server through which all media of a call goes, and which can be made a black hole. */
export interface TurnServer {
  readonly port: number;
  /** Where it speaks TLS, if it does. */
  readonly tlsPort: number;
  /** For the `ice-servers` attribute: the server over UDP. */
  readonly iceServers: string;
  /** The same with other ways to it, each like `udp 3478` or `tcp 3478`. */
  serversOver(...ways: readonly string[]): string;
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
  const serversOver = (...ways: readonly string[]): string => {
    const urls = ways.map((way) => way.split(' ')).map(([transport, at]) => `turn:127.0.0.1:${at}?transport=${transport}`);
    return JSON.stringify([{ urls, username, credential }]);
  };
  return {
    port,
    tlsPort,
    iceServers: serversOver(`udp ${port}`),
    serversOver,
    stop: () => void program.kill('SIGSTOP'),
    go: () => void program.kill('SIGCONT'),
  };
}

/** A way over UDP to a port of this machine, which can be shut. */
export interface UdpGate {
  readonly port: number;
  /** Packets that have passed. */
  readonly passed: number;
  /** What becomes of each packet of so many bytes: it is lost, or takes so many milliseconds; for a bad way. */
  weather: ((bytes: number) => number | 'lost') | undefined;
  /** Lets only so many kbit/s through each way, with a queue of 300 ms or of so many; without a number, as many as come. */
  narrow(kbits?: number, longest?: number): void;
  /** Lets nothing through any more, and tells nobody. */
  shut(): void;
  /** Lets everything through again; what was lost meanwhile is lost. */
  open(): void;
}

/** Opens a way over UDP to a port of this machine; each client has an address of its own behind it. */
export async function startUdpGate(t: TestContext, to: number): Promise<UdpGate> {
  const front = createSocket('udp4');
  const behind = new Map<number, Socket>();
  const state = { passed: 0, open: true, closed: false };
  let narrow: { readonly up: Bottleneck; readonly down: Bottleneck } | undefined;
  const pass = (socket: Socket, data: Buffer, port: number): void => {
    const place = narrow?.[socket === front ? 'down' : 'up'];
    if (!place) return go(socket, data, port);
    place.push(data.length, () => state.closed || go(socket, data, port));
  };
  const go = (socket: Socket, data: Buffer, port: number): void => {
    const fate = gate.weather?.(data.length) ?? 0;
    if (!state.open || fate === 'lost') return;
    state.passed++;
    if (fate === 0) socket.send(data, port, '127.0.0.1');
    else setTimeout(() => state.closed || socket.send(data, port, '127.0.0.1'), fate);
  };
  front.on('message', (data, { port }) => {
    let client = behind.get(port);
    if (!client) {
      behind.set(port, (client = createSocket('udp4')));
      client.on('message', (answer) => pass(front, answer, port));
    }
    pass(client, data, to);
  });
  await new Promise<void>((resolve) => front.bind(0, '127.0.0.1', resolve));
  t.after(() => {
    state.closed = true;
    for (const socket of [front, ...behind.values()]) socket.close();
  });
  const gate: UdpGate = {
    port: front.address().port,
    weather: undefined,
    narrow: (kbits, longest) =>
      void (narrow = kbits ? { up: new Bottleneck(kbits, longest), down: new Bottleneck(kbits, longest) } : undefined),
    get passed() {
      return state.passed;
    },
    shut: () => void (state.open = false),
    open: () => void (state.open = true),
  };
  return gate;
}

/** A way over TCP to a port of this machine on which everything takes a while, as over a distance. */
export interface TcpDetour {
  readonly port: number;
  /** Milliseconds each way. */
  delay: number;
}

/** Opens such a way: of two that are equally short a browser takes the one that answers first. */
export async function startTcpDetour(t: TestContext, to: number, delay: number): Promise<TcpDetour> {
  const detour = { port: 0, delay };
  const sockets = new Set<TcpSocket>();
  const pipe = (from: TcpSocket, into: TcpSocket): void => {
    sockets.add(from);
    from.on('data', (data) => void setTimeout(() => into.writable && into.write(data), detour.delay));
    from.on('close', () => into.destroy()).on('error', () => into.destroy());
  };
  const server = createServer((client) => {
    const behind = connect(to, '127.0.0.1');
    pipe(client, behind);
    pipe(behind, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  detour.port = (server.address() as AddressInfo).port;
  return detour;
}
