/**
 * Addresses: `peer` means every device of that peer ID, `peer/device` means one page.
 */

/** A peer ID: 1 to 128 characters of `A-Z a-z 0-9 . _ @ : + = -`. */
export const PEER_PATTERN = '^[A-Za-z0-9._@:+=-]{1,128}$';
/** A device ID: 1 to 64 characters of `A-Z a-z 0-9 _ -`, made at random by each page. */
export const DEVICE_PATTERN = '^[A-Za-z0-9_-]{1,64}$';
/** An address: a peer ID, optionally followed by `/` and a device ID. */
export const ADDRESS_PATTERN = '^[A-Za-z0-9._@:+=-]{1,128}(/[A-Za-z0-9_-]{1,64})?$';
/** The full address of one page. */
export const DEVICE_ADDRESS_PATTERN = '^[A-Za-z0-9._@:+=-]{1,128}/[A-Za-z0-9_-]{1,64}$';

/** How the peer IDs begin that a relay gives to pages without one of their own. */
export const GUEST_PREFIX = 'guest-';

const peerId = new RegExp(PEER_PATTERN);

/** Whether a text is a peer ID. */
export const isPeerId = (text: string): boolean => peerId.test(text);

/** The peer ID of an address. */
export function peerOf(address: string): string {
  const slash = address.indexOf('/');
  return slash < 0 ? address : address.slice(0, slash);
}

/** The device ID of an address, or undefined when it names all devices of a peer. */
export function deviceOf(address: string): string | undefined {
  const slash = address.indexOf('/');
  return slash < 0 ? undefined : address.slice(slash + 1);
}

/** The address of one page. */
export const addressOf = (peer: string, device: string): string => `${peer}/${device}`;
