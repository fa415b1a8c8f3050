import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT_DAYS, sortOut } from '../../../components/recording/keeping.js';
import type { About, Found } from '../../../components/recording/keeping.js';

const NOW = Date.UTC(2026, 5, 15);
const DAY = 86_400_000;
const found = (id: string, about: Partial<About> = {}, fields: Partial<Found> = {}): Found => ({
  id,
  about: { id, call: 'call', name: 'Bob', me: 'alice', startedAt: NOW - 60_000, type: 'video/webm', ...about },
  bytes: 1000,
  touchedAt: NOW - 1000,
  busy: false,
  ...fields,
});
const sorted = (...all: Found[]) => {
  const { offer, remove } = sortOut(all, 'alice', NOW);
  return { offer: offer.map(({ id }) => id), remove };
};

test('What a page has left is offered to its person, the latest first', () => {
  assert.deepEqual(sorted(found('old', { startedAt: NOW - DAY }), found('new')), { offer: ['new', 'old'], remove: [] });
});

test('What somebody else has left on this device is neither offered nor removed', () => {
  assert.deepEqual(sorted(found('bobs', { me: 'bob' }), found('guests', { me: 'guest-1' })), { offer: [], remove: [] });
});

test('All guests of a browser are one, since they get another ID each time', () => {
  assert.deepEqual(sortOut([found('mine', { me: 'guest-1' })], 'guest-2', NOW).offer.length, 1);
});

test('What another page is writing or offering is left alone, however old', () => {
  assert.deepEqual(sorted(found('busy', {}, { busy: true, touchedAt: 0, bytes: 0 })), { offer: [], remove: [] });
});

test('What was handed out is not offered again, and goes after an hour', () => {
  assert.deepEqual(sorted(found('saved', { savedAt: NOW - 60_000 })), { offer: [], remove: [] });
  assert.deepEqual(sorted(found('saved', { savedAt: NOW - 3_700_000 })), { offer: [], remove: ['saved'] });
});

test('What is empty, cannot be read or has lain here for too long is removed, whoever it belongs to', () => {
  const old = NOW - KEPT_DAYS * DAY - 1;
  assert.deepEqual(
    sorted(
      found('empty', {}, { bytes: 0 }),
      { ...found('torn'), about: undefined },
      found('stale', {}, { touchedAt: old }),
      found('bobs', { me: 'bob' }, { touchedAt: old }),
    ),
    { offer: [], remove: ['empty', 'torn', 'stale', 'bobs'] },
  );
});
