import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Server as HttpsServer } from 'node:https';

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
