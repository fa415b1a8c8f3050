/** A relay that is killed (SIGKILL) under many calls, and comes back after two seconds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startMortalRelay } from '../support/daemons.js';
import { openCrowd } from './support/crowd.js';
import { longestGaps, spread } from './support/figures.js';

const PAIRS = Number(process.env.SOAK_PAIRS ?? 20);
const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 10);
/** Milliseconds for which the relay is away. */
const AWAY = 2000;

test(`The relay is killed under ${PAIRS * ROUNDS} connected calls: none is heard to break, all links are back, hang-up arrives at once`, async (t) => {
  const relay = await startMortalRelay(t);
  const crowd = await openCrowd(t, { pairs: PAIRS, media: 'audio', script: relay.script, attributes: { relay: relay.url } });
  const [gaps, links, ends]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    const dialled = await crowd.dial();
    await Promise.all(crowd.sides.map((side) => side.all('call-connected', {}, dialled)));
    await Promise.all(crowd.sides.map((side) => side.watch()));
    const from = Date.now();
    await relay.kill();
    await setTimeout(AWAY);
    await relay.revive();
    const back = Date.now();
    for (const side of crowd.sides) {
      for (const time of await side.all('relay-status', { status: 'online' }, from)) links.push(time - back);
    }
    const to = Date.now();
    for (const side of crowd.sides) {
      for (const gap of longestGaps(await side.seen(), 'audio', from, to)) gaps.push(gap.milliseconds);
    }
    const hungUp = await crowd.hangUp();
    for (const time of await crowd.callees.all('call-ended', { reason: 'hung-up' }, hungUp)) ends.push(time - hungUp);
    await Promise.all(crowd.sides.map((side) => side.all('call-state', { state: 'idle' }, hungUp)));
    for (const side of crowd.sides) {
      assert.deepEqual(
        (await side.events()).filter(({ state }) => state === 'reconnecting'),
        [],
      );
      assert.deepEqual(await side.errors(), []);
      await side.forget();
    }
  }
  t.diagnostic(`longest silence of a direction: ${spread(gaps)}`);
  t.diagnostic(`link resumed after the relay listened: ${spread(links)}`);
  t.diagnostic(`hang-up seen by the other side: ${spread(ends)}`);
  assert.equal(gaps.length, PAIRS * ROUNDS * 2);
  assert.deepEqual(
    gaps.filter((gap) => gap >= 500),
    [],
  );
  assert.deepEqual(
    links.filter((link) => link > 5000),
    [],
  );
  assert.deepEqual(
    ends.filter((end) => end > 1000),
    [],
  );
});

test(`The relay is killed while ${PAIRS * ROUNDS} calls ring: all can be answered afterwards, and none rings twice`, async (t) => {
  const relay = await startMortalRelay(t);
  const crowd = await openCrowd(t, {
    pairs: PAIRS,
    media: 'audio',
    script: relay.script,
    attributes: { relay: relay.url },
    answers: false,
  });
  const connected: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const dialled = await crowd.dial();
    await crowd.callers.all('call-state', { state: 'ringing' }, dialled);
    await relay.kill();
    await setTimeout(AWAY);
    await relay.revive();
    const accepted = await crowd.accept();
    for (const side of crowd.sides) {
      for (const time of await side.all('call-connected', {}, accepted)) connected.push(time - accepted);
    }
    const hungUp = await crowd.hangUp();
    await Promise.all(crowd.sides.map((side) => side.all('call-state', { state: 'idle' }, hungUp)));
    const rung = (await crowd.callees.events()).filter(({ type }) => type === 'call-incoming');
    assert.equal(rung.length, PAIRS, 'each call has rung once');
    assert.equal(new Set(rung.map(({ call }) => call)).size, PAIRS);
    for (const side of crowd.sides) {
      assert.deepEqual(await side.errors(), []);
      await side.forget();
    }
  }
  t.diagnostic(`connected after accepting at the relay's return: ${spread(connected)}`);
  assert.equal(connected.length, PAIRS * ROUNDS * 2);
});
