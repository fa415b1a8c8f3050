import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PacketWatch, QUIET_FOR, SILENT_FOR } from '../../../components/call/packet-watch.js';
import type { WatchedConnection } from '../../../components/call/packet-watch.js';
import type { PeerEvent } from '../../../components/call/events.js';
import { VirtualTime } from '../../support/model/time.js';

/** A connection on which packets arrive, or do not, and what its watch says of it. */
class Rig {
  readonly time = new VirtualTime();
  readonly events: string[] = [];
  readonly keyFrames: unknown[] = [];
  packets = 0;
  energy = 0;
  state: RTCPeerConnectionState = 'connected';
  fails = false;
  looks = 0;
  readonly watch: PacketWatch;

  constructor() {
    const sender = {
      track: { kind: 'video' },
      getParameters: () => ({}),
      setParameters: async (...all: unknown[]) => void this.keyFrames.push(all[1]),
    };
    const state = (): RTCPeerConnectionState => this.state;
    const connection = {
      get connectionState() {
        return state();
      },
      getSenders: () => [sender],
      getStats: async () => {
        this.looks++;
        if (this.fails) throw new Error('not now');
        return [
          { type: 'inbound-rtp', packetsReceived: this.packets },
          { type: 'media-source', kind: 'audio', totalAudioEnergy: this.energy },
        ];
      },
    } as unknown as WatchedConnection;
    const tell = ({ type }: PeerEvent): void => void this.events.push(type);
    this.watch = new PacketWatch(connection, tell, () => true, this.time);
  }

  /** Lets time pass in small steps, in each of which packets arrive or do not. */
  async pass(milliseconds: number, arrive: boolean, step = 20): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += step) {
      if (arrive) this.packets++;
      this.energy++;
      this.time.run(step);
      // What a look asks for is answered in a later turn.
      await new Promise(setImmediate);
    }
  }

  /** What was said since the last time, but for the microphone. */
  said(): string[] {
    return this.events.splice(0).filter((type) => type !== 'microphone');
  }
}

async function flowing(): Promise<Rig> {
  const rig = new Rig();
  rig.watch.start();
  await rig.pass(2000, true);
  assert.deepEqual([rig.said(), rig.keyFrames], [[], []]);
  return rig;
}

describe('The packets of a connection', () => {
  test('that go on arriving are nothing to speak of', async () => {
    const rig = await flowing();
    await rig.pass(10_000, true);
    assert.deepEqual([rig.said(), rig.keyFrames], [[], []]);
  });

  test('that stop are told as quiet, then as silent, and again after as long; that they are back is told once', async () => {
    const rig = await flowing();
    await rig.pass(QUIET_FOR + 400, false);
    assert.deepEqual(rig.said(), ['quiet']);
    await rig.pass(SILENT_FOR - QUIET_FOR + 200, false);
    assert.deepEqual(rig.said(), ['silent']);
    await rig.pass(SILENT_FOR + 200, false);
    assert.deepEqual(rig.said(), ['silent']);
    await rig.pass(2000, true);
    assert.deepEqual(rig.said(), ['flowing']);
    assert.deepEqual(rig.keyFrames, [{ encodingOptions: [] }]);
  });

  test('that stop for a moment bring a whole picture to the other side, and not a word', async () => {
    const rig = await flowing();
    await rig.pass(1000, false);
    await rig.pass(1000, true);
    assert.deepEqual([rig.said(), rig.keyFrames.length], [[], 1]);
  });

  test('that go on after the path was broken for an instant are told at once', async () => {
    const rig = await flowing();
    rig.watch.broke();
    await rig.pass(100, false);
    rig.watch.start();
    await rig.pass(600, true);
    assert.deepEqual([rig.said(), rig.keyFrames], [['flowing'], []]);
  });

  test('are not taken for lost by a page that may look but once a second', async () => {
    const rig = await flowing();
    const { after } = rig.time;
    rig.time.after = (milliseconds, callback) => after.call(rig.time, Math.max(1000, milliseconds), callback);
    await rig.pass(10_000, true);
    assert.deepEqual([rig.said(), rig.keyFrames], [[], []]);
  });

  test('are watched on while a path is looked for anew, and when a look has failed', async () => {
    const rig = await flowing();
    rig.state = 'connecting';
    rig.fails = true;
    await rig.pass(1000, true);
    rig.fails = false;
    await rig.pass(SILENT_FOR + 600, false);
    assert.deepEqual(rig.said(), ['quiet', 'silent']);
  });

  test('are watched no more on a connection that is broken or closed, or when nobody asks', async () => {
    for (const state of ['failed', 'disconnected', 'closed'] as const) {
      const rig = await flowing();
      rig.state = state;
      await rig.pass(1000, false);
      const { looks } = rig;
      await rig.pass(5000, false);
      assert.equal(rig.looks, looks);
    }
    const rig = await flowing();
    rig.watch.stop();
    rig.watch.start();
    const { looks } = rig;
    await rig.pass(5000, false);
    assert.deepEqual([rig.looks, rig.said()], [looks, []]);
  });

  test('that have been away for more than a minute are looked for less often', async () => {
    const rig = await flowing();
    await rig.pass(61_000, false);
    const before = rig.looks;
    await rig.pass(4000, false);
    assert.ok(rig.looks - before <= 11, `${rig.looks - before} looks in four seconds`);
  });
});
