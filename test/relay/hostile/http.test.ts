/** Requests that no browser makes, as bytes on a socket. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import type { RelayOptions } from '../../../relay/index.js';
import { exchange, handshake, startRelay, statusOf } from '../support/relay.js';
import { RawPage, closeFrame, textFrame, upgraded } from '../support/raw.js';
import { SECRET, tokenFor } from '../support/tokens.js';
import { calm, underAttack } from '../support/witness.js';

const MARK = 'HOSTILE-MARK';
const lines = (...all: string[]): string => `${all.join('\r\n')}\r\n\r\n`;
const get = (path: string, ...fields: string[]): string =>
  lines(`GET ${path} HTTP/1.1`, 'Host: relay.test', 'Connection: close', ...fields);
const post = (...fields: string[]): string => lines('POST /healthz HTTP/1.1', 'Host: relay.test', ...fields);

/** What a stranger says, and what its answers must look like: a status, or several that will do, or 0 for none at all. */
type Case = readonly [what: string, bytes: string | Uint8Array, statuses: number | readonly number[]];

/** Says all of it to one relay, and looks at each answer. */
const said = (t: TestContext, cases: readonly Case[], options: RelayOptions = {}): Promise<void> =>
  underAttack(
    t,
    async ({ address }) => {
      for (const [what, bytes, statuses] of cases) {
        const answer = await exchange(address.port, bytes);
        const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? 0);
        assert.ok([statuses].flat().includes(status), `${what}: ${answer.slice(0, 100)}`);
        calm([answer], MARK);
      }
    },
    options,
  );

describe('A request that is not HTTP as it should be is answered calmly, and the witness beside it loses nothing', () => {
  test('two readings of where it ends: 400', (t) =>
    said(t, [
      ['a length and chunks', `${post('Content-Length: 4', 'Transfer-Encoding: chunked')}0\r\n\r\n`, 400],
      ['chunks and a length', `${post('Transfer-Encoding: chunked', 'Content-Length: 4')}0\r\n\r\n`, 400],
      ['chunks that are not last', `${post('Transfer-Encoding: chunked, gzip')}0\r\n\r\n`, 400],
      ['chunks written with a tab', `${post('Transfer-Encoding:\tchunked, identity')}0\r\n\r\n`, 400],
      ['two lengths', `${post('Content-Length: 1', 'Content-Length: 2')}x`, 400],
      ['two lengths in one', `${post('Content-Length: 1, 2')}x`, 400],
      ['a negative length', post('Content-Length: -1'), 400],
      ['a length with a sign', `${post('Content-Length: +1')}x`, 400],
      ['a length in hexadecimal', `${post('Content-Length: 0x1')}x`, 400],
      ['a length of 2^64', post('Content-Length: 18446744073709551616'), 400],
      ['lengths in an upgrade', handshake('/ws', { 'Content-Length': '1', 'Transfer-Encoding': 'chunked' }), 400],
      ['line ends without CR', 'GET /healthz HTTP/1.1\nHost: x\n\n', 400],
      ['line ends without LF', 'GET /healthz HTTP/1.1\rHost: x\r\r', [0, 400]],
      ['a space before a colon', get('/healthz', 'X-A : 1'), 400],
      ['a line that goes on', get('/healthz', 'X-A: 1', ' 2'), 400],
      ['a field without a name', get('/healthz', ': 1'), 400],
      ['a field with a NUL', get('/healthz', 'X-A: \0'), 400],
      ['a chunk of impossible size', `${post('Transfer-Encoding: chunked')}FFFFFFFFFFFFFFFFF\r\n`, [400, 405]],
      ['a chunk with a bare CR in its extension', `${post('Transfer-Encoding: chunked')}0;a\rb\r\n\r\n`, [400, 405]],
    ]));

  test('methods and versions that are none of ours: 400, 405 or nothing', (t) =>
    said(t, [
      ['CONNECT', lines(`CONNECT ${MARK}:80 HTTP/1.1`, 'Host: x'), [0, 400, 404, 405]],
      ['TRACE', lines('TRACE /healthz HTTP/1.1', 'Host: x', `X-A: ${MARK}`, 'Connection: close'), 405],
      ['OPTIONS *', lines('OPTIONS * HTTP/1.1', 'Host: x', 'Connection: close'), [404, 405]],
      ['OPTIONS from another origin', lines('OPTIONS /ws HTTP/1.1', 'Host: x', `Origin: https://${MARK}`, 'Connection: close'), 405],
      ['DELETE', lines('DELETE /video-call.js HTTP/1.1', 'Host: x', 'Connection: close'), 405],
      ['a method of no standard', lines(`${MARK} / HTTP/1.1`, 'Host: x'), 400],
      ['HTTP/0.9', 'GET /nothing\r\n\r\n', [400, 404]],
      ['HTTP/2 with prior knowledge', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [0, 400]],
      ['HTTP/3.0 in words', lines('GET / HTTP/3.0', 'Host: x'), 400],
      ['a POST that wants to be a WebSocket', handshake('/ws', { 'Content-Length': '0' }, 'POST'), 405],
    ]));

  test('garbage: 400 or nothing', (t) =>
    said(t, [
      ['the hello of TLS', Buffer.from('16030102000100010001fc0303', 'hex'), [0, 400]],
      ['random bytes', randomBytes(4096), [0, 400, 431]],
      ['zeros', Buffer.alloc(4096), [0, 400]],
      ['nothing but line ends', '\r\n'.repeat(1000), [0, 400]],
      ['a greeting of SSH', 'SSH-2.0-OpenSSH_9.2\r\n', [0, 400]],
      ['a frame of the WebSocket without a handshake', textFrame({ type: 'hello', device: 'd' }), [0, 400]],
    ]));

  test('more of everything than anybody needs: 431', (t) =>
    said(t, [
      ['2,500 fields', get('/healthz', ...Array<string>(2500).fill('A:')), 431],
      ['2,500 fields of an upgrade', handshake('/ws').replace('\r\n', `\r\n${'A:\r\n'.repeat(2500)}`), 431],
      ['65 short fields of an upgrade', handshake('/ws').replace('\r\n', `\r\n${'A:\r\n'.repeat(60)}`), 431],
      ['a field of 20 KiB', get('/healthz', `X-A: ${MARK.repeat(1700)}`), 431],
      ['a path of 20 KiB', get(`/${MARK.repeat(1700)}`), 431],
      ['a field name of 20 KiB', get('/healthz', `${MARK.repeat(1700)}: 1`), 431],
      ['a Sec-WebSocket-Protocol of 15,000 spaces', handshake('/ws', { 'Sec-WebSocket-Protocol': `a,${' '.repeat(15_000)}b` }), 431],
      ['one of 7,000 spaces', handshake('/ws', { 'Sec-WebSocket-Protocol': `a,${' '.repeat(7000)}b` }), 400],
      [
        'one of 2,000 names',
        handshake('/ws', { 'Sec-WebSocket-Protocol': Array.from({ length: 1500 }, (_, at) => `p${at}`).join() }),
        [400, 431],
      ],
    ]));

  test('a hundred requests in one packet are each answered, and no more comes', (t) =>
    underAttack(t, async ({ address }) => {
      const one = lines('GET /healthz HTTP/1.1', 'Host: x');
      const answer = await exchange(address.port, one.repeat(99) + get('/healthz'));
      assert.equal(answer.split('HTTP/1.1 200 OK').length - 1, 100);
      assert.ok(answer.length < 100 * 1024);
    }));

  test('a body that nobody asked for is not waited for', (t) =>
    underAttack(t, async ({ address }) => {
      assert.equal(await statusOf(address.port, `${post('Content-Length: 1000000000')}x`), 405);
      assert.equal(await statusOf(address.port, `${post('Transfer-Encoding: chunked')}1\r\nx\r\n`), 405);
    }));
});

describe('A handshake that is not as it should be is refused before it is a WebSocket, and the witness beside it loses nothing', () => {
  test('by its fields: 400, 405 or 426', (t) =>
    said(t, [
      ['without a key', handshake('/ws', { 'Sec-WebSocket-Key': undefined }), 400],
      ['with a key of the wrong length', handshake('/ws', { 'Sec-WebSocket-Key': MARK }), 400],
      ['with two keys', handshake('/ws').replace('\r\n', '\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'), 400],
      ['of version 12', handshake('/ws', { 'Sec-WebSocket-Version': '12' }), 400],
      ['of version 13 and 8', handshake('/ws', { 'Sec-WebSocket-Version': '13, 8' }), 400],
      ['to h2c', handshake('/ws', { Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAARAAAAAAAIAAAAA' }), 426],
      ['without a Host', handshake('/ws', { Host: undefined }), 400],
      ['with two of them', handshake('/ws').replace('\r\n', `\r\nHost: ${MARK}\r\n`), 400],
      ['with a subprotocol that only begins like ours', handshake('/ws', { 'Sec-WebSocket-Protocol': 'video-call.v11' }), 400],
      ['with ours in capitals', handshake('/ws', { 'Sec-WebSocket-Protocol': 'VIDEO-CALL.V1' }), 400],
      ['with an extension that cannot be read', handshake('/ws', { 'Sec-WebSocket-Extensions': `${MARK};;=` }), [101, 400]],
    ]));

  test('by its path, which is taken letter by letter: 404, or 400 where it is none', (t) =>
    said(t, [
      ...[
        '//ws',
        '/ws/',
        '/ws/../ws',
        '/./ws',
        '/x/../ws',
        '/%77s',
        '/ws%2f',
        '/ws%00',
        '/ws;x=1',
        '/WS',
        '/ws\\',
        '/calls/ws',
        '*',
        '/',
      ].map((path): Case => [path, handshake(path), path === '*' ? [400, 404] : 404]),
      ['a whole URL', handshake('http://relay.test/ws'), 404],
      ['the URL of another host', handshake(`http://${MARK}/ws`), [400, 404]],
      ['no slash', handshake('ws'), [400, 404]],
      ['a backslash', handshake('\\ws'), [400, 404]],
      ['a tab', handshake('/ws\t'), 400],
      ['a fragment', handshake('/ws#x'), 404],
    ]));

  test('of 300 at once from one address a hundred come in, the others are told 429', (t) =>
    underAttack(
      t,
      async ({ address }) => {
        const pages = await Promise.all(Array.from({ length: 300 }, () => upgraded(address.port)));
        const count = (status: string) => pages.filter((page) => page.status.includes(status)).length;
        assert.deepEqual([count(' 101 '), count(' 429 ')], [98, 202], 'with the two of the witness it is a hundred');
        calm(
          pages.map((page) => page.head),
          MARK,
        );
        for (const page of pages) page.socket.destroy();
      },
      { maxConnectionsPerIp: 100 },
    ));

  test('connecting and leaving a thousand times lets in no more than the rate allows', (t) =>
    underAttack(
      t,
      async ({ address }) => {
        const counts = new Map<number, number>();
        for (let round = 0; round < 100; round++) {
          const statuses = await Promise.all(Array.from({ length: 10 }, () => statusOf(address.port, handshake('/ws'))));
          for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
        }
        assert.deepEqual([...counts.keys()].sort(), [101, 429]);
        t.diagnostic(`of a thousand ${counts.get(101)} came in`);
        assert.ok(counts.get(101)! < 300);
      },
      { connectRate: 10 },
    ));
});

describe('What a request says about itself decides nothing', () => {
  test('Host and X-Forwarded fields are no reason for anything, and come back nowhere', (t) =>
    said(t, [
      ['a Host with a user', lines('GET /healthz HTTP/1.1', `Host: ${MARK}:x@relay.test`, 'Connection: close'), 200],
      ['a Host that is no name', lines('GET /nothing HTTP/1.1', `Host: [${MARK}`, 'Connection: close'), 404],
      ['no Host', lines('GET /healthz HTTP/1.1', 'Connection: close'), 400],
      ['a forwarded host', get('/nothing', `X-Forwarded-Host: ${MARK}`, 'X-Forwarded-Proto: javascript'), 404],
      ['a forwarded address that is none', handshake('/ws', { 'X-Forwarded-For': `${MARK}, ${'1,'.repeat(3000)}` }), 101],
      ['a forwarded address in 7 KiB of commas', get('/healthz', `X-Forwarded-For: ${','.repeat(7000)}`), 200],
      ['a query of line ends', get(`/nothing?next=%0d%0aSet-Cookie:${MARK}`), 404],
      ['the longest list of encodings', get('/video-call.js.map', `Accept-Encoding: ${'gzip;q=0.1,'.repeat(600)}x`), 404],
    ]));

  test('eight connections with forged addresses are of one address: 429 for those beyond its limit', (t) =>
    underAttack(
      t,
      async ({ address }) => {
        const statuses: number[] = [];
        const held: RawPage[] = [];
        for (let at = 0; at < 8; at++) {
          held.push(await upgraded(address.port, { 'X-Forwarded-For': `198.51.100.${at}` }));
          statuses.push(held.at(-1)!.status.includes('101') ? 101 : 429);
        }
        assert.deepEqual(statuses, [101, 101, 101, 429, 429, 429, 429, 429]);
        for (const page of held) page.socket.destroy();
      },
      { maxConnectionsPerIp: 5 },
    ));

  test('neither a query, a cookie nor a field is a token, and none is written into the log', (t) =>
    underAttack(t, async ({ connect, log }) => {
      const guarded = await startRelay(t, { authSecret: SECRET, origins: '*' });
      const token = tokenFor('alice');
      const page = new RawPage(guarded.address.port);
      page.write(handshake(`/ws?token=${token}&access_token=${token}`, { Cookie: `token=${token}`, Authorization: `Bearer ${token}` }));
      page.write(textFrame({ type: 'hello', peer: 'alice', device: 'd1' }));
      assert.equal(await page.told, 4401);
      page.socket.destroy();
      assert.doesNotMatch(JSON.stringify([guarded.log.lines, log.lines]), /eyJ/);
      await (await connect()).leave(1000);
    }));
});

describe('A path that climbs or looks for what is not the widget gets nothing', () => {
  const paths = [
    '/../../etc/passwd',
    '/..%2f..%2fetc/passwd',
    '/%2e%2e/%2e%2e/package.json',
    '/.%2e/package.json',
    '/chunks/../../package.json',
    '/chunks/..%5c..%5cpackage.json',
    '/chunks/%2e%2e%2frelay/cli.js',
    '/..\\..\\package.json',
    '//etc/passwd',
    '///package.json',
    '/C:/Windows/win.ini',
    '/%00',
    '/video-call.js%00.png',
    '/%ff',
    '/%c0%ae%c0%ae/package.json',
    '/%',
    '/%zz',
    '/.env',
    '/.git/HEAD',
    '/.npmrc',
    '/package.json',
    '/node_modules/ws/package.json',
    '/server-status',
    '/debug',
    '/metrics',
    '/video-call.js.map',
    '/video-call.js~',
    '/dist/video-call.js',
    '/components/video-call.js',
    '/constructor',
    '/__proto__',
    '/chunks/__proto__',
  ];
  for (const demo of [false, true])
    test(`${demo ? 'with' : 'without'} the demo: 400, 403 or 404`, (t) =>
      said(
        t,
        paths.map((path): Case => [path, get(path), [400, 403, 404]]),
        { demo },
      ));
});

test('What comes in the packet of the handshake waits for it, and nothing of it is lost', (t) =>
  underAttack(t, async ({ address }) => {
    const page = new RawPage(address.port);
    const pings = Array.from({ length: 50 }, () => textFrame({ type: 'ping' }));
    page.write(handshake('/ws'), textFrame({ type: 'hello', peer: 'alice', device: 'd1' }), ...pings);
    while (page.texts.length < 51) await once(page.socket, 'data');
    page.write(closeFrame(1000));
    assert.equal(await page.ended, 1000);
    assert.deepEqual(
      page.texts.map((each) => (JSON.parse(each) as { type: string }).type),
      ['welcome', ...Array<string>(50).fill('pong')],
    );
  }));
