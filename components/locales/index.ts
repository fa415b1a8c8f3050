/** Puts values into the words of a language: names, times, numbers. */
export type { Words } from './words.js';

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
