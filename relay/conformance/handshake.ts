/** Handshakes that no WebSocket client would send, and what a relay answers to them. */
import { connect as connectPlainly } from 'node:net';
import { connect as connectByTls } from 'node:tls';

import { SUBPROTOCOL } from '../protocol/index.js';
import { Failure } from './rule.js';
import { SOON } from './visitor.js';

/** An answer of HTTP, as far as it matters. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What differs from a good handshake: fields that are undefined are left out, a list is sent as so many fields. */
export interface Oddity {
  readonly method?: string;
  readonly path?: string;
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Where to, and how. */
export interface Target {
  readonly url: URL;
  /** What each handshake has besides: the origin of a page, for example. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether a certificate is taken that nobody vouches for. */
  readonly insecure: boolean;
}

/**
 * Sends a handshake as bytes, and answers with what comes back; the connection is cut then.
 *
 * @throws Failure where no HTTP comes back in time
 */
export async function shakeHands({ url, headers, insecure }: Target, { method = 'GET', path, fields }: Oddity): Promise<Answer> {
  const all = {
    Host: url.host,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol': SUBPROTOCOL,
    ...headers,
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => [value ?? []].flat().map((each) => `${name}: ${each}\r\n`));
  return exchange(url, insecure, `${method} ${path ?? url.pathname + url.search} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

function exchange(url: URL, insecure: boolean, request: string): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isTls = url.protocol === 'wss:';
  const port = Number(url.port || (isTls ? 443 : 80));
  return new Promise((resolve, reject) => {
    const socket = isTls
      ? connectByTls({ host, port, servername: host, rejectUnauthorized: !insecure, ALPNProtocols: ['http/1.1'] })
      : connectPlainly({ host, port });
    const fail = (came: string): void => (socket.destroy(), reject(new Failure(came)));
    let text = '';
    socket.setTimeout(SOON, () => fail(`no answer within ${SOON / 1000} s`));
    socket.on('error', ({ message }) => fail(`no answer: ${message}`));
    socket.on('close', () => reject(new Failure('the end of the connection without an answer')));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      const head = text.split('\r\n\r\n', 2);
      if (head.length < 2) return;
      resolve(answerOf(head[0]!));
      socket.destroy();
    });
    socket.write(request);
  });
}

function answerOf(head: string): Answer {
  const [first = '', ...lines] = head.split('\r\n');
  const pairs = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(' ')[1]), headers: new Map(pairs) };
}
