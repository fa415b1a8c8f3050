/** What is written arrives once and in order, within bounds. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  MAX_CHARACTERS_AT_ONCE,
  MAX_ENTRIES,
  MAX_FILE_BYTES,
  MAX_KEPT,
  MAX_KEPT_CHARACTERS,
  MAX_OFFERS,
  MAX_OFFERS_SHOWN,
  MAX_ON_THE_WAY,
  MAX_TEXT_BYTES,
  MAX_TEXTS_WAITING,
} from '../../../components/chat/bounds.js';
import { Talk } from '../../../components/chat/talk.js';

const text = (id: number, at = 1000, words = `message ${id}`) => ({ type: 'text', id, at, text: words }) as const;
const file = (id: number, name = 'a.txt') => ({ type: 'file', id, at: 1000, name, size: 10 }) as const;

/** Everything that goes out now. */
function out(talk: Talk): number[] {
  const ids: number[] = [];
  for (let next; (next = talk.next);) {
    talk.said(next.id);
    ids.push(next.id);
  }
  return ids;
}

describe('What is said here', () => {
  test('is numbered, goes out once, and has arrived when it is acknowledged', () => {
    const talk = new Talk();
    assert.ok(talk.say('one', 1000));
    assert.ok(talk.say('two', 1001));
    assert.deepEqual(talk.next, { type: 'text', id: 1, at: 1000, text: 'one' });
    talk.said(1);
    assert.deepEqual(out(talk), [2]);
    assert.equal(talk.next, undefined);
    assert.ok(talk.ack(1));
    assert.deepEqual(
      talk.entries.map((entry) => entry.kind === 'text' && entry.arrived),
      [true, false],
    );
    assert.ok(!talk.ack(1), 'an old acknowledgement is no news');
    assert.ok(!talk.ack(3), 'nor is one of what was never said');
  });

  test('goes out again over a new lane where it was not acknowledged', () => {
    const talk = new Talk();
    for (const words of ['one', 'two', 'three']) talk.say(words, 1000);
    out(talk);
    talk.ack(1);
    talk.rewind();
    assert.ok(talk.ack(2), 'an acknowledgement that was lost comes first');
    assert.deepEqual(out(talk), [3]);
  });

  test('waits for acknowledgements when long messages are on their way', () => {
    const talk = new Talk();
    const long = 'x'.repeat(16_000);
    for (let at = 0; at < 20; at++) talk.say(long, 1000);
    const first = out(talk);
    assert.equal(first.length, Math.ceil(MAX_CHARACTERS_AT_ONCE / long.length));
    talk.ack(1);
    assert.deepEqual(out(talk), [first.length + 1]);
  });

  test('waits for acknowledgements when much is on its way, and is refused when too much waits', () => {
    const talk = new Talk();
    const said = Array.from({ length: MAX_TEXTS_WAITING + 5 }, (_, at) => talk.say(`${at}`, 1000)).filter(Boolean).length;
    assert.equal(said, MAX_TEXTS_WAITING);
    assert.equal(talk.offer('a', 1, 1000), 'too-many');
    assert.equal(out(talk).length, MAX_ON_THE_WAY);
    talk.ack(10);
    assert.equal(out(talk).length, 10);
    assert.ok(talk.say('there is room again', 1000));
  });

  test('is not empty, and has 16 KiB at most', () => {
    const talk = new Talk();
    for (const words of ['', ' \n', '\0', 'x'.repeat(MAX_TEXT_BYTES + 1)]) assert.ok(!talk.say(words, 1000));
    assert.ok(talk.say('x'.repeat(MAX_TEXT_BYTES), 1000));
  });

  test('offers at most 16 files at a time, none empty, none over 2 GiB', () => {
    const talk = new Talk();
    assert.equal(talk.offer('a', 0, 1000), 'empty');
    assert.equal(talk.offer('a', MAX_FILE_BYTES + 1, 1000), 'too-large');
    for (let at = 1; at <= MAX_OFFERS; at++) assert.equal(talk.offer('../a', 10, 1000), at);
    assert.equal(talk.offer('a', 10, 1000), 'too-many');
    talk.set(true, 1, { state: 'done' });
    assert.equal(talk.offer('a', 10, 1000), MAX_OFFERS + 1);
    assert.equal(talk.file(true, 1)?.name, 'a');
  });
});

describe('What the other side says', () => {
  test('is taken once, whatever comes again', () => {
    const talk = new Talk();
    assert.ok(talk.hear(text(1), 5000));
    assert.equal(talk.hear(text(1), 5001), undefined);
    assert.ok(talk.hear(text(3), 5002), 'a gap is what a page lost that could keep nothing');
    assert.equal(talk.hear(text(2), 5003), undefined);
    assert.equal(talk.heard, 3);
  });

  test('stands in the order of its arrival, with a time that is possible here', () => {
    const talk = new Talk();
    const times = [4000, 1, Number.MAX_SAFE_INTEGER, 5500].map((at, index) => talk.hear(text(index + 1, at), 5000 + index * 1000));
    assert.deepEqual(
      times.map((entry) => entry && entry.at),
      [5000, 5000, 7000, 7000],
    );
  });

  test('offers so many files at a time, and one more is not let in', () => {
    const talk = new Talk();
    for (let id = 1; id <= MAX_OFFERS_SHOWN; id++) assert.ok(talk.hear(file(id), 5000));
    assert.equal(talk.hear(file(MAX_OFFERS_SHOWN + 1), 5000), false);
    assert.equal(talk.heard, MAX_OFFERS_SHOWN);
    talk.set(false, 1, { state: 'refused' });
    assert.ok(talk.hear(file(MAX_OFFERS_SHOWN + 1), 5000));
  });

  test('is let go, the oldest first and many at once, when there is too much', () => {
    const talk = new Talk();
    const first = new Set<number | undefined>();
    for (let id = 1; id <= 2 * MAX_ENTRIES; id++) {
      talk.hear(text(id), 5000);
      assert.ok(talk.entries.length <= MAX_ENTRIES);
      first.add(talk.entries[0]?.id);
    }
    assert.deepEqual([...first].slice(0, 3), [1, 101, 201]);
    assert.deepEqual([talk.entries.length, talk.entries.at(-1)?.id], [MAX_ENTRIES, 2 * MAX_ENTRIES]);
  });
});

describe('The next page', () => {
  test('finds what was written and goes on with the numbers; files have to be fetched or offered anew', () => {
    const talk = new Talk();
    talk.say('one', 1000);
    talk.say('two', 1001);
    talk.offer('mine.txt', 10, 1002);
    talk.offer('old.txt', 10, 1002);
    talk.set(true, 4, { state: 'done' });
    out(talk);
    talk.ack(1);
    talk.hear(text(1), 1003);
    talk.hear(file(2), 1004);
    talk.set(false, 2, { state: 'done', url: 'blob:x' });
    const next = new Talk();
    next.restore(talk.record());
    assert.deepEqual(
      next.entries.map((entry) => [entry.own, entry.id, entry.kind === 'text' ? entry.arrived : entry.state]),
      [
        [true, 1, true],
        [true, 2, false],
        [true, 3, 'failed'],
        [true, 4, 'done'],
        [false, 1, true],
        [false, 2, 'offered'],
      ],
    );
    assert.ok(!next.record().includes('blob:'));
    assert.deepEqual(out(next), [2, 3, 4]);
    assert.ok(next.say('three', 1005));
    assert.deepEqual(out(next), [5]);
    assert.equal(next.hear(file(2), 1006), undefined);
  });

  test('finds the newest 200 at most, within 256 KiB', () => {
    const many = new Talk();
    for (let id = 1; id <= 2 * MAX_KEPT; id++) many.hear(text(id), 5000);
    const long = new Talk();
    for (let id = 1; id <= 50; id++) long.hear(text(id, 1000, 'x'.repeat(MAX_TEXT_BYTES)), 5000);
    const [afterMany, afterLong] = [new Talk(), new Talk()];
    afterMany.restore(many.record());
    afterLong.restore(long.record());
    assert.equal(afterMany.entries.length, MAX_KEPT);
    assert.ok(long.record().length <= MAX_KEPT_CHARACTERS);
    assert.ok(afterLong.entries.length > 10);
    assert.deepEqual([afterMany.entries.at(-1)?.id, afterLong.entries.at(-1)?.id], [2 * MAX_KEPT, 50]);
    assert.equal(afterLong.heard, 50);
  });

  test('takes nothing for a record that is none', () => {
    for (const kept of [
      '',
      'null',
      '[]',
      '{}',
      '{"last":-1,"acked":0,"heard":0,"entries":[]}',
      '{"last":1,"acked":2,"heard":0,"entries":[]}',
    ]) {
      const talk = new Talk();
      talk.restore(kept);
      assert.deepEqual(talk.entries, [], kept);
      assert.ok(talk.say('it begins anew', 1000));
    }
    const talk = new Talk();
    const entries = [
      { kind: 'text', own: 1 },
      { kind: 'file', own: true, id: 1, at: 1, size: 'x' },
      { kind: 'text', own: true, id: 1, at: 1, text: '' },
    ];
    talk.restore(JSON.stringify({ last: 1, acked: 1, heard: 0, entries }));
    assert.deepEqual(talk.entries, []);
  });
});
