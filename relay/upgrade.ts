import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Duplex } from 'node:stream';

import { networkOf } from './limits.js';
import type { Capacity, NetworkRate } from './limits.js';
import { SUBPROTOCOL } from './protocol/index.js';
import type { RefusalReason } from './tally.js';

/** Most header fields of a request. */
export const MAX_HEADERS = 64;

/** What is looked at before a connection becomes a WebSocket. */
export interface Guards {
  /** The exact path. */
  readonly path: string;
  /** Origins of pages that may connect. */
  readonly origins: '*' | ReadonlySet<string>;
  readonly capacity: Capacity;
  readonly connectRate: NetworkRate;
  /** Milliseconds, for the rate. */
  readonly now: () => number;
  /** Whether the relay is closing down. */
  readonly draining: () => boolean;
}

/** An answer in plain HTTP instead of a WebSocket. */
export interface HttpRefusal {
  readonly status: number;
  /** A sentence for whoever looks at the answer. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it is counted as; something is wrong with the request itself where this is left out. */
  readonly reason?: RefusalReason;
}

/**
 * Says why a request may not become a WebSocket, or undefined when nothing speaks against it. What is wrong with the
 * handshake itself (its key, its version) is left to `ws`.
 */
export function refuseUpgrade(request: IncomingMessage, ip: string, guards: Guards): HttpRefusal | undefined {
  const { headers, rawHeaders, method, url = '' } = request;
  if (pathOf(url) !== guards.path) return { status: 404, message: 'There is nothing here.' };
  if (method !== 'GET') return { status: 405, message: 'A WebSocket begins with GET.', headers: { Allow: 'GET' } };
  if (rawHeaders.length > 2 * MAX_HEADERS) return { status: 431, message: `More than ${MAX_HEADERS} header fields.` };
  if (countOf('host', rawHeaders) !== 1) return { status: 400, message: 'Exactly one Host header is needed.' };
  if (headers.upgrade?.toLowerCase() !== 'websocket') return needsUpgrade;
  if (!allowsOrigin(guards.origins, headers.origin)) {
    return { status: 403, message: 'Pages of this origin may not connect.', reason: 'origin' };
  }
  if (!offers(headers['sec-websocket-protocol'])) {
    return { status: 400, message: `The subprotocol ${SUBPROTOCOL} must be offered.` };
  }
  return refuseForNow(networkOf(ip), guards);
}

/** What speaks against any connection now, or against one more from this network. */
function refuseForNow(network: string, { draining, capacity, connectRate, now }: Guards): HttpRefusal | undefined {
  if (draining()) return { status: 503, message: 'The relay is restarting.', headers: { 'Retry-After': '2' }, reason: 'draining' };
  if (!connectRate.allows(network, now())) {
    return { status: 429, message: 'Too many new connections from this address.', headers: { 'Retry-After': '5' }, reason: 'connect-rate' };
  }
  switch (capacity.exceeded(network)) {
    case 'total':
      return { status: 503, message: 'The relay is full.', headers: { 'Retry-After': '30' }, reason: 'full' };
    case 'per-ip':
      return { status: 429, message: 'Too many connections from this address.', headers: { 'Retry-After': '30' }, reason: 'per-ip' };
    case undefined:
      return undefined;
  }
}

/** The answer to a request for the WebSocket's path that does not ask for a WebSocket. */
export const needsUpgrade: HttpRefusal = {
  status: 426,
  message: 'Connect here with a WebSocket.',
  headers: { Upgrade: 'websocket' },
};

/** Writes an answer to a socket that was meant to become a WebSocket, and closes it. */
export function writeRefusal(socket: Duplex, { status, message, headers = {} }: HttpRefusal): void {
  const body = `${message}\n`;
  const fields = {
    ...headers,
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`);
}

/** The path of a request, just as it was sent: whatever would need interpretation is some other path. */
export function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** Answers with the IP address that a request comes from, as far as that is known for certain. */
export type FindIp = (request: IncomingMessage) => string;

/**
 * Makes a `FindIp` that believes `X-Forwarded-For` only as far as it was written by proxies that are trusted.
 *
 * @param trusted IP addresses and networks (`10.0.0.0/8`) of proxies, `loopback` for this machine
 */
export function createFindIp(trusted: readonly string[]): FindIp {
  const isTrusted = createIsTrusted(trusted);

  return (request) => {
    let ip = plainIp(request.socket.remoteAddress ?? '');
    if (trusted.length === 0) return ip;
    // Each proxy adds on the right whom it was called by: read from there, and stop at the first stranger.
    const forwarded = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    while (isIP(ip) && isTrusted(ip)) {
      const before = plainIp(forwarded.pop()?.trim() ?? '');
      if (isIP(before) === 0) break;
      ip = before;
    }
    return ip;
  };
}

/** Makes a function that tells whether an IP address is that of a trusted proxy. */
export function createIsTrusted(trusted: readonly string[]): (ip: string) => boolean {
  const proxies = trustedProxies(trusted);
  return (ip) => proxies.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

/** @throws RangeError for anything that is not an IP address or a network */
export function trustedProxies(trusted: readonly string[]): BlockList {
  const proxies = new BlockList();
  for (const entry of trusted.flatMap((entry) => (entry === 'loopback' ? ['127.0.0.0/8', '::1'] : [entry]))) {
    const [ip = '', prefix] = entry.split('/', 2);
    const family = isIP(ip) === 6 ? 'ipv6' : 'ipv4';
    const bits = prefix === undefined ? undefined : Number(prefix);
    if (isIP(ip) === 0 || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && bits! <= (family === 'ipv6' ? 128 : 32))))
      throw new RangeError(`"${entry}" is none.`);
    if (bits === undefined) proxies.addAddress(ip, family);
    else proxies.addSubnet(ip, bits, family);
  }
  return proxies;
}

/** An IP address without the interface of a link-local address; and an IPv4 address is the same one when it comes in over IPv6. */
export function plainIp(text: string): string {
  const ip = text.split('%', 1)[0]!;
  return ip.startsWith('::ffff:') && isIP(ip.slice(7)) === 4 ? ip.slice(7) : ip;
}

/** Browsers always say where a page is from; with a list of origins, whoever does not say is no page of theirs. */
function allowsOrigin(allowed: Guards['origins'], origin: string | undefined): boolean {
  return allowed === '*' || (origin !== undefined && allowed.has(origin));
}

function offers(protocols: string | undefined): boolean {
  return protocols?.split(',').some((protocol) => protocol.trim() === SUBPROTOCOL) ?? false;
}

function countOf(name: string, rawHeaders: readonly string[]): number {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === name) count++;
  return count;
}
