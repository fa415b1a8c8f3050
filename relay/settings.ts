import { trustEverybody } from './auth.js';
import type { Authorize } from './auth.js';
import { settleAuth } from './auth-settings.js';
import type { AuthOptions } from './auth-settings.js';
import { MAX_UNREAD_IN_ALL } from './backlog.js';
import { defaultHttpsDir } from './certificate.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { packageDirs } from './http.js';
import type { Log, LogLevel } from './log.js';
import { readRedisUrl } from './cluster/index.js';
import type { RedisPlace } from './cluster/index.js';
import { isLoopback, isSafeUrl } from './loopback.js';
import { OptionsError } from './options-error.js';
import type { CallRecord } from './records.js';
import { MAX_PAGES_OF_ONE } from './protocol/index.js';
import { trustedProxies } from './upgrade.js';
import { LEAST_WEBHOOK_SECRET, keyOf } from './webhook.js';

export { OptionsError };

/** Where the relay and its metrics listen, where nothing else is said. */
export const [DEFAULT_PORT, DEFAULT_METRICS_PORT] = [8080, 9464];

/** What a relay can be told. Everything has a default that is safe on one's own machine. */
export interface RelayOptions extends AuthOptions {
  /** The port to listen on; 0 for any that is free. Default 8080. */
  readonly port?: number;
  /** The IP address or host name to listen on. Default `127.0.0.1`: this machine only. */
  readonly host?: string;
  /** Allows other machines in (by `host`, `trustProxy` or `attach`) although everybody is taken at their word. Default false. */
  readonly open?: boolean;
  /** Speaks HTTPS with a certificate that is made for this machine and kept for the next start. Default false. */
  readonly https?: boolean;
  /** The folder where that certificate is kept. Default `~/.local/state/video-call-relay`. */
  readonly httpsDir?: string;
  /** Path of a certificate with its chain (PEM): HTTPS, and a new certificate is taken up when the file changes. Needs `key`. */
  readonly cert?: string;
  /** Path of the private key of `cert` (PEM, without a password). */
  readonly key?: string;
  /** Origins (`https://shop.example`) of pages that may connect, or `*`. Default `*`; with tokens it must be said. */
  readonly origins?: '*' | readonly string[];
  /** STUN servers, `host` or `host:port`. Default: a public one. */
  readonly stun?: readonly string[];
  /** TURN servers: `turn:host:port` (handed out over UDP and TCP) or `turns:host:port` (over TLS). Default none. */
  readonly turn?: readonly string[];
  /** The secret shared with the TURN servers. Needed with `turn`. */
  readonly turnSecret?: string;
  /** Seconds for which TURN credentials are good. Default 3600. */
  readonly turnTtl?: number;
  /** Serves the demo pages at `/`. Default false. */
  readonly demo?: boolean;
  /** Tells pages who else is there. Default false. */
  readonly roster?: boolean;
  /** Default `warn`; the command line says `info`. */
  readonly logLevel?: LogLevel;
  /** Most connections. Default 10,000. */
  readonly maxConnections?: number;
  /** Most connections from one IPv4 address or one IPv6 network (/64). Default 100. */
  readonly maxConnectionsPerIp?: number;
  /** Most pages that one person has connected at a time. Default 16. */
  readonly maxConnectionsPerPerson?: number;
  /** Connections a second that one IPv4 address or IPv6 network may open for long; ten times as many at once. Default 10. */
  readonly connectRate?: number;
  /** Plain HTTP requests a second from one IPv4 address or IPv6 network for long; twenty times as many at once. Default 50. */
  readonly requestRate?: number;
  /** Messages a second that one page may send for long; four times as many at once. Default 50. */
  readonly rate?: number;
  /** MiB that may wait unread for all pages together, before those go for whom most waits. Default 8. */
  readonly maxUnread?: number;
  /** IP addresses and networks of proxies whose `X-Forwarded-For` is believed; `loopback` for this machine. Default none. */
  readonly trustProxy?: readonly string[];
  /** Seconds over which pages are let go by `close`, where they are many; 0 to 8. Default 5. */
  readonly drain?: number;
  /** Serves metrics in the text format of Prometheus at `/metrics`, on a port of their own. Default false. */
  readonly metrics?: boolean;
  /** The port for the metrics; 0 for any that is free. Default 9464. */
  readonly metricsPort?: number;
  /** The address for the metrics. Default `127.0.0.1`: this machine only. */
  readonly metricsHost?: string;
  /** Is told of every call when it has ended, as far as the relay saw it. Must not throw, and not take long. */
  readonly onCall?: (record: CallRecord) => void;
  /** A URL that is told the same by POST, signed as Standard Webhooks has it. Needs `webhookSecret`. */
  readonly webhook?: string;
  /** The secret shared with whoever receives that; `whsec_` and Base64, or any text, of at least 24 bytes. */
  readonly webhookSecret?: string;
  /**
   * The Redis that joins this relay to others, `redis://host:6379` or `rediss:` with TLS; a user, a password and the number of a
   * database may be part of it. Default none: this relay is alone.
   */
  readonly redis?: string;
  /** What all paths begin with, such as `/calls`. Default none. */
  readonly base?: string;
  /** The folder of the built widget. Default: the package's own. */
  readonly widgetDir?: string;
  /** The folder of the demo pages. Default: the package's own. */
  readonly demoDir?: string;
  /** The key from which resume secrets are made, shared by relays between which pages may move. Default: made from `authSecret`, else a random one. */
  readonly resumeKey?: string | Uint8Array;
  /** Where to write what happens. Default: JSON lines on the standard error stream. */
  readonly log?: Log;
  /** Another time, for tests. */
  readonly clock?: Clock;
}

/** Options with every default filled in. */
export type Settings = Readonly<
  Required<
    Omit<
      RelayOptions,
      'origins' | 'cert' | 'key' | 'onCall' | 'webhook' | 'webhookSecret' | 'turnSecret' | 'resumeKey' | 'redis' | 'log' | keyof AuthOptions
    >
  >
> & {
  readonly authorize: Authorize;
  /** Whether everybody is taken at their word. */
  readonly trusting: boolean;
  readonly origins: '*' | ReadonlySet<string>;
  readonly onCall: ((record: CallRecord) => void) | undefined;
  readonly webhook: string | undefined;
  readonly webhookSecret: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly turnSecret: string | undefined;
  readonly resumeKey: string | Uint8Array | undefined;
  readonly redis: RedisPlace | undefined;
  readonly log: Log | undefined;
};

/**
 * Fills in what was left open, and refuses what cannot be.
 *
 * @throws OptionsError
 */
export function settle(options: RelayOptions): Settings {
  const { clock = systemClock } = options;
  const auth = settleAuth({ ...options, clock });
  const settings: Settings = {
    port: DEFAULT_PORT,
    host: '127.0.0.1',
    open: false,
    https: false,
    httpsDir: options.httpsDir ?? (options.https ? defaultHttpsDir() : ''),
    demo: false,
    roster: false,
    turnTtl: 3600,
    maxConnections: 10_000,
    maxConnectionsPerIp: 100,
    maxConnectionsPerPerson: MAX_PAGES_OF_ONE,
    connectRate: 10,
    requestRate: 50,
    rate: 50,
    maxUnread: MAX_UNREAD_IN_ALL,
    trustProxy: [],
    drain: 5,
    metrics: false,
    metricsPort: DEFAULT_METRICS_PORT,
    metricsHost: '127.0.0.1',
    logLevel: 'warn',
    ...packageDirs(),
    ...defined(options),
    clock,
    authorize: auth.authorize ?? trustEverybody,
    trusting: auth.authorize === undefined,
    log: options.log,
    onCall: options.onCall,
    webhook: options.webhook,
    webhookSecret: options.webhookSecret,
    cert: options.cert,
    key: options.key,
    base: checkBase(options.base ?? ''),
    stun: (options.stun ?? ['stun.l.google.com:19302']).map((server) => checkServer('stun', server, ['stun:'])),
    turn: (options.turn ?? []).map((server) => checkServer('turn', server, ['turn:', 'turns:'])),
    origins: options.origins === undefined || options.origins === '*' ? '*' : new Set(options.origins.map(checkOrigin)),
    turnSecret: options.turnSecret,
    resumeKey: options.resumeKey ?? auth.resumeKey,
    redis: options.redis === undefined ? undefined : checkRedis(options.redis),
  };
  checkWhole('port', settings.port, 0, 65_535);
  checkWhole('turnTtl', settings.turnTtl, 60, 7 * 86_400, 'of seconds ');
  checkWhole('maxConnections', settings.maxConnections, 1, 1_000_000);
  checkWhole('maxConnectionsPerIp', settings.maxConnectionsPerIp, 1, 1_000_000);
  checkWhole('maxConnectionsPerPerson', settings.maxConnectionsPerPerson, 1, 1_000_000);
  checkWhole('connectRate', settings.connectRate, 1, 100_000);
  checkWhole('requestRate', settings.requestRate, 1, 100_000);
  checkWhole('drain', settings.drain, 0, 8, 'of seconds ');
  checkWhole('metricsPort', settings.metricsPort, 0, 65_535);
  checkWhole('rate', settings.rate, 1, 100_000);
  checkWhole('maxUnread', settings.maxUnread, 1, 65_536);
  checkTogether(settings);
  checkWebhook(settings);
  return settings;
}

function checkTogether({ host, open, cert, key, turn, turnSecret, trustProxy, trusting }: Settings): void {
  if ((cert === undefined) !== (key === undefined)) {
    throw new OptionsError('A certificate and its private key go together: name both, --cert and --key, or neither.');
  }
  if (trusting && !open && !isLoopback(host)) throw new OptionsError(tooTrusting(`On ${host}`, 'leave --host out'));
  if (trusting && !open && trustProxy.length > 0) {
    throw new OptionsError(tooTrusting('Through a proxy (--trust-proxy)', 'leave --trust-proxy out'));
  }
  if (turn.length > 0 && turnSecret === undefined) {
    throw new OptionsError('TURN servers ask for credentials: give the secret that they share with this relay (--turn-secret).');
  }
  try {
    trustedProxies(trustProxy);
  } catch (error) {
    throw new OptionsError(
      `must be IP addresses, networks such as 10.0.0.0/8, or "loopback" for this machine: ${(error as Error).message}`,
      'trustProxy',
    );
  }
}

/** The URL may have a password in it, and is not repeated. */
function checkRedis(text: string): RedisPlace {
  const place = readRedisUrl(text);
  if (place) return place;
  throw new OptionsError('must be the URL of a Redis, such as redis://10.0.0.5:6379 or rediss://user:password@redis.example/0.', 'redis');
}

/** What is said to a relay that others would reach although it takes everybody at their word. */
export const tooTrusting = (where: string, instead: string): string =>
  `${where} other machines reach this relay, and it takes everybody at their word. Ask for tokens (--auth-secret, authSecret in code), say --open (open: true) if that is what you want, or ${instead}.`;

function checkWebhook({ webhook, webhookSecret }: Settings): void {
  // What stands in the URL is not repeated: it may be a password.
  if (webhook !== undefined && !isSafeUrl(webhook)) {
    throw new OptionsError(
      'must be an https: URL without a password in it, such as https://shop.example/calls, or an http: URL of this machine.',
      'webhook',
    );
  }
  if ((webhook === undefined) !== (webhookSecret === undefined)) {
    throw new OptionsError('Call records are signed: --webhook and --webhook-secret go together.');
  }
  if (webhookSecret !== undefined && keyOf(webhookSecret).length < LEAST_WEBHOOK_SECRET) {
    throw new OptionsError(
      `The secret for call records (--webhook-secret) is too short: it must have at least ${LEAST_WEBHOOK_SECRET} bytes. Make one with: openssl rand -base64 48`,
    );
  }
}

function checkBase(base: string): string {
  if (base === '' || /^(?:\/[\w.~-]+)+$/.test(base)) return base;
  throw new OptionsError('The base path begins with a slash and does not end with one, such as /calls.');
}

function checkOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  throw new OptionsError(
    `must be origins, which are scheme, host and port only, such as https://shop.example, or * for all: "${text}" is none.`,
    'origins',
  );
}

function checkServer(field: 'stun' | 'turn', text: string, schemes: readonly [string, ...string[]]): string {
  const url = /^[a-z]+:(?!\d+$)/.test(text) ? text : `${schemes[0]}${text}`;
  const rest = schemes.map((scheme) => (url.startsWith(scheme) ? url.slice(scheme.length) : '')).find((rest) => rest !== '');
  if (rest !== undefined && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(rest)) return url;
  throw new OptionsError(`must be servers, host or host:port, such as ${schemes[0]}ice.example:3478: "${text}" is none.`, field);
}

function checkWhole(field: keyof RelayOptions, value: number, least: number, most: number, unit = ''): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new OptionsError(`must be a whole number ${unit}from ${least} to ${most}, not ${String(value)}.`, field);
}

/** The options that were given: an option that is undefined was not. */
function defined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
