import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deadlines } from '../../relay/deadlines.js';
import { NOBODY } from '../../relay/grants.js';
import { MemorySwitchboard } from '../../relay/switchboard.js';
import type { Page, Switchboard } from '../../relay/switchboard.js';
import { Watches } from '../../relay/watches.js';
import type { Watcher } from '../../relay/watches.js';
import { StoppedClock } from './support/relay.js';

test('A page that ends because of what it is told watches nothing from then on', () => {
  const switchboard = new MemorySwitchboard(new Deadlines(new StoppedClock()));
  const heard: string[] = [];
  const watcher: Watcher = {
    peer: 'alice',
    device: 'd1',
    sees: () => true,
    receive: (text) => {
      heard.push((JSON.parse(text) as { address: string }).address);
      watches.close();
      return true;
    },
    replaced: () => undefined,
  };
  const watches = new Watches(watcher, switchboard);
  watches.add(['bob', 'carol']);
  switchboard.join({ ...watcher, peer: 'bob' }, 'new-device');
  switchboard.join({ ...watcher, peer: 'carol' }, 'new-device');
  watches.review();
  assert.deepEqual(heard, ['bob']);
});

test('Who may not be seen looks like somebody who is not there, also to one who measures how long the answer takes', () => {
  const asked: [string, Page][] = [];
  const switchboard = {
    ...new MemorySwitchboard(new Deadlines(new StoppedClock())),
    watch: (address: string, page: Page) => void asked.push([address, page]),
    unwatch: () => undefined,
  } as unknown as Switchboard;
  const heard: unknown[] = [];
  let allowed = false;
  const watcher: Watcher = {
    peer: 'alice',
    device: 'd1',
    sees: () => allowed,
    receive: (text) => heard.push(JSON.parse(text)) > 0,
    replaced: () => undefined,
  };
  const watches = new Watches(watcher, switchboard);
  watches.add(['bob', 'carol']);
  assert.deepEqual([asked.map(([address]) => address), heard], [[NOBODY, NOBODY], []]);
  asked[0]![1].receive('');
  assert.deepEqual(heard, [{ type: 'presence', address: 'bob', presence: 'offline' }]);
  allowed = true;
  watches.review();
  asked[1]![1].receive('');
  assert.equal(heard.length, 1, 'an answer that comes when carol may be seen says nothing of her');
});
