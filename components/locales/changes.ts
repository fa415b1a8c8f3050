/** Puts words of the page in place of the widget's own. */
import type { Complaint } from '../attributes.js';
import type { WordChanges, Words } from './words.js';

interface Tree {
  readonly [key: string]: string | Tree;
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/**
 * A table with some words changed. What is no word of the widget is left out and complained about; nothing is thrown.
 *
 * @param source some of the words, or a JSON text of them
 */
export function changeWords(
  words: Words,
  source: string | WordChanges,
): { readonly words: Words; readonly complaints: readonly Complaint[] } {
  const complaints: Complaint[] = [];
  const complain = (value: string, why: string) =>
    void complaints.push({ attribute: 'words', value, message: `The attribute "words" ${why}.` });
  const merge = (own: Tree, changes: Tree, path: string): Tree => {
    const merged = { ...own };
    for (const [key, change] of Object.entries(changes)) {
      const name = path + key;
      const old = Object.hasOwn(own, key) ? own[key] : undefined;
      if (old === undefined) complain(name, `has something called "${name}", which is no word of the widget`);
      else if (typeof old === 'string' && typeof change === 'string') merged[key] = change;
      else if (isTree(old) && isTree(change)) merged[key] = merge(old, change, `${name}.`);
      else complain(name, `must have ${typeof old === 'string' ? 'a text' : 'an object'} as "${name}"`);
    }
    return merged;
  };
  try {
    const changes: unknown = typeof source === 'string' ? JSON.parse(source) : source;
    if (!isTree(changes) || Array.isArray(changes)) throw new TypeError();
    return { words: merge(words as unknown as Tree, changes, '') as unknown as Words, complaints };
  } catch {
    complain(typeof source === 'string' ? source : '', 'must be a JSON object of words: {"call": "Ask a nurse"}');
    return { words, complaints };
  }
}
