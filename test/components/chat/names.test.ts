/** Files are called and shown as what they are, whatever the other side says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_FILE_NAME } from '../../../components/chat/bounds.js';
import { cleanName, pictureTypeOf } from '../../../components/chat/names.js';

describe('The name of a file', () => {
  const names: readonly (readonly [string, string])[] = [
    ['report.pdf', 'report.pdf'],
    ['Über uns – 2024 (1).docx', 'Über uns – 2024 (1).docx'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Windows\\system32\\evil.exe', 'evil.exe'],
    ['..', 'file'],
    ['...', 'file'],
    ['', 'file'],
    ['/', 'file'],
    ['.htaccess', 'htaccess'],
    ['trailing. . ', 'trailing'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['in\u200bvisi\ufeffble\u2066.txt', 'invisible.txt'],
    ['line\r\nbreak\0.txt', 'linebreak.txt'],
    ['a<b>:"c"|d?*.txt', 'a_b___c__d__.txt'],
    ['<img src=x onerror=alert(1)>.png', '_img src=x onerror=alert(1)_.png'],
  ];
  for (const [given, shown] of names)
    test(`becomes harmless: ${JSON.stringify(given)}`, () => {
      assert.equal(cleanName(given), shown);
    });

  test('has at most 120 characters, and keeps its ending', () => {
    const name = cleanName(`${'😀'.repeat(400)}.jpeg`);
    assert.equal([...name].length, MAX_FILE_NAME);
    assert.ok(name.endsWith('😀.jpeg'));
    assert.equal([...cleanName('n'.repeat(400))].length, MAX_FILE_NAME);
  });
});

describe('A picture', () => {
  const bytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

  test('is one by its first bytes', () => {
    assert.equal(pictureTypeOf(bytes('\x89PNG\r\n\x1a\n....')), 'image/png');
    assert.equal(pictureTypeOf(bytes('\xff\xd8\xff\xe0........')), 'image/jpeg');
    assert.equal(pictureTypeOf(bytes('GIF89a......')), 'image/gif');
    assert.equal(pictureTypeOf(bytes('RIFF....WEBP')), 'image/webp');
  });
  test('is nothing that can hold a script, nor what is too short', () => {
    for (const text of ['<svg xmlns="http://www.w3.org/2000/svg">', '<!doctype html>', '<?xml version="1.0"?>', '%PDF-1.7', 'GIF', ''])
      assert.equal(pictureTypeOf(bytes(text)), undefined, text);
  });
});
