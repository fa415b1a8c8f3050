/** Messages that no page of ours sends, from pages that were let in. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from '../../../relay/protocol/messages.js';
import { MAX_MESSAGE_BYTES } from '../../../relay/protocol/index.js';
import type { Shape } from '../../../relay/protocol/shape.js';
import { textFrame, upgraded, welcomed } from '../support/raw.js';
import { CALL } from '../support/relay.js';
import { calm, underAttack } from '../support/witness.js';

const MARK = 'HOSTILE-MARK';
/** Names that every object has, or had once. */
const INHERITED = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', '__defineGetter__', 'toJSON'];
const envelope = (to: string) => `"to":"${to}","call":"${CALL}","n":1,"ack":0`;

describe('A text that is no message of the protocol is refused, and the witness beside it loses nothing', () => {
  const cases: [string, string[]][] = [
    [
      'what is not JSON',
      ['', ' ', 'x', MARK, '{', '{"type":"ping"', '{"type":"ping"}}', "{'type':'ping'}", '{"type":"ping",}', '\ufeff{"type":"ping"}', '\0'],
    ],
    ['what JSON does not know', ['NaN', 'Infinity', 'undefined', '0x10', '01', '{"type":undefined}', '{"type":"ping"/**/}', '[1,]']],
    ['JSON that is no object', ['null', 'true', '0', '-0', '1e400', '"ping"', '[]', '[{"type":"ping"}]', `"${MARK}"`]],
    [
      'objects without a type',
      ['{}', '{"Type":"ping"}', '{"type":null}', '{"type":["ping"]}', '{"type":{"type":"ping"}}', '{"type":1e400}'],
    ],
    [
      'types that do not exist',
      ['', 'PING', 'ping ', 'ping\\u0000', 'welcome', 'pong', 'error', MARK, ...INHERITED].map((type) => `{"type":"${type}"}`),
    ],
    [
      'a prototype in place of a field',
      [
        '{"__proto__":{"type":"ping"}}',
        '{"__proto__":{"type":"status"},"presence":"busy"}',
        '{"constructor":{"prototype":{"type":"ping"}}}',
      ],
    ],
    [
      'fields of another kind',
      [
        '{"type":"status","presence":["busy"]}',
        '{"type":"status","presence":{"toString":"busy"}}',
        '{"type":"watch","addresses":"bob"}',
        '{"type":"watch","addresses":{"0":"bob","length":1}}',
        '{"type":"watch","addresses":[["bob"]]}',
        '{"type":"watch","addresses":[null]}',
        `{"type":"hangup","reason":"left",${envelope('bob').replace('"n":1', '"n":"1"')}}`,
      ],
    ],
    [
      'numbers that are none of ours',
      ['-1', '0.5', '1e400', '-1e400', '9007199254740992', '1e21', 'null', 'true', '"1"', '[1]', '{}'].map(
        (n) => `{"type":"hangup","reason":"left",${envelope('bob').replace('"n":1', `"n":${n}`)}}`,
      ),
    ],
    [
      'addresses that are none',
      [
        '',
        '/',
        'a/',
        '/d',
        'a/b/c',
        'a b',
        'a\\u0000',
        'a\\r\\nb',
        '*',
        'a}{b',
        '\\u202eboss',
        '\ud83d\ude00',
        'ä',
        'a'.repeat(129),
        MARK.repeat(900),
      ].map((to) => `{"type":"hangup","reason":"left",${envelope(to)}}`),
    ],
    [
      'calls that are none',
      ['', 'x', CALL.toUpperCase(), `${CALL}\\n`, `{${CALL}}`, '../../etc/passwd', '0'.repeat(36), MARK].map(
        (call) => `{"type":"hangup","reason":"left",${envelope('bob').replace(CALL, call)}}`,
      ),
    ],
    [
      'depths of 30,000',
      [
        '['.repeat(30_000),
        `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
        '{"a":'.repeat(10_000),
        `{"type":"ping","a":${'['.repeat(30_000)}`,
        `{"type":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
      ],
    ],
  ];
  for (const [what, texts] of cases)
    test(`${what}: an error of the protocol for each, and 4400 at the fifth`, (t) =>
      underAttack(t, async ({ address }) => {
        for (let at = 0; at < texts.length; at += 4) {
          const four = texts.slice(at, at + 4);
          const page = await welcomed(address.port, 'mallory');
          page.write(...four.map(textFrame), textFrame({ type: 'ping' }));
          await page.hears('pong');
          const errors = page.texts
            .map((each) => JSON.parse(each) as { type: string; code?: string })
            .filter(({ type }) => type === 'error');
          assert.deepEqual(
            errors.map(({ code }) => code),
            four.map(() => 'protocol'),
            four.join('\n').slice(0, 300),
          );
          page.write(...Array<Buffer>(5 - four.length).fill(textFrame('x')));
          assert.equal(await page.told, 4400);
          calm(page.texts, MARK);
          page.socket.destroy();

          const stranger = await upgraded(address.port);
          stranger.write(textFrame(four[0]));
          assert.equal(await stranger.told, 4400, 'in place of hello');
          calm(stranger.texts, MARK);
          stranger.socket.destroy();
        }
      }));
});

test('IDs that no page may have are refused with 4400, in hello as in watch', (t) =>
  underAttack(t, async ({ address }) => {
    const ids = [
      '',
      'a b',
      'a/b',
      '../a',
      'a\0',
      'a\r\nSet-Cookie: x',
      '*',
      'a?',
      'a}{b',
      '\u202eboss',
      'x\u200b',
      '\ud83d\ude00',
      'a'.repeat(129),
      MARK.repeat(900),
    ];
    for (const peer of ids) {
      const page = await upgraded(address.port);
      page.write(textFrame({ type: 'hello', peer, device: 'd' }));
      assert.equal(await page.told, 4400, peer.slice(0, 20));
      page.socket.destroy();
    }
    const page = await welcomed(address.port, 'mallory');
    for (const address of ['', 'a b', 'a/b/c', 'a\0']) page.write(textFrame({ type: 'watch', addresses: [address] }));
    await page.hears('error');
    page.write(textFrame({ type: 'watch', addresses: ['*'] }));
    assert.equal(await page.told, 4400);
    calm(page.texts, MARK);
    page.socket.destroy();
  }));

test('Pages whose IDs are words that every object knows call, watch and leave as all others do', (t) =>
  underAttack(
    t,
    async ({ join }) => {
      const pages = await Promise.all(INHERITED.map((peer) => join({ peer, device: peer })));
      for (const [at, page] of pages.entries()) {
        const [other, name] = [pages[(at + 1) % pages.length]!, INHERITED[(at + 1) % pages.length]!];
        page.say({ type: 'watch', addresses: [name, `${name}/${name}`, `${name}/d1`] });
        assert.deepEqual(
          (await page.drain()).map(({ presence }) => presence),
          ['online', 'online', 'offline'],
        );
        page.invite(name);
        assert.equal((await other.next('invite'))['from'], `${INHERITED[at]!}/${INHERITED[at]!}`);
        page.say({ type: 'unwatch', addresses: [name, `${name}/${name}`, `${name}/d1`] });
        await page.drain();
      }
      const [first, ...rest] = pages;
      first!.say({ type: 'roster' });
      assert.equal(((await first!.next('roster'))['peers'] as unknown[]).length, INHERITED.length + 2);
      for (const page of rest) await page.leave(1000);
      first!.tell('constructor', { type: 'hangup', reason: 'left' });
      await first!.next('unreachable');
    },
    { roster: true },
  ));

test('A prototype in a message reaches no object of the relay, and arrives as the text that it was', (t) =>
  underAttack(t, async ({ join, address }) => {
    const [bob, mallory] = [await join({ peer: 'bob' }), await welcomed(address.port, 'mallory')];
    const arrives = new Promise<string>((resolve) => bob.webSocket.once('message', (data) => resolve(String(data))));
    const text = `{"type":"media",${envelope('bob')},"microphone":true,"camera":true,"screen":false,"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`;
    mallory.write(textFrame(text));
    assert.equal(await arrives, `${text.slice(0, -1)},"from":"mallory/raw"}`);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    mallory.socket.destroy();
  }));

test('Nobody speaks in the name of another, however he writes it', (t) =>
  underAttack(t, async ({ join, address }) => {
    const bob = await join({ peer: 'bob' });
    const message = `"type":"hangup","reason":"left",${envelope('bob')}`;
    for (const [at, from] of [
      '"from":"alice/d1"',
      '"fr\\u006fm":"alice/d1"',
      '"from":null',
      '"from":"alice/d1","from":"mallory/raw"',
    ].entries()) {
      const mallory = await welcomed(address.port, `mallory-${at}`);
      mallory.write(textFrame(`{${from},${message}}`), textFrame(`{${message},${from}}`));
      assert.equal((await mallory.hears('error'))['code'], 'protocol');
      mallory.write(textFrame(`{${message},"From":"alice/d1","from ":"alice/d1","x":{"from":"alice/d1"}} \n\t`));
      assert.equal((await bob.next('hangup'))['from'], `mallory-${at}/raw`);
      assert.deepEqual(await bob.drain(), []);
      mallory.socket.destroy();
    }
  }));

test('A session description is handed on letter by letter, whatever is in it, and never becomes two messages', (t) =>
  underAttack(t, async ({ join, address }) => {
    const [bob, mallory] = [await join({ peer: 'bob' }), await welcomed(address.port, 'mallory')];
    const texts = [
      'v=0\r\n\r\nGET / HTTP/1.1\r\n',
      'a=\0\u2028\u2029\u0085',
      '"},"from":"alice/d1"}',
      '\ud83d\ude00'.repeat(1000),
      `v=0\r\n${'m=audio 9 X 0\r\n'.repeat(500)}`,
    ];
    for (const sdp of texts) {
      mallory.write(textFrame({ type: 'description', to: 'bob', call: CALL, n: 1, ack: 0, gen: 0, description: { type: 'offer', sdp } }));
      const { from, description } = await bob.next('description');
      assert.deepEqual([from, (description as { sdp: string }).sdp], ['mallory/raw', sdp]);
    }
    assert.deepEqual(await bob.drain(), []);
    for (const description of [
      { type: 'pranswer', sdp: '' },
      { type: 'offer' },
      { type: 'offer', sdp: null },
      { type: 'offer', sdp: 'x'.repeat(32_769) },
    ])
      mallory.write(textFrame({ type: 'description', to: 'bob', call: CALL, n: 1, ack: 0, gen: 0, description }));
    await mallory.hears('error');
    assert.deepEqual(await bob.drain(), []);
    mallory.socket.destroy();
  }));

describe('A message that is dear to read', () => {
  const full = (head: string, piece: (at: number) => string): string => {
    let text = head;
    for (let at = 0; ; at++) {
      const next = piece(at);
      if (text.length + next.length + 1 > MAX_MESSAGE_BYTES) return `${text}}`;
      text += next;
    }
  };
  const cases: [string, string][] = [
    ['10,000 keys that are numbers', full('{"type":"ping"', (at) => `,"${at}":0`)],
    ['10,000 keys that are great numbers', full('{"type":"ping"', (at) => `,"${4_294_967_295 - at * 65_536}":0`)],
    ['one key again and again', full('{"type":"ping"', () => ',"type":"ping"')],
    ['escapes alone', full('{"type":"ping"', () => ',"\\u0061":"\\u005c\\"\\/"')],
    ['numbers of many digits', full('{"type":"ping"', () => `,"a":${'9'.repeat(400)}`)],
    ['lists in lists', `{"type":"ping","a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`],
  ];
  for (const [what, text] of cases)
    test(`of ${what} is answered as any other, fifty times in one packet`, (t) =>
      underAttack(t, async ({ address }) => {
        assert.ok(text.length > 60_000);
        const page = await welcomed(address.port, 'mallory');
        page.write(Buffer.concat(Array<Buffer>(50).fill(textFrame(text))), textFrame({ type: 'ice-servers' }));
        await page.hears('ice-servers');
        assert.equal(page.texts.filter((each) => each === '{"type":"pong"}').length, 50);
        calm(page.texts, MARK);
        page.socket.destroy();
      }));
});

test('Every pattern of the protocol says no to a long text that nearly fits, in the time that it takes to read it', () => {
  const patterns = new Set<string>();
  const collect = (shape: Shape): void => {
    if (shape.type === 'string' && 'pattern' in shape && shape.pattern !== undefined) patterns.add(shape.pattern);
    if (shape.type === 'array') collect(shape.items);
    if (shape.type === 'object') Object.values(shape.properties).forEach(collect);
  };
  for (const table of [TO_RELAY, FROM_RELAY, BETWEEN_PAGES]) Object.values(table).forEach(collect);
  [ENVELOPE, STAMP].forEach(collect);
  assert.ok(patterns.size >= 5, `${patterns.size} patterns`);
  const begun = performance.now();
  for (const pattern of patterns)
    for (const piece of ['a', 'a-', '0', '/', 'a/', '.', '=', ' ', '\ud83d\ude00'])
      for (const end of ['', '\n', '!', '\0'])
        assert.doesNotThrow(() => new RegExp(pattern, 'u').test(piece.repeat(MAX_MESSAGE_BYTES / piece.length) + end));
  assert.ok(performance.now() - begun < 1000);
});
