/** Connections of the fuzzer: bare sockets that do what a script says, and take what the relay makes of it. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FrameReader, OPCODE, frameOf } from './frames.js';
import type { Asking } from './requests.js';
import type { Script } from './scripts.js';

/** What came of everything so far. */
export interface Outcome {
  /** Frames that were written. */
  frames: number;
  /** Connections with frames, and those with requests. */
  sessions: number;
  requests: number;
  askings: number;
  /** Answers over HTTP, by status. */
  readonly statuses: Map<number, number>;
  /** Close codes that the relay said. */
  readonly codes: Map<number, number>;
  /** Sessions that the relay did not answer although it should have, and that were not closed. */
  readonly stuck: number[];
  /** What must never be sent to anybody, and was. */
  readonly leaks: string[];
}

/** Nothing has happened yet. */
export const noOutcome = (): Outcome => ({
  frames: 0,
  sessions: 0,
  requests: 0,
  askings: 0,
  statuses: new Map<number, number>(),
  codes: new Map<number, number>(),
  stuck: [],
  leaks: [],
});

const addTo = (map: Map<number, number>, key: number): void => void map.set(key, (map.get(key) ?? 0) + 1);

/** Milliseconds within which a relay answers a whole session, however busy the machine is. */
const ANSWER_WITHIN = 30_000;
/** Milliseconds after which a connection is given up that the relay need not end. */
const PATIENCE = { session: 1000, asking: 1500 };
const CLOSE_NORMAL = frameOf(Buffer.from([0x03, 0xe8]), { opcode: OPCODE.close });

/** Each connection comes from an address of its own, where the system has so many for itself. */
const addressFor = (index: number): string => (process.platform === 'linux' ? `127.0.0.${2 + (index % 250)}` : '127.0.0.1');

function open(port: number, index: number): { socket: Socket; gone: Promise<unknown> } {
  const socket = connect({ port, host: '127.0.0.1', localAddress: addressFor(index) });
  socket.on('error', () => undefined);
  return { socket, gone: new Promise((resolve) => socket.once('close', resolve)) };
}

/** Resolves after a time, unless the connection ends before. Answers whether it was the time. */
async function patience(gone: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(true), milliseconds)));
  const first = await Promise.race([gone.then(() => false), late]);
  clearTimeout(timer);
  return first;
}

/** One session over one connection. `heard` is told of every `welcome`. */
export async function runSession(
  port: number,
  index: number,
  script: Script,
  outcome: Outcome,
  heard: (welcome: string) => void,
): Promise<void> {
  const { socket, gone } = open(port, index);
  outcome.sessions++;
  const ear = new Ear(socket, outcome, heard);
  socket.write(script.handshake);
  if (script.deaf) void ear.next().then(() => socket.pause());
  for (const { bytes, frames } of script.batches) {
    if (socket.destroyed || socket.writableEnded) break;
    if (!socket.write(bytes)) await Promise.race([once(socket, 'drain').catch(() => undefined), gone]);
    outcome.frames += frames;
    if (!script.whole || script.deaf) continue;
    // A ping frame is answered when all before it was heard.
    const answered = ear.next();
    socket.write(frameOf('heard', { opcode: OPCODE.ping }));
    outcome.frames++;
    const late = await patience(Promise.race([answered, gone]), ANSWER_WITHIN);
    if (late) outcome.stuck.push(index);
  }
  await finish(socket, gone, script);
}

async function finish(socket: Socket, gone: Promise<unknown>, { ending, deaf }: Script): Promise<void> {
  if (deaf) await patience(gone, PATIENCE.session);
  socket.resume();
  if (ending === 'reset') vanish(socket);
  else if (ending === 'half') socket.end();
  else socket.end(CLOSE_NORMAL);
  if (await patience(gone, PATIENCE.session)) socket.destroy();
}

/** Ends it without a word (RST). A socket whose end is on its way would be neither reset nor closed by Node. */
function vanish(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** Listens to one connection. */
class Ear {
  readonly #reader = new FrameReader();
  #head = '';
  #wake: () => void = () => undefined;
  readonly #outcome: Outcome;
  readonly #heard: (welcome: string) => void;

  constructor(socket: Socket, outcome: Outcome, heard: (welcome: string) => void) {
    this.#outcome = outcome;
    this.#heard = heard;
    socket.on('data', (chunk: Buffer) => this.#take(chunk, socket));
  }

  /** Resolves with the next pong, or the end. */
  next(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #take(chunk: Buffer, socket: Socket): void {
    let bytes = chunk;
    if (!this.#head.includes('\r\n\r\n')) {
      const before = this.#head.length;
      this.#head += chunk.toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      addTo(this.#outcome.statuses, Number(this.#head.slice(9, 12)));
      if (!this.#head.startsWith('HTTP/1.1 101')) return;
      bytes = chunk.subarray(end + 4 - before);
    }
    if (this.#head.startsWith('HTTP/1.1 101'))
      for (const { opcode, payload } of this.#reader.read(bytes)) this.#hear(opcode, payload, socket);
  }

  #hear(opcode: number, payload: Buffer, socket: Socket): void {
    if (opcode === OPCODE.text && payload.subarray(0, 17).toString() === '{"type":"welcome"') this.#heard(String(payload));
    else if (opcode === OPCODE.pong && String(payload) === 'heard') this.#wake();
    else if (opcode === OPCODE.close) {
      addTo(this.#outcome.codes, payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
      this.#wake();
      if (!socket.writableEnded) socket.end(frameOf(payload.subarray(0, 2), { opcode: OPCODE.close }));
    }
  }
}

/** Words that are in files beside those that a relay serves, and on every machine. */
const SECRET = /root:x:0|"devDependencies"|at [\w.]+ \(.*:\d+:\d+\)/;

/** The requests of one connection. */
export async function runAsking(port: number, index: number, asking: Asking, outcome: Outcome): Promise<void> {
  const { socket, gone } = open(port, index);
  outcome.askings++;
  outcome.requests += asking.requests;
  socket.on('data', (chunk: Buffer) => {
    const text = chunk.toString('latin1');
    for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d{3}) /g)) addTo(outcome.statuses, Number(status));
    const leak = SECRET.exec(text);
    if (leak) outcome.leaks.push(`${index}: ${leak[0]}`);
  });
  socket.write(asking.bytes.subarray(0, asking.cut));
  if (asking.cut < asking.bytes.length) {
    await once(socket, 'connect').catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    if (!socket.destroyed) socket.write(asking.bytes.subarray(asking.cut));
  }
  if (asking.ending === 'reset') {
    if (socket.connecting) await once(socket, 'connect').catch(() => undefined);
    vanish(socket);
  } else if (asking.ending === 'half') socket.end();
  if (await patience(gone, PATIENCE.asking)) socket.destroy();
}
