import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Backlog, MAX_UNREAD_IN_ALL } from '../../relay/backlog.js';
import { MAX_UNREAD_BYTES } from '../../relay/protocol/index.js';

/** Readers who note it when they are let go. */
function readers(...unread: number[]) {
  const gone: number[] = [];
  const all = unread.map((bytes, at) => ({ unread: bytes, overrun: () => void gone.push(at) }));
  return { all, gone };
}

test('nobody is let go while all together have left no more unread than they may', () => {
  const backlog = new Backlog(100);
  const { all, gone } = readers(60, 40, 0);
  for (const reader of all) backlog.note(reader);
  backlog.trim();
  assert.deepEqual([gone, backlog.total], [[], 100]);
});

test('those with most are let go, so many that an eighth is free again', () => {
  const backlog = new Backlog(100);
  const { all, gone } = readers(10, 30, 20, 41);
  for (const reader of all) backlog.note(reader);
  backlog.trim();
  assert.deepEqual([gone, backlog.total], [[3], 60]);
  const more = readers(28, 2, 30);
  for (const reader of more.all) backlog.note(reader);
  backlog.trim();
  assert.deepEqual([gone, more.gone, backlog.total], [[3, 1], [2], 60]);
});

test('whoever has read meanwhile is not let go for what he had left once', () => {
  const backlog = new Backlog(100);
  const { all, gone } = readers(90, 20);
  backlog.note(all[0]!);
  all[0]!.unread = 10;
  backlog.note(all[1]!);
  backlog.trim();
  assert.deepEqual([gone, backlog.total], [[], 30]);
  all[0]!.unread = 0;
  backlog.note(all[0]!);
  assert.equal(backlog.total, 20);
});

test('one page alone comes to its own bound first', () => assert.ok(MAX_UNREAD_BYTES * 32 <= MAX_UNREAD_IN_ALL * 1024 * 1024));
