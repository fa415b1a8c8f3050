import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_EARLY_CALLS, MAX_EARLY_MESSAGES, MAX_OVER, REMEMBERED_FOR, Strangers } from '../../../components/call/strangers.js';
import type { CallMessage } from '../../../relay/protocol/index.js';

const A1 = 'alice/a1';
const call = (i: number): string => `${String(i).padStart(8, '0')}-0000-4000-8000-000000000000`;
const message = (id: string, n = 2): CallMessage => ({ type: 'candidates', candidates: [], gen: 0, to: 'bob', call: id, n, ack: 0 });
const numbers = (messages: readonly CallMessage[]): number[] => messages.map(({ n }) => n);

describe('A call that is over', () => {
  test('is remembered for a while', () => {
    const strangers = new Strangers();
    assert.equal(strangers.isOver(call(1), 0), false);
    strangers.bury(call(1), 0);
    assert.equal(strangers.isOver(call(1), REMEMBERED_FOR), true);
    assert.equal(strangers.isOver(call(1), REMEMBERED_FOR + 1), false);
  });

  test('is remembered from its last end on when it ends twice', () => {
    const strangers = new Strangers();
    strangers.bury(call(1), 0);
    strangers.bury(call(1), 1000);
    assert.equal(strangers.isOver(call(1), REMEMBERED_FOR + 1000), true);
  });

  test('is remembered with what latecomers are to be told, where it was ours to end', () => {
    const strangers = new Strangers();
    strangers.bury(call(1), 0, { type: 'cancel', reason: 'answered-elsewhere', winner: 'b1' });
    strangers.bury(call(2), 0);
    assert.deepEqual(strangers.verdictOn(call(1)), { type: 'cancel', reason: 'answered-elsewhere', winner: 'b1' });
    assert.equal(strangers.verdictOn(call(2)), undefined);
    assert.equal(strangers.verdictOn(call(3)), undefined);
  });

  test('is forgotten with its verdict when its time is up and another one ends', () => {
    const strangers = new Strangers();
    strangers.bury(call(1), 0, { type: 'cancel', reason: 'no-answer' });
    strangers.bury(call(2), REMEMBERED_FOR + 1);
    assert.equal(strangers.verdictOn(call(1)), undefined);
  });

  test('is one of a bounded number: the oldest is forgotten first', () => {
    const strangers = new Strangers();
    for (let i = 0; i <= MAX_OVER; i++) strangers.bury(call(i), 0);
    assert.deepEqual(
      [strangers.isOver(call(0), 0), strangers.isOver(call(1), 0), strangers.isOver(call(MAX_OVER), 0)],
      [false, true, true],
    );
  });

  test('gives nothing back of what came before its invite', () => {
    const strangers = new Strangers();
    strangers.keep(A1, message(call(1)), 0);
    strangers.bury(call(1), 0);
    assert.deepEqual(strangers.takeEarly(call(1), A1), []);
  });
});

describe('What comes before its invite', () => {
  test('is given back once, in the order in which it came', () => {
    const strangers = new Strangers();
    strangers.keep(A1, message(call(1), 3), 0);
    strangers.keep(A1, message(call(1), 2), 0);
    strangers.keep(A1, message(call(2), 7), 0);
    assert.deepEqual(numbers(strangers.takeEarly(call(1), A1)), [3, 2]);
    assert.deepEqual(strangers.takeEarly(call(1), A1), []);
    assert.deepEqual(numbers(strangers.takeEarly(call(2), A1)), [7]);
  });

  test('is given only to the sender of the invite, and kept of the first sender only', () => {
    const strangers = new Strangers();
    strangers.keep(A1, message(call(1), 2), 0);
    strangers.keep('mallory/m1', message(call(1), 3), 0);
    assert.deepEqual(numbers(strangers.takeEarly(call(1), A1)), [2]);
    strangers.keep('mallory/m1', message(call(2), 2), 0);
    assert.deepEqual(strangers.takeEarly(call(2), A1), []);
  });

  test('is bounded, per call and in calls', () => {
    const strangers = new Strangers();
    for (let n = 2; n < MAX_EARLY_MESSAGES + 12; n++) strangers.keep(A1, message(call(0), n), 0);
    for (let i = 1; i <= MAX_EARLY_CALLS; i++) strangers.keep(A1, message(call(i)), 0);
    assert.equal(strangers.takeEarly(call(0), A1).length, MAX_EARLY_MESSAGES);
    assert.equal(strangers.takeEarly(call(MAX_EARLY_CALLS - 1), A1).length, 1);
    assert.equal(strangers.takeEarly(call(MAX_EARLY_CALLS), A1).length, 0);
  });

  test('makes room for others when nobody has asked for it in time', () => {
    const strangers = new Strangers();
    for (let i = 0; i < MAX_EARLY_CALLS; i++) strangers.keep(A1, message(call(i)), 0);
    strangers.keep(A1, message(call(99)), REMEMBERED_FOR);
    assert.equal(strangers.takeEarly(call(99), A1).length, 0);
    strangers.keep(A1, message(call(99)), REMEMBERED_FOR + 1);
    assert.equal(strangers.takeEarly(call(99), A1).length, 1);
    assert.equal(strangers.takeEarly(call(0), A1).length, 0);
  });
});
