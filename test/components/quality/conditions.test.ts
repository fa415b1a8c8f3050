import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Conditions } from '../../../components/quality/conditions.js';
import type { Reading } from '../../../components/quality/reading.js';
import { VirtualTime } from '../../support/model/time.js';

const ON = { microphone: true, camera: true, screen: false };

function rig() {
  const time = new VirtualTime();
  let asked = 0;
  const conditions = new Conditions({ clock: time, device: {}, retune: () => {}, hold: () => {} });
  const connection = {
    connectionState: 'connected',
    getSenders: () => [],
    getTransceivers: () => [],
    getStats: async () => (asked++, new Map()),
  } as unknown as RTCPeerConnection;
  /** Lets what is loaded come, too. */
  const seconds = async (count: number) => {
    await Promise.all([import('../../../components/quality/meter.js'), import('../../../components/quality/adaptation.js')]);
    for (let i = 0; i < count * 20; i++) {
      await new Promise(setImmediate);
      time.run(50);
    }
  };
  return { conditions, connection, seconds, asked: () => asked };
}

describe('The conditions of a call', () => {
  test('keep the limits, and the letters on a screen sharp, before what adapts is loaded, and go by that afterwards', async () => {
    const { conditions } = rig();
    assert.deepEqual(conditions.lanes.slice(0, 2), [undefined, undefined]);
    conditions.follow(ON, { maxBitrate: 800 });
    assert.deepEqual(conditions.lanes, [
      undefined,
      { encoding: { maxBitrate: 800_000 } },
      { encoding: { maxBitrate: 800_000 }, degradationPreference: 'maintain-resolution' },
    ]);
    await Promise.all([conditions.adapt(), conditions.adapt()]);
    assert.equal(conditions.lanes[0]?.encoding.priority, 'high');
    assert.equal(conditions.lanes[1]?.encoding.maxBitrate, 800_000, 'what was asked for before counts');
  });

  test('adapt to the connection that was there before what adapts', async () => {
    const { conditions, connection, seconds, asked } = rig();
    conditions.follow(ON, {});
    conditions.connect(connection);
    await conditions.adapt();
    await seconds(2);
    assert.ok(asked() > 0);
    conditions.connect(undefined);
    const before = asked();
    await seconds(2);
    assert.equal(asked(), before);
  });

  test('are told to whoever asks, on whatever connection the call has, until they have had enough', async () => {
    const { conditions, connection, seconds } = rig();
    const [heard, unheard]: [Reading[], Reading[]] = [[], []];
    const stop = conditions.measure((reading) => heard.push(reading));
    conditions.measure((reading) => unheard.push(reading))();
    await seconds(1);
    conditions.connect(connection);
    await seconds(4);
    assert.ok(heard.length >= 2);
    assert.deepEqual(unheard, [], 'nor one who leaves before what measures is loaded');
    stop();
    const { length } = heard;
    await seconds(3);
    assert.equal(heard.length, length);
  });
});
