/** Times and lengths as the languages write them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayOf, lengthIn, untilTomorrow, whenOf, wholly } from '../../../components/history/format.js';

const plain = (text: string): string => text.replace(/[\u202f\u00a0]/g, ' ');
const at = (day: number, hour = 14, minute = 5, month = 4, year = 2026): number => new Date(year, month, day, hour, minute).getTime();

test('A time is told by the hour today, with the day before today, and by its date in another year', () => {
  const now = at(20, 20, 30);
  const when = (time: number) => plain(whenOf(time, now, 'en-GB'));
  assert.equal(when(at(20, 10, 5)), '10:05');
  assert.equal(when(at(19, 23, 59)), 'yesterday 23:59');
  assert.equal(when(at(18)), 'Mon 14:05');
  assert.equal(when(at(14)), 'Thu 14:05');
  assert.equal(when(at(13)), '13 May, 14:05');
  assert.equal(when(at(13, 14, 5, 11, 2025)), '13 Dec 2025');
  assert.equal(when(at(21, 19, 0)), '21 May, 19:00', 'a clock that was set back');
  assert.match(whenOf(at(19), now, 'de'), /^gestern 14:05$/);
  assert.match(wholly(at(19), 'en'), /Tuesday, May 19, 2026/);
});

test('Days follow each other where the clocks are changed as well', () => {
  const days = Array.from({ length: 366 }, (_, day) => dayOf(at(1 + day, 12, 0, 0)));
  assert.deepEqual(
    days.map((day) => day - days[0]!),
    days.map((_, day) => day),
  );
  assert.equal(untilTomorrow(at(20, 23, 0)), 3_600_000);
  assert.equal(dayOf(at(20) + untilTomorrow(at(20))) - dayOf(at(20)), 1);
});

test('A length is told in the units that there are', () => {
  const lengths = [0, 5, 60, 185, 3_600, 3_661].map((seconds) => plain(lengthIn(seconds, 'en')));
  assert.deepEqual(lengths, ['0s', '5s', '1m', '3m 5s', '1h', '1h 1m 1s']);
  assert.match(lengthIn(185, 'zh'), /3分钟.*5秒/);
});
