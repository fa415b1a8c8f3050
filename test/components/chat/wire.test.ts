/** What travels on the lanes of the chat, and what is not let in. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CHUNK_BYTES, MAX_FILE_BYTES, MAX_TEXT_BYTES, MAX_WORD_CHARACTERS } from '../../../components/chat/bounds.js';
import { cleanText, frame, isMessage, readFrame, readWord } from '../../../components/chat/wire.js';
import type { Word } from '../../../components/chat/wire.js';

const WORDS: Word[] = [
  { type: 'text', id: 1, at: 1_700_000_000_000, text: 'Hello\nBob' },
  { type: 'file', id: 2, at: 1_700_000_000_000, name: 'report.pdf', size: 12 },
  { type: 'ack', id: 0 },
  { type: 'take', id: 2, from: 0 },
  { type: 'have', id: 2, to: 12 },
  { type: 'end', id: 2, digest: 'ab'.repeat(32) },
  { type: 'got', id: 2, ok: true },
  { type: 'refuse', id: 2 },
  { type: 'withdraw', id: 2 },
];

describe('A word of the chat', () => {
  for (const word of WORDS)
    test(`is read as it was written, without what does not belong to it: ${word.type}`, () => {
      assert.deepEqual(readWord(JSON.stringify({ ...word, more: 1, __proto__: { type: 'x' } })), word);
    });

  const text = WORDS[0]!;
  const file = WORDS[1]!;
  const wrong: Record<string, unknown> = {
    'no text': new ArrayBuffer(8),
    'no JSON': '{"type":"text"',
    null: 'null',
    'a list': '[1]',
    'without a type': JSON.stringify({ id: 1 }),
    'a number that is none': JSON.stringify({ ...text, id: '1' }),
    'a number that is not whole': JSON.stringify({ ...text, id: 1.5 }),
    'a negative number': JSON.stringify({ ...text, id: -1 }),
    'number nought': JSON.stringify({ ...text, id: 0 }),
    'a number that is too great': JSON.stringify({ ...text, id: 2 ** 31 }),
    'a time that is none': JSON.stringify({ ...text, at: 'now' }),
    'a message that is no text': JSON.stringify({ ...text, text: { toString: 1 } }),
    'an empty message': JSON.stringify({ ...text, text: ' \n ' }),
    'a message that is too long': JSON.stringify({ ...text, text: 'é'.repeat(MAX_TEXT_BYTES / 2 + 1) }),
    'more than is ever parsed': `${' '.repeat(MAX_WORD_CHARACTERS)}${JSON.stringify(text)}`,
    'a file without a name': JSON.stringify({ ...file, name: undefined }),
    'a file with a name of a megabyte': JSON.stringify({ ...file, name: 'n'.repeat(10_000) }),
    'an empty file': JSON.stringify({ ...file, size: 0 }),
    'a file that is too large': JSON.stringify({ ...file, size: MAX_FILE_BYTES + 1 }),
    'a file of no size': JSON.stringify({ ...file, size: null }),
    'a checksum that is none': JSON.stringify({ ...WORDS[5], digest: 'xyz' }),
    'a negative place': JSON.stringify({ ...WORDS[3], from: -1 }),
    'a verdict that is none': JSON.stringify({ ...WORDS[6], ok: 'yes' }),
  };
  for (const [what, data] of Object.entries(wrong))
    test(`is refused where it is ${what}`, () => {
      assert.equal(readWord(data), undefined);
    });

  test('of a later version is passed over', () => {
    assert.equal(readWord('{"type":"reaction","id":3}'), 'unknown');
    assert.equal(readWord('{"type":"constructor","id":3}'), 'unknown');
  });
});

describe('A message', () => {
  test('may have 16 KiB of UTF-8, however many bytes a character has', () => {
    for (const letter of ['a', 'é', '€', '😀']) {
      const most = Math.floor(MAX_TEXT_BYTES / Buffer.byteLength(letter));
      assert.ok(isMessage(letter.repeat(most)), letter);
      assert.ok(!isMessage(letter.repeat(most + 1)), letter);
      assert.notEqual(readWord(JSON.stringify({ type: 'text', id: 1, at: 1, text: letter.repeat(most) })), undefined);
    }
  });
  test('says something: blanks and control characters do not', () => {
    for (const text of ['', ' \n\t', '\0', '\x07 \x1b']) assert.equal(isMessage(text), false, JSON.stringify(text));
  });

  test('of the characters that JSON makes longest still passes', () => {
    const text = '"'.repeat(MAX_TEXT_BYTES);
    assert.notEqual(readWord(JSON.stringify({ type: 'text', id: 1, at: 1, text })), undefined);
  });
  test('loses control characters and halves of characters, and keeps its lines', () => {
    assert.equal(cleanText('a\0b\u001b[31mc\r\nd\te\ud800f😀'), 'ab[31mc\nd\tef😀');
  });
});

describe('A frame of a file', () => {
  test('is read as it was written', () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const read = readFrame(frame(7, MAX_FILE_BYTES - 3, bytes))!;
    assert.deepEqual({ ...read, bytes: [...read.bytes] }, { id: 7, offset: MAX_FILE_BYTES - 3, bytes: [1, 2, 3] });
  });
  test('is refused where it is text, empty or too long', () => {
    assert.equal(readFrame('text'), undefined);
    assert.equal(readFrame(new ArrayBuffer(0)), undefined);
    assert.equal(readFrame(frame(1, 0, new Uint8Array(0))), undefined);
    assert.equal(readFrame(frame(1, 0, new Uint8Array(CHUNK_BYTES + 1))), undefined);
    assert.notEqual(readFrame(frame(1, 0, new Uint8Array(CHUNK_BYTES))), undefined);
  });
});
