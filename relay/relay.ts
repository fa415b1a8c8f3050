import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

import { ResumeSecrets } from './auth.js';
import { Deadlines } from './deadlines.js';
import { createHttp, isWidgetPath } from './http.js';
import { createIce } from './ice.js';
import { Capacity, InviteLedger } from './limits.js';
import { createLog } from './log.js';
import type { Log } from './log.js';
import { mountOn } from './mount.js';
import type { HttpServer, Mounted } from './mount.js';
import { CLOSE, MAX_MESSAGE_BYTES, SUBPROTOCOL } from './protocol/index.js';
import { Session } from './session.js';
import type { Services } from './session.js';
import { settle } from './settings.js';
import type { RelayOptions, Settings } from './settings.js';
import { MemorySwitchboard } from './switchboard.js';
import { MAX_HEADERS, createFindIp, refuseUpgrade, writeRefusal } from './upgrade.js';
import type { FindIp, Guards } from './upgrade.js';
import { CorkedWire, Corks } from './wire.js';

/** Where a relay listens. */
export interface RelayAddress {
  readonly host: string;
  readonly port: number;
  /** What to open in a browser on this machine, with the base path and without a slash at the end. */
  readonly url: string;
}

/** A relay: pages connect to it, and it brings their messages to each other. */
export interface Relay {
  /** Where it listens; undefined before `listen`, after `close`, and for a relay that is only attached. */
  readonly address: RelayAddress | undefined;
  /** Pages that are connected, whether they have said who they are or not. */
  readonly connections: number;
  /** Makes a server of its own and listens. Rejects with the error of Node where that fails. */
  listen(): Promise<RelayAddress>;
  /**
   * Takes part in a server that exists: the relay's WebSocket and files go to the relay, all else where it went
   * before. Health pages are answered only below a `base` of the relay's own. Call it after the server has its listener.
   */
  attach(server: HttpServer): void;
  /** Tells every page 1012, takes no new ones, and resolves when all are gone. May be called twice. */
  close(): Promise<void>;
}

/** Milliseconds that a page has to answer the end of its connection. */
const CLOSE_WITHIN = 2000;

/** Limits of a server of the relay's own, against those who speak slowly or too much. */
const SERVER_LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2000,
} as const;

/** Limits of each WebSocket. Compression costs five times the work and thirty times the memory of all else here. */
const SOCKET_LIMITS = {
  maxPayload: MAX_MESSAGE_BYTES,
  maxFragments: 16,
  maxBufferedChunks: 64,
  perMessageDeflate: false,
  closeTimeout: CLOSE_WITHIN,
} as const;

/**
 * Makes a relay. Nothing happens before `listen` or `attach`; any number of relays can live in one process.
 *
 * @throws OptionsError where options cannot be, with a sentence that says what to do
 */
export function createRelay(options: RelayOptions = {}): Relay {
  const settings = settle(options);
  return new RelayServer(settings, settings.log ?? createLog(settings.logLevel));
}

class RelayServer implements Relay, Mounted {
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #deadlines: Deadlines;
  readonly #switchboard: MemorySwitchboard;
  readonly #services: Services;
  readonly #guards: Guards;
  readonly #capacity: Capacity;
  readonly #findIp: FindIp;
  readonly #corks = new Corks();
  readonly #webSockets: WebSocketServer;
  readonly #sessions = new Set<Session>();
  readonly #unmounts = new Set<() => void>();
  readonly request: Mounted['request'];
  #server: ReturnType<typeof createServer> | undefined;
  #listening: Promise<RelayAddress> | undefined;
  #closing: Promise<void> | undefined;
  /** Runs when the last page has gone, while closing. */
  #emptied: (() => void) | undefined;
  address: RelayAddress | undefined;

  constructor(settings: Settings, log: Log) {
    const { base, clock, rate, origins, demo, demoDir } = settings;
    const draining = () => this.#closing !== undefined;
    this.#settings = settings;
    this.#log = log;
    this.#deadlines = new Deadlines(clock);
    this.#switchboard = new MemorySwitchboard(this.#deadlines);
    this.#capacity = new Capacity({ total: settings.maxConnections, perIp: settings.maxConnectionsPerIp });
    this.#findIp = createFindIp(settings.trustProxy);
    this.#guards = { path: `${base}/ws`, origins, capacity: this.#capacity, draining };
    this.#services = {
      switchboard: this.#switchboard,
      authorize: settings.authorize,
      secrets: new ResumeSecrets(settings.resumeKey),
      iceFor: createIce(settings, clock),
      invites: new InviteLedger(),
      rate: { burst: rate * 4, perSecond: rate },
      roster: settings.roster,
      deadlines: this.#deadlines,
      clock,
      log,
    };
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols: () => SUBPROTOCOL,
      ...SOCKET_LIMITS,
    });
    this.request = createHttp({ ...settings, demoDir: demo ? demoDir : undefined, draining, log });
  }

  get connections(): number {
    return this.#capacity.total;
  }

  listen(): Promise<RelayAddress> {
    if (this.#closing) return Promise.reject(new Error('This relay was closed; make a new one.'));
    return (this.#listening ??= this.#listen());
  }

  attach(server: HttpServer): void {
    if (this.#closing) throw new Error('This relay was closed; make a new one.');
    this.#unmounts.add(mountOn(server, this));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  owns(path: string): boolean {
    const { base, demo } = this.#settings;
    if (base !== '') return path === base || path.startsWith(`${base}/`);
    return path === '/ws' || isWidgetPath(path) || demo;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const ip = this.#findIp(request);
    const refusal = refuseUpgrade(request, ip, this.#guards);
    if (refusal) {
      this.#log.debug({ status: refusal.status, ip }, 'connection refused');
      return writeRefusal(socket, refusal);
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#connect(webSocket, socket, ip));
  }

  async #listen(): Promise<RelayAddress> {
    const { port, host, base } = this.#settings;
    const server = createServer(SERVER_LIMITS);
    server.maxHeadersCount = MAX_HEADERS;
    this.#server = server;
    this.attach(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const bound = server.address() as AddressInfo;
    // A connection that could not be taken is no reason to end all others.
    server.on('error', (error) => this.#log.error({ err: error }, 'the server failed'));
    this.address = { host: bound.address, port: bound.port, url: `http://${nameOf(bound)}:${bound.port}${base}` };
    this.#log.info({ host: bound.address, port: bound.port }, 'relay listens');
    return this.address;
  }

  #connect(webSocket: WebSocket, socket: Duplex, ip: string): void {
    const session = new Session(new CorkedWire(webSocket, socket, this.#corks), this.#services);
    const onControl = () => session.control();
    this.#sessions.add(session);
    this.#capacity.enter(ip);
    webSocket.on('message', (data, binary) => session.frame(data as Buffer, binary));
    webSocket.on('ping', onControl);
    webSocket.on('pong', onControl);
    // The connection ends with the right code by itself; `close` follows.
    webSocket.on('error', (error) => this.#log.debug({ err: error }, 'a connection failed'));
    webSocket.on('close', (code) => {
      session.gone(code);
      this.#sessions.delete(session);
      this.#capacity.leave(ip);
      if (this.#sessions.size === 0) this.#emptied?.();
    });
  }

  async #close(): Promise<void> {
    this.#log.info({ connections: this.connections }, 'relay closes');
    await this.#listening?.catch(() => undefined);
    const server = this.#server;
    const stopped = server?.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
    const emptied = new Promise<void>((resolve) => (this.#emptied = resolve));
    for (const session of this.#sessions) session.close(CLOSE.restarting, 'The relay is restarting.');
    if (this.#sessions.size > 0) await emptied;
    server?.closeAllConnections();
    await stopped;
    for (const unmount of this.#unmounts) unmount();
    this.#switchboard.close();
    this.#deadlines.close();
    this.address = undefined;
    this.#log.info({}, 'relay closed');
  }
}

/** A name for the address that a browser on this machine takes; `localhost` where it can, for it may use the camera there. */
function nameOf({ address, family }: AddressInfo): string {
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(address)) return 'localhost';
  return family === 'IPv6' ? `[${address}]` : address;
}
