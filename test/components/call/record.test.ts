import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TAKEN_UP_WITHIN, isTimely, readRecord as read } from '../../../components/call/record.js';
import { RECORD, RINGING_RECORD } from '../../support/call/scenes.js';

/** A record as it is stored, with other fields in the place of some. */
const stored = (fields: Record<string, unknown> = {}): string => JSON.stringify({ ...RECORD, ...fields });

/** Asserts for each value that a record that has it in a field is none. */
function refused(field: keyof typeof RECORD, values: readonly unknown[]): void {
  for (const value of values) assert.equal(read(stored({ [field]: value })), undefined, `${field}: ${JSON.stringify(value)}`);
}

describe('The record of a call', () => {
  test('is read as it was written', () => {
    assert.deepEqual(read(stored()), RECORD);
    const other = { ...RECORD, direction: 'outgoing', media: 'audio', name: null, gen: 0, n: 0, received: 0 } as const;
    assert.deepEqual(read(JSON.stringify(other)), other);
    const also = { microphone: true, camera: true, screen: false, paused: true, recording: true };
    assert.deepEqual(read(stored({ remote: also }))!.remote, also);
    for (const name of [undefined, 7, {}, [], true, 'x'.repeat(65)]) assert.equal(read(stored({ name }))!.name, null);
  });

  test('is read without anything that does not belong to it', () => {
    const { remote } = RECORD;
    const more = `{"__proto__":{"gen":9},"admin":true,${stored({ remote: { ...remote, admin: true } }).slice(1)}`;
    assert.deepEqual(read(more), RECORD);
  });

  test('is none where there is nothing, or nothing that is a record', () => {
    for (const text of [null, '', 'null', '1', '"call"', '[]', '{}', '{', stored().slice(0, -1), 'x'.repeat(100_000), '['.repeat(10_000)]) {
      assert.equal(read(text), undefined);
    }
    for (const field of Object.keys(RECORD)) {
      if (field !== 'name') assert.equal(read(stored({ [field]: undefined })), undefined, `without ${field}`);
    }
  });

  test('is none of a call or of people that the protocol could not have', () => {
    const { id } = RECORD;
    refused('id', ['', 'call', id.toUpperCase(), `${id} `, id.replace('-4', '-1'), 7, null, {}, [id]]);
    refused('peer', ['', 'bob', 'alice/a1', 7, null, ['alice']]);
    refused('partner', ['', 'alice', 'alice/', 'alice/a1/b', 'bob/b1', 'alice/a 1', `alice/${'a'.repeat(65)}`, 7, null, ['alice/a1']]);
    refused('direction', ['', 'sideways', 7, null]);
    refused('media', ['', 'smell', 7, null]);
  });

  test('is none with numbers that the protocol has no room for', () => {
    const never = [-1, 0.5, '1', true, null, {}, [1]];
    refused('startedAt', [...never, 2 ** 53]);
    refused('gen', [...never, 0x10000]);
    refused('n', [...never, 2 ** 31]);
    refused('received', [...never, 2 ** 31]);
    assert.equal(read(stored().replace('"gen":2', '"gen":1e999')), undefined);
  });

  test('is none without a plain yes or no for all that either side sends', () => {
    for (const field of ['local', 'remote'] as const) {
      refused(field, [
        null,
        true,
        'mic',
        [],
        {},
        { microphone: true, camera: true },
        { microphone: 1, camera: true, screen: false },
        { ...RECORD.remote, paused: 1 },
      ]);
    }
  });

  test('is never read with an exception, whatever is stored', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.record({ ...shapesOf(RECORD) }).map((each) => JSON.stringify(each)),
          fc.record({ ...shapesOf(RINGING_RECORD) }).map((each) => JSON.stringify(each)),
        ),
        (text) => {
          const record = read(text);
          if (record) assert.deepEqual(read(JSON.stringify(record)), record);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Every field as it should be, or as anything at all. */
const shapesOf = (record: object) =>
  Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      fc.oneof({ weight: 9, arbitrary: fc.constant(value as unknown) }, fc.anything()),
    ]),
  );

describe('The record of a call that rings', () => {
  const { rings } = RINGING_RECORD;
  const ringing = (fields: Record<string, unknown> = {}): string => JSON.stringify({ ...RINGING_RECORD, rings: { ...rings, ...fields } });

  test('is read as it was written', () => {
    assert.deepEqual(read(ringing()), RINGING_RECORD);
    const { alert, ...silent } = rings;
    assert.equal(alert, 'visual');
    assert.deepEqual(read(JSON.stringify({ ...RINGING_RECORD, rings: silent }))!.rings, silent);
    assert.deepEqual(read(JSON.stringify({ ...RINGING_RECORD, heard: [] }))!.heard, []);
    assert.equal(read(JSON.stringify({ ...RINGING_RECORD, heard: undefined }))!.heard, undefined);
  });

  test('is to be taken up for as long as the next page may be on its way, and as it rings; one of a call that talks at any time', () => {
    const { leftAt, until } = rings;
    const isAt = (now: number, left: number = leftAt) => isTimely({ ...RINGING_RECORD, rings: { ...rings, leftAt: left } }, now);
    assert.deepEqual([isAt(leftAt + TAKEN_UP_WITHIN - 1), isAt(leftAt + TAKEN_UP_WITHIN)], [true, false]);
    assert.deepEqual([isAt(until - 1, until - 10), isAt(until, until - 10)], [true, false]);
    assert.equal(isTimely(RECORD, until * 2), true);
    assert.equal(isTimely({ ...RINGING_RECORD, rings: { ...rings, over: true } }, leftAt), false, 'it is only still to be given up');
  });

  test('is none where the protocol has no room for it', () => {
    for (const fields of [{ alert: 'loud' }, { leftAt: null }, { leftAt: '1' }, { until: undefined }])
      assert.equal(read(ringing(fields)), undefined, JSON.stringify(fields));
    const heard = (from: unknown, received: unknown) => [{ from, received }];
    const others = [null, {}, [null], heard('bob', 1), heard('carol/c1', 1), heard('bob/b1', -1), heard('bob/b1', '1')];
    for (const each of [...others, Array.from({ length: 33 }, (_, n) => ({ from: `bob/b${n}`, received: 1 }))])
      assert.equal(read(JSON.stringify({ ...RINGING_RECORD, heard: each })), undefined, JSON.stringify(each));
    for (const each of [null, 7, 'rings', []]) assert.equal(read(JSON.stringify({ ...RINGING_RECORD, rings: each })), undefined);
    assert.equal(read(JSON.stringify({ ...RINGING_RECORD, rings: undefined })), undefined, 'neither rings, nor has a partner');
    assert.equal(read(JSON.stringify({ ...RINGING_RECORD, direction: 'incoming' })), undefined, 'what rings here is rung for again');
  });
});
