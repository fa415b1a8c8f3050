import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Capacity, InviteLedger, Strikes, TokenBucket } from '../../relay/limits.js';
import { MAX_INVITED_PER_MINUTE } from '../../relay/protocol/index.js';

test('a bucket lets a burst through, then no more than its rate, and never saves up more than its burst', () => {
  const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, 0);
  const takeAll = (now: number) => {
    let count = 0;
    while (bucket.take(now)) count++;
    return count;
  };
  assert.equal(takeAll(0), 3);
  assert.equal(takeAll(499), 0);
  assert.equal(takeAll(1000), 2);
  assert.equal(takeAll(1_000_000), 3);
});

test('strikes count within their time only', () => {
  const strikes = new Strikes({ limit: 3, within: 1000 });
  assert.deepEqual(
    [0, 500, 1000, 1400, 1450].map((now) => strikes.add(now)),
    [false, false, false, true, true],
  );
});

test('a person invites 20 others a minute, and the same one as often as he likes', () => {
  const ledger = new InviteLedger();
  for (let i = 0; i < MAX_INVITED_PER_MINUTE; i++) assert.equal(ledger.allows('alice', `p${i}`, i), true);
  assert.equal(ledger.allows('alice', 'one-more', 100), false);
  assert.equal(ledger.allows('alice', 'p0', 100), true);
  assert.equal(ledger.allows('bob', 'one-more', 100), true);
  // p1 to p19 are a minute old by then, p0 was invited again.
  assert.equal(ledger.allows('alice', 'one-more', 60_050), true);
});

test('people who have invited nobody for a minute are forgotten', () => {
  const ledger = new InviteLedger();
  for (let i = 0; i < 100; i++) ledger.allows(`p${i}`, 'bob', 0);
  assert.equal(ledger.size, 100);
  ledger.allows('alice', 'bob', 120_000);
  assert.equal(ledger.size, 1);
});

test('connections are counted in all and per address, and an address without any is forgotten', () => {
  const capacity = new Capacity({ total: 3, perIp: 2 });
  capacity.enter('a');
  capacity.enter('a');
  assert.equal(capacity.exceeded('a'), 'per-ip');
  assert.equal(capacity.exceeded('b'), undefined);
  capacity.enter('b');
  assert.equal(capacity.exceeded('c'), 'total');
  capacity.leave('a');
  assert.equal(capacity.exceeded('a'), undefined);
  assert.equal(capacity.total, 2);
});
