import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deadlines } from '../../relay/deadlines.js';
import { MemorySwitchboard } from '../../relay/switchboard.js';
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
    say: () => undefined,
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
