/** What is written down of calls, and when. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CallInfo, Phase } from '../../../components/call/phases.js';
import { NOTE_EVERY } from '../../../components/history/entry.js';
import type { Entry } from '../../../components/history/entry.js';
import { GOING, Writer } from '../../../components/history/writer.js';
import type { EndReason } from '../../../relay/protocol/index.js';
import { VirtualTime } from '../../support/model/time.js';

const ID = '00000000-0000-4000-8000-00000000000';

/** A recorder, and the book that it writes in. */
class Desk {
  readonly time = new VirtualTime();
  readonly book: string[] = [];
  readonly entries: Entry[] = [];
  readonly recorder: Writer;
  /** What a page before this one has written. */
  known: Partial<Entry> = {};
  #state: Phase = 'idle';

  constructor() {
    const put = (how: string) => async (entry: Entry) => (
      this.entries.push(entry),
      this.book.push(`${how} ${entry.outcome}`),
      { ...entry, ...this.known }
    );
    this.recorder = new Writer('wss://relay', this.time, (me) => ({
      keep: put(`${me} keeps`),
      noteLast: (entry, ifKept) => void put(`${me} keeps at last${ifKept ? ', if it is there,' : ''}`)(entry),
      note: async (_, until) => void this.book.push(`notes ${(until - this.time.wall()) / 1000}`),
    }));
  }

  call(fields: Partial<CallInfo> = {}): CallInfo {
    return { id: `${ID}1`, peer: 'bob', name: 'Bob', media: 'video', direction: 'outgoing', startedAt: null, ...fields };
  }

  go(state: Phase, call: CallInfo | null = this.call()): void {
    this.recorder.hear('alice', { type: 'state', state, previous: this.#state, reason: null, call }, this.time.wall());
    this.#state = state;
  }

  end(reason: EndReason, call = this.call()): void {
    this.go('ended', call);
    const duration = call.startedAt === null ? 0 : (this.time.wall() - call.startedAt) / 1000;
    this.recorder.hear('alice', { type: 'ended', call, reason, duration }, this.time.wall());
  }
}

describe('The recorder', () => {
  test('writes a call down when it is connected, notes that it is on, and writes its end', () => {
    const desk = new Desk();
    const began = desk.time.wall();
    desk.go('calling');
    desk.time.run(7_000);
    desk.go('connecting');
    desk.time.run(500);
    const call = desk.call({ startedAt: desk.time.wall() });
    desk.go('connected', call);
    desk.time.run(2 * NOTE_EVERY + 3_000);
    desk.go('reconnecting', call);
    desk.end('hung-up', call);
    desk.go('idle', null);
    assert.deepEqual(desk.book, ['notes 0', 'alice keeps answered', 'notes 0', 'notes 0', 'alice keeps answered']);
    const last = desk.entries.at(-1)!;
    assert.deepEqual([last.at, last.startedAt! - began, last.until - last.startedAt!, last.open], [began, 7_500, 13_000, false]);
    assert.equal(desk.entries[0]!.open, true);
    assert.equal(desk.time.waiting, 0);
    desk.recorder.leave();
    assert.equal(desk.book.length, 5, 'a page that goes afterwards does not open it again');
  });

  test('writes a call that nobody answered once, with the time at which it began', () => {
    const desk = new Desk();
    const call = desk.call({ direction: 'incoming' });
    desk.go('incoming', call);
    desk.time.run(9_000);
    desk.end('no-answer', call);
    assert.deepEqual(desk.book, ['notes 0', 'alice keeps missed'], 'what it is written to is open as soon as it rings');
    assert.deepEqual([desk.entries[0]!.until - desk.entries[0]!.at, desk.entries[0]!.startedAt], [9_000, null]);
  });

  test('tells one that was taken and never connected from one that was missed', () => {
    const desk = new Desk();
    const call = desk.call({ direction: 'incoming' });
    desk.go('incoming', call);
    desk.go('connecting', call);
    desk.end('left', call);
    assert.deepEqual(desk.book, ['notes 0', 'alice keeps failed']);
    desk.go('incoming', { ...call, id: `${ID}2` });
    desk.end('left', { ...call, id: `${ID}2` });
    assert.deepEqual(desk.book.slice(2), ['notes 0', 'alice keeps missed'], 'and the next one by itself');
  });

  test('takes two calls that cross for one, from when the first was placed', () => {
    const desk = new Desk();
    const began = desk.time.wall();
    desk.go('calling');
    desk.time.run(2_000);
    const other = desk.call({ id: `${ID}2`, direction: 'incoming' });
    desk.go('connecting', other);
    desk.go('connected', { ...other, startedAt: desk.time.wall() });
    assert.deepEqual([desk.entries[0]!.id, desk.entries[0]!.at], [`${ID}2`, began]);
  });

  test('writes a call that a page takes up again with its right beginning, before it is connected', () => {
    const desk = new Desk();
    const startedAt = desk.time.wall() - 60_000;
    desk.go('reconnecting', desk.call({ startedAt }));
    desk.time.run(5_000);
    desk.end('connection-lost', desk.call({ startedAt }));
    const last = desk.entries.at(-1)!;
    assert.deepEqual([last.at, last.startedAt, last.until - startedAt, last.outcome], [startedAt, startedAt, 65_000, 'answered']);
  });

  test('keeps when a call began to ring, across any number of reloads', async () => {
    const desk = new Desk();
    desk.known = { at: 5 };
    desk.go('reconnecting', desk.call({ startedAt: desk.time.wall() - 60_000 }));
    await Promise.resolve();
    desk.recorder.leave();
    assert.equal(desk.entries.at(-1)!.at, 5);
    assert.equal(desk.book.at(-1), 'alice keeps at last, if it is there, answered', 'it may have been removed meanwhile');
  });

  test('writes at once what it knows where the page goes, and as always where the page stays after all', () => {
    const desk = new Desk();
    const call = desk.call({ startedAt: desk.time.wall() });
    desk.go('connected', call);
    desk.time.run(3_000);
    desk.recorder.leave();
    assert.deepEqual(desk.book, ['alice keeps answered', 'alice keeps at last answered']);
    assert.deepEqual([desk.entries[1]!.until - call.startedAt!, desk.entries[1]!.open], [3_000, true]);
    desk.time.run(1_000);
    desk.end('hung-up', call);
    assert.equal(desk.book.at(-1), 'alice keeps answered');
    desk.go('calling');
    desk.recorder.leave();
    desk.end('cancelled');
    assert.equal(desk.book.at(-1), 'alice keeps at last cancelled');
  });

  test('writes a call of which the person saw nothing, beside the one that is on', () => {
    const desk = new Desk();
    const call = desk.call({ startedAt: desk.time.wall() });
    desk.go('connected', call);
    const other = desk.call({ id: `${ID}2`, peer: 'carol', name: 'Carol', direction: 'incoming' });
    desk.recorder.hear('alice', { type: 'missed', call: other }, desk.time.wall());
    desk.time.run(1_000);
    desk.end('hung-up', call);
    assert.deepEqual(desk.book, ['alice keeps answered', 'alice keeps missed', 'alice keeps answered']);
    assert.deepEqual([desk.entries[1]!.name, desk.entries[2]!.until - call.startedAt!], ['Carol', 1_000]);
    assert.equal(desk.entries[1]!.vague, undefined);
    desk.recorder.hear('alice', { type: 'missed', call: other, vague: true }, desk.time.wall());
    assert.equal(desk.entries.at(-1)!.vague, true, 'and that it is a guess where it is one');
  });

  test('writes a call that is left while it rings from when it rang, and what has become of it as always once the page is back', () => {
    const desk = new Desk();
    const call = desk.call({ direction: 'incoming' });
    const rang = desk.time.wall();
    desk.go('incoming', call);
    desk.time.run(20_000);
    desk.recorder.leave();
    assert.equal(desk.time.waiting, 0, 'clocks of a page that is put aside stand still');
    desk.recorder.hear('alice', { type: 'missed', call, vague: true }, desk.time.wall());
    assert.deepEqual([desk.book.at(-1), desk.entries.at(-1)!.at], ['alice keeps at last missed', rang]);
    desk.time.run(GOING);
    desk.end('declined-elsewhere', call);
    assert.equal(desk.book.at(-1), 'alice keeps declined-elsewhere', 'beside what other pages may have written');
  });

  test('writes nothing that is no part of a call', () => {
    const desk = new Desk();
    desk.go('idle', null);
    desk.recorder.hear('alice', { type: 'relay-status', status: 'offline' }, 0);
    desk.recorder.leave();
    desk.go('ringing');
    assert.deepEqual(desk.book, []);
  });

  test('opens the book as a call is placed, too, so that a page that goes can write that it was given up', () => {
    const desk = new Desk();
    const call = desk.call();
    desk.go('calling', call);
    assert.deepEqual(desk.book, ['notes 0']);
    desk.recorder.leave();
    desk.end('cancelled', call);
    assert.equal(desk.book.at(-1), 'alice keeps at last cancelled');
  });

  test('knows of a call that its page came back to that it was taken, also where it comes to nothing', () => {
    const desk = new Desk();
    const call = desk.call({ direction: 'incoming' });
    desk.go('reconnecting', call);
    desk.end('connection-lost', call);
    assert.equal(desk.book.at(-1), 'alice keeps failed');
  });
});
