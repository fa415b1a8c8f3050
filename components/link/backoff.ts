/** When a page comes back to its relay after a connection ended: a pure policy, a delay or never. */
import { CLOSE } from '../../relay/protocol/index.js';

/** Longest wait between two attempts, in milliseconds. */
export const LONGEST_WAIT = 20_000;
/** Longest wait between two attempts of a page in a call, in milliseconds. */
export const LONGEST_WAIT_IN_CALL = 4000;
/** Longest wait after a relay said that it restarts, in milliseconds; spread at random so that not all pages come at once. */
export const RESTART_SPREAD = 2000;
/** Longest wait after a fresh token was refused as well, in milliseconds. */
export const REFUSED_WAIT = 600_000;

/** How a connection ended. */
export interface Loss {
  /** The close code (RFC 6455 section 7.4), 1006 where there was none. */
  readonly code: number;
  /** Attempts in a row that did not reach a `welcome`, or did so again and again only to end at once; else 0. */
  readonly failures: number;
  /** Whether a new token can be had. */
  readonly renewable: boolean;
  /** Whether the page is in a call. */
  readonly busy?: boolean;
  /** Tokens in a row that were refused before a `welcome`. */
  readonly refusals: number;
}

/** Whether nothing is to be gained by coming back, not even when the person asks for it, unless with other options. */
export const isFinal = ({ code, renewable }: Pick<Loss, 'code' | 'renewable'>): boolean =>
  code === CLOSE.forbidden || code === CLOSE.replaced || (code === CLOSE.unauthorized && !renewable);

/** Whether a token was refused for good, and not only because it had grown old: the person has to know. */
export const isRefusal = ({ code, renewable, refusals }: Loss): boolean => code === CLOSE.unauthorized && (!renewable || refusals > 1);

/**
 * How long to wait before the next attempt.
 *
 * @param random a number from 0 up to 1, for the jitter
 * @returns milliseconds, or null where the relay has said that coming back is of no use
 */
export function waitBeforeRetry(loss: Loss, random: number): number | null {
  const { code, failures, busy } = loss;
  if (isFinal(loss)) return null;
  if (isRefusal(loss)) return spread(REFUSED_WAIT, random);
  if (code === CLOSE.overloaded || code === CLOSE.flooding) return RESTART_SPREAD + random * RESTART_SPREAD * 2 ** Math.min(failures, 4);
  if (code === CLOSE.restarting && failures === 0) return random * RESTART_SPREAD;
  return spread(Math.min(busy ? LONGEST_WAIT_IN_CALL : LONGEST_WAIT, 250 * 2 ** failures), random);
}

/** Somewhere in the second half of a time. */
const spread = (ceiling: number, random: number): number => ceiling / 2 + (random * ceiling) / 2;
