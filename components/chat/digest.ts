/**
 * The checksum of a file: the SHA-256 (FIPS 180-4) of the SHA-256 of its blocks, one after the other. In this form the browser can
 * do it as the blocks go by, beside the page's own work; of a whole file it would want all bytes at once.
 */

/** The SHA-256 of some bytes. */
export const digestOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));

/** The checksum of a file, in hexadecimal, from those of its blocks. */
export async function digestOfAll(digests: readonly Uint8Array[]): Promise<string> {
  const all = new Uint8Array(digests.length * 32);
  digests.forEach((digest, at) => all.set(digest, at * 32));
  return [...(await digestOf(all))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
