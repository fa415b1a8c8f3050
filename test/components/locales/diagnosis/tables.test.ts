/** Every language has a sentence for everything that can be found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHECKS, CODES, found } from '../../../../components/diagnosis/findings.js';
import type { FindingCode } from '../../../../components/diagnosis/findings.js';
import { sentenceOf, summaryOf } from '../../../../components/diagnosis/sentences.js';
import { loadDiagnosisWords } from '../../../../components/locales/diagnosis/index.js';
import { TABLES } from '../../../../components/locales/tables.js';
import type { TableName } from '../../../../components/locales/tables.js';

const codes = Object.keys(CODES) as FindingCode[];
const english = await loadDiagnosisWords('en');

/** A sentence of German and French is longer than its English one, and still one that a person reads to its end. */
const LONGEST = 190;

for (const name of Object.keys(TABLES) as TableName[]) {
  describe(`The diagnosis in ${name}`, async () => {
    const words = await loadDiagnosisWords(name);

    it('has one sentence for each finding, filled in and not too long', () => {
      for (const code of codes) {
        const sentence = sentenceOf(found('permissions', code, { about: 'microphone; camera' }), words);
        assert.match(sentence, /^\S.*[.。]$/u, code);
        assert.doesNotMatch(sentence, /[{}]/, code);
        assert.equal(sentence.includes('microphone; camera'), /-(blocks|lacks)$/.test(code), code);
        assert.ok(sentence.length <= LONGEST, `${code}: ${sentence.length} characters`);
      }
    });

    it('names the check before what was found of it', () => {
      for (const check of CHECKS) {
        const summary = summaryOf(found(check, 'no-answer'), words);
        assert.ok(summary.startsWith(words.checks[check]) && summary.endsWith(words.codes['no-answer']), summary);
      }
      assert.equal(summaryOf('fine', words), words.summary.fine);
    });

    it('says nothing in English', () => {
      if (name === 'en') return;
      for (const code of codes) assert.notEqual(sentenceOf(found('relay', code), words), sentenceOf(found('relay', code), english), code);
      if (!/^(zh|ja|ko|ar|he)/.test(name)) return;
      const names = /\{\w+\}|\b(Chrome|Edge|Firefox|Safari|https|wss|UDP|TCP|TLS|allow|Permissions-Policy|Content-Security-Policy)\b/g;
      for (const text of [...Object.values(words.codes), ...Object.values(words.checks)])
        assert.doesNotMatch(text.replace(names, ''), /[A-Za-z]/, text);
    });
  });
}
