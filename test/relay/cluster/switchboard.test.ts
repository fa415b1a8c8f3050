import { after, before } from 'node:test';

import { startRedis, withoutRedis } from '../../support/redis.js';
import type { RedisServer } from '../../support/redis.js';
import { clusterRig } from '../support/cluster.js';
import { describeSwitchboard } from '../support/switchboard-contract.js';

const ends: (() => unknown)[] = [];
let redis: RedisServer;
before(async () => {
  if (withoutRedis === false) redis = await startRedis({ after: (end) => void ends.push(end as () => unknown) });
});
after(() => {
  for (const end of ends.reverse()) end();
});

describeSwitchboard('The switchboard of one relay at a Redis', () => clusterRig(redis.url, 1), withoutRedis);
describeSwitchboard('The switchboard of two relays at a Redis', () => clusterRig(redis.url, 2), withoutRedis);
describeSwitchboard('The switchboard of three relays at a Redis', () => clusterRig(redis.url, 3), withoutRedis);
