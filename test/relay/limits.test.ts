import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Capacity, InviteLedger, Strikes, TokenBucket, networkOf } from '../../relay/limits.js';
import { MAX_CALLS_PER_MINUTE, MAX_INVITED_PER_MINUTE } from '../../relay/protocol/index.js';
import { CALL } from './support/relay.js';

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
  for (let i = 0; i < MAX_INVITED_PER_MINUTE; i++) assert.equal(ledger.allows('alice', `p${i}`, CALL, i), true);
  assert.equal(ledger.allows('alice', 'one-more', CALL, 100), false);
  assert.equal(ledger.allows('alice', 'p0', CALL, 100), true);
  assert.equal(ledger.allows('bob', 'one-more', CALL, 100), true);
  // p1 to p19 are a minute old by then, p0 was invited again.
  assert.equal(ledger.allows('alice', 'one-more', CALL, 60_050), true);
});

test('people who have invited nobody for a minute are forgotten', () => {
  const ledger = new InviteLedger();
  for (let i = 0; i < 100; i++) ledger.allows(`p${i}`, 'bob', CALL, 0);
  assert.equal(ledger.size, 100);
  ledger.allows('alice', 'bob', CALL, 120_000);
  assert.equal(ledger.size, 1);
});

test('a person begins 60 calls a minute, to however few people, and says of each as often as he likes that it rings', () => {
  const ledger = new InviteLedger();
  for (let i = 0; i < MAX_CALLS_PER_MINUTE; i++) assert.equal(ledger.allows('alice', 'bob', `c${i}`, i), true);
  assert.equal(ledger.allows('alice', 'bob', 'one-more', 100), false);
  assert.equal(ledger.allows('alice', 'bob', 'c0', 100), true);
  assert.equal(ledger.allows('carol', 'bob', 'one-more', 100), true);
  assert.equal(ledger.allows('alice', 'bob', 'one-more', 60_050), true);
});

test('connections are counted in all and per address, and an address without any is forgotten', () => {
  const capacity = new Capacity({ total: 3, perIp: 2 });
  const first = capacity.enter('a');
  capacity.enter('a');
  assert.equal(capacity.exceeded('a'), 'per-ip');
  assert.equal(capacity.exceeded('b'), undefined);
  capacity.enter('b');
  assert.equal(capacity.exceeded('c'), 'total');
  first.leave();
  first.leave();
  assert.equal(capacity.exceeded('a'), undefined);
  assert.equal(capacity.total, 2);
});

test('an IPv6 site (/48) has ten times the connections of one network, however many networks it has', () => {
  const capacity = new Capacity({ total: 1000, perIp: 2 });
  const places = Array.from({ length: 20 }, (_, i) => capacity.enter(networkOf(`2001:db8:1:${i.toString(16)}::1`)));
  assert.equal(capacity.exceeded(networkOf('2001:db8:1:ffff::1')), 'per-ip');
  assert.equal(capacity.exceeded(networkOf('2001:db8:2::1')), undefined);
  assert.equal(capacity.exceeded('192.0.2.1'), undefined);
  places[0]!.leave();
  assert.equal(capacity.exceeded(networkOf('2001:db8:1:ffff::1')), undefined);
});

test('connections that have not said who they are take up a quarter of the room at most', () => {
  const capacity = new Capacity({ total: 1000, perIp: 1000 });
  const places = Array.from({ length: 250 }, () => capacity.enter('a'));
  assert.equal(capacity.exceeded('b'), 'total');
  places[0]!.welcomed();
  places[0]!.welcomed();
  assert.equal(capacity.exceeded('b'), undefined);
  capacity.enter('b');
  assert.equal(capacity.exceeded('b'), 'total');
  places[0]!.leave();
  assert.equal(capacity.exceeded('b'), 'total');
  places[1]!.leave();
  assert.equal(capacity.exceeded('b'), undefined);
});
