import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LEAST_VOICE, SAID_EVERY, SpeechCheck, VOICE_FOR } from '../../../components/call/speech-check.js';

/** The moments, in milliseconds, at which it is said that somebody speaks, of one look every 100 ms. */
function said(loudnessAt: (time: number) => number, seconds: number, every = 100): number[] {
  const check = new SpeechCheck();
  const moments: number[] = [];
  for (let time = 0; time < seconds * 1000; time += every) if (check.hear(loudnessAt(time), time)) moments.push(time);
  return moments;
}

const room = 0.001;

describe('The speech check', () => {
  test('hears somebody who speaks within a second, and says so once in ten', () => {
    const words = (time: number): number => (time % 400 < 300 ? 0.1 : room);
    const [first, second, ...more] = said(words, 18);
    assert.ok(first! >= VOICE_FOR && first! <= 1000, `first said after ${first} ms`);
    assert.ok(second! >= first! + SAID_EVERY && second! < first! + SAID_EVERY + 1000, `again after ${second} ms`);
    assert.deepEqual(more, []);
  });

  test('hears neither silence nor a room, however long', () => {
    assert.deepEqual(
      said(() => 0, 60),
      [],
    );
    assert.deepEqual(
      said(() => LEAST_VOICE, 60),
      [],
    );
  });

  test('takes a cough, a key or a beep each second for what it is', () => {
    assert.deepEqual(
      said((time) => (time % 1000 < 200 ? 0.3 : room), 60),
      [],
    );
  });

  test('takes a noise that stays for the room after a while, and hears a voice above it', () => {
    const fan = (time: number): number => (time > 2000 ? 0.04 : room);
    assert.ok(said(fan, 120).length <= 2);
    const calling = said((time) => (time > 100_000 ? 0.3 : fan(time)), 103).at(-1);
    assert.ok(calling && calling > 100_000, `the voice is heard at ${calling} ms`);
  });

  test('does not take one look after a long while for a long voice', () => {
    assert.deepEqual(
      said((time) => (time === 60_000 ? 0.3 : room), 120, 1000),
      [],
    );
  });
});
