import { MAX_NAME, deviceOf, peerOf } from './protocol/index.js';
import type { CallMessage } from './protocol/index.js';

/** Whom somebody may call and see: everybody, or these peer IDs. */
export type Calls = '*' | ReadonlySet<string>;

/**
 * An address that no page can have. A message that may not be delivered goes there, so that it takes the same way,
 * and the same time, as one to somebody who is not there.
 */
export const NOBODY = '!';

// eslint-disable-next-line no-control-regex -- the protocol refuses control characters in names
const CONTROL = /[\0-\x1f\x7f]/;

/** Whether a text can be shown as somebody's name. */
export const isName = (text: string): boolean => [...text].length <= MAX_NAME && !CONTROL.test(text);

/** Reads the `calls` of a token or a verdict: nothing said means everybody. */
export const readCalls = (calls: '*' | readonly string[] = '*'): Calls => (calls === '*' || calls.includes('*') ? '*' : new Set(calls));

/**
 * Whether somebody may be told something.
 *
 * Who may call a peer may say anything to it. To anybody else one may speak at his full address only, and not invite
 * him: a device ID is a random secret of its page, so whoever knows it was spoken to from there, and may answer.
 */
export function mayTell(calls: Calls, { type, to }: Pick<CallMessage, 'type' | 'to'>): boolean {
  return calls === '*' || calls.has(peerOf(to)) || (type !== 'invite' && deviceOf(to) !== undefined);
}

/** Whether somebody may know who is at an address: his own, those he may call, and the devices that spoke to him. */
export function maySee(calls: Calls, self: string, address: string): boolean {
  return calls === '*' || calls.has(address) || address === self || deviceOf(address) !== undefined;
}
