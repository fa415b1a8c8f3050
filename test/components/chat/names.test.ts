/** Files are called what they are, whatever the other side says. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_FILE_NAME } from '../../../components/chat/bounds.js';
import { cleanName } from '../../../components/chat/names.js';

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
    ['in\u180evi\u3164si\u2800ble\u{e0041}.txt', 'invisible.txt'],
    ['holiday.jpg\u00a0\u2003\u3000          .exe', 'holiday.jpg .exe'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['COM1.tar.gz', '_COM1.tar.gz'],
    ['console.log', 'console.log'],
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
