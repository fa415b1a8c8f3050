import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PacketWatch } from '../../../components/call/packet-watch.js';
import { reportOf } from '../../../components/call/reports.js';
import { Adaptation } from '../../../components/quality/adaptation.js';
import { Meter } from '../../../components/quality/meter.js';
import type { Reading } from '../../../components/quality/reading.js';
import { VirtualTime } from '../../support/model/time.js';

/** A connection that counts how often it is asked, and answers after as many milliseconds as is said. */
class Connection {
  asked = 0;
  fails = false;
  readonly connectionState = 'connected';
  readonly #time: VirtualTime;
  readonly #takes: number;

  constructor(time: VirtualTime, takes = 0) {
    this.#time = time;
    this.#takes = takes;
  }

  getSenders(): RTCRtpSender[] {
    return [];
  }

  getTransceivers(): RTCRtpTransceiver[] {
    return [];
  }

  async getStats(): Promise<RTCStatsReport> {
    this.asked++;
    if (this.#takes > 0) await new Promise<void>((resolve) => void this.#time.after(this.#takes, resolve));
    if (this.fails) throw new Error('not now');
    return new Map([['i', { id: 'i', type: 'inbound-rtp', packetsReceived: this.asked }]]) as unknown as RTCStatsReport;
  }
}

describe('The reports of a connection', () => {
  test('are asked for once by all who want one at the same time, and by those who do with one that is a little older', async () => {
    const time = new VirtualTime();
    const connection = new Connection(time);
    const [one, other] = await Promise.all([reportOf(connection, time), reportOf(connection, time)]);
    assert.deepEqual([connection.asked, one === other], [1, true]);
    time.run(40);
    assert.equal(await reportOf(connection, time), one, 'looks that are hardly apart need no two');
    time.run(60);
    assert.equal(await reportOf(connection, time, 101), one);
    assert.equal((await reportOf(connection, time, 100)).at, one.at + 100);
    assert.equal(connection.asked, 2);
    await reportOf(new Connection(time), time, 1000);
    assert.equal(connection.asked, 2, 'another connection has reports of its own');
  });

  test('that could not be had are asked for again', async () => {
    const time = new VirtualTime();
    const connection = new Connection(time);
    connection.fails = true;
    await assert.rejects(reportOf(connection, time), /not now/);
    connection.fails = false;
    await reportOf(connection, time, 1000);
    assert.equal(connection.asked, 2);
  });

  for (const phase of [0, 130, 390])
    test(`are shared by all that look at a call, which is asked no oftener than its packets are watched (${phase} ms apart)`, async () => {
      const time = new VirtualTime();
      const connection = new Connection(time, 7);
      const pass = async (milliseconds: number) => {
        for (let passed = 0; passed < milliseconds; passed += 5) {
          time.run(5);
          await new Promise(setImmediate);
        }
      };
      const readings: Reading[] = [];
      const meter = new Meter(time);
      const adaptation = new Adaptation({ clock: time, device: {}, retune: () => {}, hold: () => {} });
      const watch = new PacketWatch(
        connection,
        () => {},
        () => true,
        time,
      );
      watch.start();
      await pass(phase);
      adaptation.follow({ microphone: true, camera: true, screen: false }, {});
      adaptation.connect(connection as unknown as RTCPeerConnection);
      await pass(60);
      meter.connect(connection);
      meter.follow((reading) => readings.push(reading));
      await pass(3000);
      const [asked, read] = [connection.asked, readings.length];
      await pass(10_000);
      assert.ok(connection.asked - asked <= 26, `${connection.asked - asked} questions in ten seconds`);
      assert.ok(Math.abs(readings.length - read - 10) <= 1, `${readings.length - read} readings in ten seconds`);
      assert.ok(readings.every(({ seconds }) => seconds > 0.5 && seconds < 1.5));
    });
});
