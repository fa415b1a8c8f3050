/** What a call of the past is: what its end means, what is believed of what is stored, and what two tabs make of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  KEPT_FOR,
  MAX_ENTRIES,
  MAX_MISSED_OF_ONE,
  OUTCOMES,
  isNews,
  merge,
  outcomeOf,
  prune,
  readEntry,
} from '../../../components/history/entry.js';
import type { Entry } from '../../../components/history/entry.js';
import { SILENT_AFTER, isOn, lengthOf, runsOf } from '../../../components/history/shown.js';
import { END_REASONS } from '../../../relay/protocol/index.js';

const NOW = 1_700_000_000_000;
const id = (number: number): string => `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const entry = (fields: Partial<Entry> = {}): Entry => ({
  id: id(1),
  peer: 'bob',
  name: 'Bob',
  media: 'video',
  direction: 'incoming',
  outcome: 'missed',
  at: NOW - 60_000,
  startedAt: null,
  until: NOW - 30_000,
  open: false,
  seen: false,
  ...fields,
});
const talk = (fields: Partial<Entry> = {}): Entry =>
  entry({ outcome: 'answered', startedAt: NOW - 50_000, until: NOW - 30_000, ...fields });

/** Entries of one call, as any tab may have written them. */
const anyEntry: fc.Arbitrary<Entry> = fc
  .record({
    outcome: fc.constantFrom(...OUTCOMES),
    at: fc.integer({ min: NOW - 9, max: NOW - 5 }),
    until: fc.integer({ min: NOW - 3, max: NOW }),
    open: fc.boolean(),
    seen: fc.boolean(),
    name: fc.constantFrom('bob', 'Bob', 'Robert'),
    media: fc.constantFrom('audio' as const, 'video' as const),
    isVague: fc.boolean(),
  })
  .map(({ isVague, ...fields }) => {
    const isAnswered = fields.outcome === 'answered';
    return entry({ ...fields, ...(isVague && { vague: true }), startedAt: isAnswered ? NOW - 4 : null, open: fields.open && isAnswered });
  });

describe('The end of a call', () => {
  const incoming = { direction: 'incoming', startedAt: null } as const;
  const outgoing = { direction: 'outgoing', startedAt: null } as const;

  test('makes one that came in and was not taken here a missed one, unless it was answered or declined', () => {
    for (const reason of ['no-answer', 'cancelled', 'unreachable', 'left', 'busy', 'connection-lost'] as const)
      assert.equal(outcomeOf(incoming, reason, false), 'missed', reason);
    assert.equal(outcomeOf(incoming, 'declined', false), 'declined');
    assert.equal(outcomeOf(incoming, 'answered-elsewhere', false), 'elsewhere');
    assert.equal(outcomeOf(incoming, 'declined-elsewhere', false), 'declined-elsewhere');
  });

  test('makes one that was taken and never connected no missed one', () => {
    for (const reason of ['left', 'hung-up', 'connect-timeout', 'media-denied', 'cancelled'] as const)
      assert.equal(outcomeOf(incoming, reason, true), 'failed', reason);
  });

  test('says of a call that was made how it came to nothing', () => {
    for (const reason of ['no-answer', 'busy', 'unreachable', 'declined', 'cancelled'] as const)
      assert.equal(outcomeOf(outgoing, reason, false), reason);
    assert.equal(outcomeOf(outgoing, 'left', false), 'cancelled');
    for (const reason of ['left', 'hung-up', 'connect-timeout'] as const) assert.equal(outcomeOf(outgoing, reason, true), 'failed');
    assert.equal(outcomeOf(outgoing, 'refused', false), 'failed');
  });

  test('makes every call that was connected an answered one, whatever ended it', () => {
    for (const direction of ['incoming', 'outgoing'] as const)
      for (const reason of [...END_REASONS, null]) assert.equal(outcomeOf({ direction, startedAt: NOW }, reason, true), 'answered');
  });

  test('never makes a call that somebody made a missed one', () => {
    for (const reason of END_REASONS)
      for (const taken of [true, false]) assert.notEqual(outcomeOf(outgoing, reason, taken), 'missed', reason);
  });
});

describe('A stored entry', () => {
  test('is read as it was written', () => {
    for (const one of [
      entry(),
      talk(),
      talk({ open: true }),
      entry({ outcome: 'busy', direction: 'outgoing', seen: true }),
      entry({ vague: true }),
    ])
      assert.deepEqual(readEntry(structuredClone(one), NOW), one);
  });

  test('is not believed where a field is missing or is not what it should be', () => {
    const wrong: Record<string, unknown[]> = {
      id: ['', 'x', 1, id(1).toUpperCase().replace('0', 'A')],
      peer: ['', 'b b', 'x'.repeat(129), null],
      name: ['', 5, null],
      media: ['text', null],
      direction: ['sideways', null],
      outcome: ['lovely', 'toString', null, 'answered'],
      at: [-1, 0.5, Number.NaN, Infinity, '0', 8.64e15, NOW + 2 * 86_400_000, NOW - KEPT_FOR - 1],
      until: [NOW - 60_001, Infinity, null],
      startedAt: [NOW, NOW - 50_000, 'x', undefined],
    };
    for (const [field, values] of Object.entries(wrong))
      for (const value of values) assert.equal(readEntry({ ...entry(), [field]: value }, NOW), undefined, `${field}: ${String(value)}`);
    assert.equal(readEntry(entry({ direction: 'outgoing' }), NOW), undefined, 'nobody misses a call of his own');
  });

  test('has its name cut, its flags made plain, and nothing else in it', () => {
    const read = readEntry({ ...entry(), name: '😀'.repeat(100), seen: 'yes', open: 1, html: '<b>' }, NOW)!;
    assert.equal(read.name, '😀'.repeat(64));
    assert.deepEqual([read.seen, read.open, 'html' in read], [false, false, false]);
  });

  test('of any shape is read without an exception, and as what it is once more', () => {
    const some = fc.oneof(fc.anything(), fc.record(Object.fromEntries(Object.keys(entry()).map((key) => [key, fc.anything()]))));
    fc.assert(
      fc.property(some, (value) => {
        const read = readEntry(value, NOW);
        assert.deepEqual(read && readEntry(read, NOW), read);
      }),
    );
  });
});

describe('Two writings of one call', () => {
  test('come to the same in any order and however often', () => {
    fc.assert(
      fc.property(anyEntry, anyEntry, anyEntry, (one, two, three) => {
        assert.deepEqual(merge(one, two), merge(two, one));
        assert.deepEqual(merge(merge(one, two), three), merge(one, merge(two, three)));
        assert.deepEqual(merge(one, one), one);
        assert.ok(readEntry(merge(one, two), NOW), 'and can be read');
      }),
    );
  });

  test('make it answered where one of them talked, and not missed where the other says that it was answered elsewhere', () => {
    assert.equal(merge(talk(), entry({ outcome: 'elsewhere' })).outcome, 'answered');
    assert.equal(merge(entry({ outcome: 'missed' }), entry({ outcome: 'elsewhere' })).outcome, 'elsewhere');
    assert.equal(merge(entry({ outcome: 'missed' }), entry({ outcome: 'declined' })).outcome, 'declined');
  });

  test('make it missed where one tab was busy, and said so for all of them', () => {
    assert.equal(merge(entry({ outcome: 'missed' }), entry({ outcome: 'declined-elsewhere' })).outcome, 'missed');
  });

  test('make it what it was where one of them only heard of its end, later', () => {
    const vague = entry({ media: 'audio', name: 'bob', until: NOW, vague: true });
    assert.deepEqual(merge(vague, entry({ at: NOW - 58_000 })), entry());
    assert.deepEqual(merge(entry({ outcome: 'declined' }), vague), entry({ outcome: 'declined' }));
    const left = entry({ vague: true });
    assert.deepEqual(merge(vague, left), left, 'or where one was written as its page went while it rang');
  });

  test('keep when it began to ring, and its end where one of them knows it', () => {
    const begun = talk({ open: true, at: NOW - 58_000, until: NOW - 45_000 });
    const ended = talk({ at: NOW - 50_000, name: 'bob' });
    assert.deepEqual(merge(begun, ended), talk({ at: NOW - 58_000 }));
    assert.equal(lengthOf(merge(begun, ended)), 20);
    const noted = talk({ open: true, until: NOW - 29_000 });
    assert.deepEqual(merge(noted, talk()), talk(), 'a note that comes late does not open it again');
  });

  test('stay seen', () => {
    assert.equal(isNews(merge(entry({ seen: true }), entry())), false);
    assert.equal(isNews(merge(entry({ seen: true }), entry({ until: NOW - 20_000 }))), false, 'whoever knew more of the rest');
  });
});

describe('What is kept', () => {
  test('is the newest, and at most five hundred', () => {
    const many = Array.from({ length: 600 }, (_, at) => talk({ id: id(at), at: NOW - KEPT_FOR + at }));
    const kept = prune(many);
    assert.equal(kept.length, MAX_ENTRIES);
    assert.deepEqual([kept[0]!.id, kept.at(-1)!.id], [id(599), id(100)]);
  });

  test('is not pushed out by somebody who calls again and again', () => {
    const pest = Array.from({ length: 600 }, (_, at) => entry({ id: id(at), peer: 'pest', at: NOW + at }));
    const kept = prune([...pest, talk({ id: id(1000) })]);
    assert.equal(kept.length, MAX_MISSED_OF_ONE + 1);
    assert.equal(kept.at(-1)!.id, id(1000));
  });

  test('is not pushed out by guests, each of whom is somebody new', () => {
    const pests = Array.from({ length: 600 }, (_, at) => entry({ id: id(at), peer: `guest-${at}`, at: NOW + at }));
    assert.equal(prune([...pests, talk({ id: id(1000) })]).length, MAX_MISSED_OF_ONE + 1);
  });

  test('is not pushed out by calls that were missed, of which the newest stay in any case', () => {
    const pests = Array.from({ length: 600 }, (_, at) => entry({ id: id(at), peer: `p${at}`, at: NOW + at }));
    const talks = Array.from({ length: 480 }, (_, at) => talk({ id: id(1000 + at), at: NOW - 1_000_000 + at }));
    const countOf = (kept: readonly Entry[]) => [kept.length, kept.filter(({ outcome }) => outcome === 'missed').length];
    assert.deepEqual(countOf(prune([...pests, ...talks])), [MAX_ENTRIES, MAX_MISSED_OF_ONE]);
    assert.deepEqual(countOf(prune([...pests, ...talks.slice(0, 300)])), [MAX_ENTRIES, 200]);
    assert.equal(prune([...pests, ...talks.slice(0, 300)])[0]!.id, id(599));
  });
});

describe('A call that has no end', () => {
  test('is on for as long as somebody notes that it is, and is over with the last note then', () => {
    const open = talk({ open: true, until: NOW });
    assert.equal(isOn(open, NOW + SILENT_AFTER - 1), true);
    assert.equal(isOn(open, NOW + SILENT_AFTER), false);
    assert.equal(lengthOf(open), 50);
    assert.equal(lengthOf({ ...open, until: NOW + 999 }), 50, 'whole seconds, as the timer shows them');
    assert.equal(isOn(talk(), NOW), false);
  });
});

describe('Calls that came to nothing in the same way, one after the other', () => {
  const sameDay = () => 0;
  const idsOf = (entries: Entry[], dayOf: (at: number) => unknown = sameDay) => runsOf(entries, dayOf).map(({ ids }) => ids.length);

  test('are shown as one', () => {
    const three = [3, 2, 1].map((number) => entry({ id: id(number) }));
    const [run] = runsOf(three, sameDay);
    assert.deepEqual([run!.entry, run!.ids], [three[0], [id(3), id(2), id(1)]]);
  });

  test('are not, where person, kind, direction, outcome or day is another, or where they talked', () => {
    const last = entry({ id: id(2) });
    for (const fields of [{ peer: 'carol' }, { media: 'audio' }, { outcome: 'declined' }] as const)
      assert.deepEqual(idsOf([last, entry(fields)]), [1, 1]);
    assert.deepEqual(
      idsOf([last, entry({ at: 5 })], (at) => at),
      [1, 1],
    );
    assert.deepEqual(idsOf([talk({ id: id(2) }), talk()]), [1, 1]);
    const vain = { outcome: 'declined', direction: 'outgoing' } as const;
    assert.deepEqual(idsOf([entry({ id: id(2), outcome: 'declined' }), entry(vain)]), [1, 1]);
  });

  test('go by the newest name that is known of the person', () => {
    const runs = runsOf([entry({ id: id(3), name: 'bob' }), talk({ id: id(2), name: 'Bobby' }), talk({ name: 'Robert' })], sameDay);
    assert.deepEqual(
      runs.map(({ name }) => name),
      ['Bobby', 'Bobby', 'Bobby'],
    );
  });
});
