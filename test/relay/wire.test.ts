import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WebSocket, WebSocketServer } from 'ws';

import { Backlog } from '../../relay/backlog.js';
import { ownCertificate } from '../../relay/certificate.js';
import { Corks } from '../../relay/corks.js';
import { MAX_UNREAD_BYTES } from '../../relay/protocol/index.js';
import { CorkedWire, PageSocket } from '../../relay/wire.js';
import { closeFrame, frame, textFrame, welcomed } from './support/raw.js';
import { startRelay } from './support/relay.js';

/** A socket that notes what is written to it in one go, and reads nothing while it is deaf. */
class FakeSocket extends Duplex {
  readonly writes: string[] = [];
  /** Bytes of each piece, and of the memory that it keeps. */
  readonly pieces: number[] = [];
  readonly kept: number[] = [];
  deaf = false;
  /** Reads what it has left unread until now. */
  hear: () => void = () => undefined;

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(chunks.map(({ chunk }) => textOf(chunk)).join(''));
    this.pieces.push(...chunks.map(({ chunk }) => chunk.length));
    this.kept.push(...chunks.map(({ chunk }) => chunk.buffer.byteLength));
    if (this.deaf) this.hear = done;
    else done();
  }

  override _read(): void {
    return;
  }
}

/** The texts of frames; the data of a pong or the reason of an end, which the fake WebSocket below writes as it is. */
function textOf(chunk: Buffer): string {
  if (chunk[0] !== 0x81) return chunk.toString();
  const [head, length] =
    chunk[1]! < 126 ? [2, chunk[1]!] : chunk[1] === 126 ? [4, chunk.readUInt16BE(2)] : [10, Number(chunk.readBigUInt64BE(2))];
  return chunk.toString('utf8', head, head + length) + textOf(chunk.subarray(head + length));
}

/** How many bytes of a frame come before its text. */
const headOf = (frame: number): number => (frame < 128 ? 2 : frame < 65_540 ? 4 : 10);

/** A text whose frame has so many bytes. */
const filling = (bytes: number): string => 'x'.repeat(bytes - headOf(bytes));

function rig(corks = new Corks(), backlog = new Backlog()) {
  const socket = new FakeSocket();
  const webSocket = {
    OPEN: WebSocket.OPEN,
    readyState: WebSocket.OPEN as number,
    ping: () => void socket.write('ping'),
    pong: (data: Buffer) => void socket.write(data),
    terminate: () => (webSocket.readyState = WebSocket.CLOSING),
    get bufferedAmount() {
      return socket.writableLength;
    },
  };
  const overruns: CorkedWire[] = [];
  const wire = new CorkedWire(webSocket as unknown as PageSocket, socket, { corks, backlog }, () => overruns.push(wire));
  return { socket, webSocket, wire, overruns };
}

/** Waits until what runs now has ended, which is before the turn of the event loop has. */
const run = () => new Promise<void>((resolve) => process.nextTick(resolve));

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

test('texts of one run are one piece, also between others that are not plain ASCII or too long; the order stays', async () => {
  const { socket, wire } = rig();
  const long = 'x'.repeat(65_536);
  for (const text of ['a', 'b', 'é', 'c', 'd', long, 'e', 'half \ud83d', '👋', 'f', '']) wire.send(text);
  wire.ping();
  for (const text of ['g', 'h']) wire.send(text);
  await run();
  assert.deepEqual(socket.writes, [`abécd${long}ehalf \ufffd👋fpinggh`]);
  assert.deepEqual(socket.pieces, [6, 4, 6, 65_546, 3, 10, 6, 5, 4, 6]);
});

test('no more is gathered than Node encodes on the stack, but for one text that is longer', async () => {
  const { socket, wire } = rig();
  for (const bytes of [8192, 8192, 8192, 8193, 20_000, 100]) wire.send(filling(bytes));
  assert.deepEqual(socket.writes, []);
  await run();
  assert.deepEqual(socket.pieces, [16_384, 8192, 8193, 20_000, 100]);
});

test('what is gathered counts as unread, and is bounded like all else', async () => {
  const { socket, wire } = rig();
  socket.deaf = true;
  let sent = 0;
  for (; wire.unread <= MAX_UNREAD_BYTES - 1000; sent++) {
    assert.equal(wire.send(filling(1000)), true);
    assert.equal(wire.unread, (sent + 1) * 1000);
  }
  assert.deepEqual(socket.writes, [], 'it was held back until now');
  assert.equal(wire.send(filling(1000)), false);
  await turn();
  assert.equal(wire.unread, (sent + 1) * 1000);
});

test('over TLS what is gathered beyond the bound within one turn is not left unread, up to sixteen times as much', () => {
  const { socket, wire } = rig();
  Object.assign(socket, { deaf: true, encrypted: true });
  const most = 16 * MAX_UNREAD_BYTES;
  for (let bytes = 1024; bytes <= most; bytes += 1024) assert.equal(wire.send(filling(1024)), true);
  assert.equal(wire.send(filling(1024)), false);
});

test('what was sent to a page that has ended since then is not written, nor kept', async () => {
  for (const end of ['cut', 'gone'] as const) {
    const { socket, wire, webSocket } = rig();
    wire.send('a');
    if (end === 'cut') wire.cut();
    else webSocket.readyState = WebSocket.CLOSING;
    if (end === 'cut') assert.equal(wire.unread, 0);
    await turn();
    assert.deepEqual([end, socket.writes, wire.unread], [end, [], 0]);
    assert.equal(wire.send('b'), false);
  }
});

test('beside the answer to a ping, which waits for the end of the turn, nothing stays gathered: the page may end before', async () => {
  for (const after of ['', 'bc']) {
    const { socket, wire, webSocket } = rig();
    wire.send('a');
    wire.pong(Buffer.from('1'));
    for (const text of after) {
      await run();
      wire.send(text);
    }
    await run();
    webSocket.readyState = WebSocket.CLOSING;
    await turn();
    assert.deepEqual(socket.writes, [`a${after}1`]);
  }
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

async function certificate(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'wire-'));
  t.after(() => rm(root, { recursive: true }));
  return ownCertificate(root, { names: ['localhost'], ips: [] }, Date.now());
}

/** Lets a wire do something as soon as its page has come, and answers with what came there, by plain TCP or TLS. */
async function heardOf(t: TestContext, tls: boolean, act: (wire: CorkedWire) => void): Promise<string[]> {
  const server = tls ? createTlsServer(await certificate(t)) : createServer();
  const webSockets = new WebSocketServer({ noServer: true, WebSocket: PageSocket });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      act(new CorkedWire(webSocket, socket, { corks: new Corks(), backlog: new Backlog() }, () => undefined)),
    ),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const page = new WebSocket(`${tls ? 'wss' : 'ws'}://127.0.0.1:${port}`, { rejectUnauthorized: false });
  const came: string[] = [];
  page.on('ping', () => came.push('ping'));
  page.on('message', (data: Buffer, binary) => came.push(binary ? 'bytes' : data.toString()));
  const [code] = (await once(page, 'close')) as [number];
  return [...came, String(code)];
}

for (const tls of [false, true]) {
  const how = tls ? 'TLS' : 'TCP';
  // The length of a payload has its own place from 126 bytes on, and a larger one from 65,536.
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 70_000];
  const texts = [
    ...lengths.map((length) => 'x'.repeat(length)),
    'é'.repeat(63),
    '👋'.repeat(16_384),
    '{"from":"zoë/d"}',
    'half \ud83d',
    'end',
  ];
  const asUtf8 = texts.map((text) => Buffer.from(text).toString());

  test(`a text is one whole frame over ${how}, however long it is and whatever is in it, and stays behind what was sent before`, async (t) => {
    const came = await heardOf(t, tls, (wire) => {
      for (const text of texts) {
        wire.send(text);
        wire.ping();
      }
      for (const text of texts) wire.send(text);
      wire.close(1000, 'That is all.');
    });
    const expected = [...asUtf8.flatMap((text) => [text, 'ping']), ...asUtf8, '1000'];
    assert.deepEqual(
      came.map((text, i) => text === expected[i]),
      expected.map(() => true),
    );
  });
}

describe('What a page was sent before its connection ends in the same run still comes, and nothing after the close frame', () => {
  const ping = textFrame({ type: 'ping' });
  const cases: [string, Buffer, boolean, number[]][] = [
    ['a page that closes', closeFrame(1000), false, [1, 1, 8]],
    ['a page that closes without a code', frame({ opcode: 8 }), false, [1, 1, 8]],
    ['a page that breaks the protocol', frame({ opcode: 1, masked: false }), false, [1, 1, 8]],
    ['a page that is told to go', frame({ opcode: 2 }), false, [1, 1, 8]],
    ['a page that closes after a ping', Buffer.concat([frame({ opcode: 9 }), ping, closeFrame(1000)]), false, [1, 1, 1, 8]],
    ['a page that ends its half', Buffer.alloc(0), true, [1, 1]],
  ];
  for (const [name, last, ends, opcodes] of cases) {
    test(name, async (t) => {
      const { address } = await startRelay(t);
      const { socket, ended } = await welcomed(address.port, 'alice');
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      const all = Buffer.concat([ping, ping, last]);
      if (ends) socket.end(all);
      else socket.write(all);
      await ended;
      assert.deepEqual(opcodesOf(Buffer.concat(chunks)), opcodes);
    });
  }
});

/** The kinds of all frames, none of which is long. */
const opcodesOf = (bytes: Buffer): number[] => (bytes.length === 0 ? [] : [bytes[0]! & 15, ...opcodesOf(bytes.subarray(2 + bytes[1]!))]);

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
    webSocket as unknown as PageSocket,
    new FakeSocket(),
    { corks: new Corks(), backlog: new Backlog() },
    () => undefined,
  );
  wire.close(4400, 'No.');
  wire.close(4400, 'x'.repeat(200));
  assert.deepEqual(done, ['resume', '4400 No.', 'resume', '4400 ']);
});
