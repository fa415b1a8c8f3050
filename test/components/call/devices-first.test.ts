import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEVICES_FIRST, DevicesFirst } from '../../../components/call/devices-first.js';
import { VirtualTime } from '../../support/model/time.js';

/** The devices of a page whose browser opens them when the test says so, and what was done, in order. */
function page() {
  const time = new VirtualTime();
  const first = new DevicesFirst(time);
  const done: string[] = [];
  const take = (call: string): void =>
    first.ask(
      () => done.push(`open for ${call}`),
      () => done.push(`take ${call}`),
    );
  return { time, first, done, take };
}

test('A call is taken once something is told of its devices, and once', () => {
  const { time, first, done, take } = page();
  take('a');
  assert.deepEqual(done, ['open for a']);
  time.run(DEVICES_FIRST - 1);
  assert.deepEqual(done, ['open for a']);
  first.goOn();
  first.goOn();
  time.run(10 * DEVICES_FIRST);
  assert.deepEqual(done, ['open for a', 'take a']);
});

test('A call does not wait for devices that take their time', () => {
  const { time, first, done, take } = page();
  take('a');
  time.run(DEVICES_FIRST);
  assert.deepEqual(done, ['open for a', 'take a']);
  first.goOn();
  assert.deepEqual(done.length, 2);
});

test('Devices that are open already are no reason to wait', () => {
  const { first, time, done } = page();
  first.ask(
    () => first.goOn(),
    () => done.push('take a'),
  );
  assert.deepEqual(done, ['take a']);
  time.run(DEVICES_FIRST);
  assert.deepEqual(done, ['take a']);
});

test('Who presses twice takes the call once, as was said last', () => {
  const { time, done, take } = page();
  take('a');
  take('a without camera');
  time.run(DEVICES_FIRST);
  assert.deepEqual(done, ['open for a', 'open for a without camera', 'take a without camera']);
});
