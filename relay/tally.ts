import { BETWEEN_PAGES, CLOSE, ERROR_CODES, FROM_RELAY, TO_RELAY } from './protocol/index.js';

/** Numbers by a word from a short list. */
export type Counts = Record<string, number>;

/** Why a connection was not taken. */
export const REFUSALS = ['request', 'origin', 'draining', 'full', 'per-ip', 'connect-rate', 'sockets'] as const;
/** Why a connection was not taken. */
export type RefusalReason = (typeof REFUSALS)[number];

/** Codes with which pages end a connection, and those that stand for the want of one (RFC 6455 section 7.4.1). */
const OF_PAGES: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006]);

/**
 * What a relay has done so far, in plain numbers: counting a message costs one addition, and the metrics are made of
 * these numbers only when somebody asks.
 */
export class Tally {
  /** Messages from pages, by type; what is no message at all is `malformed`. */
  readonly received = zeros([...Object.keys(TO_RELAY), ...Object.keys(BETWEEN_PAGES), 'malformed']);
  /** Messages to pages, by type; one that rings on three pages counts three times. */
  readonly sent = zeros([...Object.keys(FROM_RELAY), ...Object.keys(BETWEEN_PAGES)]);
  /** `error` messages to pages, by code. */
  readonly errors = zeros(ERROR_CODES);
  /** Connections that have ended, by code; codes that pages made up are `other`. */
  readonly closed = zeros([...Object.values(CLOSE).map(String), '1000', '1001', '1002', '1005', '1006', '1007', 'other']);
  /** Connections that were not taken. */
  readonly refused = zeros(REFUSALS);
  /** Plain requests that were one too many. */
  requestsRefused = 0;
  /** Pages that were welcomed. */
  joined = 0;
  /** Messages for an address at which nobody was. */
  unreachable = 0;
  /** Messages, pings and pongs that were dropped because a page sent too many. */
  dropped = 0;
  /** Pages that were let go because they left too much unread. */
  unread = 0;
  /** Bytes that went over connections that have ended. */
  bytesRead = 0;
  bytesWritten = 0;

  /**
   * Counts the end of a connection.
   *
   * @param byPage whether the page chose the code; what it says of the relay's own codes is not believed
   */
  close(code: number, byPage: boolean): void {
    const word = Object.hasOwn(this.closed, code) && !(byPage && !OF_PAGES.has(code)) ? code : 'other';
    this.closed[word]!++;
  }
}

function zeros(words: readonly string[]): Counts {
  return Object.fromEntries(words.map((word) => [word, 0]));
}
