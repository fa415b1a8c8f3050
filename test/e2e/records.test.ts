/** What a relay tells a site about the calls of real pages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallRecord } from '../../relay/index.js';
import { openWorld, panel } from '../support/world.js';

test('A site is told of each call once: one that was talked, one that was declined, and none that never began', async (t) => {
  const told: CallRecord[] = [];
  let heard: () => void = () => undefined;
  const world = await openWorld(t, { onCall: (record) => (told.push(record), heard()) });
  const until = async (count: number): Promise<void> => {
    while (told.length < count) await new Promise<void>((resolve) => (heard = resolve));
  };
  const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob' }) });
  await bob.event('relay-status', { status: 'online' });
  const alice = await world.visit({ name: 'alice', markup: panel({ me: 'alice', peer: 'bob' }) });

  await alice.press('Call');
  await bob.press('Accept');
  await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
  const { id } = (await alice.panel((shown) => shown.currentCall)) as { id: string };
  await bob.press('Hang up');
  await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
  await until(1);

  const call = (peer: string): Promise<unknown> => alice.panel((shown, whom) => void shown.call(whom), peer);
  await call('bob');
  await bob.press('Decline');
  await alice.event('call-ended', { reason: 'declined' });
  await until(2);

  // Nobody is there, so the page does not even ask.
  await call('nobody');
  await alice.event('call-ended', { reason: 'unreachable' });

  const [talked, declined] = told as [CallRecord, CallRecord];
  assert.equal(talked.id, id);
  assert.deepEqual([talked.from, talked.to, talked.media, talked.reason], ['alice', 'bob', 'video', 'hung-up']);
  assert.ok(Date.parse(talked.invitedAt) <= Date.parse(talked.answeredAt!) && talked.duration >= 1 && talked.duration < 60);
  assert.deepEqual([declined.reason, declined.answeredAt, declined.duration], ['declined', undefined, 0]);
  assert.equal(told.length, 2);
});
