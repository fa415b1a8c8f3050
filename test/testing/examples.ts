/** The worked examples of TESTING.md as files that can be run from the source. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Writes the example that is introduced by this file name, and answers its path; it is removed with the test. */
export function writeExample(t: TestContext, name: string): string {
  const text = readFileSync(join(root, 'testing', 'TESTING.md'), 'utf8');
  const source = text.slice(text.indexOf(`\`${name}\``)).match(/```js\n([^]*?)```/)?.[1];
  if (!source) throw new Error(`TESTING.md has no example ${name}.`);
  // Within the project, so that packages are found.
  const folder = mkdtempSync(join(root, 'test', 'testing', '.example-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, name);
  writeFileSync(path, source.replace("'video-call-elements/testing'", JSON.stringify(join(root, 'testing', 'index.ts'))));
  return path;
}
