/** What was found, in the words of a language. Pure. */
import type { DiagnosisWords } from '../locales/diagnosis/words.js';
import type { Found, gist } from './findings.js';

/** One finding as a sentence. */
export function sentenceOf({ code, about = '' }: Found, { codes }: DiagnosisWords): string {
  const key = code === 'frame-lacks' ? 'frame-blocks' : code === 'page-lacks' ? 'page-blocks' : code;
  return codes[key].replace('{features}', about);
}

/** What a diagnosis comes to, as a sentence. */
export function summaryOf(what: ReturnType<typeof gist>, words: DiagnosisWords): string {
  if (typeof what === 'string') return words.summary[what];
  return words.named.replace('{check}', words.checks[what.check]).replace('{sentence}', sentenceOf(what, words));
}
