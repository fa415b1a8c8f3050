import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from '../../../relay/protocol/messages.js';
import { checkOf, joined } from '../../../relay/protocol/shape.js';
import type { ObjectShape, Shape } from '../../../relay/protocol/shape.js';

const fits = (shape: Shape, ...values: unknown[]): void => {
  for (const value of values) assert.equal(checkOf(shape)(value), undefined, JSON.stringify(value));
};
const fitsNot = (shape: Shape, ...values: unknown[]): void => {
  for (const value of values) assert.equal(checkOf(shape)(value), '', JSON.stringify(value));
};

const point: ObjectShape = {
  type: 'object',
  properties: { x: { type: 'integer', minimum: 0, maximum: 9 }, note: { type: 'string' } },
  required: ['x'],
};

describe('a shape says which values fit', () => {
  it('a text without bounds is any text', () => {
    fits({ type: 'string' }, '', 'x', '\u0000', '\ud83d', 'x'.repeat(100_000));
    fitsNot({ type: 'string' }, 1, null, true, [], {}, ['x']);
  });
  it('the length of a text is counted in code points, a lone surrogate counting as one', () => {
    fits({ type: 'string', maxLength: 2 }, '', 'ab', '🙂🙂', '🙂a', '\ud83d\ud83d', '\ude42\ud83d');
    fitsNot({ type: 'string', maxLength: 2 }, 'abc', '🙂🙂🙂', '🙂ab', 'a\ud83d\ud83d', 'x'.repeat(100_000));
    fits({ type: 'string', maxLength: 0 }, '');
    fitsNot({ type: 'string', maxLength: 0 }, 'a', '🙂');
  });
  it('a pattern speaks of code points and of the whole text', () => {
    fits({ type: 'string', pattern: '^.{2}$' }, 'ab', '🙂🙂');
    fitsNot({ type: 'string', pattern: '^a$' }, 'a\n', '\na', 'b\na', 'A');
    fitsNot({ type: 'string', pattern: '^a+$', maxLength: 2 }, 'aaa', 'b', '');
  });
  it('a word is one of a list', () => {
    fits({ type: 'string', enum: ['a', 'b'] }, 'a', 'b');
    fitsNot({ type: 'string', enum: ['a', 'b'] }, 'c', '', 'A', 0, null, ['a'], { a: 1 });
  });
  it('a number is a whole one within its bounds, both included', () => {
    fits({ type: 'integer', minimum: -1, maximum: 3 }, -1, -0, 0, 3, 3.0);
    fitsNot({ type: 'integer', minimum: -1, maximum: 3 }, -2, 4, 0.5, NaN, Infinity, -Infinity, 2 ** 53, '1', null, true, [1]);
  });
  it('a flag is true or false', () => {
    fits({ type: 'boolean' }, true, false);
    fitsNot({ type: 'boolean' }, 0, 1, 'true', null, []);
  });
  it('a list has items of one shape, and so many at most', () => {
    const list: Shape = { type: 'array', items: { type: 'boolean' }, maxItems: 2 };
    fits(list, [], [true], [true, false]);
    fitsNot(list, [true, true, true], null, {}, 'ab', { length: 0 }, new Uint8Array(1));
    assert.equal(checkOf(list)([true, 1]), '[1]');
  });
  it('an object has its necessary fields, fitting other known ones, and any unknown ones', () => {
    fits(point, { x: 1 }, { x: 1, note: '' }, { x: 1, more: [] }, JSON.parse('{"x":1,"__proto__":1}'));
    fitsNot(point, null, [], 'x', 1, [{ x: 1 }]);
    assert.equal(checkOf(point)({}), '.x');
    assert.equal(checkOf(point)({ x: 10 }), '.x');
    assert.equal(checkOf(point)({ x: 1, note: null }), '.note');
    assert.equal(checkOf(point)(JSON.parse('{"__proto__":{"x":1}}')), '.x', 'a field called __proto__ brings no others');
  });
  it('the first wrong place is told with its whole path', () => {
    const deep: Shape = { type: 'object', properties: { lines: { type: 'array', maxItems: 3, items: point } }, required: [] };
    assert.equal(checkOf(deep)({ lines: [{ x: 1 }, { x: 1, note: 1 }, {}] }), '.lines[1].note');
    assert.equal(checkOf({ type: 'array', items: { type: 'array', items: point, maxItems: 1 }, maxItems: 1 })([[{}]]), '[0][0].x');
  });
  it('joined shapes have the fields of all, and leave their parts alone', () => {
    const other: ObjectShape = { type: 'object', properties: { y: { type: 'boolean' } }, required: ['y'] };
    assert.deepEqual(joined(point, other), {
      type: 'object',
      properties: { ...point.properties, ...other.properties },
      required: ['x', 'y'],
    });
    assert.deepEqual(Object.keys(point.properties), ['x', 'note']);
    assert.deepEqual(joined(), { type: 'object', properties: {}, required: [] });
  });
});

/** All shapes of the protocol, with those inside them. */
function* allShapes(shape: Shape): Generator<Shape> {
  yield shape;
  if (shape.type === 'array') yield* allShapes(shape.items);
  if (shape.type === 'object') for (const field of Object.values(shape.properties)) yield* allShapes(field);
}

describe('the shapes of the protocol', () => {
  const messages = [ENVELOPE, STAMP, ...[TO_RELAY, FROM_RELAY, BETWEEN_PAGES].flatMap((table) => Object.values<ObjectShape>(table))];
  const shapes = messages.flatMap((message) => [...allShapes(message)]);

  it('every text, list and number has a bound', () => {
    for (const shape of shapes) {
      if (shape.type === 'integer') assert.ok(Number.isSafeInteger(shape.minimum) && Number.isSafeInteger(shape.maximum));
      if (shape.type === 'array') assert.ok(shape.maxItems <= 1000);
      if (shape.type === 'string' && !('enum' in shape))
        assert.ok(
          shape.maxLength !== undefined || /\{1,\d+\}\)?\??\$$|\{\d+\}\$$|\{0,\d+\}\$$/.test(shape.pattern ?? ''),
          JSON.stringify(shape),
        );
    }
  });
  it('no field has a name that every object inherits, so that reading one finds what was sent or nothing', () => {
    for (const shape of shapes)
      if (shape.type === 'object') for (const name in shape.properties) assert.ok(!(name in Object.prototype), name);
  });
  it('no field of a message collides with one of its envelope, its stamp or its type', () => {
    const taken = ['type', ...Object.keys(ENVELOPE.properties), ...Object.keys(STAMP.properties)];
    for (const shape of Object.values<ObjectShape>(BETWEEN_PAGES))
      for (const name in shape.properties) assert.ok(!taken.includes(name), name);
    for (const shape of Object.values<ObjectShape>(TO_RELAY)) assert.ok(!('type' in shape.properties) && !('from' in shape.properties));
  });
  it('no type of message of the relay is one between pages as well', () => {
    for (const type of [...Object.keys(TO_RELAY), ...Object.keys(FROM_RELAY)]) assert.ok(!(type in BETWEEN_PAGES), type);
  });
  it('every pattern needs time in proportion to the text, not more', () => {
    const patterns = new Set(shapes.flatMap((shape) => ('pattern' in shape && shape.pattern ? [shape.pattern] : [])));
    assert.ok(patterns.size >= 6);
    for (const pattern of patterns)
      for (const filler of ['a', '-', 'a/', '0-', '/', '\u0000', '🙂', 'a-', '6f1c0a52-9d3e-4'])
        for (const end of ['', '!', '\n', '\u0000']) {
          const text = filler.repeat(65_536 / filler.length) + end;
          const expression = new RegExp(pattern, 'u');
          // A quadratic pattern would need seconds for this text; the best of three runs is far from that.
          const best = Math.min(...[1, 2, 3].map(() => elapsed(() => expression.test(text))));
          assert.ok(best < 100, `${pattern} took ${best} ms`);
        }
  });
});

function elapsed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
