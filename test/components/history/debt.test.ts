/** What is owed to what is stored, and what there is once it is paid. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NO_DEBT, isOwing, isToForget, owing, paid } from '../../../components/history/debt.js';
import type { Entry } from '../../../components/history/entry.js';

const entry = (id: string, at = 10): Entry => ({
  ...{ id, peer: 'bob', name: 'Bob', media: 'video', direction: 'incoming', outcome: 'missed' },
  ...{ at, startedAt: null, until: at, open: false, seen: false },
});
const idsOf = (entries: readonly Entry[]): string => entries.map(({ id }) => id).join(' ');

describe('What could not be stored', () => {
  test('is laid over what is stored', () => {
    const stored = [entry('a'), entry('b')];
    const seen = { ...entry('b'), seen: true };
    const debt = owing(owing(NO_DEBT, stored, { put: [seen, entry('c')] }, 50), stored, { drop: ['a'] }, 51);
    assert.deepEqual(paid(stored, debt), [seen, entry('c')]);
    assert.deepEqual([isOwing(NO_DEBT), isOwing(debt), isToForget(debt)], [false, true, true]);
  });

  test('is nothing where a call is removed that was never stored', () => {
    const debt = owing(owing(NO_DEBT, [], { put: [entry('a')] }, 50), [], { drop: ['a'] }, 51);
    assert.equal(isOwing(debt), false);
  });

  test('brings a call back that is written after it was removed', () => {
    const stored = [entry('a')];
    const debt = owing(owing(NO_DEBT, stored, { drop: ['a'] }, 50), stored, { put: [entry('a')] }, 51);
    assert.equal(idsOf(paid(stored, debt)), 'a');
  });

  test('clears what turns out to be there later, and not what was written since', () => {
    const debt = owing(owing(NO_DEBT, [entry('a', 60)], { clear: true }, 50), [], { put: [entry('d', 40)] }, 51);
    assert.equal(idsOf(paid([entry('a', 60), entry('b', 50), entry('c', 51)], debt)), 'c d');
  });
});
