/** Every language says everything that English says, in its own words. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { TABLES, tableFor } from '../../../components/locales/tables.js';
import type { TableName } from '../../../components/locales/tables.js';
import { words as en } from '../../../components/locales/en.js';

type Tree = { readonly [key: string]: string | Tree };
const PLURAL = /^roster\.found\./;
/** What may be the same as in English. */
const SAME_ON_PURPOSE = new Set(['de:presence.online', 'de:presence.offline']);
/** What stands on a control of its own, and how many columns it may take; a Chinese, Japanese or Korean sign takes two. */
const LABELS =
  /^(call|accept|acceptAudio|decline|cancel|hangUp|mute|unmute|cameraOff|cameraOn|switchCamera|pip|fullscreen|exitFullscreen|callAgain|callBack|close|tapForSound|rejoin|states\.\w+)$/;
const LONGEST_LABEL = 26;

const wide = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/;
const columns = (text: string): number => [...text].reduce((sum, sign) => sum + (wide.test(sign) ? 2 : 1), 0);

function flat(table: Tree, path = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(table)) {
    if (typeof value === 'string') found.set(path + key, value);
    else for (const [name, text] of flat(value, `${path}${key}.`)) found.set(name, text);
  }
  return found;
}

const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
const english = flat(en as unknown as Tree);
const keysOf = (table: Map<string, string>): string[] => [...table.keys()].filter((key) => !PLURAL.test(key)).sort();

for (const name of Object.keys(TABLES) as TableName[]) {
  describe(`The words of ${name}`, async () => {
    const table = flat((await TABLES[name]()).words as unknown as Tree);

    it('are those of English, one for one', () => {
      assert.deepEqual(keysOf(table), keysOf(english));
    });

    it('have the same places for names, times and numbers', () => {
      for (const key of keysOf(english)) assert.deepEqual(places(table.get(key)!), places(english.get(key)!), key);
    });

    it('have every form of the plural, and no other', () => {
      const forms = [...table.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ''));
      assert.deepEqual(forms.sort(), [...new Intl.PluralRules(name).resolvedOptions().pluralCategories].sort());
      assert.deepEqual(places(table.get('roster.found.other')!), ['{count}']);
    });

    it('fit on the controls', () => {
      for (const [key, text] of table) if (LABELS.test(key)) assert.ok(columns(text) <= LONGEST_LABEL, `${key}: ${text}`);
    });

    it('are neither empty nor padded', () => {
      for (const [key, text] of table) {
        if (key === 'presence.unknown') assert.equal(text, '');
        else assert.match(text, /^\S(.*\S)?$/u, key);
      }
    });

    if (name !== 'en') {
      it('leave nothing in English', () => {
        for (const [key, text] of table) {
          if (text !== '' && !SAME_ON_PURPOSE.has(`${name}:${key}`)) assert.notEqual(text, english.get(key), key);
        }
        if (!/^(zh|ja|ko|ar|he)/.test(name)) return;
        const names = /\{\w+\}|\b(Chrome|Edge|Firefox|Safari|https|PIP|GB)\b/g;
        for (const [key, text] of table) assert.doesNotMatch(text.replace(names, ''), /[A-Za-z]/, key);
      });
    }
  });
}

describe('The table for a language tag', () => {
  const EXPECTED: Readonly<Record<string, string>> = {
    en: 'en',
    'en-GB': 'en',
    '': 'en',
    tlh: 'en',
    constructor: 'en',
    zh: 'zh',
    'zh-CN': 'zh',
    zh_CN: 'zh',
    'zh-SG': 'zh',
    'zh-Hans': 'zh',
    'zh-Hans-HK': 'zh',
    'zh-TW': 'zh-hant',
    'zh-HK': 'zh-hant',
    'zh-MO': 'zh-hant',
    'ZH-hant': 'zh-hant',
    'zh-Hant-CN': 'zh-hant',
    zh_TW: 'zh-hant',
    pt: 'pt',
    'pt-PT': 'pt',
    'pt-BR': 'pt',
    iw: 'he',
    'he-IL': 'he',
    'ar-EG': 'ar',
    'es-419': 'es',
  };
  for (const [tag, name] of Object.entries(EXPECTED)) {
    it(`is ${name} for "${tag}"`, () => assert.equal(tableFor(tag), name));
  }
});

describe('The README', () => {
  it('names every language, and no other', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
    const [, list = ''] = /### Languages\n\n(.*?)\. An element speaks/s.exec(readme) ?? [];
    const named: string[] = [...list.matchAll(/`([\w-]+)`/g)].map(([, tag]) => tag!.toLowerCase());
    assert.deepEqual(named.sort(), Object.keys(TABLES).sort());
  });
});
