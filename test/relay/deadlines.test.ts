import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deadlines } from '../../relay/deadlines.js';
import { StoppedClock } from './support/relay.js';

function rig(): { clock: StoppedClock; deadlines: Deadlines; happened: string[] } {
  const clock = new StoppedClock();
  return { clock, deadlines: new Deadlines(clock), happened: [] };
}

test('a deadline happens once, never early, and at most half a second late', () => {
  for (const milliseconds of [0, 1, 249, 250, 5000, 45_000, 200_000]) {
    const { clock, deadlines, happened } = rig();
    clock.pass(0.1);
    deadlines.add(milliseconds, () => happened.push('now'));
    clock.pass((milliseconds - 1) / 1000);
    assert.deepEqual(happened, [], `${milliseconds} ms came early`);
    clock.pass(0.501);
    assert.deepEqual(happened, ['now'], `${milliseconds} ms came late`);
    clock.pass(100);
    assert.deepEqual(happened, ['now']);
  }
});

test('a deadline that is put off happens later, and one that is cancelled never', () => {
  const { clock, deadlines, happened } = rig();
  const extended = deadlines.add(1000, () => happened.push('extended'));
  const cancelled = deadlines.add(1000, () => happened.push('cancelled'));
  clock.pass(0.9);
  extended.extend(1000);
  cancelled.cancel();
  cancelled.cancel();
  clock.pass(0.9);
  assert.deepEqual(happened, []);
  clock.pass(0.5);
  assert.deepEqual(happened, ['extended']);
});

test('one timer serves all deadlines, and none runs without them', () => {
  const { clock, deadlines } = rig();
  assert.equal(clock.timers, 0);
  const all = Array.from({ length: 1000 }, (_, i) => deadlines.add(i * 100, () => undefined));
  assert.equal(clock.timers, 1);
  for (const deadline of all) deadline.cancel();
  assert.equal(clock.timers, 0);
  deadlines.add(1000, () => undefined);
  assert.equal(clock.timers, 1);
  deadlines.close();
  assert.deepEqual([clock.timers, deadlines.size], [0, 0]);
});

test('a deadline may cancel another of the same moment, and add a new one', () => {
  const { clock, deadlines, happened } = rig();
  deadlines.add(1000, () => {
    happened.push('first');
    second.cancel();
    deadlines.add(1000, () => happened.push('third'));
  });
  const second = deadlines.add(1000, () => happened.push('second'));
  clock.pass(3);
  assert.deepEqual(happened, ['first', 'third']);
});

test('after a long pause of the process nothing is forgotten', () => {
  const { deadlines, happened } = rig();
  let now = 0;
  let tick = (): void => undefined;
  const paused = new Deadlines({ now: () => now, date: () => 0, every: (_, run) => ((tick = run), () => undefined) });
  for (const seconds of [1, 30, 60, 300]) paused.add(seconds * 1000, () => happened.push(String(seconds)));
  now = 3_600_000;
  tick();
  now += 70_000;
  tick();
  assert.deepEqual(happened.sort(), ['1', '30', '300', '60']);
  deadlines.close();
});
