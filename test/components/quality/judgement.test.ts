import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { barsOf, BEGINNING_OF_CALL, FALL_AFTER, judge, RISE_AFTER } from '../../../components/quality/judgement.js';
import type { Course, Judgement } from '../../../components/quality/judgement.js';
import type { Reading } from '../../../components/quality/reading.js';
import type { ExpectedWays } from '../../../components/quality/samples.js';
import { lossy, second } from '../../support/readings.js';

const ON = { voice: true, camera: true };
const BOTH: ExpectedWays = { incoming: ON, outgoing: ON };
const VOICE: ExpectedWays = { incoming: { voice: true, camera: false }, outgoing: { voice: true, camera: false } };

const times = (count: number, reading: Reading): Reading[] => Array.from({ length: count }, () => reading);
const after = (readings: readonly Reading[], expected = BOTH, from: Course = BEGINNING_OF_CALL): Course =>
  readings.reduce((course, reading) => judge(course, reading, expected), from);
/** What is said once things have been so for long. */
function settled(reading: Reading, expected = BOTH): Judgement {
  const { judgement } = after(times(30, reading), expected);
  assert.ok(judgement);
  return judgement;
}
const words = (readings: readonly Reading[], from: Course, expected = BOTH): (string | undefined)[] => {
  let course = from;
  return readings.map((reading) => (course = judge(course, reading, expected)).judgement?.quality);
};

describe('How a call goes', () => {
  test('is not said before there are a few seconds to judge by', () => {
    assert.deepEqual(words(times(4, second()), BEGINNING_OF_CALL), [undefined, undefined, 'excellent', 'excellent']);
    assert.deepEqual(after(times(3, second())).judgement, {
      quality: 'excellent',
      reason: null,
      incoming: 'excellent',
      outgoing: 'excellent',
      mos: 4.41,
    });
  });

  test('gets worse word by word with loss, and names it', () => {
    const told = [0, 0.02, 0.07, 0.12, 0.2].map((lost) => settled(lossy(lost), VOICE));
    assert.deepEqual(
      told.map(({ quality, reason }) => [quality, reason]),
      [
        ['excellent', null],
        ['excellent', null],
        ['good', 'loss'],
        ['fair', 'loss'],
        ['poor', 'loss'],
      ],
    );
    assert.ok(told.every(({ mos }, at) => at === 0 || mos! < told[at - 1]!.mos!));
  });

  test('tells which way is bad', () => {
    const deaf = settled(second({ voiceIn: { lost: 0.2, concealed: 0.2 } }));
    assert.deepEqual([deaf.quality, deaf.incoming, deaf.outgoing], ['poor', 'poor', 'excellent']);
    const dumb = settled(second({ voiceOut: { lost: 0.2 } }));
    assert.deepEqual([dumb.quality, dumb.incoming, dumb.outgoing, dumb.mos], ['poor', 'excellent', 'poor', 4.41]);
  });

  test('names a long way, and a way on which packets come late', () => {
    const far = settled(second({ roundTrip: 1.2, voiceOut: { roundTrip: 1.2 } }), VOICE);
    assert.deepEqual([far.quality, far.reason], ['poor', 'delay']);
    const uneven = settled(second({ voiceIn: { lost: 0, concealed: 0.07, delay: 0.16 } }), VOICE);
    assert.deepEqual([uneven.quality, uneven.reason, uneven.outgoing], ['fair', 'jitter', 'excellent']);
  });

  test('counts what was made up of a voice that flows, and never the silence of one that does not', () => {
    assert.equal(settled(second({ voiceIn: { lost: 0, concealed: 0.3 } }), VOICE).quality, 'poor');
    assert.equal(settled(second({ voiceIn: { lost: 0, concealed: 1, kbits: 2 } }), VOICE).quality, 'excellent');
    const muted = { ...VOICE, incoming: { voice: false, camera: false } };
    assert.equal(settled(second({ voiceIn: { lost: 0, concealed: 1 } }), muted).quality, 'excellent');
  });

  test('lets a packet that was mended count less than one that was missed', () => {
    const [mended, missed] = [0, 0.1].map((concealed) => settled(second({ voiceIn: { lost: 0.1, concealed } }), VOICE).mos!);
    assert.ok(mended! > missed! && mended! < 4.41, `${mended} and ${missed}`);
  });

  test('minds a picture that stands still, is slow, or is coarse', () => {
    const told = (cameraIn: object) => {
      const { quality, reason, outgoing } = settled(second({ cameraIn }));
      assert.equal(outgoing, 'excellent');
      return [quality, reason];
    };
    assert.deepEqual(told({ frozen: 0.05, freezes: 1 }), ['good', 'freezes']);
    assert.deepEqual(told({ frozen: 0.3, freezes: 1 }), ['poor', 'freezes']);
    assert.deepEqual(told({ fps: 7 }), ['fair', 'freezes']);
    assert.deepEqual(told({ fps: undefined, kbits: 0 }), ['poor', 'freezes']);
    assert.deepEqual(told({ width: 320, height: 180 }), ['good', 'bandwidth']);
    assert.deepEqual(told({ width: 320, height: 180, fps: 8 }), ['poor', 'bandwidth'], 'a tiny picture does not stand still');
    assert.deepEqual(told({ fps: 15, width: 360, height: 640 }), ['excellent', null]);
  });

  test('says why a picture stands still where the voice shows it, and not where a busy device would look alike', () => {
    const stuck = { frozen: 0.5, freezes: 1 };
    const told = (voiceIn: object, roundTrip = 0.04) => settled(second({ voiceIn, roundTrip, cameraIn: stuck })).reason;
    assert.equal(told({ lost: 0.3, concealed: 0.3 }), 'loss');
    assert.equal(told({}, 1.2), 'delay');
    assert.equal(told({ lost: 0, concealed: 0.1 }), 'freezes');
    assert.equal(told({ lost: 0.01, concealed: 0 }), 'freezes');
    assert.equal(told({}, 0.5), 'freezes', 'a way that is long, but not too long, stops no picture');
  });

  test('minds what keeps this side from sending more, and what of its picture is lost', () => {
    const told = (cameraOut: object) => {
      const { quality, reason, incoming } = settled(second({ cameraOut }));
      assert.equal(incoming, 'excellent');
      return [quality, reason];
    };
    assert.deepEqual(told({ limitedBy: 'bandwidth' }), ['good', 'bandwidth']);
    assert.deepEqual(told({ limitedBy: 'cpu', fps: 4 }), ['poor', 'cpu']);
    assert.deepEqual(told({ limitedBy: 'none', fps: 4, height: 120, width: 160 }), ['excellent', null]);
    assert.deepEqual(told({ lost: 0.25 }), ['fair', 'loss']);
  });

  test('finds nothing wrong with a camera that is off or held back, nor with one that has just come on', () => {
    const dark = second({ cameraIn: { fps: 0, kbits: 0, frozen: 1 }, cameraOut: { kbits: 0, fps: 0, limitedBy: 'bandwidth' } });
    assert.equal(settled(dark, VOICE).quality, 'excellent');
    const course = after(times(20, dark), VOICE);
    assert.deepEqual(new Set(words([dark, dark, ...times(20, second())], course)), new Set(['excellent']));
  });

  test('does not hold against a call how its picture begins', () => {
    const growing = second({ cameraOut: { limitedBy: 'bandwidth', height: 180, width: 320 } });
    assert.deepEqual(
      new Set(words([...times(9, growing), ...times(9, second())], after(times(1, growing)))),
      new Set([undefined, 'excellent']),
    );
  });

  test('is poor where nothing arrives any more, and not where nothing was to arrive', () => {
    const nothing = second({ voiceIn: { kbits: 0, lost: undefined }, cameraIn: { kbits: 0, fps: undefined } });
    assert.deepEqual([...words(times(3, nothing), after(times(10, second()))).slice(-1)], ['poor']);
    const hushed = { incoming: { voice: false, camera: false }, outgoing: ON };
    assert.equal(after(times(5, nothing), hushed, after(times(10, second()))).judgement?.quality, 'excellent');
    // A call in which nothing has arrived yet is still beginning.
    assert.equal(settled(nothing, VOICE).incoming, 'excellent');
  });

  test(`falls within ${FALL_AFTER} seconds, and rises to the best word only after ${RISE_AFTER}`, () => {
    const fallen = words(times(4, lossy(0.25)), after(times(20, second())));
    assert.equal(fallen[FALL_AFTER - 1], 'poor');
    const risen = words(times(12, second()), after(times(20, lossy(0.25))));
    assert.deepEqual(risen.slice(0, 3), Array(3).fill('poor'));
    assert.deepEqual([risen[RISE_AFTER - 2] === 'excellent', risen[RISE_AFTER - 1]], [false, 'excellent']);
  });

  test('keeps its word where the rating goes to and fro about the line between two', () => {
    // R is 70 at a loss of 0.0811 without a delay that counts.
    const seconds = Array.from({ length: 60 }, (_, at) => lossy(at % 2 ? 0.075 : 0.087));
    const told = words(seconds, after(times(20, lossy(0.0811)), VOICE), VOICE);
    const changes = told.filter((word, at) => at > 0 && word !== told[at - 1]).length;
    assert.ok(changes <= 1, `${changes} changes`);
  });

  test('never gives a better word for more loss, a longer way, or a picture that stands still for longer', () => {
    const share = fc.double({ min: 0, max: 0.6, noNaN: true });
    const made = (loss: number, trip: number, frozen: number): Reading =>
      lossy(loss, {
        roundTrip: trip,
        voiceIn: { lost: loss, concealed: loss },
        voiceOut: { lost: loss, roundTrip: trip },
        cameraIn: { frozen },
        cameraOut: { lost: loss },
      });
    const pair = fc.tuple(share, share).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(pair, pair, pair), { minLength: 3, maxLength: 24 }), (seconds) => {
        const [better, worse] = [0, 1].map((at) => after(seconds.map(([loss, trip, frozen]) => made(loss[at]!, trip[at]!, frozen[at]!))));
        for (const way of ['incoming', 'outgoing'] as const) {
          assert.ok(barsOf(worse!.judgement![way]!) <= barsOf(better!.judgement![way]!), way);
        }
        assert.ok(worse!.judgement!.mos! <= better!.judgement!.mos!);
      }),
    );
  });

  test('says something sensible of whatever a browser reports', () => {
    const number = fc.option(fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true })), { nil: undefined });
    const flow = fc.record(
      { kbits: fc.double({ min: 0, max: 1e4, noNaN: true }), lost: number, concealed: number, delay: number, fps: number },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(flow, flow, flow, flow, fc.boolean()), { maxLength: 20 }), (seconds) => {
        let course = BEGINNING_OF_CALL;
        for (const [voiceIn, cameraIn, voiceOut, cameraOut, on] of seconds) {
          const reading = second({ voiceIn, cameraIn, voiceOut, cameraOut } as never);
          course = judge(course, reading, on ? BOTH : VOICE);
          const { judgement } = course;
          if (judgement) assert.ok(barsOf(judgement.quality) >= 1 && (judgement.quality === 'excellent') === (judgement.reason === null));
        }
      }),
    );
  });
});
