/** Frames that no browser sends. What is expected is RFC 6455, and the bounds of the protocol. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { MAX_MESSAGE_BYTES } from '../../../relay/protocol/index.js';
import { RawPage, closeFrame, frame, textFrame, upgraded, welcomed } from '../support/raw.js';
import type { End } from '../support/raw.js';
import { handshake } from '../support/relay.js';
import { calm, underAttack } from '../support/witness.js';

const MARK = 'HOSTILE-MARK';
const text = (payload: string | Uint8Array, more: object = {}): Buffer => frame({ opcode: 1, payload, ...more });
const more = (payload: string | Uint8Array, fin = false): Buffer => frame({ opcode: 0, payload, fin });

/** No answer is long, and none repeats what was sent. */
const answersCalmly = (page: RawPage): void => calm([page.head, ...page.texts], MARK);

describe('A frame that breaks the WebSocket protocol ends its connection, and the witness beside it loses nothing', () => {
  const cases: [string, Buffer[], End][] = [
    ['one that is not masked', [text(MARK, { masked: false })], 1002],
    ['one with RSV1, as if it were compressed', [text(MARK, { rsv: 4 })], 1002],
    ['one with RSV2', [text(MARK, { rsv: 2 })], 1002],
    ['one with RSV3', [text(MARK, { rsv: 1 })], 1002],
    ['a ping with RSV1', [frame({ opcode: 9, rsv: 4 })], 1002],
    ['one of the reserved kind 3', [frame({ opcode: 3, payload: MARK })], 1002],
    ['one of the reserved kind 7', [frame({ opcode: 7 })], 1002],
    ['one of the reserved control kind 11', [frame({ opcode: 11 })], 1002],
    ['one of the reserved control kind 15', [frame({ opcode: 15 })], 1002],
    ['a continuation of nothing', [more(MARK, true)], 1002],
    ['a new message inside of another', [text('{', { fin: false }), text('}')], 1002],
    ['a binary frame inside of a text', [text('{', { fin: false }), frame({ opcode: 2, payload: '}' })], 1002],
    ['a ping in fragments', [frame({ opcode: 9, fin: false })], 1002],
    ['a ping of 126 bytes', [frame({ opcode: 9, payload: 'x'.repeat(126) })], 1002],
    ['a close of one byte', [frame({ opcode: 8, payload: 'x' })], 1002],
    ['a close with a code that is never sent, 1005', [closeFrame(1005)], 1002],
    ['a close with a code that is never sent, 1006', [closeFrame(1006)], 1002],
    ['a close with code 0', [closeFrame(0)], 1002],
    ['a close with code 5000', [closeFrame(5000)], 1002],
    ['a close whose reason is no UTF-8', [closeFrame(1000, Buffer.from([0xc3, 0x28]))], 1007],
    ['text that is no UTF-8', [text(Buffer.from([0xff, 0xfe]))], 1007],
    [
      'text whose bad UTF-8 is split over fragments',
      [text(Buffer.from([0x22, 0xc3]), { fin: false }), more(Buffer.from([0x28, 0x22]), true)],
      1007,
    ],
    ['text that ends within a character', [text(Buffer.from([0x22, 0xe2, 0x82]))], 1007],
    ['a surrogate written as UTF-8', [text(Buffer.from([0xed, 0xa0, 0x80]))], 1007],
    ['a message of a byte more than 64 KiB', [text('x'.repeat(MAX_MESSAGE_BYTES + 1))], 1009],
    ['a message of more than 64 KiB in two fragments', [text('x'.repeat(MAX_MESSAGE_BYTES), { fin: false }), more('x', true)], 1009],
    ['a length of 65 KiB with nothing behind it', [frame({ opcode: 1, declared: 66_560n })], 1009],
    ['a length of 2^53', [frame({ opcode: 1, declared: 2n ** 53n })], 1009],
    ['a length of 2^63 - 1', [frame({ opcode: 1, declared: 2n ** 63n - 1n })], 1009],
    ['a length of 2^64 - 1', [frame({ opcode: 1, declared: 2n ** 64n - 1n })], 1009],
    ['17 fragments of one message', [text('{', { fin: false }), ...Array<Buffer>(16).fill(more('x'))], 1008],
    ['17 empty fragments of one message', [text('', { fin: false }), ...Array<Buffer>(16).fill(more(''))], 1008],
    ['200,000 fragments of one message', [text('{', { fin: false }), Buffer.concat(Array<Buffer>(200_000).fill(more('x')))], 1008],
    ['a binary frame with a message in it', [frame({ opcode: 2, payload: '{"type":"ping"}' })], 1003],
    ['an empty binary frame', [frame({ opcode: 2 })], 1003],
  ];
  for (const [what, bytes, end] of cases)
    test(`${what}: ${end}`, (t) =>
      underAttack(t, async ({ address }) => {
        for (const page of [await upgraded(address.port), await welcomed(address.port, 'mallory')]) {
          page.write(...bytes);
          assert.equal(await page.ended, end);
          answersCalmly(page);
        }
      }));
});

describe('A frame that may be is taken', () => {
  const taken = (what: string, bytes: Buffer[]) =>
    test(what, (t) =>
      underAttack(t, async ({ address }) => {
        const page = await welcomed(address.port, 'alice');
        page.write(...bytes);
        await page.hears('pong');
        page.write(closeFrame(1000));
        assert.equal(await page.ended, 1000);
      }),
    );
  taken('one with a length that needs fewer bytes', [frame({ opcode: 1, payload: '{"type":"ping"}', declared: 15n })]);
  taken('a message in 16 fragments, with pings between them', [
    text('{"type":"ping"', { fin: false }),
    ...Array<Buffer[]>(14)
      .fill([frame({ opcode: 9 }), more(' ')])
      .flat(),
    more('}', true),
  ]);
  taken(
    'one in single bytes of one segment each',
    [...textFrame({ type: 'ping' })].map((byte) => Buffer.from([byte])),
  );

  test('a ping of 125 bytes comes back as it was, a close without a code is answered with none', (t) =>
    underAttack(t, async ({ address }) => {
      const page = await welcomed(address.port, 'alice');
      page.write(frame({ opcode: 9, payload: 'x'.repeat(125) }), textFrame({ type: 'ping' }));
      await page.hears('pong');
      assert.deepEqual(page.pongs.map(String), ['x'.repeat(125)]);
      page.write(frame({ opcode: 8 }));
      assert.equal(await page.ended, 1005);
    }));

  test('compression is offered in vain, with every parameter that there is', (t) =>
    underAttack(t, async ({ address }) => {
      for (const offer of [
        'permessage-deflate',
        'permessage-deflate; client_max_window_bits; server_max_window_bits=15, x-webkit-deflate-frame',
      ]) {
        const page = await upgraded(address.port, { 'Sec-WebSocket-Extensions': offer });
        assert.match(page.status, / 101 /);
        assert.doesNotMatch(page.head, /extensions/i);
        page.write(closeFrame(1000));
        assert.equal(await page.ended, 1000);
      }
    }));
});

describe('A flood of frames ends its own connection, and the witness beside it loses nothing', () => {
  const cases: [string, Buffer, number, number][] = [
    ['100,000 pings', frame({ opcode: 9 }), 100_000, 4429],
    ['100,000 pings of 125 bytes', frame({ opcode: 9, payload: 'x'.repeat(125) }), 100_000, 4429],
    ['100,000 pongs that nobody asked for', frame({ opcode: 10 }), 100_000, 4429],
    ['a million empty texts', text(''), 1_000_000, 4400],
    ['100,000 good pings of the protocol', textFrame({ type: 'ping' }), 100_000, 4429],
    [
      '100,000 messages of a call that are not as they should be',
      textFrame({ type: 'ack', to: 'nobody', call: 'x', n: 0, ack: 0 }),
      100_000,
      4400,
    ],
  ];
  for (const [what, one, times, end] of cases)
    test(`${what}: ${end}`, (t) =>
      underAttack(t, async ({ address }) => flood(t, await welcomed(address.port, 'mallory'), one, times, end)));

  test('100,000 pings before hello: 4429', (t) =>
    underAttack(t, async ({ address }) => flood(t, await upgraded(address.port), frame({ opcode: 9 }), 100_000, 4429)));

  test('100,000 pings in the packet of the handshake: 4429', (t) =>
    underAttack(t, async ({ address }) => {
      const page = new RawPage(address.port);
      page.write(handshake('/ws'));
      await flood(t, page, frame({ opcode: 9 }), 100_000, 4429);
    }));

  test('ten pages that go on writing at full speed after they were told 4429 are cut off', (t) =>
    underAttack(t, async ({ address, relay }) => {
      const block = Buffer.concat(Array<Buffer>(5000).fill(frame({ opcode: 9 })));
      const pages = await Promise.all(Array.from({ length: 10 }, (_, at) => welcomed(address.port, `mallory-${at}`)));
      await Promise.all(
        pages.map(async (page) => {
          while (page.socket.writable) await page.flush(block);
          assert.equal(await page.told, 4429);
        }),
      );
      const beside = await welcomed(address.port, 'alice');
      while (relay.connections > 3) {
        beside.texts.length = 0;
        beside.write(textFrame({ type: 'ping' }));
        await beside.hears('pong');
      }
      const read = Number(/^video_call_received_bytes_total (\d+)$/m.exec(await relay.metrics())![1]);
      t.diagnostic(`${Math.round(read / 1024)} KiB were read of ten pages`);
      assert.ok(read < 10 * 256 * 1024, `${read} bytes were read`);
    }));
});

/** Writes one frame many times, as fast as it is taken, until the relay has had enough. */
async function flood(t: TestContext, page: RawPage, one: Buffer, times: number, end: number): Promise<void> {
  const block = Buffer.concat(Array<Buffer>(1000).fill(one));
  const begun = performance.now();
  let open = true;
  void page.told.then(() => (open = false));
  for (let sent = 0; sent < times && open; sent += 1000) await page.flush(block);
  assert.equal(await page.told, end);
  page.socket.destroy();
  t.diagnostic(`over after ${(performance.now() - begun).toFixed()} ms, with ${page.texts.length} answers`);
  answersCalmly(page);
}
