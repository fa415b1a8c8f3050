/** Finds the words for a language. English is always there; a language whose table is not, is shown in English. */
import { en } from './en.js';
import type { Words } from './words.js';

export type { Words } from './words.js';

const tables = new Map<string, Words>([['en', en]]);

/** The words of a BCP 47 language tag, or of the nearest language that is loaded. */
export function words(lang: string): Words {
  const tag = lang.toLowerCase();
  return tables.get(tag) ?? tables.get(tag.split('-')[0]!) ?? en;
}

/** The language of an element: its own, else that of the closest element around it, across shadow roots. */
export function langOf(element: HTMLElement & { lang?: string }): string {
  for (let at: Element | null = element; at; at = at.parentElement ?? (at.getRootNode() as Partial<ShadowRoot>).host ?? null) {
    const lang = (at === element && element.lang) || at.getAttribute('lang');
    if (lang) return lang;
  }
  return 'en';
}

/** Puts a value into a sentence, as text. */
export const fill = (sentence: string, values: Readonly<Record<string, string>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, key: string) => values[key] ?? whole);

/** Minutes and seconds in the digits of a language, with hours where there are any. */
export function clock(seconds: number, lang: string): string {
  const two = new Intl.NumberFormat(lang, { minimumIntegerDigits: 2 });
  const parts = [Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600));
  return parts.map((part) => two.format(part)).join(':');
}
