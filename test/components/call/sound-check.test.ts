import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SILENT_MICROPHONE, SoundCheck } from '../../../components/call/sound-check.js';

/** What is said of these energies, one each second. */
function heard(...energies: number[]): (boolean | undefined)[] {
  const check = new SoundCheck();
  return energies.map((energy, second) => check.hear(energy, second * 1000));
}

describe('The sound check', () => {
  test('says that a microphone is silent when it has made no sound at all for some seconds, once', () => {
    assert.equal(SILENT_MICROPHONE, 5000);
    const [unknown, said] = [undefined, false];
    assert.deepEqual(heard(0, 0, 0, 0, 0, 0, 0), [unknown, unknown, unknown, unknown, unknown, said, unknown]);
    assert.deepEqual(heard(3, 3, 3, 3, 3, 3, 3).at(5), false, 'what it delivered before does not count');
  });

  test('says that there is sound when it comes, once, and then listens no more', () => {
    assert.deepEqual(heard(0, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9), [undefined, true, ...Array<undefined>(6).fill(undefined)]);
    assert.deepEqual(heard(0, 0, 0, 0, 0, 0, 0, 2, 2).slice(5), [false, undefined, true, undefined]);
  });

  test('begins anew when the browser counts anew, since that is another microphone', () => {
    assert.deepEqual(heard(5, 0, 0, 0, 0, 0, 0).slice(4), [undefined, undefined, false]);
  });
});
