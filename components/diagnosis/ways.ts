/** The ways to other people that ICE servers open, each to be tried by itself. Pure. */
import type { IceServer } from '../../relay/protocol/index.js';
import type { Check } from './findings.js';

/** A way by its check. */
export type Way = Extract<Check, 'stun' | 'turn-udp' | 'turn-tcp' | 'turn-tls'>;

/** Every way there may be, in the order of the checks. */
export const WAYS: readonly Way[] = ['stun', 'turn-udp', 'turn-tcp', 'turn-tls'];

/** How many servers of a way are tried. */
const MOST = 2;

/** The way that the URL of a server opens (RFC 7064, RFC 7065); undefined for one that is none. */
export function wayOf(url: string): Way | undefined {
  const [, scheme, transport = scheme?.endsWith('s') ? 'tcp' : 'udp'] = /^(stuns?|turns?):[^?]+(?:\?transport=(\w+))?$/i.exec(url) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'stun':
    case 'stuns':
      return 'stun';
    case 'turn':
      return transport.toLowerCase() === 'tcp' ? 'turn-tcp' : 'turn-udp';
    case 'turns':
      return transport.toLowerCase() === 'udp' ? 'turn-udp' : 'turn-tls';
    default:
      return undefined;
  }
}

/** Servers of one URL each, by the way that they open; at most two for each way. */
export function waysOf(servers: readonly IceServer[]): ReadonlyMap<Way, readonly IceServer[]> {
  const ways = new Map<Way, IceServer[]>();
  for (const server of servers) {
    for (const url of [server.urls].flat()) {
      const way = wayOf(url);
      const before = (way && ways.get(way)) ?? [];
      if (way && before.length < MOST) ways.set(way, [...before, { ...server, urls: [url] }]);
    }
  }
  return ways;
}
