/** Loads the words of the diagnosis. */
import type { TableName } from '../tables.js';
import type { DiagnosisWords } from './words.js';

const TABLES = {
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
} satisfies Record<TableName, () => Promise<{ readonly words: DiagnosisWords }>>;

/** The words of a language; those of English where these cannot be loaded. The promise fails where there are none at all. */
export async function loadDiagnosisWords(name: TableName): Promise<DiagnosisWords> {
  return (await TABLES[name]().catch(() => TABLES.en())).words;
}
