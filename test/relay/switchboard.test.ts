import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deadlines } from '../../relay/deadlines.js';
import { MAX_ROSTER, MemorySwitchboard } from '../../relay/switchboard.js';
import { StoppedClock } from './support/relay.js';
import { FakePage, describeSwitchboard } from './support/switchboard-contract.js';

describeSwitchboard('The switchboard of a single relay', () => {
  const clock = new StoppedClock();
  return {
    switchboard: new MemorySwitchboard(new Deadlines(clock)),
    pass: (seconds) => clock.pass(seconds),
    settled: () => Promise.resolve(),
  };
});

test('a roster is bounded', () => {
  const switchboard = new MemorySwitchboard(new Deadlines(new StoppedClock()));
  for (let i = 0; i <= MAX_ROSTER; i++) switchboard.join(new FakePage(`p${i}`), 'new-device');
  assert.equal(switchboard.roster().people.length, MAX_ROSTER);
});

test('a page that takes nothing more is not counted', () => {
  const switchboard = new MemorySwitchboard(new Deadlines(new StoppedClock()));
  const page = new FakePage('bob');
  page.receive = () => false;
  switchboard.join(page, 'new-device');
  assert.equal(switchboard.deliver('bob', 'x'), 0);
  assert.equal(switchboard.deliver('bob/d1', 'x'), 0);
});

test('nothing is left behind by pages that have gone', () => {
  const clock = new StoppedClock();
  const deadlines = new Deadlines(clock);
  const switchboard = new MemorySwitchboard(deadlines);
  const page = new FakePage('bob');
  switchboard.join(page, 'new-device');
  switchboard.leave(page, false);
  clock.pass(10);
  assert.equal(deadlines.size, 0);
  assert.equal(clock.timers, 0);
  assert.deepEqual(switchboard.roster().people, []);
});
