/** Addresses in messages become links, and nothing else does. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sizeOf } from '../../../../components/panel/chat/figures.js';
import { piecesOf } from '../../../../components/panel/chat/links.js';

const shown = (message: string) => piecesOf(message).map(({ text, href }) => (href ? [text, href] : text));

describe('In a message', () => {
  test('addresses of web pages are links, without what stands behind them', () => {
    assert.deepEqual(shown('See https://example.com/a?b=1#c, and (http://example.org).'), [
      'See ',
      ['https://example.com/a?b=1#c', 'https://example.com/a?b=1#c'],
      ', and (',
      ['http://example.org', 'http://example.org/'],
      ').',
    ]);
    assert.deepEqual(shown('https://en.wikipedia.org/wiki/Tea_(meal)'), [
      ['https://en.wikipedia.org/wiki/Tea_(meal)', 'https://en.wikipedia.org/wiki/Tea_(meal)'],
    ]);
    assert.deepEqual(shown('HTTPS://EXAMPLE.COM'), [['HTTPS://EXAMPLE.COM', 'https://example.com/']]);
  });

  test('an address ends where something could make it look like another', () => {
    for (const sign of ['\u202e', '\u2066', '\u200b', '\u200f', '\u00ad'])
      assert.deepEqual(shown(`https://evil.example/${sign}moc.elpmaxe`), [
        ['https://evil.example/', 'https://evil.example/'],
        `${sign}moc.elpmaxe`,
      ]);
  });

  const harmless = [
    'no link at all',
    'javascript:alert(1)',
    'javascript://example.com/%0aalert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'xhttps://example.com',
    'https://',
    'http://[broken',
    '',
  ];
  for (const message of harmless)
    test(`this is text: ${JSON.stringify(message)}`, () => {
      assert.ok(piecesOf(message).every(({ href }) => href === undefined));
      assert.equal(
        piecesOf(message)
          .map(({ text }) => text)
          .join(''),
        message,
      );
    });

  test('nothing is lost, whatever it is', () => {
    for (const message of ['https://a.example)https://b.example', '<https://a.example>"', 'a https://x.example\nb\thttps://y.example!!!'])
      assert.equal(
        piecesOf(message)
          .map(({ text }) => text)
          .join(''),
        message,
      );
  });

  test('a long text that nearly is an address takes no longer than it is long', () => {
    const from = performance.now();
    for (const nearly of ['https://' + '.'.repeat(16_000), 'http://'.repeat(2300), 'https://a' + ')'.repeat(16_000) + 'x'])
      piecesOf(nearly);
    assert.ok(performance.now() - from < 2000);
  });
});

test('A size is told in the digits and words of a language', () => {
  assert.deepEqual(
    [999, 1000, 1_500_000, 2_147_483_648].map((bytes) => sizeOf(bytes, 'en')),
    ['999 byte', '1 kB', '1.5 MB', '2.1 GB'],
  );
  assert.equal(sizeOf(1_500_000, 'de').replace(/\s/g, ' '), '1,5 MB');
});
