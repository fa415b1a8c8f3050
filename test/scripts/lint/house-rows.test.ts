/** The import rule of the house: what it forbids is found, what it permits is left alone. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import house from '../../../scripts/lint/house-plugin.mjs';
import { circleThrough } from '../../../scripts/lint/import-graph.mjs';
import { ROWS, rowOf } from '../../../scripts/lint/house-rows.mjs';

const cwd = fileURLToPath(new URL('../../..', import.meta.url));

/** What the rule says about a file with this path and source. */
function complaints(path: string, source: string): string[] {
  const linter = new Linter({ cwd });
  const config = {
    files: ['**/*.ts', '**/*.js'],
    languageOptions: { parser: tseslint.parser as Linter.Parser },
    plugins: { house: house as object },
    rules: { 'house/import-direction': 'error' as const },
  };
  return linter.verify(source, config, { filename: join(cwd, path) }).map(({ message }) => message);
}

const FORBIDDEN: [why: string, path: string, source: string][] = [
  ['The protocol imports nothing of the relay', 'relay/protocol/parse.ts', "import '../session.js';"],
  ['The protocol imports no package', 'relay/protocol/parse.ts', "import { createHash } from 'node:crypto';"],
  ['Components see nothing of the relay but the protocol', 'components/link/link.ts', "import type { Log } from '../../relay/log.js';"],
  ['The relay never sees components', 'relay/session.ts', "import { isLive } from '../components/call/phases.js';"],
  ['The machine imports no engine', 'components/call/machine.ts', "import { Engine } from './engine.js';"],
  ['A call knows no Lit', 'components/call/engine.ts', "import { html } from 'lit';"],
  ['A call knows no elements', 'components/call/engine.ts', "export { VideoCallPanel } from '../video-call-panel.js';"],
  ['Sessions know no panel, later either', 'components/sessions.ts', "const load = () => import('./panel/stage.js');"],
  ['Types go one way too', 'components/call/ports.ts', "import type { Sessions } from '../sessions.js';"],
  ['The switchboard knows no session', 'relay/switchboard.ts', "import { Session } from './session.js';"],
  ['Nobody imports a test', 'relay/session.ts', "import { fake } from '../test/support/fake-session.js';"],
  ['A demo uses what everybody can use', 'demo/index.js', "import { VideoCallPanel } from '../components/video-call-panel.js';"],
  ['The conformance kit sees of the relay only the protocol', 'relay/conformance/run.ts', "import { CLOSE } from '../session.js';"],
  ['The headless client knows no Lit', 'components/headless/client.ts', "import { html } from 'lit';"],
  ['The test peer knows no page', 'testing/peer.ts', "import { openSession } from '../components/sessions.js';"],
  ['A file without a row may not be there', 'components/manager.ts', ''],
];
for (const [why, path, source] of FORBIDDEN) {
  test(`${why}: the linter finds it`, () => assert.equal(complaints(path, source).length, 1));
}

const PERMITTED: [why: string, path: string, source: string][] = [
  ['The machine uses the protocol', 'components/call/machine.ts', "import { CLOSE } from '../../relay/protocol/index.js';"],
  [
    'Elements use what is below them',
    'components/video-call-panel.ts',
    "import { isLive } from './call/phases.js'; import { html } from 'lit';",
  ],
  ['The command line uses the relay', 'relay/cli.ts', "import { createRelay } from './relay.js'; import 'node:fs';"],
  ['A file imports its own row', 'components/panel/stage.ts', "import { view } from './view.js';"],
];
for (const [why, path, source] of PERMITTED) {
  test(`${why}: the linter lets it be`, () => assert.deepEqual(complaints(path, source), []));
}

test('Every row stands on rows that exist', () => {
  const names = new Set(ROWS.map(({ name }) => name));
  for (const row of ROWS) for (const below of row.on) assert.ok(names.has(below), `${row.name} stands on ${below}`);
});

test('A path that belongs to no row has none', () => {
  assert.equal(rowOf('components/call/machine.ts')?.name, 'call: the pure heart');
  assert.equal(rowOf('components/call/engine.ts')?.name, 'call and link');
  assert.equal(rowOf('somewhere/else.ts'), undefined);
});

test('A circle is found with the way around it, and a file that only leads to one is not blamed', () => {
  const imports: Record<string, string[]> = { a: ['b'], b: ['c'], c: ['a', 'd'], d: [], outside: ['a'] };
  const read = (path: string): string[] => imports[path] ?? [];
  assert.deepEqual(circleThrough('a', 'b', read), ['a', 'b', 'c', 'a']);
  assert.deepEqual(circleThrough('c', 'd', read), null);
  assert.deepEqual(circleThrough('outside', 'a', read), null);
  assert.deepEqual(
    circleThrough('self', 'self', () => ['self']),
    ['self', 'self'],
  );
});
