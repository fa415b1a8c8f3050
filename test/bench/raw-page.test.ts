import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { FrameCounter, RawPage } from './support/raw-page.js';

/** A frame of a server: what it is, and what is in it. */
function frame(payload: Buffer, first = 0x81): Buffer {
  const { length } = payload;
  const head =
    length < 126
      ? [first, length]
      : length < 65_536
        ? [first, 126, length >> 8, length & 0xff]
        : [first, 127, 0, 0, 0, 0, 0, length >> 16, 0, 0];
  return Buffer.concat([Buffer.from(head), payload]);
}

const text = (length: number): Buffer => frame(Buffer.alloc(length, 'x'));

test('Messages are counted, however what came is cut, and neither pings nor parts nor refusals', () => {
  const lengths = [0, 1, 125, 126, 300, 4096, 65_536, 2];
  const all = Buffer.concat([
    ...lengths.map(text),
    frame(Buffer.from('are you there'), 0x89),
    frame(Buffer.from('the first part of one'), 0x01),
    frame(Buffer.from('{"type":"error","so":"the last part"}'), 0x80),
    frame(Buffer.from('{"type":"unreachable"}')),
    frame(Buffer.from('{"type":"error","code":"rate-limited"}')),
    frame(Buffer.from('{"type":"unread","and":"no refusal"}')),
    text(7),
  ]);
  for (const size of [1, 2, 3, 7, 100, 1000, all.length]) {
    const [controls, refusals]: [string[], string[]] = [[], []];
    const counter = new FrameCounter(
      (opcode, payload) => controls.push(`${opcode} ${payload.toString()}`),
      (beginning) => refusals.push(beginning.slice(0, 22)),
    );
    let count = 0;
    for (let at = 0; at < all.length; at += size) count += counter.take(all.subarray(at, at + size));
    assert.equal(count, lengths.length + 3, `in pieces of ${size}`);
    assert.deepEqual(controls, ['9 are you there']);
    assert.deepEqual(refusals, ['{"type":"unreachable"}', '{"type":"error","code"']);
  }
});

test('A page answers pings, hears what it is told, and does not open where it is refused', async (t) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const opening = RawPage.open(port, 'alice');
  const [socket] = (await once(server, 'connection')) as [WebSocket];
  const [hello] = (await once(socket, 'message')) as [Buffer];
  assert.deepEqual(JSON.parse(String(hello)), { type: 'hello', peer: 'alice', device: 'd' });
  socket.send('{"type":"welcome"}');
  const page = await opening;
  const heard = new Promise<number>((resolve) => (page.onFrames = resolve));
  socket.ping('still there?');
  const [data] = (await once(socket, 'pong')) as [Buffer];
  assert.equal(String(data), 'still there?');
  socket.send('{"type":"description"}');
  assert.equal(await heard, 1);
  page.close();

  const refused = assert.rejects(RawPage.open(port, 'bob'), /connection of bob was closed with 4429: Too many/);
  const [other] = (await once(server, 'connection')) as [WebSocket];
  other.close(4429, 'Too many.');
  await refused;
});
