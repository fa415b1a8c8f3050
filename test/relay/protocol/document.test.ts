/** PROTOCOL.md says what the code does: every example, message, field, bound and code of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as chatBounds from '../../../components/chat/bounds.js';
import { readWord } from '../../../components/chat/wire.js';
import * as bounds from '../../../relay/protocol/bounds.js';
import { CLOSE, END_REASONS, ERROR_CODES, parseFromPage, parseFromPartner, parseFromRelay } from '../../../relay/protocol/index.js';
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from '../../../relay/protocol/messages.js';
import type { ObjectShape } from '../../../relay/protocol/shape.js';

const text = readFileSync(new URL('../../../relay/PROTOCOL.md', import.meta.url), 'utf8');
/** Reads an example of the chat as the other parsers read theirs. */
function readChat(source: string): { refusal?: { message: string } } {
  const word = readWord(source);
  return word && word !== 'unknown' ? {} : { refusal: { message: 'It is no word of the chat.' } };
}
const parsers = { 'page-to-relay': parseFromPage, 'relay-to-page': parseFromRelay, 'page-to-page': parseFromPartner, chat: readChat };

/** The part of a text from a heading to the next one of the same or a higher level. */
function section(whole: string, heading: string): string {
  const level = /^#+/.exec(heading)![0].length;
  const lines = whole.split('\n');
  const start = lines.indexOf(heading);
  assert.ok(start >= 0, `there is no heading "${heading}"`);
  const next = lines.findIndex((line, i) => i > start && /^#+ /.test(line) && /^#+/.exec(line)![0].length <= level);
  return lines.slice(start, next < 0 ? undefined : next).join('\n');
}

/** The rows of all tables in a text whose first cell is code or a number. */
const rows = (part: string): string[][] =>
  [...part.matchAll(/^\| (?:`[\w-]+`|\d{4}) \|.*$/gm)].map(([row]) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`([^`]*)`$/, '$1')),
  );

/** What the rows of a field table say: name and whether it is needed. */
const documented = (part: string): string[] =>
  rows(part)
    .map(([name, needed]) => `${name}: ${needed}`)
    .sort();
const expected = ({ properties, required }: ObjectShape): string[] =>
  Object.keys(properties)
    .map((name) => `${name}: ${required.includes(name) ? 'yes' : 'no'}`)
    .sort();

describe('the examples of PROTOCOL.md', () => {
  const examples = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map(([, info = '', source = '']) => ({ info, source }));

  it('are all messages that the parser takes in the direction that they claim', () => {
    assert.ok(examples.length > 50);
    for (const { info, source } of examples) {
      const way = info.replace(/^json /, '') as keyof typeof parsers;
      assert.ok(way in parsers, `"${info}" names a direction`);
      const { refusal } = parsers[way](source);
      assert.equal(refusal, undefined, `${refusal?.message}\n${source}`);
    }
  });
  it('show every message, with known fields only', () => {
    const shown = new Set<string>();
    for (const { info, source } of examples) {
      if (info === 'json chat') continue;
      const message = JSON.parse(source) as { type: string };
      const { type } = message;
      const own: Readonly<Record<string, ObjectShape>> = info.endsWith('relay-to-page') ? FROM_RELAY : TO_RELAY;
      const between = (BETWEEN_PAGES as Readonly<Record<string, ObjectShape>>)[type];
      shown.add(between ? `between ${type}` : `${info} ${type}`);
      const known = ['type', ...Object.keys((between ?? own[type]!).properties)];
      if (between) known.push(...Object.keys(ENVELOPE.properties), ...Object.keys(STAMP.properties));
      for (const field of Object.keys(message)) assert.ok(known.includes(field), `${type}.${field}`);
    }
    const all = [
      ...Object.keys(TO_RELAY).map((type) => `json page-to-relay ${type}`),
      ...Object.keys(FROM_RELAY).map((type) => `json relay-to-page ${type}`),
      ...Object.keys(BETWEEN_PAGES).map((type) => `between ${type}`),
    ];
    assert.deepEqual([...shown].sort(), all.sort());
  });
  it('of the whole call number each device without a gap, and acknowledge only what was said', () => {
    const call = section(text, '## A whole call, with times');
    const said: Record<string, number> = {};
    for (const [, way, source = ''] of call.matchAll(/^```json (.*)\n([\s\S]*?)^```$/gm)) {
      const message = JSON.parse(source) as { type: string; to?: string; n?: number; ack: number; alert?: string };
      if (message.to === undefined || way === 'relay-to-page' || message.alert === 'visual') continue;
      const [me, other] = message.to.startsWith('bob') ? ['alice', 'bob'] : ['bob', 'alice'];
      if (message.n !== 0) assert.equal(message.n, (said[me!] ?? 0) + 1, source);
      said[me!] = Math.max(said[me!] ?? 0, message.n!);
      assert.ok(message.ack <= (said[other!] ?? 0), source);
    }
    assert.deepEqual(said, { alice: 6, bob: 5 });
  });
});

describe('PROTOCOL.md describes', () => {
  const ways: Record<string, Readonly<Record<string, ObjectShape>>> = {
    '## From page to relay': TO_RELAY,
    '## From relay to page': FROM_RELAY,
    '## Between pages': BETWEEN_PAGES,
  };
  for (const [heading, table] of Object.entries(ways))
    it(`every message, with each of its fields and whether it is needed: ${heading.slice(3)}`, () => {
      const part = section(text, heading);
      const types = [...part.matchAll(/^#### `(.+)`$/gm)].map(([, type]) => type);
      assert.deepEqual(types, Object.keys(table));
      for (const [type, shape] of Object.entries(table))
        assert.deepEqual(documented(section(part, `#### \`${type}\``)), expected(shape), type);
    });
  it('the envelope and the stamp', () => {
    const part = section(section(text, '## Between pages'), '### The envelope').split('\n#### ')[0]!;
    assert.deepEqual(documented(part), [...expected(ENVELOPE), ...expected(STAMP)].sort());
  });
  it('the values that messages are made of', () => {
    const part = section(text, '## Common values');
    const shapes: Record<string, ObjectShape> = {
      description: BETWEEN_PAGES.description.properties.description,
      candidate: BETWEEN_PAGES.candidates.properties.candidates.items,
      'ICE server': FROM_RELAY.welcome.properties.iceServers.items,
      person: FROM_RELAY.roster.properties.peers.items,
      re: FROM_RELAY.error.properties.re,
    };
    const parts = Object.fromEntries(
      part
        .split(/^\*\*/m)
        .slice(1)
        .map((each) => [each.slice(0, each.indexOf('**')), each]),
    );
    assert.deepEqual(Object.keys(parts), Object.keys(shapes));
    for (const [name, shape] of Object.entries(shapes)) assert.deepEqual(documented(parts[name]!), expected(shape), name);
  });
  it('every bound, by its name and with its value', () => {
    const table = Object.fromEntries(rows(section(text, '## Bounds')).map(([name, value]) => [name, value]));
    const spelled = (value: unknown): string =>
      typeof value === 'number'
        ? value.toLocaleString('en-US')
        : typeof value === 'string'
          ? value
          : `${bounds.RING_TIMEOUT.min} to ${bounds.RING_TIMEOUT.max}, usually ${bounds.RING_TIMEOUT.default}`;
    assert.deepEqual(table, Object.fromEntries(Object.entries(bounds).map(([name, value]) => [name, spelled(value)])));
  });
  it('every word of the chat by an example, and every bound of it', () => {
    const part = section(text, '## The chat');
    const shown = [...part.matchAll(/^```json chat\n([\s\S]*?)^```$/gm)].map(([, source = '']) => JSON.parse(source) as { type: string });
    const table = rows(part).filter(([name = '']) => !name.includes('_'));
    assert.deepEqual(
      table.map(([name]) => name),
      shown.map(({ type }) => type),
    );
    for (const [at, word] of shown.entries()) {
      const fields = [...table[at]![2]!.matchAll(/(\w+)/g)].map(([field]) => field);
      assert.deepEqual(Object.keys(word).slice(1), fields, word.type);
    }
    const documentedBounds = Object.fromEntries(rows(part).flatMap(([name = '', value]) => (name.includes('_') ? [[name, value]] : [])));
    assert.deepEqual(
      documentedBounds,
      Object.fromEntries(Object.entries(chatBounds).map(([name, value]) => [name, value.toLocaleString('en-US')])),
    );
  });
  it('every close code, error code and end reason', () => {
    const first = (heading: string): string[] => rows(section(text, heading)).map(([name]) => name!);
    assert.deepEqual(first('### Close codes'), Object.values(CLOSE).map(String));
    assert.deepEqual(first('### Error codes'), [...ERROR_CODES]);
    assert.deepEqual(first('## States and end reasons'), [...END_REASONS]);
  });
  it('what the bundled client does not send yet', () => {
    const part = section(text, '## Between pages');
    for (const [type, field] of [
      ['invite', 'commit'],
      ['accept', 'nonce'],
      ['confirm', 'nonce'],
    ])
      assert.match(section(part, `#### \`${type}\``), new RegExp(`^\\| \`${field}\` .*Specified, not yet sent by the bundled client`, 'm'));
  });
  it('its links lead to headings and files that exist', () => {
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('#')) assert.ok(anchors.includes(target.slice(1)), target);
      else if (!target.endsWith('/')) readFileSync(new URL(`../../../relay/${target}`, import.meta.url));
    }
  });
});
