import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseFromPage, parseFromPartner, parseFromRelay } from '../../../relay/protocol/index.js';
import type { Parsed } from '../../../relay/protocol/index.js';
import { mutated } from './mutations.js';
import { betweenPages, every, fromRelay, stamped, toRelay } from './samples.js';

const parsers: ((text: string) => Parsed<{ type: string }>)[] = [parseFromPage, parseFromRelay, parseFromPartner];

/** A parser answers a message that says what the text said, or a short refusal; it never throws. */
function answersProperly(text: string): void {
  for (const parse of parsers) {
    const { message, refusal } = parse(text);
    if (refusal) {
      assert.equal(message, undefined);
      assert.ok(refusal.message.length > 0 && refusal.message.length <= 200);
      assert.ok(JSON.stringify(refusal).length <= 400);
    } else {
      assert.deepEqual(message, JSON.parse(text));
    }
  }
}

describe('the parser survives everything', () => {
  const small = [toRelay, fromRelay, betweenPages].flatMap((table) => Object.values(table).map(({ least }) => least));

  it('any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json()), answersProperly), { numRuns: 3000 });
  });
  it('any message with some characters changed, taken out or doubled', () => {
    const slip = fc.tuple(fc.constantFrom(...small), fc.nat(), fc.nat(12), fc.string({ unit: 'binary', maxLength: 4 }));
    const cut = slip.map(([sample, at, length, insert]) => {
      const text = JSON.stringify(stamped(sample));
      const start = at % text.length;
      return text.slice(0, start) + insert + text.slice(start + length);
    });
    fc.assert(fc.property(cut, answersProperly), { numRuns: 3000 });
  });
  it('any message with some fields removed, replaced or added', () => {
    fc.assert(fc.property(mutated([...small, ...small.map(stamped)]), answersProperly), { numRuns: 3000 });
  });
  it('the longest message of every type, cut anywhere', () => {
    for (const sample of [toRelay, fromRelay, betweenPages].flatMap(every)) {
      const text = JSON.stringify(sample);
      for (let cut = 1; cut < text.length; cut += Math.ceil(text.length / 7)) answersProperly(text.slice(0, cut));
    }
  });
  it('and leaves the prototype of all objects as it was', () => {
    assert.deepEqual(Object.keys(Object.prototype), []);
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, 12);
  });
});
