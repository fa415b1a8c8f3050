/** The figures of a connection are named in every language. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { digitsOf, factsOf, groupsOf } from '../../../components/panel/quality/figures.js';
import { TERMS, termsIn, TEXTS } from '../../../components/panel/quality/terms.js';
import { second } from '../../support/readings.js';

const on = { microphone: true, camera: true, screen: false };
const english = termsIn('en');

describe('The words of the figures', () => {
  for (const [lang, text] of Object.entries(TEXTS)) {
    test(`are all there in ${lang}, neither empty nor padded${lang === 'en' ? '' : ', and not English'}`, () => {
      const words = text.split('|');
      assert.equal(words.length, TERMS.length);
      for (const word of words) assert.match(word, /^\S(.*\S)?$/u);
      const terms = termsIn(lang);
      if (lang !== 'en') {
        const same = TERMS.filter((term) => terms[term] === english[term]);
        // What has the same name in German.
        assert.deepEqual(lang === 'de' ? same.filter((term) => term !== 'data') : same, []);
      }
    });
  }
});

describe('The figures', () => {
  test('are written in the digits of the language', () => {
    const write = (lang: string) => digitsOf(lang);
    assert.equal(write('en').data(1450.4), '1,450 kb/s');
    assert.match(write('de').data(1450.4), /^1\.450\skb/);
    assert.deepEqual([write('en').share(0.0123), write('en').time(0.0456), write('de').score(4.41)], ['1.2%', '46 ms', '4,4']);
  });

  test('leave out what is not known, and what does not flow', () => {
    const digits = digitsOf('en');
    const reading = second({ path: { relayed: true }, cameraOut: { kbits: 0 }, cameraIn: { lost: undefined, jitter: undefined } } as never);
    assert.deepEqual(
      factsOf({ ...reading, available: undefined } as never, null, english, digits).map(({ value }) => value),
      ['relayed', '40 ms'],
    );
    const [voice, picture] = groupsOf(reading, on, on, english, digits);
    assert.deepEqual(voice!.rows[0], { label: 'Codec', received: 'opus', sent: 'opus' });
    assert.deepEqual(
      picture!.rows.map(({ label, received, sent }) => [label, received, sent]),
      [
        ['Codec', 'VP9', undefined],
        ['Resolution', '1280 × 720', undefined],
        ['Frames per second', '30', undefined],
        ['Bitrate', '1,500 kb/s', undefined],
        ['Standing still', '0%', undefined],
      ],
    );
  });

  test('tell of a screen where one is shared, and of no picture where there is none', () => {
    const voice = { ...on, camera: false };
    const digits = digitsOf('en');
    assert.deepEqual(
      groupsOf(second(), voice, voice, english, digits).map(({ label }) => label),
      ['Voice'],
    );
    const shared = groupsOf(second({ screenIn: { kbits: 300 } }), voice, { ...voice, screen: true }, english, digits);
    assert.deepEqual(
      shared.map(({ label, rows }) => [label, rows.length]),
      [
        ['Voice', 4],
        ['Screen', 1],
      ],
    );
  });
});
