import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { Deadlines } from '../../relay/deadlines.js';
import type { CallRecord } from '../../relay/index.js';
import type { CallMessage } from '../../relay/protocol/index.js';
import { CallRecords, GONE_FOR, LONGEST_CALL, MAX_FOLLOWED, MAX_FOLLOWED_OF_ONE } from '../../relay/records.js';
import { CALL, StoppedClock, startRelay } from './support/relay.js';
import { tokenFor, withTokens } from './support/tokens.js';

const OTHER = CALL.replace('6', '7');
const [alice, bob, bobsPhone, mallory] = ['alice/d1', 'bob/d1', 'bob/d2', 'mallory/d1'];

function follow() {
  const clock = new StoppedClock();
  const ended: CallRecord[] = [];
  let full = 0;
  const records = new CallRecords({
    deadlines: new Deadlines(clock),
    clock,
    ended: (record) => void ended.push(record),
    full: () => full++,
  });
  const say = (from: string, to: string, content: Readonly<Record<string, unknown>>, arrived = true) =>
    records.saw(from, { to, call: CALL, n: 1, ack: 0, ...content } as unknown as CallMessage, arrived);
  const invite = (from = alice, to = 'bob', call = CALL, arrived = true) =>
    say(from, to, { type: 'invite', media: 'video', expires: 60, call }, arrived);
  /** Alice calls Bob, who answers. */
  const talk = () => {
    invite();
    say(bob, alice, { type: 'accept', media: 'video' });
    say(alice, bob, { type: 'confirm' });
  };
  const outcomes = () => ended.map(({ reason, duration, answeredAt }) => [reason, answeredAt === undefined ? undefined : duration]);
  return { clock, ended, records, say, invite, talk, outcomes, filled: () => full };
}

describe('The record of a call', () => {
  test('says who called whom, when, how long they talked, and how it ended; and nothing else', () => {
    const { clock, ended, records, say, invite } = follow();
    const at = (seconds: number) => new Date(1_700_001_000_000 + seconds * 1000).toISOString();
    invite();
    invite();
    clock.pass(10);
    say(bob, alice, { type: 'accept', media: 'video' });
    say(alice, bob, { type: 'confirm' });
    say(alice, 'bob', { type: 'cancel', reason: 'answered-elsewhere', winner: 'd1' });
    clock.pass(90);
    say(bob, alice, { type: 'hangup', reason: 'hung-up' });
    say(alice, bob, { type: 'hangup', reason: 'hung-up' });
    const record = { id: CALL, from: 'alice', to: 'bob', media: 'video', invitedAt: at(0), answeredAt: at(10), endedAt: at(100) };
    assert.deepEqual(ended, [{ ...record, reason: 'hung-up', duration: 90 }]);
    assert.equal(records.size, 0);
  });

  const cases: [string, (rig: ReturnType<typeof follow>) => void, unknown[]][] = [
    ['declined', ({ say }) => say(bob, alice, { type: 'decline', reason: 'declined' }), ['declined', undefined]],
    ['busy', ({ say }) => say(bob, alice, { type: 'decline', reason: 'busy' }), ['busy', undefined]],
    ['cancelled', ({ say }) => say(alice, 'bob', { type: 'cancel', reason: 'cancelled' }), ['cancelled', undefined]],
    ['no answer', ({ say }) => say(alice, 'bob', { type: 'cancel', reason: 'no-answer' }), ['no-answer', undefined]],
    ['hung up by the caller before an answer', ({ say }) => say(alice, 'bob', { type: 'hangup', reason: 'left' }), ['left', undefined]],
    ['never heard of again', ({ clock }) => clock.pass(91), ['no-answer', undefined]],
  ];
  for (const [title, end, outcome] of cases) {
    test(`ends as ${title}`, () => {
      const rig = follow();
      rig.invite();
      end(rig);
      assert.deepEqual(rig.outcomes(), [outcome]);
      assert.equal(rig.records.size, 0);
    });
  }

  test('ends as unreachable where nobody ever got the invite', () => {
    const { clock, say, invite, outcomes } = follow();
    invite(alice, 'bob', CALL, false);
    clock.pass(91);
    invite(alice, 'bob', CALL, false);
    say(alice, 'bob', { type: 'cancel', reason: 'cancelled' }, false);
    assert.deepEqual(outcomes(), [
      ['unreachable', undefined],
      ['unreachable', undefined],
    ]);
  });

  test('cannot be ended by a stranger, nor by a device that was not taken', () => {
    const { say, invite, outcomes } = follow();
    invite();
    for (const type of ['hangup', 'decline', 'cancel', 'confirm']) say(mallory, alice, { type, reason: 'left' });
    say(bobsPhone, alice, { type: 'hangup', reason: 'left' });
    say(bobsPhone, alice, { type: 'accept', media: 'video' });
    say(bob, alice, { type: 'accept', media: 'video' });
    say(alice, bob, { type: 'confirm' });
    say(bobsPhone, alice, { type: 'decline', reason: 'declined' });
    say(bobsPhone, alice, { type: 'hangup', reason: 'left' });
    assert.deepEqual(outcomes(), []);
    say(bob, alice, { type: 'hangup', reason: 'hung-up' });
    assert.deepEqual(outcomes(), [['hung-up', 0]]);
  });

  test('goes on while a page is loaded anew, and ends where it never comes back, at the time when it went', () => {
    const { clock, records, talk, outcomes } = follow();
    talk();
    clock.pass(30);
    records.gone(bob, 1001);
    clock.pass(60);
    records.here(bob);
    clock.pass(600);
    assert.deepEqual(outcomes(), []);
    records.gone(alice, 1006);
    clock.pass(76);
    assert.deepEqual(outcomes(), [['connection-lost', 690]]);
  });

  test('ends as left where a page says that it goes, by whichever code, and never comes back', () => {
    for (const code of [1000, 1001, 1005]) {
      const { clock, records, talk, outcomes } = follow();
      talk();
      clock.pass(30);
      records.gone(bob, code);
      clock.pass(76);
      assert.deepEqual(outcomes(), [['left', 30]]);
    }
  });

  test('is not one of an answered call where nobody has accepted, or somebody else, or the answer was not taken', () => {
    const { say, invite, outcomes } = follow();
    invite();
    say(alice, bob, { type: 'confirm' });
    say(mallory, alice, { type: 'accept', media: 'video' });
    say(alice, 'mallory/d1', { type: 'confirm' });
    say(bob, alice, { type: 'accept', media: 'video' });
    say(alice, bobsPhone, { type: 'confirm' });
    say(alice, bob, { type: 'confirm' }, false);
    say(alice, 'bob', { type: 'cancel', reason: 'cancelled' });
    assert.deepEqual(outcomes(), [['cancelled', undefined]]);
  });

  test('ends a day after the answer where nobody says more, also where its pages have come back meanwhile', () => {
    const { clock, records, talk, outcomes } = follow();
    talk();
    clock.pass(3600);
    records.gone(bob, 1006);
    records.here(bob);
    clock.pass(LONGEST_CALL / 1000 - 3600 - 1);
    assert.deepEqual(outcomes(), []);
    clock.pass(2);
    assert.deepEqual(outcomes(), [['connection-lost', LONGEST_CALL / 1000]]);
    assert.equal(records.size, 0);
  });

  test('is one where both have called each other', () => {
    const { clock, say, invite, outcomes, records } = follow();
    invite(alice, 'bob', CALL);
    invite(bob, 'alice', OTHER);
    say(bob, alice, { type: 'accept', media: 'video' });
    say(alice, bob, { type: 'confirm' });
    clock.pass(200);
    say(alice, bob, { type: 'hangup', reason: 'hung-up' });
    assert.deepEqual(outcomes(), [['hung-up', 200]]);
    assert.equal(records.size, 0);
  });
});

test('Calls are followed within bounds: for each page, and in all; those beyond are counted, and told of once', () => {
  const { records, invite, filled } = follow();
  const id = (n: number) => CALL.slice(0, -6) + n.toString(16).padStart(6, '0');
  for (let n = 0; n < 20; n++) invite(alice, 'bob', id(n));
  assert.equal(records.size, MAX_FOLLOWED_OF_ONE);
  for (let n = 0; n < MAX_FOLLOWED + 5; n++) invite(`p${n}/d`, 'bob', id(n));
  assert.equal(records.size, MAX_FOLLOWED);
  assert.deepEqual([records.unfollowed, filled()], [20 - MAX_FOLLOWED_OF_ONE + MAX_FOLLOWED_OF_ONE + 5, 1]);
  records.close();
  assert.equal(records.size, 0);
});

test('A relay tells of the calls that it brought together, and what a listener throws ends nothing', async (t: TestContext) => {
  const told: CallRecord[] = [];
  const onCall = (record: CallRecord) => {
    told.push(record);
    throw new Error('not so fast');
  };
  const { join, log } = await startRelay(t, { onCall });
  const [one, two] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
  one.invite('bob');
  await two.next('invite');
  two.tell(one.address, { type: 'decline', reason: 'busy' });
  await one.next('decline');
  assert.deepEqual(
    told.map(({ from, to, reason }) => [from, to, reason]),
    [['alice', 'bob', 'busy']],
  );
  assert.ok(log.lines.some(([level, , message]) => level === 'error' && message === 'onCall() has thrown'));
});

describe('A relay that makes records', () => {
  for (const code of [4409, 4401, 3999])
    test(`ends that of a call whose page closes itself with ${code}`, async (t) => {
      const told: CallRecord[] = [];
      const { join, clock, log } = await startRelay(t, { onCall: (record) => told.push(record) });
      const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
      alice.invite('bob');
      await bob.next('invite');
      bob.tell(alice.address, { type: 'accept', media: 'video' });
      await alice.next('accept');
      alice.tell(bob.address, { type: 'confirm' });
      await bob.next('confirm');
      await alice.leave(code);
      while (!log.lines.some(([, , message]) => message === 'page left')) await bob.drain();
      // The other page must be heard of meanwhile, or it is let go itself.
      for (let n = 0; n < GONE_FOR / 20_000; n++) {
        clock.pass(20);
        await bob.drain();
      }
      assert.deepEqual(
        told.map(({ reason, answeredAt }) => [reason, typeof answeredAt]),
        [['connection-lost', 'string']],
      );
    });

  test('goes on with that of a page that connects anew over its old connection', async (t) => {
    const told: CallRecord[] = [];
    const { join, clock } = await startRelay(t, { onCall: (record) => told.push(record) });
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    alice.invite('bob');
    await bob.next('invite');
    bob.tell(alice.address, { type: 'accept', media: 'video' });
    await alice.next('accept');
    alice.tell(bob.address, { type: 'confirm' });
    await bob.next('confirm');
    const again = await join({ peer: 'alice', resume: alice.welcome['resume'] });
    await alice.closed;
    for (let n = 0; n < 5; n++) {
      clock.pass(20);
      await Promise.all([again.drain(), bob.drain()]);
    }
    assert.deepEqual(told, []);
  });

  test('makes none of invites that may not be delivered', async (t) => {
    const told: CallRecord[] = [];
    const { join, relay } = await startRelay(t, { ...withTokens, onCall: (record) => told.push(record) });
    const alice = await join({ token: tokenFor('alice', { calls: ['bob'] }) });
    for (const to of ['carol', 'bob']) {
      alice.invite(to);
      await alice.next('unreachable');
      alice.tell(to, { type: 'cancel', reason: 'cancelled', n: 2 });
      await alice.next('unreachable');
    }
    assert.deepEqual(
      told.map(({ to, reason }) => [to, reason]),
      [['bob', 'unreachable']],
    );
    assert.match(await relay.metrics(), /^video_call_call_records_unfollowed_total 0$/m);
  });
});
