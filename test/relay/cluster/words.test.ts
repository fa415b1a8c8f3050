import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { CHANNEL } from '../../../relay/cluster/bus.js';
import { newId } from '../../../relay/cluster/questions.js';
import { MAX_TOLD, MAX_WORDS, read, readDelivered, write } from '../../../relay/cluster/words.js';
import type { WordOf } from '../../../relay/cluster/words.js';
import { startRedis, withoutRedis } from '../../support/redis.js';
import { openNode, settle } from '../support/cluster.js';
import { FakePage, messageTo } from '../support/switchboard-contract.js';

const relay = newId();
const deliver = (to: string, text: string) => write(relay, { type: 'deliver', to, text });

describe('What one relay says to another', () => {
  test('is read as it was written, on its own channel and on no other', () => {
    const words = [
      [CHANNEL.all, { type: 'beat', anew: true }],
      [CHANNEL.all, { type: 'who', id: relay }],
      [CHANNEL.to('bob/d1'), { type: 'deliver', to: 'bob/d1', text: messageTo('bob/d1') }],
      [CHANNEL.to('bob/d1'), { type: 'deliver', to: 'bob/d1', text: '\n{ "to": "bob/d1",\r\n"x": "\u2028" }\n' }],
      [CHANNEL.of('bob'), { type: 'ask', id: relay, peer: 'bob', claim: { id: relay, device: 'd1', as: 'keep', since: 5 } }],
      [CHANNEL.presence('bob'), { type: 'seats', peer: 'bob', seats: [{ device: 'd1', presence: 'busy', since: 1 }], serial: 1 }],
      [CHANNEL.relay(relay), { type: 'people', re: relay, people: [], more: false }],
    ] as const;
    for (const [channel, word] of words) {
      const text = write(relay, word);
      assert.deepEqual(read(channel, text), { v: 1, relay, ...word });
      assert.equal(read(CHANNEL.to('eve'), text), undefined);
    }
  });

  test('is dropped where it is nothing that a relay says', () => {
    const { all } = CHANNEL;
    const seats = (count: number) =>
      write(relay, {
        type: 'seats',
        peer: 'bob',
        serial: 1,
        seats: Array.from({ length: count }, (_, i) => ({ device: `d${i}`, presence: 'online' as const, since: 1 })),
      });
    const forged: [string, string][] = [
      [all, ''],
      [all, 'null'],
      [all, '[]'],
      [all, '{"type":"constructor"}'],
      [all, `null\n${deliver('bob', 'x')}`],
      [CHANNEL.to('bob'), deliver('bob', 'x').replace('\n', ' ')],
      [CHANNEL.to('bob'), JSON.stringify({ v: 1, relay, type: 'deliver', to: 'bob' })],
      [all, JSON.stringify({ v: 2, relay, type: 'beat', anew: false })],
      [all, JSON.stringify({ v: 1, relay: 'x', type: 'beat', anew: false })],
      [all, JSON.stringify({ v: 1, relay: `${relay}\r\nPUBLISH`, type: 'bye' })],
      [all, JSON.stringify({ v: 1, relay, type: 'quit' })],
      [all, JSON.stringify({ v: 1, relay, type: 'bye', more: 'x'.repeat(MAX_WORDS) })],
      [CHANNEL.of('a*'), JSON.stringify({ v: 1, relay, type: 'ask', id: relay, peer: 'a*' })],
      [CHANNEL.of('a}{b'), JSON.stringify({ v: 1, relay, type: 'ask', id: relay, peer: 'a}{b' })],
      [CHANNEL.presence('bob'), seats(MAX_TOLD + 1)],
      [CHANNEL.relay(relay), seats(1)],
      [CHANNEL.to('bob'), deliver('bob', 'x'.repeat(70_000))],
    ];
    assert.ok(read(CHANNEL.presence('bob'), seats(MAX_TOLD)));
    for (const [channel, text] of forged) assert.equal(read(channel, text), undefined, text.slice(0, 80));
  });

  test('brings to pages only what another page could have said to them', () => {
    const readText = (to: string, text: string) => readDelivered({ relay, type: 'deliver', to, text } as WordOf<'deliver'>);
    assert.equal(readText('bob', messageTo('bob'))?.type, 'ack');
    for (const text of [
      messageTo('carol'),
      '{"type":"pong"}',
      '{"type":"presence","address":"bob","presence":"online"}',
      messageTo('bob').replace(',"from":"alice/a1"', ''),
      messageTo('bob').replace('alice/a1', 'alice'),
      'hello',
    ])
      assert.equal(readText('bob', text), undefined, text);
  });

  test('is nothing that others can put into its mouth: it is dropped and counted', { skip: withoutRedis }, async (t) => {
    const redis = await startRedis(t);
    const node = await openNode(redis.url);
    const bob = new FakePage('bob');
    await node.switchboard.join(bob, 'new-device');
    const say = (channel: string, text: string) => redis.client.publish(`video-call:0:${channel}`, text);
    assert.equal(await say('to:bob', deliver('bob', '{"type":"error","code":"forbidden","message":"x"}')), 1);
    await say('to:bob', deliver('carol', messageTo('carol')));
    await say('to:bob', 'x'.repeat(1_000_000));
    await say('all', '{"v":1,"type":"bye"}');
    await say('of:bob', write(relay, { type: 'ask', id: relay, peer: 'bob' }));
    await say('to:bob', deliver('bob', messageTo('bob')));
    await settle([node]);
    assert.deepEqual(bob.heard, [messageTo('bob')]);
    assert.equal(node.switchboard.dropped, 4);
    await node.switchboard.close();
  });
});
