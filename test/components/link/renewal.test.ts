import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEAST_WAIT, LONGEST_RENEWAL_WAIT, Renewal } from '../../../components/link/renewal.js';
import { VirtualTime } from '../../support/model/time.js';

const DAY = 86_400_000;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A renewal on virtual time: when it fetches, in milliseconds, and what it sends. */
function rig(fetch: () => Promise<string> = async () => 'token') {
  const time = new VirtualTime();
  const waits: number[] = [];
  const fetched: number[] = [];
  const sent: string[] = [];
  const renewal = new Renewal({
    clock: { after: (wait, run) => (waits.push(wait), time.after(wait, run)) },
    fetch: () => (fetched.push(time.now()), fetch()),
    send: (token) => sent.push(token),
  });
  return { time, waits, fetched, sent, renewal };
}

test('A token for forty days is replaced after thirty-two, though no timer can be set for so long', async () => {
  const { time, waits, fetched, sent, renewal } = rig();
  renewal.taken(40 * 86_400);
  time.run(40 * DAY);
  await settled();
  assert.deepEqual([fetched, sent], [[32 * DAY], ['token']]);
  assert.ok(waits.every((wait) => wait < 2 ** 31));
});

test('Renewals that fail are tried again after waits that double up to a minute, and begin anew with the next token', async () => {
  const { time, waits, renewal } = rig(async () => Promise.reject(new Error('offline')));
  renewal.taken(0);
  for (let i = 0; i < 6; i++) {
    time.run(LONGEST_RENEWAL_WAIT);
    await settled();
  }
  assert.deepEqual(waits.splice(0), [LEAST_WAIT, 5000, 10_000, 20_000, 40_000, LONGEST_RENEWAL_WAIT, LONGEST_RENEWAL_WAIT]);
  renewal.taken(100);
  time.run(80_000);
  await settled();
  assert.deepEqual(waits, [80_000, 5000]);
});

test('A renewal that was stopped sends nothing, though its token is on the way', async () => {
  let answer!: (token: string) => void;
  const { time, sent, renewal } = rig(() => new Promise((resolve) => (answer = resolve)));
  void renewal.now();
  renewal.stop();
  renewal.stop();
  answer('late');
  await settled();
  assert.deepEqual([sent, time.waiting], [[], 0]);
});

test('A renewal that was stopped does not come back when it fails', async () => {
  let fail!: (cause: Error) => void;
  const { time, renewal } = rig(() => new Promise((_, reject) => (fail = reject)));
  void renewal.now();
  renewal.stop();
  fail(new Error('late'));
  await settled();
  assert.equal(time.waiting, 0);
});
