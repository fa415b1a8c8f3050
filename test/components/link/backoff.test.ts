import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  LONGEST_WAIT,
  LONGEST_WAIT_IN_CALL,
  REFUSED_WAIT,
  RESTART_SPREAD,
  isFinal,
  isRefusal,
  waitBeforeRetry,
} from '../../../components/link/backoff.js';
import type { Loss } from '../../../components/link/backoff.js';
import { CLOSE } from '../../../relay/protocol/index.js';

const wait = (loss: Partial<Loss>, random = 0.5): number | null =>
  waitBeforeRetry({ code: 1006, failures: 0, renewable: false, refusals: 0, ...loss }, random);
const spread = (loss: Partial<Loss>): (number | null)[] => [wait(loss, 0), wait(loss, 1)];

describe('A page whose connection ended', () => {
  test('comes back almost at once at first, then ever later, and never later than the longest wait', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 6, 7, 50].map((failures) => wait({ failures }, 1)),
      [250, 500, 1000, 2000, 4000, 8000, 16_000, LONGEST_WAIT, LONGEST_WAIT],
    );
  });

  test('waits no longer than a few seconds while it is in a call', () => {
    assert.equal(wait({ failures: 3, busy: true }, 1), 2000);
    assert.equal(wait({ failures: 50, busy: true }, 1), LONGEST_WAIT_IN_CALL);
  });

  test('comes back somewhere in the second half of its wait, by chance', () => {
    assert.deepEqual(spread({ failures: 3 }), [1000, 2000]);
    assert.equal(wait({ failures: 3 }, 0.5), 1500);
  });

  test('does not come back where the relay has said that this is of no use', () => {
    for (const code of [CLOSE.forbidden, CLOSE.replaced]) {
      for (const failures of [0, 1, 9]) assert.equal(wait({ code, failures, renewable: true }), null);
    }
  });

  test('comes back with a new token, and not with the one that was refused', () => {
    const code = CLOSE.unauthorized;
    assert.equal(wait({ code, failures: 1, refusals: 1 }), null);
    assert.equal(wait({ code }), null);
    assert.equal(wait({ code, renewable: true }), 187.5);
    assert.equal(wait({ code, failures: 5, refusals: 1, renewable: true }), 6000);
  });

  test('waits for minutes when the new token is refused as well', () => {
    for (const refusals of [2, 3, 99]) {
      const loss = { code: CLOSE.unauthorized, failures: 9, refusals, renewable: true };
      assert.deepEqual(spread(loss), [REFUSED_WAIT / 2, REFUSED_WAIT]);
    }
  });

  test('spreads over two seconds when the relay restarts, and backs off when it does not come up', () => {
    assert.deepEqual(spread({ code: CLOSE.restarting }), [0, RESTART_SPREAD]);
    assert.deepEqual(spread({ code: CLOSE.restarting, failures: 2 }), [500, 1000]);
  });

  test('keeps away for a while from a relay that is overloaded or was flooded', () => {
    for (const code of [CLOSE.overloaded, CLOSE.flooding]) {
      assert.deepEqual(spread({ code }), [RESTART_SPREAD, 2 * RESTART_SPREAD]);
      assert.deepEqual(spread({ code, failures: 2 }), [RESTART_SPREAD, 5 * RESTART_SPREAD]);
      assert.deepEqual(spread({ code, failures: 99 }), [RESTART_SPREAD, 17 * RESTART_SPREAD]);
    }
  });

  test('comes back after every other code as after a broken line', () => {
    for (const code of [1000, 1001, 1005, CLOSE.notText, CLOSE.policy, CLOSE.tooLarge, CLOSE.malformed, CLOSE.timeout, 4999]) {
      assert.equal(wait({ code, failures: 1 }), wait({ failures: 1 }));
    }
  });

  test('waits a time that is no negative number and within bounds, or for ever', () => {
    const loss = fc.record({
      code: fc.constantFrom(1006, ...Object.values(CLOSE)),
      failures: fc.nat({ max: 2000 }),
      renewable: fc.boolean(),
      refusals: fc.nat({ max: 9 }),
    });
    fc.assert(
      fc.property(loss, fc.double({ min: 0, max: 1, noNaN: true }), (each, random) => {
        const milliseconds = waitBeforeRetry(each, random);
        assert.ok(milliseconds === null || (milliseconds >= 0 && milliseconds <= (isRefusal(each) ? REFUSED_WAIT : 17 * RESTART_SPREAD)));
        if (isFinal(each)) assert.equal(milliseconds, null);
      }),
      { numRuns: 500 },
    );
  });
});

test('An end is final where the relay wants this page no more, or has refused the only token that it has', () => {
  const final = (loss: Partial<Loss>): boolean => isFinal({ code: 1006, failures: 1, renewable: false, refusals: 0, ...loss });
  assert.deepEqual(
    [final({ code: CLOSE.forbidden }), final({ code: CLOSE.replaced, renewable: true }), final({ code: CLOSE.unauthorized })],
    [true, true, true],
  );
  assert.deepEqual(
    [final({ code: CLOSE.unauthorized, renewable: true, failures: 9 }), final({ failures: 9 }), final({ code: CLOSE.flooding })],
    [false, false, false],
  );
});
