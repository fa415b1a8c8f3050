import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { WebSocket } from 'ws';

import { MAX_UNREAD_BYTES } from '../../relay/protocol/index.js';
import { CorkedWire, Corks } from '../../relay/wire.js';

/** A socket that notes what is written to it in one go, and reads nothing while it is deaf. */
class FakeSocket extends Duplex {
  readonly writes: string[] = [];
  deaf = false;

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.writes.push(Buffer.concat(chunks.map(({ chunk }) => chunk)).toString());
    if (!this.deaf) done();
  }

  override _read(): void {
    return;
  }
}

function rig(corks = new Corks()): { socket: FakeSocket; wire: CorkedWire } {
  const socket = new FakeSocket();
  const webSocket = {
    OPEN: WebSocket.OPEN,
    readyState: WebSocket.OPEN as number,
    send: (text: string) => void socket.write(text),
    pong: (data: Buffer) => void socket.write(data),
    get bufferedAmount() {
      return socket.writableLength;
    },
  };
  return { socket, wire: new CorkedWire(webSocket as unknown as WebSocket, socket, corks) };
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
  assert.equal(wire.send('x'.repeat(MAX_UNREAD_BYTES)), true);
  assert.equal(wire.send('x'), false);
});

test('answers to pings are written together with all else, and bounded like it', async () => {
  const { socket, wire } = rig();
  wire.pong(Buffer.from('p'));
  wire.send('t');
  await turn();
  assert.deepEqual(socket.writes, ['pt']);
  socket.deaf = true;
  assert.equal(wire.pong(Buffer.alloc(MAX_UNREAD_BYTES)), true);
  assert.equal(wire.pong(Buffer.alloc(1)), false);
});

test('a page that was not read from is read from again when it is closed, for it has to answer', () => {
  const done: string[] = [];
  const webSocket = {
    resume: () => void done.push('resume'),
    close: (code: number, reason: string) => void done.push(`${code} ${reason}`),
  };
  const wire = new CorkedWire(webSocket as unknown as WebSocket, new FakeSocket(), new Corks());
  wire.close(4400, 'No.');
  wire.close(4400, 'x'.repeat(200));
  assert.deepEqual(done, ['resume', '4400 No.', 'resume', '4400 ']);
});
