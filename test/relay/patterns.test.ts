/** No pattern may cost more than its text is long: a stranger chooses the text, and everybody waits meanwhile. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';
import { ADDRESS_PATTERN, DEVICE_ADDRESS_PATTERN, DEVICE_PATTERN, PEER_PATTERN } from '../../relay/protocol/address.js';

const root = new URL('../../', import.meta.url);

/** Longer than any text that comes in. */
const LENGTH = 65_536;
/** Milliseconds of work for one text. What is in proportion takes one or two; what goes with the square takes seconds. */
const ENOUGH = 200;

/** Every pattern that is written in the source of the relay and of the widget. */
function patterns(): ReadonlyMap<string, RegExp> {
  const found = new Map<string, RegExp>();
  for (const folder of ['relay', 'components']) {
    const names = readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    for (const name of names) {
      const path = `${folder}/${name}`;
      const visit = (node: ts.Node): void => {
        if (ts.isRegularExpressionLiteral(node)) {
          const [, source = '', flags = ''] = /^\/(.*)\/(\w*)$/su.exec(node.text) ?? [];
          found.set(`${path}: ${node.text}`, new RegExp(source, flags));
        }
        ts.forEachChild(node, visit);
      };
      visit(ts.createSourceFile(path, readFileSync(new URL(path, root), 'utf8'), ts.ScriptTarget.ES2022));
    }
  }
  for (const pattern of [ADDRESS_PATTERN, DEVICE_ADDRESS_PATTERN, DEVICE_PATTERN, PEER_PATTERN])
    found.set(pattern, new RegExp(pattern, 'u'));
  return found;
}

/** Texts that make patterns go back: something repeated for long, with a beginning and an end that do not fit. */
function texts({ source }: RegExp): string[] {
  const known = [
    'a',
    '0',
    ' ',
    '-',
    '.',
    '/',
    ':',
    '"',
    '\\',
    '"\\',
    ',',
    '=',
    'a.',
    'a=1\r\n',
    '0.',
    '{"',
    '":',
    '\t',
    '\n',
    '\r\n',
    '%2e',
    ' a',
    '🙂',
  ];
  // And what is in the pattern itself.
  const own = [...source.matchAll(/[\w ]{2,}|[^\w\\^$()[\]{}?*+|]/gu)].map(([part]) => part);
  const all = [...new Set([...known, ...own])];
  return all.flatMap((part) => {
    const body = part.repeat(Math.ceil(LENGTH / part.length));
    return [body, `${body}!`, `"${body}\n`, `a=${body}!`];
  });
}

/** Milliseconds of work of this process, which do not run while another program has the processor. */
const worked = (): number => process.cpuUsage().user / 1000;

test('Every pattern takes no longer than in proportion to the text', () => {
  const all = patterns();
  assert.ok(all.size > 20, 'patterns were found');
  const slow: string[] = [];
  for (const [name, pattern] of all) {
    for (const text of texts(pattern)) {
      const before = worked();
      if (pattern.global) [...text.matchAll(pattern)].length;
      else pattern.test(text);
      if (worked() - before > ENOUGH) {
        slow.push(`${name}: ${(worked() - before).toFixed(0)} ms for ${JSON.stringify(text.slice(0, 12))}`);
        break;
      }
    }
  }
  assert.deepEqual(slow, []);
});
