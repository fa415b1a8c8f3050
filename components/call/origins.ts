/** Where relayed candidates come from, which is nobody's business. Pure. */

/**
 * The text of a candidate or a session description, without the addresses from which relayed candidates were made: they are of no use to
 * the other side (RFC 8839, section 5.1), and in Firefox they are addresses of this device.
 */
export const withoutOrigins = (text: string): string => text.replace(/( typ relay raddr) \S+ rport \d+/g, '$1 0.0.0.0 rport 0');
