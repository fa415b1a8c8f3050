/**
 * The bounds of the protocol, in one place. Every number that a stranger could otherwise grow without limit
 * has its name here; the relay enforces them, pages keep to them, and PROTOCOL.md lists them.
 */

/** The WebSocket subprotocol both sides must agree on. */
export const SUBPROTOCOL = 'video-call.v1';

/** Largest message, in bytes of UTF-8. A larger one closes the connection with 1009. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** Longest session description, in characters. */
export const MAX_SDP = 32 * 1024;
/** Most ICE candidates that one device sends for one `gen` of a call. */
export const MAX_CANDIDATES = 100;
/** Longest ICE candidate line, in characters. */
export const MAX_CANDIDATE = 1024;
/** Longest display name, in characters. */
export const MAX_NAME = 64;
/** Longest peer ID, in characters. */
export const MAX_PEER = 128;
/** Longest device ID, in characters. */
export const MAX_DEVICE = 64;
/** Longest token, in characters. */
export const MAX_TOKEN = 8 * 1024;
/** Seconds for which an expired token is still good, because clocks differ. */
export const TOKEN_LEEWAY = 60;
/** Longest time, in seconds, for which the relay says that something is good; a year. */
export const LONGEST_TTL = 365 * 86_400;
/** Most addresses that one page watches. */
export const MAX_WATCHED = 100;
/** Most different peers that one person may invite within a minute. */
export const MAX_INVITED_PER_MINUTE = 20;
/** Most calls that one person may begin within a minute; an `invite` that is sent again begins none. */
export const MAX_CALLS_PER_MINUTE = 60;
/** Seconds between two rosters for one page, where the relay does not say `again` itself. */
export const ROSTER_EVERY = 2;
/** Milliseconds after which a page may ask for the roster again where few are there. */
export const ROSTER_SOON = 700;
/** Most people in a roster, and most pages of a relay, that are few. */
export const ROSTER_FEW = 100;
/** Most messages of one call that a page keeps because nobody has acknowledged them yet. */
export const MAX_UNACKNOWLEDGED = 256;
/** Most pages that one person has connected at a time. */
export const MAX_PAGES_OF_ONE = 16;
/** Most bytes that may wait unread for one page before the relay lets it go with 1013. */
export const MAX_UNREAD_BYTES = 256 * 1024;

/** Seconds a new connection has for its `hello`. */
export const HELLO_WITHIN = 5;
/** Seconds between pings of an idle page. */
export const PING_EVERY = 15;
/** Seconds between pings of a page that calls or is in a call. */
export const PING_EVERY_IN_CALL = 5;
/** Seconds a page waits for a `pong` before it replaces its connection. */
export const PONG_WITHIN = 3;
/** Seconds of silence after which the relay asks a page, by a ping of the WebSocket itself, whether it is there. */
export const PROBE_AFTER = 25;
/** Seconds of silence after which the relay lets a page go. */
export const SILENT_AFTER = 45;
/** Seconds that a page whose connection dropped still counts as present. */
export const PRESENCE_GRACE = 5;

/** Shortest, longest and usual time that a call rings, in seconds. */
export const RING_TIMEOUT = { min: 5, max: 180, default: 60 } as const;
/** Milliseconds after which an unacknowledged message is sent again. */
export const RESEND_AFTER = 2000;
/** Milliseconds that a device waits for something else to say before it sends a bare `ack`. */
export const ACK_AFTER = 250;
