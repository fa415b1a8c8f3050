import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import { addressesOfThisMachine } from './certificate.js';
import type { KeyPair } from './certificate.js';
import { Capacity, networkOf } from './limits.js';
import type { Place } from './limits.js';
import { MAX_HEADERS, plainIp } from './upgrade.js';

/** Limits of a server of the relay's own, against those who speak slowly or too much; times in milliseconds. */
export const SERVER_LIMITS = {
  /** Bytes of the request line and the header; more is answered with 431. */
  maxHeaderSize: 8 * 1024,
  /** A header that is not there by then is answered with 408. */
  headersTimeout: 10_000,
  /** The same for a whole request. */
  requestTimeout: 15_000,
  /** How often those two are looked at. */
  connectionsCheckingInterval: 2000,
} as const;

/** Milliseconds after which a connection on which nothing moves is closed, where an answer waits to be read. */
const IDLE_TIMEOUT = 60_000;

/** Milliseconds for the handshake of TLS. */
export const HANDSHAKE_TIMEOUT = 10_000;

/** Connections beyond those that may become WebSockets, for files, health and whoever is told that the relay is full. */
const PLAIN_CONNECTIONS = 1000;

/** The same for each IPv4 address or IPv6 network: a browser has six, and keeps them for some seconds. */
export const PLAIN_CONNECTIONS_PER_IP = 300;

/** The limits of a server, to be tried with others. */
export type ServerLimits = Readonly<Record<keyof typeof SERVER_LIMITS, number>>;

/** Makes a server that bears strangers: HTTPS with a certificate, HTTP without. */
export function createServer(
  pair: KeyPair | undefined,
  { maxWebSockets = 10_000, ...limits }: ServerLimits & { readonly maxWebSockets?: number } = SERVER_LIMITS,
): Server | HttpsServer {
  const server = pair
    ? createHttpsServer({ ...limits, handshakeTimeout: HANDSHAKE_TIMEOUT, key: pair.key, cert: pair.cert })
    : createHttpServer(limits);
  server.maxHeadersCount = MAX_HEADERS;
  // An answer that nobody reads does not wait for ever. A WebSocket lifts this from its socket.
  server.timeout = IDLE_TIMEOUT;
  server.maxConnections = maxWebSockets + PLAIN_CONNECTIONS;
  return server;
}

/** How many connections of whatever kind one address or network may have. */
export interface SocketBound {
  readonly perIp: number;
  /** Addresses that are not counted, because many others come through them. */
  readonly isTrusted: (ip: string) => boolean;
  /** Told of each connection that is one too many, and closed unheard. */
  readonly refused: () => void;
}

/** Counts the connections of a server by where they come from, those on which nothing was said included. */
export function boundSockets(server: Server, { perIp, isTrusted, refused }: SocketBound): void {
  const capacity = new Capacity({ total: Infinity, perIp });
  const places = new Map<Socket, Place>();
  function leave(this: Socket): void {
    places.get(this)?.leave();
    places.delete(this);
  }
  server.on('connection', (socket: Socket) => {
    const ip = plainIp(socket.remoteAddress ?? '');
    if (isTrusted(ip)) return;
    const network = networkOf(ip);
    if (capacity.exceeded(network) !== undefined) {
      refused();
      return void socket.destroy();
    }
    places.set(socket, capacity.enter(network));
    // One listener for all of them: one made for each, with what `once` puts around it, takes half a kilobyte.
    socket.on('close', leave);
  });
}

/** The sockets of each server, those on which nothing was said yet included. */
const socketsOf = new WeakMap<Server, Set<Socket>>();

function track(server: Server): void {
  const sockets = new Set<Socket>();
  socketsOf.set(server, sockets);
  function forget(this: Socket): void {
    sockets.delete(this);
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', forget);
  });
}

/** Listens, and answers where; rejects with the error of Node where that fails. */
export async function bind(server: Server, port: number, host: string): Promise<AddressInfo> {
  track(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server.address() as AddressInfo;
}

/** Ends a server with everything that is still connected to it. May be called for one that does not listen. */
export async function stop(server: Server | undefined): Promise<void> {
  if (!server?.listening) return;
  const stopped = new Promise((resolve) => server.close(resolve));
  // `closeAllConnections` knows those only that have come as far as HTTP, and not who is silent where TLS begins.
  for (const socket of socketsOf.get(server) ?? []) socket.destroy();
  await stopped;
}

/** The URL of a server for a browser on this machine, and those for all others, best first. */
export function reachAt({ address, port }: AddressInfo, scheme: 'http' | 'https', base: string): { url: string; urls: string[] } {
  const urlOf = (name: string) => `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}${base}`;
  // A browser may use the camera on localhost, whatever the scheme.
  const here = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(address) ? 'localhost' : address;
  const all = address === '::' || address === '0.0.0.0' ? addressesOfThisMachine() : [address];
  return { url: urlOf(here), urls: all.filter((ip) => address !== '0.0.0.0' || !ip.includes(':')).map(urlOf) };
}
