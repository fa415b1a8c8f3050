import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';

import { Backlog } from '../../relay/backlog.js';
import { MAX_UNREAD_BYTES } from '../../relay/protocol/index.js';
import { CorkedWire, Corks } from '../../relay/wire.js';

/** A socket that notes what is written to it in one go, and reads nothing while it is deaf. */
class FakeSocket extends Duplex {
  readonly writes: string[] = [];
  /** Bytes of the memory that each piece keeps. */
  readonly kept: number[] = [];
  deaf = false;
  /** Reads what it has left unread until now. */
  hear: () => void = () => undefined;

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => textOf(chunk)).join(''));
    this.kept.push(...chunks.map(({ chunk }) => chunk.buffer.byteLength));
    if (this.deaf) this.hear = done;
    else done();
  }

  override _read(): void {
    return;
  }
}

/** The text of a frame; the data of a pong, which the fake WebSocket below writes as it is. */
const textOf = (chunk: Buffer): string => (chunk[0] === 0x81 ? chunk.subarray(headOf(chunk.length)) : chunk).toString();

/** How many bytes of a frame come before its text. */
const headOf = (frame: number): number => (frame < 128 ? 2 : frame < 65_540 ? 4 : 10);

/** A text whose frame has so many bytes. */
const filling = (bytes: number): string => 'x'.repeat(bytes - headOf(bytes));

function rig(corks = new Corks(), backlog = new Backlog()) {
  const socket = new FakeSocket();
  const webSocket = {
    OPEN: WebSocket.OPEN,
    readyState: WebSocket.OPEN as number,
    pong: (data: Buffer) => void socket.write(data),
    get bufferedAmount() {
      return socket.writableLength;
    },
  };
  const overruns: CorkedWire[] = [];
  const wire = new CorkedWire(webSocket as unknown as WebSocket, socket, { corks, backlog }, () => overruns.push(wire));
  return { socket, wire, overruns };
}

test('what is sent within one turn of the event loop is written together, to each socket', async () => {
  const corks = new Corks();
  const [one, two] = [rig(corks), rig(corks)];
  for (const text of ['a', 'b', 'c']) assert.equal(one.wire.send(text), true);
  two.wire.send('x');
  assert.deepEqual([one.socket.writes, two.socket.writes], [[], []]);
  await turn();
  one.wire.send('d');
  await turn();
  assert.deepEqual([one.socket.writes, two.socket.writes], [['abc', 'd'], ['x']]);
});

test('what one read brings leaves together as soon as all of it was looked at, however long the turn goes on; answers to pings wait for its end', async () => {
  const { socket, wire } = rig();
  let ended = false;
  setImmediate(() => (ended = true));
  const run = () => new Promise<void>((resolve) => process.nextTick(resolve));
  for (const text of ['a', 'b']) wire.send(text);
  await run();
  wire.send('c');
  await run();
  assert.deepEqual([ended, socket.writes], [false, ['ab', 'c']]);
  for (const data of ['1', '2']) {
    wire.pong(Buffer.from(data));
    await run();
  }
  assert.deepEqual([ended, socket.writes], [false, ['ab', 'c']]);
  await turn();
  assert.deepEqual(socket.writes, ['ab', 'c', '2']);
});

test('turns of the event loop leave no garbage that only a full collection takes away', async () => {
  const program = fileURLToPath(new URL('support/turns.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '--import=tsx', program]);
  const grown = JSON.parse(stdout) as Record<string, number>;
  assert.deepEqual(Object.keys(grown), ['soon', 'late', 'cork']);
  for (const [name, bytes] of Object.entries(grown)) assert.ok(bytes < 1_000_000, `${name}: the old space grew by ${bytes} bytes`);
});

test('much that is sent within one turn is not taken for unread', async () => {
  const { socket, wire } = rig();
  const text = 'x'.repeat(MAX_UNREAD_BYTES / 2);
  for (let i = 0; i < 5; i++) assert.equal(wire.send(text), true);
  await turn();
  assert.equal(socket.writes.join('').length, text.length * 5);
});

test('what is left unread is bounded', () => {
  const { socket, wire } = rig();
  socket.deaf = true;
  assert.equal(wire.send(filling(MAX_UNREAD_BYTES)), true);
  assert.equal(wire.send('x'), false);
});

test('of the pings of one turn the last one is answered, together with all else, and bounded like it', async () => {
  const { socket, wire } = rig();
  const ping = Buffer.from('1');
  for (const data of [ping, Buffer.from('2'), Buffer.from('3')]) assert.equal(wire.pong(data), true);
  wire.send('t');
  await turn();
  assert.deepEqual(socket.writes, ['t3']);
  wire.pong(ping);
  ping.write('x');
  await turn();
  assert.deepEqual(socket.writes, ['t3', '1'], 'the data of a ping is kept, whatever becomes of what it was read with');
  socket.deaf = true;
  wire.send(filling(MAX_UNREAD_BYTES));
  assert.equal(wire.pong(ping), true);
  await turn();
  assert.equal(wire.pong(ping), false);
});

test('a text is one whole frame, in one piece, however long it is and whatever is in it', async (t) => {
  const server = createServer();
  const webSockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) =>
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const wire = new CorkedWire(webSocket, socket, { corks: new Corks(), backlog: new Backlog() }, () => undefined);
      for (const text of texts) {
        wire.send(text);
        wire.ping();
      }
      wire.close(1000, 'That is all.');
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  // The length of a payload has its own place from 126 bytes on, and a larger one from 65,536.
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];
  const texts = [...lengths.map((length) => 'x'.repeat(length)), 'é'.repeat(63), '👋'.repeat(16_384), '{"from":"zoë/d"}', 'half \ud83d'];
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const came: string[] = [];
  let pings = 0;
  page.on('ping', () => pings++);
  page.on('message', (data: Buffer, binary) => came.push(binary ? 'bytes' : data.toString()));
  const [code] = (await once(page, 'close')) as [number];
  assert.deepEqual([code, pings], [1000, texts.length]);
  assert.deepEqual(
    came.map((text, i) => text === Buffer.from(texts[i]!).toString()),
    texts.map(() => true),
  );
});

test('what has to wait keeps no more memory than is counted: it is no part of a buffer that others share', async () => {
  const { socket, wire } = rig();
  socket.deaf = true;
  for (const text of ['a', 'b', 'c']) {
    wire.send(text);
    await turn();
  }
  socket.deaf = false;
  socket.hear();
  await turn();
  const [first, ...waited] = socket.kept;
  assert.ok(first! > 1000, 'what leaves at once is a part of one, which is quicker');
  assert.deepEqual(waited, [3, 3]);
});

test('who reads least goes when all together have left too much unread, and nobody else', async () => {
  const backlog = new Backlog(1000);
  const corks = new Corks(() => backlog.trim());
  const pages = [100, 700, 300].map((unread) => ({ unread, ...rig(corks, backlog) }));
  for (const { socket } of pages) socket.deaf = true;
  for (const { wire, unread } of pages.slice(0, 2)) wire.send(filling(unread));
  await turn();
  assert.deepEqual(
    pages.map(({ overruns }) => overruns.length),
    [0, 0, 0],
  );
  pages[2]!.wire.send(filling(300));
  await turn();
  assert.deepEqual(
    pages.map(({ overruns }) => overruns.length),
    [0, 1, 0],
  );
  assert.equal(backlog.total, 400);
  for (const { wire } of pages) {
    wire.send('x');
    wire.gone();
  }
  await turn();
  assert.equal(backlog.total, 0, 'who is gone is forgotten, also where something was about to be written');
});

test('a page that was not read from is read from again when it is closed, for it has to answer', () => {
  const done: string[] = [];
  const webSocket = {
    resume: () => void done.push('resume'),
    close: (code: number, reason: string) => void done.push(`${code} ${reason}`),
  };
  const wire = new CorkedWire(
    webSocket as unknown as WebSocket,
    new FakeSocket(),
    { corks: new Corks(), backlog: new Backlog() },
    () => undefined,
  );
  wire.close(4400, 'No.');
  wire.close(4400, 'x'.repeat(200));
  assert.deepEqual(done, ['resume', '4400 No.', 'resume', '4400 ']);
});
