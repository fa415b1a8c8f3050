import { join } from 'node:path';

import { readArguments } from './arguments.js';
import { LOG_LEVELS } from './log.js';
import type { LogLevel } from './log.js';
import { OptionsError, settle } from './settings.js';
import type { RelayOptions } from './settings.js';

type Reader = (text: string, name: string) => unknown;
interface Option {
  /** The field of `RelayOptions`. */
  readonly field: keyof RelayOptions;
  readonly read: Reader | 'flag';
  /** What the value is, for the help. */
  readonly value?: string;
  readonly help: string;
}

const list: Reader = (text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
const listOrNone: Reader = (text, name) => (text === 'none' ? [] : list(text, name));

const OPTIONS: ReadonlyMap<string, Option> = new Map<string, Option>([
  ['port', { field: 'port', read: whole, value: 'number', help: 'where it listens; 0 for any free port (8080)' }],
  ['host', { field: 'host', read: plain, value: 'address', help: 'where it listens (127.0.0.1)' }],
  ['open', { field: 'open', read: 'flag', help: 'let other machines in, and take everybody at their word' }],
  [
    'auth-secret',
    { field: 'authSecret', read: plain, value: 'secret', help: 'ask for tokens, signed with this secret (HS256, 32 bytes or more)' },
  ],
  ['auth-jwks', { field: 'authJwks', read: plain, value: 'url', help: 'ask for tokens, checked by the key set at this URL' }],
  ['auth-audience', { field: 'authAudience', read: plain, value: 'text', help: 'the "aud" that tokens must have (none)' }],
  ['auth-issuer', { field: 'authIssuer', read: plain, value: 'text', help: 'the "iss" that tokens must have (any)' }],
  ['guests', { field: 'guests', read: list, value: 'list', help: 'IDs that visitors without a token may call (no such visitors)' }],
  ['https', { field: 'https', read: 'flag', help: 'HTTPS with a certificate made for this machine' }],
  ['https-dir', { field: 'httpsDir', read: plain, value: 'folder', help: 'where it is kept (~/.local/state/video-call-relay)' }],
  ['cert', { field: 'cert', read: plain, value: 'file', help: 'HTTPS with this certificate (PEM, with its chain)' }],
  ['key', { field: 'key', read: plain, value: 'file', help: 'the private key of the certificate (PEM)' }],
  [
    'origins',
    { field: 'origins', read: originList, value: 'list', help: 'origins of pages that may connect, or * (*; with tokens it must be said)' },
  ],
  ['stun', { field: 'stun', read: listOrNone, value: 'list', help: 'STUN servers, or none (a public one)' }],
  ['turn', { field: 'turn', read: list, value: 'list', help: 'TURN servers: turn:host:port, turns:host:port' }],
  ['turn-secret', { field: 'turnSecret', read: plain, value: 'secret', help: 'the secret shared with the TURN servers' }],
  ['turn-ttl', { field: 'turnTtl', read: duration, value: 'time', help: 'how long TURN credentials are good (1h)' }],
  ['demo', { field: 'demo', read: 'flag', help: 'serve the demo pages' }],
  ['roster', { field: 'roster', read: 'flag', help: 'tell pages who else is there' }],
  ['log-level', { field: 'logLevel', read: logLevel, value: 'level', help: `${LOG_LEVELS.join(', ')} (info)` }],
  ['max-connections', { field: 'maxConnections', read: whole, value: 'number', help: 'most connections (10000)' }],
  [
    'max-connections-per-ip',
    { field: 'maxConnectionsPerIp', read: whole, value: 'number', help: 'most from one IP address or IPv6 /64 (100)' },
  ],
  ['max-connections-per-person', { field: 'maxConnectionsPerPerson', read: whole, value: 'number', help: 'most pages of one person (16)' }],
  ['connect-rate', { field: 'connectRate', read: whole, value: 'number', help: 'new connections a second from one IP address (10)' }],
  ['request-rate', { field: 'requestRate', read: whole, value: 'number', help: 'plain requests a second from one IP address (50)' }],
  ['rate', { field: 'rate', read: whole, value: 'number', help: 'messages a second from one page (50)' }],
  ['max-unread', { field: 'maxUnread', read: whole, value: 'number', help: 'MiB that all pages together may leave unread (8)' }],
  ['trust-proxy', { field: 'trustProxy', read: list, value: 'list', help: 'proxies whose X-Forwarded-For is believed' }],
  ['drain', { field: 'drain', read: duration, value: 'time', help: 'over how long pages are let go at the end (5s)' }],
  ['redis', { field: 'redis', read: plain, value: 'url', help: 'joins this relay to the others that use the same Redis' }],
  ['webhook', { field: 'webhook', read: plain, value: 'url', help: 'is told of every call when it has ended' }],
  ['webhook-secret', { field: 'webhookSecret', read: plain, value: 'secret', help: 'signs what the webhook is told' }],
  ['metrics', { field: 'metrics', read: 'flag', help: 'serve /metrics for Prometheus, on a port of its own' }],
  ['metrics-port', { field: 'metricsPort', read: whole, value: 'number', help: 'that port (9464)' }],
  ['metrics-host', { field: 'metricsHost', read: plain, value: 'address', help: 'where it listens (127.0.0.1)' }],
]);

const KNOWN = new Map([['help', 'flag'], ['version', 'flag'], ...[...OPTIONS].map(([name, { value = 'flag' }]) => [name, value] as const)]);

/** What the command line asks for. */
export type Command = { readonly run: 'relay'; readonly options: RelayOptions } | { readonly run: 'help' | 'version' };

/**
 * Reads the command line and the environment; the command line wins. Pure: the same input, the same answer.
 *
 * @param argv the arguments after the program's name
 * @param env variables named like the options, in capitals: `MAX_CONNECTIONS` for `--max-connections`
 * @throws OptionsError
 */
export function readOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Command {
  const given = readArguments(argv, KNOWN, '--help');
  if (given.has('help')) return { run: 'help' };
  if (given.has('version')) return { run: 'version' };
  const options: Partial<Record<keyof RelayOptions, unknown>> = { logLevel: 'info' };
  /** What those who gave the options call them. */
  const written = new Map<string | undefined, string>();
  for (const [name, { field, read }] of OPTIONS) {
    const variable = variableOf(name);
    const argument = given.get(name);
    written.set(field, argument === undefined && isSet(env[variable]) ? variable : `--${name}`);
    if (argument !== undefined) options[field] = read === 'flag' ? argument : read(String(argument), `--${name}`);
    else if (env[variable] === '' && name.startsWith('auth-')) throw new OptionsError(emptyVariable(variable));
    else if (isSet(env[variable])) options[field] = read === 'flag' ? flag(env[variable], variable) : read(env[variable], variable);
  }
  // The place that the system has for what programs keep (XDG Base Directory Specification).
  if (isSet(env['XDG_STATE_HOME'])) options.httpsDir ??= join(env['XDG_STATE_HOME'], 'video-call-relay');
  // Whatever cannot be together is said before anything is started.
  try {
    settle(options as RelayOptions);
  } catch (error) {
    throw error instanceof OptionsError ? error.naming(written.get(error.field) ?? '') : error;
  }
  return { run: 'relay', options: options as RelayOptions };
}

/** What `--help` prints. */
export function helpText(): string {
  const lines = [...OPTIONS].map(
    ([name, { value, help }]) => `  ${`--${name}${value === undefined ? '' : ` <${value}>`}`.padEnd(39)}${help}`,
  );
  return [
    'video-call-relay: connects pages that call each other.',
    '',
    'Usage: video-call-relay [options]',
    '       video-call-relay token --sub alice [--help]',
    '',
    ...lines,
    `  ${'--help, --version'.padEnd(39)}say this, or the version`,
    '',
    'Every option can also be a variable of the environment: MAX_CONNECTIONS for --max-connections. For secrets that is the',
    'better place: a list of processes shows the command line.',
    '',
  ].join('\n');
}

const variableOf = (name: string): string => name.toUpperCase().replaceAll('-', '_');

/** A secret that was lost on its way here must not make a relay that asks for none. */
const emptyVariable = (variable: string): string =>
  `${variable} is set, but empty: this relay would not ask for tokens as it was meant to. Give it a value, or unset it.`;

const isSet = (value: string | undefined): value is string => value !== undefined && value !== '';

function plain(text: string, name: string): string {
  if (text === '') throw new OptionsError(`${name} needs a value.`);
  return text;
}

function whole(text: string, name: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new OptionsError(`${name} must be a whole number, not "${text}".`);
}

function flag(text: string, name: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true;
  if (/^(?:0|false|no|off)$/i.test(text)) return false;
  throw new OptionsError(`${name} must be true or false, not "${text}".`);
}

/**
 * Reads a time such as `90s`, `30m` or `1h`.
 *
 * @param name of the option, for the error
 * @returns seconds
 * @throws OptionsError
 */
export function duration(text: string, name: string): number {
  const [, amount, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  const seconds = { s: 1, m: 60, h: 3600, d: 86_400 }[unit];
  if (amount === undefined || seconds === undefined)
    throw new OptionsError(`${name} must be a time such as 90s, 30m or 1h, not "${text}".`);
  return Number(amount) * seconds;
}

function originList(text: string, name: string): unknown {
  return text.trim() === '*' ? '*' : list(text, name);
}

function logLevel(text: string, name: string): LogLevel {
  const level = LOG_LEVELS.find((level) => level === text);
  if (level === undefined) throw new OptionsError(`${name} must be one of ${LOG_LEVELS.join(', ')}, not "${text}".`);
  return level;
}
