import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BEST_RATING, delayImpairment, lossImpairment, mosOf, voiceRating } from '../../../components/quality/voice.js';

const near = (value: number, wanted: number, by = 0.05): void => assert.ok(Math.abs(value - wanted) <= by, `${value} is about ${wanted}`);

describe('The estimate of a voice', () => {
  test('maps R to opinion scores as the table of G.107, annex B, does', () => {
    for (const [rating, mos] of [
      [90, 4.34],
      [80, 4.03],
      [70, 3.6],
      [60, 3.1],
      [50, 2.58],
    ] as const) {
      near(mosOf(rating), mos, 0.01);
    }
    assert.deepEqual([mosOf(-5), mosOf(0), mosOf(100), mosOf(120)], [1, 1, 4.5, 4.5]);
    near(mosOf(BEST_RATING), 4.41, 0.01);
  });

  test('minds no delay up to 100 ms, and more from there on, by the formula of G.107', () => {
    assert.equal(delayImpairment(0.1), 0);
    near(delayImpairment(0.2), 3.05);
    near(delayImpairment(0.4), 24.0, 0.2);
    near(delayImpairment(0.3), 14.2, 0.8);
  });

  test('takes from a lost packet what G.113 says of G.711 with concealment', () => {
    assert.equal(lossImpairment(0), 0);
    near(lossImpairment(0.02), 7.01);
    near(lossImpairment(0.1), 27.07);
    near(lossImpairment(0.2), 42.13);
    assert.equal(lossImpairment(-1), 0);
    near(lossImpairment(2), 75.94);
  });

  test('is never better for more loss or a longer delay, and stays on its scale', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const delay = fc.double({ min: 0, max: 10, noNaN: true });
    fc.assert(
      fc.property(share, share, delay, delay, (a, b, c, d) => {
        const better = voiceRating({ loss: Math.min(a, b), delay: Math.min(c, d) });
        const worse = voiceRating({ loss: Math.max(a, b), delay: Math.max(c, d) });
        assert.ok(worse <= better + 1e-9);
        assert.ok(worse >= 0 && better <= BEST_RATING);
        assert.ok(mosOf(worse) <= mosOf(better) + 1e-9 && mosOf(worse) >= 1);
      }),
    );
  });
});
