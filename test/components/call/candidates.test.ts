import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { Candidates } from '../../../components/call/candidates.js';
import { MAX_CANDIDATE, MAX_CANDIDATES } from '../../../relay/protocol/index.js';
import type { Candidate } from '../../../relay/protocol/index.js';

const found = (candidate: string): RTCIceCandidate =>
  ({ candidate, sdpMid: '0', sdpMLineIndex: null, usernameFragment: null }) as RTCIceCandidate;

/** Candidates whose batches are collected, with the time in the test's hands. */
function collected(t: TestContext): { candidates: Candidates; batches: string[][]; pass: () => void } {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const batches: string[][] = [];
  const candidates = new Candidates((batch) => batches.push(batch.map(({ candidate }) => candidate)));
  return { candidates, batches, pass: () => t.mock.timers.tick(20) };
}

test('What is gathered before the first description rides with it, and what comes later is told in batches', (t) => {
  const { candidates, batches, pass } = collected(t);
  candidates.gather(found('one'));
  pass();
  assert.deepEqual(batches, []);
  assert.deepEqual(candidates.introduce(), [{ candidate: 'one', sdpMid: '0' }]);
  candidates.gather(found('two'));
  candidates.gather(found('three'));
  assert.deepEqual(batches, []);
  pass();
  candidates.gather(found('four'));
  pass();
  assert.deepEqual(batches, [['two', 'three'], ['four']]);
});

test('The end of all candidates, an empty one and one that is too long are not told', (t) => {
  const { candidates } = collected(t);
  for (const each of [null, found(''), found('x'.repeat(MAX_CANDIDATE + 1))]) candidates.gather(each);
  assert.equal(candidates.areWaiting, false);
});

test('No more are told than the protocol allows, until they are gathered anew', (t) => {
  const { candidates, batches, pass } = collected(t);
  candidates.introduce();
  for (let n = 0; n < MAX_CANDIDATES + 5; n++) candidates.gather(found(`${n}`));
  pass();
  candidates.gather(found('too many'));
  pass();
  assert.deepEqual(
    batches.map(({ length }) => length),
    [MAX_CANDIDATES],
  );
  candidates.gatherAnew();
  candidates.gather(found('anew'));
  pass();
  assert.deepEqual(batches.at(-1), ['anew']);
});

test('Nothing is told any more of what was dropped', (t) => {
  const { candidates, batches, pass } = collected(t);
  candidates.introduce();
  candidates.gather(found('one'));
  candidates.drop();
  pass();
  assert.deepEqual(batches, []);
  candidates.gather(found('two'));
  pass();
  assert.deepEqual(batches, [['two']]);
});

test('No more of the other side are taken than the protocol allows, until it describes itself anew; one that is refused does no harm', (t) => {
  const { candidates } = collected(t);
  let taken = 0;
  const connection = { addIceCandidate: () => Promise.reject(new Error(`no ${taken++}`)) } as unknown as RTCPeerConnection;
  const many: Candidate[] = Array.from({ length: MAX_CANDIDATES }, () => ({ candidate: 'x' }));
  candidates.take(connection, many);
  candidates.take(connection, many);
  assert.equal(taken, MAX_CANDIDATES);
  candidates.hearAnew();
  candidates.take(connection, many);
  assert.equal(taken, 2 * MAX_CANDIDATES);
});
