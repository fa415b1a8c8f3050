/** The vocabulary of outcomes: close codes, error codes and end reasons, each with a sentence for developers. */

/** Why a relay closes a connection (RFC 6455 section 7.4; 4000 and above are this protocol's own). */
export const CLOSE = {
  /** Not text: this protocol speaks JSON text frames only. */
  notText: 1003,
  /** A frame in too many fragments. */
  policy: 1008,
  /** A message larger than 64 KiB. */
  tooLarge: 1009,
  /** The relay is restarting; come back after a short random wait. */
  restarting: 1012,
  /** The relay is overloaded, or this page did not read what was sent to it; come back after a random wait. */
  overloaded: 1013,
  /** Malformed messages again and again, or a message out of turn. */
  malformed: 4400,
  /** The token is missing, bad or expired; come back with a new one. */
  unauthorized: 4401,
  /** Not allowed; do not come back. */
  forbidden: 4403,
  /** No `hello` within 5 s, or no sign of life for 45 s. */
  timeout: 4408,
  /** The same device connected elsewhere and took this address over; do not come back. */
  replaced: 4409,
  /** Too many messages; come back after a random wait. */
  flooding: 4429,
} as const;

/** Every code with which a relay says that it did not deliver or accept a message; the connection goes on. */
export const ERROR_CODES = ['unauthorized', 'forbidden', 'rate-limited', 'protocol'] as const;
/** A code of an `error` message. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Every way a call can end, one vocabulary for attributes, events, protocol and logs. */
export const END_REASONS = [
  'hung-up',
  'declined',
  'cancelled',
  'busy',
  'no-answer',
  'unreachable',
  'answered-elsewhere',
  'declined-elsewhere',
  'media-denied',
  'media-unavailable',
  'connect-timeout',
  'connection-lost',
  'refused',
  'left',
] as const;
/** How a call ended. */
export type EndReason = (typeof END_REASONS)[number];

/** The end reason that a text from the wire names, or `otherwise` when it names none that this version knows. */
export function endReason(text: string, otherwise: EndReason): EndReason {
  return (END_REASONS as readonly string[]).includes(text) ? (text as EndReason) : otherwise;
}
