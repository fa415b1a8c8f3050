/** The people of a list, in order, and those whom one looks for. Pure. */
import type { Person } from '../../relay/protocol/index.js';

/** Somebody in the list. */
export interface Listed {
  readonly peer: string;
  /** The display name, or the peer ID where there is none. */
  readonly name: string;
  readonly presence: Person['presence'];
  /** Name and ID in the form in which they are looked for. */
  readonly key: string;
}

/** Letters without accents and case, so that `Éva` is found as `eva`. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Everybody but oneself, by name as the language sorts, and by ID where names are the same. */
export function arrange(people: readonly Person[], me: string | null, lang: string): readonly Listed[] {
  const { compare } = new Intl.Collator(lang, { numeric: true, sensitivity: 'base' });
  return people
    .filter(({ peer }) => peer !== me)
    .map(({ peer, name = peer, presence }) => ({ peer, name, presence, key: fold(`${name} ${peer}`) }))
    .sort((one, two) => compare(one.name, two.name) || (one.peer < two.peer ? -1 : 1));
}

/** Those in whose name or ID every word of the text occurs. */
export function look(people: readonly Listed[], text: string): readonly Listed[] {
  const wanted = fold(text).split(/\s+/).filter(Boolean);
  return wanted.length > 0 ? people.filter(({ key }) => wanted.every((word) => key.includes(word))) : people;
}
