/** Messages that are nearly right: samples with one to three places changed, as texts. */
import fc from 'fast-check';
import { CALL, FROM } from './samples.js';
import type { Sample } from './samples.js';

/** JSON texts that have been trouble somewhere. */
const troublesome = [
  'null',
  'true',
  'false',
  '0',
  '-0',
  '-1',
  '1',
  '1.0',
  '1.5',
  '1e400',
  '-1e400',
  '9007199254740992',
  '2147483647',
  '2147483648',
  '65535',
  '65536',
  '""',
  '" "',
  '"\\u0000"',
  '"a\\n"',
  '"bob"',
  '"bob/1"',
  '"bob/"',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"NaN"',
  '"hung-up"',
  '"offer"',
  '"online"',
  '"audio"',
  `"${CALL}"`,
  `"${FROM}"`,
  '"\\ud83d"',
  JSON.stringify('🙂'.repeat(64)),
  JSON.stringify('🙂'.repeat(65)),
  JSON.stringify('x'.repeat(129)),
  '[]',
  '[[]]',
  '[null]',
  '["bob"]',
  '[{}]',
  '[{"candidate":""}]',
  '[{"urls":["stun:a"]}]',
  '{}',
  '{"type":"offer","sdp":""}',
  '{"type":"answer"}',
  '{"__proto__":null}',
  '{"__proto__":{"type":"offer","sdp":""}}',
  '{"length":0}',
];
const names = [
  'type',
  'from',
  'to',
  'call',
  'n',
  'ack',
  'gen',
  'name',
  'description',
  'candidates',
  'reason',
  're',
  '__proto__',
  'constructor',
  'more',
];

const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...troublesome) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
);

/** One change: at the place that `where` leads to, remove, replace or add a field. */
const anyChange = fc.record({
  where: fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
  how: fc.constantFrom('remove', 'replace', 'add'),
  name: fc.constantFrom(...names),
  source: anyText,
});
type Change = typeof anyChange extends fc.Arbitrary<infer T> ? T : never;

/** Any of the samples, with up to three changes. */
export const mutated = (samples: readonly Sample[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...samples), fc.array(anyChange, { maxLength: 3 }))
    .map(([sample, changes]) => changes.reduce(changed, JSON.stringify(sample)));

/** The text of an object, kept as text: `__proto__` and 1e400 would not survive as a value. */
function changed(text: string, { where, how, name, source }: Change): string {
  const fields = fieldsOf(text);
  const [index = 0, ...deeper] = where;
  const place = index % (fields.length + 1);
  const field = fields[place];
  if (!field || how === 'add') return objectOf([...fields, [JSON.stringify(name), source]]);
  if (deeper.length && field[1].startsWith('{')) fields[place] = [field[0], changed(field[1], { where: deeper, how, name, source })];
  else if (how === 'remove') fields.splice(place, 1);
  else fields[place] = [field[0], source];
  return objectOf(fields);
}

const objectOf = (fields: readonly (readonly [string, string])[]): string =>
  `{${fields.map(([name, value]) => `${name}:${value}`).join()}}`;

/** Name and value of each field, both as JSON text. A field named twice counts as its last, as in JSON.parse. */
function fieldsOf(text: string): [string, string][] {
  const value = JSON.parse(text, (_, field: unknown) => (field === Infinity ? 1e300 : field === -Infinity ? -1e300 : field)) as object;
  return Object.entries(value).map(([name, field]) => [JSON.stringify(name), JSON.stringify(field)]);
}
