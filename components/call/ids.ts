/** IDs that nobody can guess, also where the page is no secure context and `crypto.randomUUID` is missing. */

/** 128 random bits, as 32 hexadecimal digits in lower case. */
export const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The ID of a call: a UUID of version 4 (RFC 9562). */
export const newCallId = (): string => randomId().replace(/(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-');
