import assert from 'node:assert/strict';
import { test } from 'node:test';

import { GONE_AFTER, MOVING_FOR, Members } from '../../../relay/cluster/members.js';
import { StoppedClock } from '../support/relay.js';

class LeapingClock extends StoppedClock {
  #leap = 0;

  override now(): number {
    return super.now() + this.#leap;
  }

  /** Lets time go by in which this process stands still. */
  leap(seconds: number): void {
    this.#leap += seconds * 1000;
  }
}

function meet() {
  const clock = new LeapingClock();
  const news: string[] = [];
  const members = new Members(clock, {
    appeared: () => void news.push('appeared'),
    vanished: (relay) => void news.push(`${relay} vanished`),
    awoke: () => void news.push('awoke'),
  });
  return { clock, news, members };
}

test('A relay is there while it is heard, and gone 12 s after it was', () => {
  const { clock, news, members } = meet();
  members.heard('a', false);
  for (let i = 0; i < 5; i++) {
    clock.pass(5);
    members.heard('a', false);
  }
  assert.deepEqual([news, members.size], [['appeared'], 1]);
  clock.pass(GONE_AFTER / 1000 - 1);
  assert.equal(members.size, 1);
  clock.pass(2);
  assert.deepEqual([news, members.size], [['appeared', 'a vanished'], 0]);
  members.close();
  assert.equal(clock.timers, 0);
});

test('A relay that says goodbye is gone a little later, when its pages have come to others', () => {
  const { clock, news, members } = meet();
  members.heard('a', false);
  members.left('a');
  clock.pass(MOVING_FOR / 1000 - 1);
  assert.equal(members.size, 1);
  clock.pass(2);
  assert.deepEqual(news, ['appeared', 'a vanished']);
});

test('Whoever stood still himself takes nobody for gone', () => {
  const { clock, news, members } = meet();
  members.heard('a', false);
  clock.leap(60);
  clock.pass(2);
  assert.deepEqual([news, members.size], [['appeared', 'awoke'], 1]);
  members.heard('a', false);
  clock.pass(10);
  assert.equal(members.size, 1);
});

test('Only who was heard since one hears again would surely have answered', () => {
  const { news, members } = meet();
  members.heard('a', false);
  members.heard('b', false);
  members.doubt();
  assert.deepEqual([...members.sure()], []);
  members.heard('a', false);
  assert.deepEqual([...members.sure()], ['a']);
  members.heard('a', true);
  assert.deepEqual(news, Array(4).fill('appeared'));
});
