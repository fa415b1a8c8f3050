import pino from 'pino';

/** From nothing to everything. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
/** How much a relay writes. IP addresses appear at `debug` only; tokens and session descriptions never. */
export type LogLevel = (typeof LOG_LEVELS)[number];

type Write = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** Where a relay writes what happens; a pino logger is one. */
export type Log = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>>;

/** A log of JSON lines on the standard error stream, so that the standard output stays for people. */
export function createLog(level: LogLevel): Log {
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
