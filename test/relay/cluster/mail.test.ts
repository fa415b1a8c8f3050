import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Bus } from '../../../relay/cluster/bus.js';
import { GIVE_UP_AFTER, MAX_WAITING, Mail } from '../../../relay/cluster/mail.js';
import { Deadlines } from '../../../relay/deadlines.js';
import { StoppedClock } from '../support/relay.js';

/** A bus on which a test decides who listens: a number, nobody at all (undefined), or nobody says (a promise that waits). */
function openMail(isExpected = false) {
  const clock = new StoppedClock();
  const said: string[] = [];
  const state = { listeners: 1 as number | undefined | 'silence', downFor: 0 };
  const bus = {
    get downFor() {
      return state.downFor;
    },
    publish: (_channel: string, text: string) => {
      said.push(text);
      if (state.listeners === 'silence') return new Promise<number>(() => undefined);
      return state.listeners === undefined ? Promise.reject(new Error('down')) : Promise.resolve(state.listeners);
    },
  } as unknown as Bus;
  const mail = new Mail(bus, new Deadlines(clock), () => isExpected);
  return { clock, said, state, mail };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('What reaches somebody is counted, and what reaches nobody is told at once', async () => {
  const { mail, state, said } = openMail();
  assert.equal(await mail.send('bob', '1'), 1);
  state.listeners = 0;
  assert.equal(await mail.send('bob', '2'), 0);
  assert.deepEqual([said, mail.size, mail.failed], [['1', '2'], 0, 0]);
});

test('What reaches nobody although somebody should be there is tried again, in its order, and given up after 3 s', async () => {
  const { mail, state, said, clock } = openMail(true);
  state.listeners = 0;
  const first = mail.send('bob', '1');
  await turn();
  const second = mail.send('bob', '2');
  assert.deepEqual(said, ['1'], 'the second one waits behind the first');
  state.listeners = 1;
  clock.pass(1);
  assert.deepEqual(await Promise.all([first, second]), [1, 1]);
  assert.deepEqual(said, ['1', '1', '2']);

  state.listeners = 0;
  const third = mail.send('bob', '3');
  for (let i = 0; i < 16; i++) {
    await turn();
    clock.pass(0.25);
  }
  assert.equal(await third, 0);
  assert.deepEqual([mail.size, mail.failed], [0, 1]);
});

test('While the bus is down messages wait, go when it is back, and are given up at once where it has been down for long', async () => {
  const { mail, state, said } = openMail();
  state.listeners = undefined;
  const waiting = mail.send('bob', '1');
  await turn();
  state.listeners = 1;
  mail.again();
  assert.equal(await waiting, 1);
  state.listeners = undefined;
  state.downFor = GIVE_UP_AFTER + 1;
  assert.equal(await mail.send('bob', '2'), 0);
  assert.deepEqual(said, ['1', '1', '2']);
});

test('A bus that says nothing holds up a bounded number of messages, each for 3 s', async () => {
  const { mail, state, clock } = openMail();
  state.listeners = 'silence';
  const all = Array.from({ length: MAX_WAITING }, () => mail.send('bob', 'x'));
  assert.equal(await mail.send('bob', 'one too many'), 0);
  assert.equal(mail.size, MAX_WAITING);
  clock.pass(GIVE_UP_AFTER / 1000 + 1);
  assert.equal(Math.max(...(await Promise.all(all))), 0);
  assert.equal(mail.size, 0);
});
