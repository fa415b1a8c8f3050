/** Session descriptions (RFC 8829), as they travel between the two sides. Pure. */
import type { Description } from '../../relay/protocol/index.js';
import { withoutOrigins } from './origins.js';

/** What the other side is told of a description, without the addresses that are nobody's business. */
export const told = ({ type, sdp = '' }: { readonly type: string; readonly sdp?: string }): Description => ({
  type: type as 'offer' | 'answer',
  sdp: withoutOrigins(sdp),
});

/**
 * The text of an offer. One that goes to every device of a person says that this side opens the DTLS handshake (RFC 5763, section 5).
 * Left to the answerers, each that answers would say hello, and the browser shakes hands with the first hello that it
 * hears, which may not be that of the device whose answer it then takes: a call without end and without a picture.
 */
export const withOwnHello = (sdp = ''): string => sdp.replaceAll('a=setup:actpass', 'a=setup:active');

/** The user name of ICE (RFC 8839, section 5.4), which changes with every ICE restart. */
export const usernameOf = (description: { readonly sdp: string } | null): string | undefined =>
  /^a=ice-ufrag:(.+)$/m.exec(description?.sdp ?? '')?.[1];

/** Whether a description names candidates, so that its side could be sent a packet at once. */
export const namesCandidates = ({ sdp }: Description): boolean => /^a=candidate:/m.test(sdp);
