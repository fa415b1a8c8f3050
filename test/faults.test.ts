/** Keeps `FAULTS.md` true: every test that it names is there, and no row is missing. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** A test that a table names. */
interface Named {
  readonly file: string;
  readonly name: string;
}

/** What stands in the cells as `file`: “name”, “another name of the same file”; soaks are named by their file alone. */
function namesIn(table: string): { tests: Named[]; soaks: string[] } {
  const tests: Named[] = [];
  let file = '';
  for (const [, path, name] of table.matchAll(/`([\w/.-]+)`: (?=“)|“([^”]+)”/g)) {
    if (path !== undefined) file = path;
    else if (file !== '') tests.push({ file, name: name! });
  }
  return { tests, soaks: [...table.matchAll(/soak `([\w-]+)`/g)].map(([, soak]) => soak!) };
}

const here = (path: string): string => new URL(path, import.meta.url).pathname;
const fileOf = (name: string): string | undefined => [`${name}.ts`, `${name}.test.ts`].map(here).find((path) => existsSync(path));

test('Every test that FAULTS.md names is there, and its rows are without gaps', () => {
  const text = readFileSync(here('FAULTS.md'), 'utf8');
  const { tests, soaks } = namesIn(text.slice(text.indexOf('| F01')));
  assert.ok(tests.length > 50 && soaks.length > 5);
  const missing = tests.filter(({ file, name }) => {
    const path = fileOf(file);
    return path === undefined || !readFileSync(path, 'utf8').replaceAll("\\'", "'").includes(name);
  });
  assert.deepEqual(missing, []);
  assert.deepEqual(
    soaks.filter((soak) => !existsSync(here(`soak/${soak}.soak.ts`))),
    [],
  );
  assert.deepEqual(
    [...text.matchAll(/^\| F(\d+) \|/gm)].map(([, row]) => Number(row)),
    Array.from({ length: 94 }, (_, index) => index + 1),
  );
});
