import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { addressesOfThisMachine } from './certificate.js';
import type { KeyPair } from './certificate.js';
import { MAX_HEADERS } from './upgrade.js';

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

/** Milliseconds for the handshake of TLS. */
export const HANDSHAKE_TIMEOUT = 10_000;

/** The limits of a server, to be tried with others. */
export type ServerLimits = Readonly<Record<keyof typeof SERVER_LIMITS, number>>;

/** Makes a server that bears strangers: HTTPS with a certificate, HTTP without. */
export function createServer(pair: KeyPair | undefined, limits: ServerLimits = SERVER_LIMITS): Server | HttpsServer {
  const server = pair
    ? createHttpsServer({ ...limits, handshakeTimeout: HANDSHAKE_TIMEOUT, key: pair.key, cert: pair.cert })
    : createHttpServer(limits);
  server.maxHeadersCount = MAX_HEADERS;
  return server;
}

/** Listens, and answers where; rejects with the error of Node where that fails. */
export async function bind(server: Server, port: number, host: string): Promise<AddressInfo> {
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
  server.closeAllConnections();
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
