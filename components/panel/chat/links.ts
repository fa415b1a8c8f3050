/** Finds the addresses in a message, so that they can be followed; everything else stays the text that it is. Pure. */

/** A piece of a message; `href` where it is the address of a web page. */
export interface Piece {
  readonly text: string;
  readonly href?: string;
}

/** Signs that often stand behind an address and do not belong to it. */
const BEHIND = '.,;:!?\'"’”»)]}';

/** An address, without what turns the writing direction or cannot be seen, which could make it look like another. */
const ADDRESS = /\bhttps?:\/\/[^\s<>"\p{Cf}]+/giu;

/** Links of one message that can be pressed; more stay text. */
const MOST_LINKS = 50;

/** Splits a message into pieces. Only `http` and `https` make links. */
export function piecesOf(message: string): Piece[] {
  const pieces: Piece[] = [];
  const add = (text: string, href?: string) => text && pieces.push(href ? { text, href } : { text });
  let [end, links] = [0, 0];
  for (const found of message.matchAll(ADDRESS)) {
    let [address] = found;
    let last = address.length;
    while (last > 0 && BEHIND.includes(address[last - 1]!)) last--;
    const behind = address.slice(last);
    // A bracket that was opened in the address is closed in it.
    if (!behind.startsWith(')') || !address.includes('(')) address = address.slice(0, address.length - behind.length);
    const href = hrefOf(address);
    if (!href) continue;
    if (++links > MOST_LINKS) break;
    add(message.slice(end, found.index));
    add(address, href);
    end = found.index + address.length;
  }
  add(message.slice(end));
  return pieces;
}

function hrefOf(address: string): string | undefined {
  try {
    const { protocol, href, hostname } = new URL(address);
    return hostname && (protocol === 'http:' || protocol === 'https:') ? href : undefined;
  } catch {
    return undefined;
  }
}
