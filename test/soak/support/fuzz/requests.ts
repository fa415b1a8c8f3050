/** HTTP/1.1 requests as nobody should send them, several to a connection. */
import { handshake } from '../../../relay/support/relay.js';
import { changedBytes } from './bytes.js';
import { chanceOf } from './random.js';
import type { Chance } from './random.js';

/** What one connection asks. */
export interface Asking {
  readonly bytes: Buffer;
  /** Where the bytes are cut into two writes. */
  readonly cut: number;
  /** Requests that are begun. */
  readonly requests: number;
  /** `answered`: waits for the server to close; `half`: ends its own side at once; `reset`: vanishes at once. */
  readonly ending: 'answered' | 'half' | 'reset';
}

const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PRI',
  'get',
  'G\0T',
  '',
  'GET ',
  'M'.repeat(9000),
];
const VERSIONS = [
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.1',
  'HTTP/1.0',
  'HTTP/2.0',
  'HTTP/9.9',
  'HTTP/0.9',
  'http/1.1',
  'XTTP/1.1',
  '',
];
const PATHS = [
  '/',
  '/ws',
  '/healthz',
  '/readyz',
  '/index.html',
  '/pair',
  '/demo.css',
  '/leaf.svg',
  '/video-call.js',
  '/chunks/x-123456.js',
  '/chunks/../../package.json',
  '/../../../../etc/passwd',
  '/..%2f..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '/..%5c..%5cpackage.json',
  '/..%252f..%252fpackage.json',
  '/%c0%ae%c0%ae/package.json',
  '/....//....//package.json',
  '//etc/passwd',
  '///',
  '/index.html%00.js',
  '/%00',
  '/%',
  '/%zz',
  '/%e0%a4%a',
  '/%ff%fe',
  '/.git/config',
  '/.env',
  '/index.html/',
  '/index',
  '/__proto__',
  '/constructor',
  '/toString.js',
  '/video-call.js?x=1',
  '/ws/',
  '/ws?token=x',
  '/WS',
  '/%77s',
  '*',
  'http://127.0.0.1/ws',
  'http://user:pass@[::1]:99999/ws',
  '//a@[::1]99/#x',
  '//a@[/#',
  '//a%zz@b/#x',
  '//a@[\xa0',
  '?',
  '#',
  'ws',
  '/ü',
  '/\x7f',
  '/\t',
  `/${'a'.repeat(7000)}`,
  `/${'a'.repeat(9000)}`,
  `/${'../'.repeat(2000)}`,
  `/${'%2e'.repeat(2000)}`,
  `/?${'a=b&'.repeat(1500)}`,
];
const HOSTS = [
  'Host: relay.test',
  'Host: relay.test',
  'Host: relay.test',
  'Host:',
  'Host: a\r\nHost: b',
  'Host: [::1',
  'Host: a/b',
  'Host: a@b',
  '',
];
const FIELDS = [
  'Accept-Encoding: br',
  'Accept-Encoding: gzip;q=0, br;q=2, *;q=x',
  `Accept-Encoding: ${'gzip,'.repeat(900)}`,
  'Accept-Encoding: \x80',
  'If-None-Match: *',
  'If-None-Match: "x", W/"y',
  'If-Modified-Since: yesterday',
  'Range: bytes=0-',
  `Range: bytes=${'0-1,'.repeat(500)}`,
  'Expect: 100-continue',
  'Expect: 200-ok',
  'Connection: close',
  'Connection: keep-alive, Upgrade, ,,,',
  'Upgrade: websocket',
  'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Content-Length: 5',
  'Content-Length: 5\r\nContent-Length: 6',
  'Content-Length: -1',
  'Content-Length: 99999999999999999999',
  'Content-Length: 0x5',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 5',
  'Transfer-Encoding: identity, chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\x0bchunked',
  'Origin: null',
  'Origin: https://evil.test',
  'Origin: https://evil.test\r\nOrigin: https://shop.test',
  'Cookie: a=b',
  'X-Forwarded-For: 203.0.113.7',
  'X-Forwarded-For: ::ffff:1.2.3.4, fe80::1%eth0, x, ,',
  'X-Forwarded-For: 2001:db8::1',
  `X-Forwarded-For: ${'1.1.1.1,'.repeat(800)}`,
  'X-Forwarded-For: 127.0.0.1',
  '__proto__: x',
  'constructor: x',
  ': no name',
  'no colon',
  ' folded: x',
  'Name: x\r\n folded',
  'Name: a\0b',
  'Name: \xff\xfe',
  'N\xe4me: x',
  'Name: x\nOther: y',
  'Name: x\rOther: y',
  `Name: ${'x'.repeat(7900)}`,
  `Name: ${'x'.repeat(9000)}`,
  Array.from({ length: 63 }, (_, index) => `X-${index}: x`).join('\r\n'),
  Array.from({ length: 200 }, (_, index) => `X-${index}: x`).join('\r\n'),
  Array.from({ length: 70 }, () => 'Name: x').join('\r\n'),
];
const BODIES = [
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  'zz\r\n',
  'ffffffffffffffff\r\nx',
  '5;x=y\r\nhello\r\n0\r\nTrailer: x\r\n\r\n',
  '0\r\n\r\nGET /ws HTTP/1.1\r\n\r\n',
  '\0\0\0\0',
];
/** What may be wrong with a handshake; the fields replace or add to the right ones. */
const HANDSHAKES: readonly Readonly<Record<string, string | undefined>>[] = [
  {},
  {},
  { 'Sec-WebSocket-Key': undefined },
  { 'Sec-WebSocket-Key': 'short' },
  { 'Sec-WebSocket-Key': 'x'.repeat(4000) },
  { 'Sec-WebSocket-Version': '8' },
  { 'Sec-WebSocket-Version': '13, 8' },
  { 'Sec-WebSocket-Version': undefined },
  { 'Sec-WebSocket-Protocol': undefined },
  { 'Sec-WebSocket-Protocol': 'video-call.v2' },
  { 'Sec-WebSocket-Protocol': ',,, video-call.v1 ,' },
  { 'Sec-WebSocket-Protocol': 'video-call.v1, video-call.v1' },
  { 'Sec-WebSocket-Protocol': '\x80' },
  { 'Sec-WebSocket-Extensions': 'permessage-deflate' },
  { 'Sec-WebSocket-Extensions': `permessage-deflate${';x=1'.repeat(1000)}` },
  { 'Sec-WebSocket-Extensions': 'a;"' },
  { Upgrade: 'WebSocket, h2c' },
  { Upgrade: 'TLS/1.3' },
  { Connection: 'keep-alive' },
  { Host: undefined },
  { 'Content-Length': '10' },
  { 'Transfer-Encoding': 'chunked' },
  { Expect: '100-continue' },
];

function requestText(chance: Chance, last: boolean): string {
  if (chance.happens(0.12))
    return handshake(
      chance.happens(0.8) ? '/ws' : chance.pick(PATHS),
      chance.pick(HANDSHAKES),
      chance.happens(0.9) ? 'GET' : chance.pick(METHODS),
    );
  // Most is as it should be, or nothing would ever be looked at but the first mistake.
  const method = chance.happens(0.85) ? 'GET' : chance.pick(METHODS);
  const version = chance.happens(0.93) ? 'HTTP/1.1' : chance.pick(VERSIONS);
  const host = chance.happens(0.92) ? 'Host: relay.test' : chance.pick(HOSTS);
  const fields = Array.from({ length: chance.happens(0.4) ? 1 + chance.below(2) : 0 }, () => chance.pick(FIELDS));
  const lines = [
    `${method} ${chance.pick(chance.happens(0.6) ? PATHS.slice(0, 10) : PATHS)} ${version}`,
    host,
    ...fields,
    last ? 'Connection: close' : '',
  ].filter(Boolean);
  return `${lines.join('\r\n')}\r\n\r\n${chance.happens(0.08) ? chance.pick(BODIES) : ''}`;
}

/** What the `index`-th connection asks. */
export function askingOf(seed: number, index: number): Asking {
  const chance = chanceOf(seed ^ 0x48545450, index);
  const requests = 1 + chance.below(6);
  const texts = Array.from({ length: requests }, (_, at) => requestText(chance, at === requests - 1));
  const whole = Buffer.from(texts.join(''), 'latin1');
  const changed = chance.happens(0.12) ? changedBytes(whole, 1 + chance.below(4), chance) : whole;
  const bytes = chance.happens(0.08) ? changed.subarray(0, chance.below(changed.length + 1)) : changed;
  const ending = chance.weighted<Asking['ending']>([
    [7, 'answered'],
    [2, 'half'],
    [1, 'reset'],
  ]);
  return { bytes, cut: chance.happens(0.3) ? chance.below(bytes.length + 1) : bytes.length, requests, ending };
}
