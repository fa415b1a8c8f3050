import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MEASURE_EVERY, Meter } from '../../../components/quality/meter.js';
import type { MeasuredConnection } from '../../../components/quality/meter.js';
import type { Reading } from '../../../components/quality/reading.js';
import { VirtualTime } from '../../support/model/time.js';

/** A connection that sends 1,000 bits a second more with every look. */
class Connection {
  state: RTCPeerConnectionState = 'connected';
  fails = false;
  looks = 0;
  #sent = 0;

  get connectionState(): RTCPeerConnectionState {
    return this.state;
  }

  getTransceivers(): RTCRtpTransceiver[] {
    return [{ mid: '0' }] as RTCRtpTransceiver[];
  }

  async getStats(): Promise<RTCStatsReport> {
    this.looks++;
    if (this.fails) throw new Error('not now');
    this.#sent += (this.looks * 1000) / 8;
    return new Map([['o', { id: 'o', type: 'outbound-rtp', mid: '0', bytesSent: this.#sent }]]) as unknown as RTCStatsReport;
  }
}

const measured = (connection: Connection): MeasuredConnection => connection as unknown as MeasuredConnection;

function rig() {
  const time = new VirtualTime();
  const meter = new Meter(time);
  const readings: Reading[] = [];
  const seconds = async (count: number) => {
    for (let i = 0; i < count; i++) {
      time.run(MEASURE_EVERY);
      // What a look asks for is answered in a later turn.
      await new Promise(setImmediate);
    }
  };
  return { time, meter, readings, seconds, follow: () => meter.follow((reading) => readings.push(reading)) };
}

describe('The meter of a connection', () => {
  test('reads each second from the second look on', async () => {
    const { meter, readings, seconds, follow } = rig();
    meter.connect(measured(new Connection()));
    follow();
    await seconds(3);
    assert.deepEqual(
      readings.map(({ seconds, outgoing }) => [seconds, outgoing.voice?.kbits]),
      [
        [1, 2],
        [1, 3],
      ],
    );
  });

  test('looks at nothing while nobody wants to know, and begins anew when somebody does', async () => {
    const { time, meter, readings, seconds, follow } = rig();
    const connection = new Connection();
    meter.connect(measured(connection));
    await seconds(2);
    assert.equal(connection.looks, 0);
    const stop = follow();
    await seconds(2);
    stop();
    stop();
    assert.equal(time.waiting, 0);
    await seconds(5);
    follow();
    await seconds(1);
    assert.deepEqual([connection.looks, readings.length], [3, 1]);
  });

  test('measures no connection before it stands, nor across a time when it did not', async () => {
    const { meter, readings, seconds, follow } = rig();
    const connection = new Connection();
    connection.state = 'connecting';
    meter.connect(measured(connection));
    follow();
    await seconds(2);
    connection.state = 'connected';
    await seconds(2);
    connection.state = 'disconnected';
    await seconds(2);
    connection.state = 'connected';
    await seconds(2);
    assert.deepEqual(
      readings.map(({ seconds }) => seconds),
      [1, 1],
    );
  });

  test('goes over to the connection that takes the place of another, and stops with the call', async () => {
    const { time, meter, readings, seconds, follow } = rig();
    const [first, second] = [new Connection(), new Connection()];
    meter.connect(measured(first));
    follow();
    await seconds(2);
    meter.connect(measured(second));
    await seconds(2);
    meter.connect(undefined);
    await seconds(2);
    assert.deepEqual([first.looks, second.looks, readings.length, time.waiting], [2, 2, 2, 0]);
  });

  test('goes on where the browser would not say how it does', async () => {
    const { meter, readings, seconds, follow } = rig();
    const connection = new Connection();
    meter.connect(measured(connection));
    follow();
    await seconds(2);
    connection.fails = true;
    await seconds(2);
    connection.fails = false;
    await seconds(1);
    assert.deepEqual(
      readings.map(({ seconds }) => seconds),
      [1, 3],
    );
  });

  test('goes on where a listener fails, and tells the others', async (t) => {
    const warn = t.mock.method(console, 'warn', () => {});
    const { meter, readings, seconds, follow } = rig();
    meter.connect(measured(new Connection()));
    meter.follow(() => {
      throw new Error('broken');
    });
    follow();
    await seconds(3);
    assert.equal(readings.length, 2);
    assert.equal(warn.mock.callCount(), 2);
  });
});
