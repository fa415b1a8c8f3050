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

test('What somebody else with a name has left on this device is neither offered nor removed', () => {
  assert.deepEqual(sorted(found('bobs', { me: 'bob' })), { offer: [], remove: [] });
});

test('A guest is offered what this guest has left, as after a reload, and nobody what another guest has: that is removed at once', () => {
  const left = [found('mine', { me: 'guest-1' }), found('another’s', { me: 'guest-2' })];
  const { offer, remove } = sortOut(left, 'guest-1', NOW);
  assert.deepEqual([offer.map(({ id }) => id), remove], [['mine'], ['another’s']]);
  assert.deepEqual(sorted(...left), { offer: [], remove: ['mine', 'another’s'] });
});

test('What a guest’s page still writes or offers, or has just handed out, stays', () => {
  const busy = found('busy', { me: 'guest-2' }, { busy: true });
  assert.deepEqual(sorted(busy, found('saved', { me: 'guest-2', savedAt: NOW - 60_000 })), { offer: [], remove: [] });
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

test('What cannot be read now stays until it has lain here for too long, and hinders nothing else', () => {
  const bytes = NaN;
  const odd = { me: 7 } as unknown as Partial<About>;
  const all = [found('now', {}, { bytes }), found('old', {}, { bytes, touchedAt: 0 }), found('odd', odd), found('mine')];
  assert.deepEqual(sorted(...all), { offer: ['mine'], remove: ['old'] });
});
