/**
 * How the lines of `sh` blocks are run: for real where that is possible here, else as far as it is. A command that has no row
 * fails the tests of the documents: give it one.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tokenCommand } from '../../../relay/commands/token.js';
import { readOptions } from '../../../relay/options.js';
import { startRelay } from '../relay.js';
import { blocksOf, read } from './blocks.js';

/** A command, as one line of a block. */
export interface Command {
  readonly line: string;
  readonly path: string;
  /** Variables that lines above it have exported. */
  readonly env: Readonly<Record<string, string>>;
}

/** What is done with a command: `shell` runs it in a folder that is thrown away, together with the others of its block. */
type How = 'shell' | ((command: Command, match: RegExpExecArray) => unknown);

interface Row {
  readonly pattern: RegExp;
  readonly how: How;
  /** Why it is not run as it stands; what is checked instead is in `how`. */
  readonly because?: string;
}

const LONG_ENOUGH = 'x'.repeat(48);

/** The arguments of a command line; `…` is some value after an option, and nothing elsewhere. */
export function argumentsOf(line: string): string[] {
  const words = (line.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
  return words.flatMap((word, index) => (word !== '…' ? [word] : words[index - 1]?.startsWith('--') ? [LONG_ENOUGH] : []));
}

const packages = JSON.parse(read('package.json')) as Record<'name' | 'dependencies' | 'devDependencies', Record<string, string>>;
const exists = (_: Command, [, path]: RegExpExecArray): void => assert.ok(existsSync(path!), `${path} is there`);

/** The rows; the first one that matches counts. */
const COMMANDS: readonly Row[] = [
  {
    pattern: /^(?:npx --package=video-call-elements )?video-call-relay token (.*)$/,
    how: ({ env }, [, rest]) => tokenCommand(argumentsOf(rest!), { AUTH_SECRET: LONG_ENOUGH, ...env }, Date.now() / 1000),
  },
  {
    pattern: /^(?:npx --package=video-call-elements )?video-call-relay (.*)$/,
    how: ({ env }, [, rest]) => readOptions(argumentsOf(rest!), env),
  },
  { pattern: /^npm start(?: -- (.*))?$/, how: (_, [, rest = '']) => readOptions(['--demo', '--roster', ...argumentsOf(rest)], {}) },
  { pattern: /^(?:export \w+="\$\()?openssl rand -base64 \d+(?:\)")?$/, how: 'shell' },
  { pattern: /^(?:mkdir|cd) [\w-]+$/, how: 'shell' },
  { pattern: /^npm init -y$/, because: 'it is npm’s own, and takes longer than all of the rest', how: () => undefined },
  {
    pattern: /^curl https:\/\/calls\.example\.com(\/(?:healthz|readyz))$/,
    because: 'the name leads nowhere; a relay of the test is asked instead',
    how: async (_, [, path]) => {
      const relay = await startRelay();
      const said = await (await fetch(relay.origin + path!)).text().finally(() => relay.close());
      assert.equal(said, path === '/healthz' ? 'ok\n' : 'ready\n');
    },
  },
  {
    pattern: /^npm (?:ci|test)$/,
    because: 'it is what runs this test',
    how: ({ line }) => assert.ok(read('.ci/run').split('\n').includes(line)),
  },
  {
    pattern: /^npm install ([\w .-]+)$/,
    because: 'it needs a registry',
    how: (_, [, names]) => {
      for (const name of names!.split(' '))
        assert.ok(String(packages.name) === name || name in { ...packages.dependencies, ...packages.devDependencies }, name);
    },
  },
  {
    pattern: /^AUTH_SECRET="\$\(openssl rand -base64 48\)" node (server\.mjs)$/,
    because: 'test/e2e/documents.test.ts runs that file, which is the block above it',
    how: ({ path }) => assert.equal(blocksOf(path).filter(({ language }) => language === 'js').length, 1),
  },
  {
    pattern: /^chromium --kiosk /,
    because: 'there is no screen here; test/e2e/documents.test.ts starts a browser with its other flags',
    how: ({ line }) => assert.match(line, / https:\S+$/),
  },
  {
    pattern: /^sudo cp (relay\/examples\/\S+) \/etc\/\S+$/,
    because: 'it changes the machine; test/relay/proxies.test.ts and test/relay/turn.test.ts start the servers with these files',
    how: exists,
  },
  {
    pattern: /^sudo (?:ln -s \S+ \S+|nginx -t|systemctl (?:reload|restart) (?:nginx|caddy|coturn)|apt-get install coturn)$/,
    because: 'it changes the machine; see the row above',
    how: () => undefined,
  },
];

/** How a line is run; undefined where nobody has said so. */
export function rowOf(line: string): (Row & { readonly match: RegExpExecArray }) | undefined {
  for (const row of COMMANDS) {
    const match = row.pattern.exec(line);
    if (match) return { ...row, match };
  }
  return undefined;
}

/** The commands of a block, without comments. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
