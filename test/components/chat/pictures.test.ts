/** Files are shown as pictures only where they are some, and not too large to draw. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_PICTURE_PIXELS } from '../../../components/chat/bounds.js';
import { pictureTypeOf } from '../../../components/chat/pictures.js';

/** Bytes, of letters and of numbers; a negative length leaves so many zeros. */
const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...part].map((letter) => letter.charCodeAt(0)) : part)));
const zeros = (count: number): number[] => new Array<number>(count).fill(0);
const big = (value: number, length: number): number[] => Array.from({ length }, (_, at) => (value >>> (8 * (length - 1 - at))) & 0xff);
const little = (value: number, length: number): number[] => big(value, length).reverse();

const SOME = zeros(16);
/** The beginning of a picture of this size, in every form that is shown. */
const PICTURES: Record<string, (width: number, height: number) => Uint8Array> = {
  'image/png': (width, height) => bytes('\x89PNG\r\n\x1a\n', big(13, 4), 'IHDR', big(width, 4), big(height, 4), SOME),
  'image/jpeg': (width, height) =>
    bytes(
      '\xff\xd8\xff\xe1',
      big(6, 2),
      'Exif',
      '\xff\xff\xc4',
      big(4, 2),
      [1, 2],
      '\xff\xc2',
      big(17, 2),
      [8],
      big(height, 2),
      big(width, 2),
    ),
  'image/gif': (width, height) =>
    bytes('GIF89a', little(width, 2), little(height, 2), [0, 0, 0], [0x2c], zeros(4), little(1, 2), little(1, 2)),
  'image/webp (lossy)': (width, height) =>
    bytes('RIFF', SOME.slice(12), 'WEBPVP8 ', zeros(4), zeros(3), [0x9d, 1, 0x2a], little(width, 2), little(height, 2)),
  'image/webp (lossless)': (width, height) =>
    bytes('RIFF', SOME.slice(12), 'WEBPVP8L', zeros(4), [0x2f], little((width - 1) | ((height - 1) << 14), 4)),
  'image/webp (extended)': (width, height) =>
    bytes('RIFF', SOME.slice(12), 'WEBPVP8X', zeros(4), zeros(4), little(width - 1, 3), little(height - 1, 3)),
};

describe('A picture', () => {
  for (const [name, make] of Object.entries(PICTURES)) {
    const [type] = name.split(' ');
    test(`is one by its first bytes, where it says how large it is: ${name}`, () => {
      assert.equal(pictureTypeOf(make(640, 480)), type);
      for (let length = 0; length < make(640, 480).length - 16; length++)
        assert.equal(pictureTypeOf(make(640, 480).subarray(0, length)), undefined, `of which there are ${length} bytes`);
      assert.equal(pictureTypeOf(make(16_000, MAX_PICTURE_PIXELS / 16_000)), type);
      assert.equal(
        pictureTypeOf(make(16_000, MAX_PICTURE_PIXELS / 16_000 + 1)),
        undefined,
        'so many pixels would take the memory of the page',
      );
    });
  }

  test('that enlarges its own screen is as large as it becomes', () => {
    const gif = (width: number) =>
      bytes(
        'GIF89a',
        little(1, 2),
        little(1, 2),
        [0x80, 0, 0],
        zeros(6),
        [0x21, 0xf9, 2, 1, 1, 1, 9, 0],
        [0x2c],
        zeros(4),
        little(width, 2),
        little(10_000, 2),
      );
    assert.equal(pictureTypeOf(gif(5000)), 'image/gif');
    assert.equal(pictureTypeOf(gif(5001)), undefined);
  });

  test('is nothing that can hold a script, nor what is too short', () => {
    for (const text of ['<svg xmlns="http://www.w3.org/2000/svg">', '<!doctype html>', '<?xml version="1.0"?>', '%PDF-1.7', 'GIF', ''])
      assert.equal(pictureTypeOf(bytes(text)), undefined, text);
  });

  test('is none where its segments lead nowhere', () => {
    for (const jpeg of [
      bytes('\xff\xd8\xff\xe0\x00\x00', zeros(40)),
      bytes('\xff\xd8', new Array<number>(4000).fill(0xff)),
      bytes('\xff\xd8\xff'),
      // Markers without a length, which would lead to a frame of the writer's choice.
      ...['\x01', '\xd0', '\x00'].map((marker) => bytes(`\xff\xd8\xff${marker}\x00\x02\xff\xc0\x00\x11\x08\x00\x10\x00\x10`, zeros(40))),
    ])
      assert.equal(pictureTypeOf(jpeg), undefined);
  });
});
