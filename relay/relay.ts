import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as TlsServer } from 'node:tls';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Server as WebSockets } from 'ws';

import { ResumeSecrets } from './auth.js';
import { ownCertificate, thisMachine } from './certificate.js';
import type { KeyPair } from './certificate.js';
import { Backlog } from './backlog.js';
import { createCallReports } from './call-reports.js';
import type { CallReports } from './call-reports.js';
import { joinCluster } from './cluster/index.js';
import type { Cluster } from './cluster/index.js';
import { Corks } from './corks.js';
import { Deadlines } from './deadlines.js';
import { inBatches } from './drain.js';
import { createHttp, isAboutHealth, isWidgetPath, refuseRequest } from './http.js';
import { createIce } from './ice.js';
import { Capacity, InviteLedger, NetworkRate, WATCH_RATE, networkOf } from './limits.js';
import { createLog } from './log.js';
import { isLoopback } from './loopback.js';
import type { Log } from './log.js';
import { Metrics, createMetricsServer } from './metrics.js';
import { mountOn } from './mount.js';
import type { HttpServer, Mounted } from './mount.js';
import { Pace } from './pace.js';
import { CLOSE, MAX_MESSAGE_BYTES, SUBPROTOCOL } from './protocol/index.js';
import type { StampedCallMessage } from './protocol/index.js';
import { PLAIN_CONNECTIONS_PER_IP, SERVER_LIMITS, bind, boundSockets, createServer, reachAt, stop } from './server.js';
import { Session } from './session.js';
import type { Services } from './services.js';
import { OptionsError, settle, tooTrusting } from './settings.js';
import type { RelayOptions, Settings } from './settings.js';
import { MemorySwitchboard } from './switchboard.js';
import type { Switchboard } from './switchboard.js';
import { Tally } from './tally.js';
import type { Counts } from './tally.js';
import { followPair, readPair } from './tls.js';
import { createFindIp, createIsTrusted, refuseUpgrade, writeRefusal } from './upgrade.js';
import type { FindIp, Guards } from './upgrade.js';
import { CorkedWire, PageSocket, codeOfFailure } from './wire.js';
import type { Shared } from './wire.js';

/** Where a relay listens. */
export interface RelayAddress {
  readonly host: string;
  readonly port: number;
  /** What to open in a browser on this machine, with the base path and without a slash at the end. */
  readonly url: string;
  /** Every URL at which this machine's addresses lead to it, those that other machines can use first. */
  readonly urls: readonly string[];
  /** Where its metrics are, if they are served. */
  readonly metricsUrl: string | undefined;
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
   *
   * @throws OptionsError where everybody would be taken at their word and nobody has said `open: true`
   */
  attach(server: HttpServer): void;
  /** Its metrics in the text format of Prometheus; `--metrics` serves the same. */
  metrics(): Promise<string>;
  /**
   * Tells every page 1012, spread over `drain` seconds where they are many, takes no new ones, and resolves when all
   * are gone. May be called twice.
   */
  close(): Promise<void>;
}

/** Milliseconds that a page has to answer the end of its connection. */
const CLOSE_WITHIN = 2000;
/** Milliseconds that a connection may wait to become a WebSocket; its page gives up a second later. */
const UPGRADE_WITHIN = 4000;
/** Most origins whose refusal is written down. */
const MAX_ORIGINS_MINDED = 100;

/** Milliseconds without the other relays after which a relay says that it is not ready. */
const CUT_OFF_AFTER = 3000;

/** Limits of each WebSocket. Compression costs five times the work and thirty times the memory of all else here. */
const SOCKET_LIMITS = {
  maxPayload: MAX_MESSAGE_BYTES,
  maxFragments: 16,
  maxBufferedChunks: 64,
  perMessageDeflate: false,
  closeTimeout: CLOSE_WITHIN,
  // Sessions answer pings, which are counted there; by itself `ws` would cut off whoever sends 61 of them at once.
  autoPong: false,
} as const;

/**
 * Makes a relay. Nothing happens before `listen` or `attach`; any number of relays can live in one process.
 *
 * @throws OptionsError where options cannot be, with a sentence that says what to do
 */
export function createRelay(options: RelayOptions = {}): Relay {
  const log = options.log ?? createLog(options.logLevel ?? 'warn');
  return new RelayServer(settle({ ...options, log }), log);
}

/** Listens for the errors of a socket. No closure, for that would keep the request for as long as the page stays. */
function destroyed(this: Duplex): void {
  this.destroy();
}

class RelayServer implements Relay, Mounted {
  readonly #settings: Settings;
  readonly #log: Log;
  readonly #deadlines: Deadlines;
  readonly #switchboard: Switchboard;
  readonly #cluster: Cluster | undefined;
  readonly #services: Services;
  readonly #guards: Guards;
  readonly #capacity: Capacity;
  readonly #findIp: FindIp;
  readonly #backlog: Backlog;
  readonly #pace = new Pace();
  readonly #corks = new Corks(() => {
    // What was given to TLS in this turn counts as written in the next one only.
    if (this.#backlog.isExceeded) setImmediate(() => this.#backlog.trim());
  });
  readonly #shared: Shared;
  readonly #webSockets: WebSockets<typeof PageSocket>;
  readonly #sessions = new Map<Session, Socket>();
  readonly #tally = new Tally();
  readonly #unmounts = new Set<() => void>();
  readonly #answer: Mounted['request'];
  readonly #requestRate: NetworkRate;
  #server: Server | undefined;
  #metricsServer: Server | undefined;
  #metrics: Metrics | undefined;
  readonly #reports: CallReports;
  /** Ends looking for a new certificate. */
  #unfollow: (() => void) | undefined;
  #listening: Promise<RelayAddress> | undefined;
  #closing: Promise<void> | undefined;
  #proxyMinded = false;
  readonly #originsMinded = new Set<string>();
  #trustMinded = false;
  /** Runs when the last page has gone, while closing. */
  #emptied: (() => void) | undefined;
  address: RelayAddress | undefined;

  constructor(settings: Settings, log: Log) {
    const { base, clock, rate, origins, demo, demoDir } = settings;
    const draining = () => this.#closing !== undefined;
    this.#settings = settings;
    this.#log = log;
    this.#deadlines = new Deadlines(clock);
    this.#backlog = new Backlog(settings.maxUnread * 1024 * 1024);
    this.#shared = { corks: this.#corks, backlog: this.#backlog };
    this.#capacity = new Capacity({ total: settings.maxConnections, perIp: settings.maxConnectionsPerIp });
    this.#findIp = createFindIp(settings.trustProxy);
    this.#requestRate = new NetworkRate({ burst: settings.requestRate * 20, perSecond: settings.requestRate });
    this.#guards = {
      path: `${base}/ws`,
      origins,
      capacity: this.#capacity,
      connectRate: new NetworkRate({ burst: settings.connectRate * 10, perSecond: settings.connectRate }),
      now: () => clock.now(),
      draining,
    };
    this.#reports = createCallReports(settings, this.#deadlines, log);
    const secrets = new ResumeSecrets(settings.resumeKey);
    this.#cluster = this.#joinOthers(secrets);
    this.#switchboard = this.#cluster?.switchboard ?? new MemorySwitchboard(this.#deadlines);
    this.#services = {
      switchboard: this.#switchboard,
      authorize: settings.authorize,
      secrets,
      iceFor: createIce(settings, clock),
      invites: new InviteLedger(),
      watchRate: new NetworkRate(WATCH_RATE),
      rate: { burst: rate * 4, perSecond: rate },
      maxPages: settings.maxConnectionsPerPerson,
      tally: this.#tally,
      records: this.#reports.records,
      roster: settings.roster,
      connections: () => this.#capacity.total,
      deadlines: this.#deadlines,
      clock,
      log,
    };
    this.#webSockets = new WebSocketServer({
      noServer: true,
      WebSocket: PageSocket,
      clientTracking: false,
      handleProtocols: () => SUBPROTOCOL,
      ...SOCKET_LIMITS,
    });
    const cutOff = () => (this.#cluster?.cutOffFor ?? 0) > CUT_OFF_AFTER;
    this.#answer = createHttp({ ...settings, demoDir: demo ? demoDir : undefined, draining, cutOff, log });
  }

  get connections(): number {
    return this.#capacity.total;
  }

  /** Joins the other relays, where there are any. They agree on the key of resume secrets, unless an option gives it. */
  #joinOthers(secrets: ResumeSecrets): Cluster | undefined {
    const { redis: place, resumeKey, clock } = this.#settings;
    if (!place) return undefined;
    const { records } = this.#reports;
    const delivered = (message: StampedCallMessage) => {
      if (message.type !== 'invite') records?.saw(message.from, message, true);
    };
    const log = this.#log;
    return joinCluster({
      place,
      deadlines: this.#deadlines,
      clock,
      log,
      delivered,
      secrets: resumeKey === undefined ? secrets : undefined,
    });
  }

  listen(): Promise<RelayAddress> {
    if (this.#closing) return Promise.reject(new Error('This relay was closed; make a new one.'));
    return (this.#listening ??= this.#listen());
  }

  attach(server: HttpServer): void {
    if (this.#closing) throw new Error('This relay was closed; make a new one.');
    const { trusting, open } = this.#settings;
    // Where such a server listens is not known here, and is seldom this machine alone.
    if (trusting && !open) throw new OptionsError(tooTrusting('Attached to a server', 'use listen()'));
    this.#mindTrust();
    this.#unmounts.add(mountOn(server, this));
  }

  metrics(): Promise<string> {
    return this.#openMetrics().text();
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  owns(path: string): boolean {
    const { base, demo } = this.#settings;
    if (base !== '') return path === base || path.startsWith(`${base}/`);
    return path === '/ws' || isWidgetPath(path) || demo;
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    const { base, clock } = this.#settings;
    const allowed = isAboutHealth(request.url ?? '', base) || this.#requestRate.allows(networkOf(this.#findIp(request)), clock.now());
    if (allowed) return this.#answer(request, response);
    this.#tally.requestsRefused++;
    refuseRequest(response);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Nobody else listens for it while the connection waits for its turn.
    socket.on('error', destroyed);
    const { clock } = this.#settings;
    const since = clock.now();
    this.#pace.do(() => {
      // Its page gives up after five seconds: what is done for it now would be lost, and hold up those behind it.
      if (clock.now() - since > UPGRADE_WITHIN) socket.destroy();
      else this.#upgrade(request, socket, head);
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (socket.destroyed) return;
    const ip = this.#findIp(request);
    this.#mindProxies(request);
    const refusal = refuseUpgrade(request, ip, this.#guards);
    if (refusal) {
      this.#tally.refused[refusal.reason ?? 'request']!++;
      this.#log.debug({ status: refusal.status, ip }, 'connection refused');
      if (refusal.reason === 'origin') this.#mindOrigin(request.headers.origin);
      return writeRefusal(socket, refusal);
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#connect(webSocket, socket as Socket, networkOf(ip)));
  }

  /** Says once for each origin, of which it remembers so many, that its pages are kept out: a name that was forgotten in the list looks just so. */
  #mindOrigin(origin = ''): void {
    const known = URL.canParse(origin) ? new URL(origin).origin : 'none';
    if (this.#originsMinded.size >= MAX_ORIGINS_MINDED || this.#originsMinded.has(known)) return;
    this.#originsMinded.add(known);
    this.#log.info({ origin: known.slice(0, 200) }, 'pages of this origin are not let in: --origins does not name it');
  }

  /** Behind a proxy that is not trusted all pages share the limits of one address, which is noticed late. */
  #mindProxies({ headers }: IncomingMessage): void {
    if (this.#proxyMinded || headers['x-forwarded-for'] === undefined || this.#settings.trustProxy.length > 0) return;
    this.#proxyMinded = true;
    this.#log.warn({}, 'X-Forwarded-For is not believed: behind a proxy of your own, name it with --trust-proxy');
  }

  /** Says once that anybody may be anybody here: a secret that was forgotten looks like one that was not wanted. */
  #mindTrust(): void {
    if (this.#trustMinded || !this.#settings.trusting) return;
    this.#trustMinded = true;
    this.#log.warn({}, 'everybody is taken at their word: without tokens (--auth-secret) whoever connects may take any ID');
  }

  async #listen(): Promise<RelayAddress> {
    const { port, host, base, metrics, trusting } = this.#settings;
    await this.#othersJoined();
    const server = createServer(await this.#certificate(), { ...SERVER_LIMITS, maxWebSockets: this.#settings.maxConnections });
    this.#server = server;
    this.#boundSockets(server);
    this.#unmounts.add(mountOn(server, this));
    const bound = await bind(server, port, host);
    // A connection that could not be taken is no reason to end all others.
    server.on('error', (error) => this.#log.error({ err: error }, 'the server failed'));
    const { cert, key, clock } = this.#settings;
    if (server instanceof TlsServer && cert !== undefined && key !== undefined) {
      this.#unfollow = followPair({ cert, key }, server, clock, this.#log);
    }
    let metricsUrl: string | undefined;
    try {
      if (metrics) metricsUrl = await this.#serveMetrics();
    } catch (error) {
      await stop(server);
      throw error;
    }
    const scheme = server instanceof TlsServer ? 'https' : 'http';
    this.address = { host: bound.address, port: bound.port, ...reachAt(bound, scheme, base), metricsUrl };
    this.#log.info({ host: bound.address, port: bound.port, scheme }, 'relay listens');
    this.#mindTrust();
    if (!trusting && scheme === 'http' && !isLoopback(host)) {
      this.#log.warn(
        { host },
        'tokens cross the network unencrypted: listen on 127.0.0.1 behind a proxy with HTTPS, or give --cert and --key',
      );
    }
    return this.address;
  }

  #boundSockets(server: Server): void {
    const { maxConnectionsPerIp, trustProxy } = this.#settings;
    boundSockets(server, {
      perIp: maxConnectionsPerIp + PLAIN_CONNECTIONS_PER_IP,
      isTrusted: createIsTrusted(trustProxy),
      refused: () => this.#tally.refused['sockets']!++,
    });
  }

  /** Waits a moment for the other relays, so that the first pages find everybody; without them it goes on alone. */
  async #othersJoined(): Promise<void> {
    if (!this.#cluster) return;
    let stop: () => void = () => undefined;
    const waited = new Promise<void>((resolve) => (stop = this.#settings.clock.every(CUT_OFF_AFTER, resolve)));
    await Promise.race([this.#cluster.joined, waited]);
    stop();
  }

  /** The certificate that was named, or the relay's own, or none. */
  #certificate(): Promise<KeyPair> | undefined {
    const { https, httpsDir, cert, key, host, clock } = this.#settings;
    if (cert !== undefined && key !== undefined) return readPair({ cert, key });
    return https ? ownCertificate(httpsDir, thisMachine(host), clock.date()) : undefined;
  }

  async #serveMetrics(): Promise<string> {
    const { metricsPort, metricsHost } = this.#settings;
    this.#metricsServer = createMetricsServer(this.#openMetrics());
    const bound = await bind(this.#metricsServer, metricsPort, metricsHost);
    this.#metricsServer.on('error', (error) => this.#log.error({ err: error }, 'the server of the metrics failed'));
    this.#log.info({ host: bound.address, port: bound.port }, 'metrics are served');
    return `${reachAt(bound, 'http', '').urls[0]}/metrics`;
  }

  #openMetrics(): Metrics {
    return (this.#metrics ??= new Metrics({
      tally: this.#tally,
      connections: () => {
        const counts: Counts = { new: 0, greeting: 0, open: 0 };
        for (const { phase } of this.#sessions.keys()) if (phase in counts) counts[phase]!++;
        return counts;
      },
      bytes: () => {
        const bytes = { read: 0, written: 0 };
        for (const { bytesRead, bytesWritten } of this.#sessions.values()) {
          bytes.read += bytesRead;
          bytes.written += bytesWritten;
        }
        return bytes;
      },
      cluster: () => this.#cluster?.vitals,
      records: () => {
        const { webhook, records } = this.#reports;
        const { waiting, delivered, dropped } = webhook;
        return { waiting, delivered, dropped, unfollowed: records?.unfollowed ?? 0 };
      },
    }));
  }

  #connect(webSocket: PageSocket, socket: Socket, network: string): void {
    const place = this.#capacity.enter(network);
    const wire = new CorkedWire(webSocket, socket, this.#shared, () => session.overrun());
    const session: Session = new Session(wire, this.#services, place);
    this.#sessions.set(session, socket);
    webSocket.on('message', (data, binary) => session.frame(data as Buffer, binary));
    webSocket.on('ping', (data) => session.control(data));
    webSocket.on('pong', () => session.control());
    // The other side is told the right code already, but `close`, which follows, does not know it.
    webSocket.on('error', (error) => {
      this.#log.debug({ err: error }, 'a connection failed');
      session.failed(codeOfFailure(error));
    });
    webSocket.on('close', (code) => {
      session.gone(code);
      wire.gone();
      this.#sessions.delete(session);
      place.leave();
      this.#tally.bytesRead += socket.bytesRead;
      this.#tally.bytesWritten += socket.bytesWritten;
      if (this.#sessions.size === 0) this.#emptied?.();
    });
  }

  async #close(): Promise<void> {
    const { drain, clock } = this.#settings;
    this.#log.info({ connections: this.connections }, 'relay closes');
    await this.#listening?.catch(() => undefined);
    const emptied = new Promise<void>((resolve) => (this.#emptied = resolve));
    await inBatches([...this.#sessions.keys()], drain * 1000, clock, (session) =>
      session.close(CLOSE.restarting, 'The relay is restarting.'),
    );
    if (this.#sessions.size > 0) await emptied;
    // The port stays open until now, so that whoever comes meanwhile is told 503 and not left to guess.
    await Promise.all([stop(this.#server), stop(this.#metricsServer)]);
    for (const unmount of this.#unmounts) unmount();
    this.#unfollow?.();
    await this.#reports.close();
    await this.#switchboard.close();
    this.#deadlines.close();
    this.address = undefined;
    this.#log.info({}, 'relay closed');
  }
}
