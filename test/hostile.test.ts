/** Keeps `HOSTILE.md` true: every test that it names is there, and every row says something. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import ts from 'typescript';

const here = new URL('.', import.meta.url);
const rows = readFileSync(new URL('HOSTILE.md', here), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| H'))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, id = '', sent = '', does = '', shown = '', ...more]) => ({ id, sent, does, shown, more }));

/** A pattern for the titles of one `test` or `it` in a file; what is only known when it runs may be any text, which the table writes as …. */
function patternOf(title: ts.Expression): RegExp {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const any = '(.+)';
  if (ts.isStringLiteralLike(title)) return new RegExp(`^${literal(title.text)}$`);
  if (!ts.isTemplateExpression(title)) return new RegExp(`^${any}$`);
  return new RegExp(`^${literal(title.head.text)}${title.templateSpans.map((span) => any + literal(span.literal.text)).join('')}$`);
}

/** Answers whether a file has a test of a name. What is put together when it runs must be written in the file piece by piece. */
function readTitles(path: string): (name: string) => boolean {
  const text = readFileSync(new URL(path, here), 'utf8');
  const patterns: RegExp[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && ['test', 'it', 'taken'].includes(node.expression.text)) {
      if (node.arguments[0]) patterns.push(patternOf(node.arguments[0]));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest));
  return (name) =>
    patterns.some(
      (pattern) =>
        pattern
          .exec(name)
          ?.slice(1)
          .every((piece) => piece === '…' || text.includes(piece)) ?? false,
    );
}

/** A test as the table names it: a file in this folder, and its whole name. */
const REFERENCE = /`([\w./-]+\.ts)` "([^"]+)"/g;

test('The table of what strangers send has a row for each of H01 to H80, in order, and each row has a test or says why there is none', () => {
  assert.deepEqual(
    rows.map(({ id }) => id),
    Array.from({ length: 80 }, (_, at) => `H${String(at + 1).padStart(2, '0')}`),
  );
  for (const { id, sent, does, shown, more } of rows) {
    assert.deepEqual(more, [''], `${id} has four cells`);
    assert.ok(sent.length > 0 && does.length > 0, id);
    assert.ok(shown.startsWith('None: ') || [...shown.matchAll(REFERENCE)].length > 0, id);
  }
});

test('Every test that the table names is in the file that it names', () => {
  const files = new Map<string, (name: string) => boolean>();
  const missing: string[] = [];
  for (const { id, shown } of rows) {
    for (const [, path = '', name = ''] of shown.matchAll(REFERENCE)) {
      if (!existsSync(new URL(path, here))) missing.push(`${id}: ${path}`);
      else {
        const has = files.get(path) ?? readTitles(path);
        files.set(path, has);
        if (!has(name)) missing.push(`${id}: ${path}: ${name}`);
      }
    }
  }
  assert.deepEqual(missing, []);
  assert.ok(files.size > 20, `${files.size} files`);
});

test('Every test of hostile input stands in the table', () => {
  const named = new Set(rows.flatMap(({ shown }) => [...shown.matchAll(REFERENCE)].map(([, path]) => path)));
  for (const name of ['frames', 'http', 'words', 'crowd']) assert.ok(named.has(`relay/hostile/${name}.test.ts`), name);
});
