/** The bounds of the chat: every number that the other side could otherwise grow. PROTOCOL.md lists them. */

/** Most bytes of UTF-8 in one message. */
export const MAX_TEXT_BYTES = 16 * 1024;
/** Longest text on the lane, in characters of JSON; a longer one is not even parsed. */
export const MAX_WORD_CHARACTERS = 40 * 1024;
/** Most messages and offers a second. */
export const TEXTS_PER_SECOND = 20;
/** Characters of messages a second. To lay out a long one takes a slow page longer than many short ones. */
export const CHARACTERS_PER_SECOND = 32 * 1024;
/** Most of them at once, and about as many on their way without an acknowledgement; a receiver takes twice as many, for what a path has held up. */
export const MAX_CHARACTERS_AT_ONCE = 128 * 1024;
/** Most messages and offers of one side on their way without an acknowledgement. */
export const MAX_ON_THE_WAY = 32;
/** Most messages and offers that come at once, after a path stood still; from then on by the second. */
export const MAX_TEXTS_AT_ONCE = 64;
/** Most messages and offers of this side that wait for an acknowledgement. */
export const MAX_TEXTS_WAITING = 256;
/** Most words of any kind a second. */
export const WORDS_PER_SECOND = 200;
/** Most words of any kind at once. */
export const MAX_WORDS_AT_ONCE = 500;
/** Most messages and offers that are shown. */
export const MAX_ENTRIES = 1000;
/** Most messages and offers that a page that is loaded anew finds again. */
export const MAX_KEPT = 200;
/** Most characters in which those are written down. */
export const MAX_KEPT_CHARACTERS = 256 * 1024;
/** Most characters of a file's name. */
export const MAX_FILE_NAME = 120;
/** Most bytes of a file. */
export const MAX_FILE_BYTES = 2 * 1024 ** 3;
/** Most files that one side offers at a time. */
export const MAX_OFFERS = 16;
/** Most open offers of the other side that are shown: more than it may make, for those that a reload opened again. */
export const MAX_OFFERS_SHOWN = 64;
/** Bytes that are read, checked and stored together; a transfer is taken up at a multiple of it. */
export const BLOCK_BYTES = 1024 * 1024;
/** Most bytes of a file in one frame. */
export const CHUNK_BYTES = 16 * 1024;
/** Most bytes that are on their way beyond what the receiver has stored. */
export const WINDOW_BYTES = 4 * BLOCK_BYTES;
/** Most bytes that wait in the browser to be sent, so that nothing else waits long behind them. */
export const MAX_BUFFERED_BYTES = 512 * 1024;
/** Most bytes of a picture that is shown and not only saved. */
export const MAX_PICTURE_BYTES = 5 * 1024 * 1024;
/** Most pixels of such a picture; more take up to 200 MB to draw. */
export const MAX_PICTURE_PIXELS = 50_000_000;
/** Wrong words and frames of the other side after which its chat is not listened to any more. */
export const MAX_FAULTS = 1000;
