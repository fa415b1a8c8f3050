/** The tables of words, each in a chunk of its own that is loaded when an element first speaks its language. */
import { later } from '../loading.js';
import type { Words } from './words.js';

/** Every language there is, by the BCP 47 tag of its table in small letters. */
export const TABLES = {
  en: () => import('./en.js'),
  zh: () => import('./zh.js'),
  'zh-hant': () => import('./zh-hant.js'),
  es: () => import('./es.js'),
  fr: () => import('./fr.js'),
  de: () => import('./de.js'),
  pt: () => import('./pt.js'),
  ja: () => import('./ja.js'),
  ko: () => import('./ko.js'),
  ar: () => import('./ar.js'),
  he: () => import('./he.js'),
} satisfies Record<string, () => Promise<{ readonly words: Words }>>;

/** The name of a table. */
export type TableName = keyof typeof TABLES;

/** Milliseconds after which a table that could not be loaded is tried again, the first time. */
const FIRST = 2000;
/** Milliseconds between two such attempts, at most. */
const LONGEST = 8000;

const tables = new Map<TableName, Words>();
const attempts = new Map<TableName, Promise<void>>();
const missed = new Set<TableName>();
/** Who wants to know that a table that was missed is there after all. */
export const late = new Set<() => void>();

/** The table for a BCP 47 tag: of the same language, in Chinese also of the same script; English for every other language. */
export function tableFor(lang: string): TableName {
  const tag = lang.toLowerCase().replace(/_/g, '-');
  if (/^zh-(hant|(?!hans).*\b(tw|hk|mo)\b)/.test(tag)) return 'zh-hant';
  const language = tag.split('-')[0]!;
  const name = language === 'iw' ? 'he' : language;
  return Object.hasOwn(TABLES, name) ? (name as TableName) : 'en';
}

/** A table that is loaded. */
export const tableNamed = (name: TableName): Words | undefined => tables.get(name);

/** Whether a table could not be loaded. */
export const isMissed = (name: TableName): boolean => missed.has(name);

/** Loads a table, once. Resolves in any case; one that cannot be loaded is told on the console, once, and tried again until it is there. */
export function loadTable(name: TableName): Promise<void> {
  let attempt = attempts.get(name);
  if (!attempt) attempts.set(name, (attempt = load(name)));
  return attempt;
}

async function load(name: TableName, pause = FIRST): Promise<void> {
  try {
    tables.set(name, (await TABLES[name]()).words);
    if (missed.delete(name)) late.forEach((hear) => hear());
  } catch (cause) {
    later(pause, () => attempts.set(name, load(name, Math.min(2 * pause, LONGEST))));
    if (!missed.has(name)) console.warn(`The words of the language "${name}" could not be loaded.`, cause);
    missed.add(name);
  }
}
