import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Adaptation } from '../../../components/quality/adaptation.js';
import { efficientCodec } from '../../../components/quality/codecs.js';
import { VirtualTime } from '../../support/model/time.js';

const ON = { microphone: true, camera: true, screen: false };

/** A connection whose network carries as much as is said. */
class Connection {
  available = 3000;
  looks = 0;
  readonly connectionState = 'connected';
  readonly iceTransport: { onselectedcandidatepairchange?: () => void } = {};
  readonly sctp = { transport: { iceTransport: this.iceTransport } };
  readonly codecs = [{ mimeType: 'video/VP8' }, { mimeType: 'video/VP9' }];

  getTransceivers(): RTCRtpTransceiver[] {
    return [{ mid: '0' }, { mid: '1' }] as RTCRtpTransceiver[];
  }

  getSenders(): unknown[] {
    const camera = { track: null, getParameters: () => ({ codecs: this.codecs }) };
    return [{ track: null }, camera];
  }

  async getStats(): Promise<unknown> {
    this.looks++;
    const pair = { id: 'p', type: 'candidate-pair', availableOutgoingBitrate: this.available * 1000, currentRoundTripTime: 0.03 };
    return new Map<string, object>([
      ['p', pair],
      ['t', { id: 't', type: 'transport', selectedCandidatePairId: 'p' }],
    ]);
  }
}

type Rig = ReturnType<typeof rig>;

function rig() {
  const time = new VirtualTime();
  const told: boolean[] = [];
  let retuned = 0;
  const device = { connection: { saveData: false } };
  let voice: number | undefined;
  const retune = () => {
    retuned++;
    voice = adaptation.lanes[0]!.encoding.maxBitrate;
  };
  const adaptation = new Adaptation({ clock: time, device, retune, hold: (on) => told.push(on) });
  const connection = new Connection();
  const seconds = async (count: number) => {
    for (let i = 0; i < count * 20; i++) {
      time.run(50);
      // What a look asks for is answered in a later turn.
      await new Promise(setImmediate);
    }
  };
  const connect = () => adaptation.connect(connection as unknown as RTCPeerConnection);
  return {
    device,
    adaptation,
    connection,
    connect,
    told,
    seconds,
    retuned: () => retuned,
    voice: () => voice,
    camera: () => adaptation.lanes[1]!,
  };
}

describe('The adaptation of a call', () => {
  test('keeps all lines of the picture as soon as the network is known to carry them', async () => {
    const { adaptation, connect, seconds, camera, retuned } = rig();
    adaptation.follow(ON, {});
    connect();
    assert.equal(camera().degradationPreference, undefined);
    const before = retuned();
    await seconds(0.25);
    assert.equal(camera().degradationPreference, 'maintain-resolution');
    assert.equal(camera().lines, 720);
    assert.equal(retuned(), before + 1);
    await seconds(5);
    assert.equal(retuned(), before + 1, 'what is as it was is not said again');
  });

  test('holds the picture back on a network without room, says so, and takes it back with the end of the call', async () => {
    const { adaptation, connection, connect, seconds, camera, told } = rig();
    adaptation.follow(ON, {});
    connect();
    await seconds(3);
    connection.available = 50;
    await seconds(8);
    assert.deepEqual(told, [true]);
    assert.equal(camera().encoding.active, false);
    adaptation.connect(undefined);
    assert.deepEqual(told, [true, false]);
    assert.equal(camera().encoding.active, true);
  });

  for (const [name, move] of [
    ['goes over to another way', ({ connection }: Rig) => connection.iceTransport.onselectedcandidatepairchange!()],
    ['has another connection', ({ adaptation, connection }: Rig) => adaptation.connect(Object.create(connection) as RTCPeerConnection)],
  ] as const) {
    test(`begins small where media ${name}, and holds nothing back for what the browser has forgotten`, async () => {
      const call = rig();
      const { adaptation, connection, connect, seconds, camera, told } = call;
      adaptation.follow(ON, {});
      connect();
      await seconds(3);
      move(call);
      // The first report may still be one of before.
      await seconds(0.4);
      assert.deepEqual([camera().lines, camera().encoding.active], [720, true]);
      connection.available = 300;
      await seconds(0.4);
      assert.deepEqual([camera().lines, camera().encoding.active], [180, true]);
      connection.available = 3000;
      await seconds(0.3);
      assert.deepEqual([camera().lines, camera().degradationPreference], [720, 'maintain-resolution']);
      await seconds(1.5);
      assert.deepEqual(told, []);
      connection.available = 50;
      await seconds(0.5);
      assert.equal(camera().encoding.active, false, 'what breaks down later does');
    });
  }

  test('holds nothing back for an estimate that goes up and down as a call begins', async () => {
    const { adaptation, connection, connect, seconds, camera, told } = rig();
    adaptation.follow(ON, {});
    connect();
    const seen: unknown[] = [];
    for (const available of [900, 220, 2900]) {
      connection.available = available;
      await seconds(0.4);
      seen.push([camera().lines, camera().encoding.active]);
    }
    assert.deepEqual(seen, [
      [720, true],
      [180, true],
      [720, true],
    ]);
    assert.deepEqual(told, []);
  });

  test('holds the picture back at once where a network breaks down as a call begins, or goes another way', async () => {
    const { adaptation, connection, connect, seconds, camera } = rig();
    adaptation.follow(ON, {});
    connect();
    await seconds(0.4);
    connection.available = 40;
    await seconds(0.5);
    assert.equal(camera().encoding.active, false);
  });

  test('sends all lines at once where another way has room for them', async () => {
    const { adaptation, connection, connect, seconds, camera } = rig();
    connection.available = 350;
    adaptation.follow(ON, {});
    connect();
    await seconds(4);
    assert.equal(camera().lines, 360);
    connection.iceTransport.onselectedcandidatepairchange!();
    connection.available = 3000;
    await seconds(0.5);
    assert.equal(camera().lines, 720);
  });

  test('goes on holding a picture back, whichever way media goes meanwhile', async () => {
    const { adaptation, connection, connect, seconds, camera, told } = rig();
    adaptation.follow(ON, {});
    connect();
    await seconds(3);
    connection.available = 50;
    await seconds(0.5);
    for (let i = 0; i < 10; i++) {
      connection.iceTransport.onselectedcandidatepairchange!();
      await seconds(0.1);
      assert.equal(camera().encoding.active, false);
    }
    await seconds(8);
    assert.deepEqual(told, [true]);
    connection.iceTransport.onselectedcandidatepairchange!();
    assert.equal(camera().encoding.active, false);
  });

  test('tells of a camera that is turned on while the network is too slow for it, beside a screen that is shared', async () => {
    const { adaptation, connection, connect, seconds, camera, told } = rig();
    const screen = { microphone: true, camera: false, screen: true };
    adaptation.follow(screen, {});
    connect();
    await seconds(3);
    connection.available = 50;
    await seconds(8);
    const before = told.length;
    adaptation.follow({ ...screen, camera: true }, {});
    assert.deepEqual(told.slice(before), [true]);
    assert.equal(camera().encoding.active, false);
    adaptation.follow({ ...screen, camera: true }, {});
    assert.equal(told.length, before + 1, 'once');
  });

  test('leaves the voice beside a tiny picture more than where there is hardly room for it, and still more beside one that flows', async () => {
    const { adaptation, connection, connect, seconds, camera, voice } = rig();
    adaptation.follow(ON, {});
    connection.available = 110;
    connect();
    assert.equal(voice(), undefined);
    await seconds(0.5);
    assert.deepEqual([camera().encoding.active, voice()], [false, 17_000], 'what queues comes through');
    await seconds(1);
    assert.deepEqual([camera().encoding.active, camera().lines, voice()], [true, 180, 26_000]);
    await seconds(7);
    assert.deepEqual([camera().encoding.maxFramerate, voice()], [15, 34_000]);
  });

  test('says how the voice is sent also where nothing else changes, as where the page allows no more than a tiny picture has', async () => {
    const { adaptation, connection, connect, seconds, voice } = rig();
    adaptation.follow(ON, { maxBitrate: 50 });
    connect();
    const bounds = new Set<number | undefined>();
    for (let i = 0; i < 400; i++) {
      connection.available = i < 150 ? 30 : 48;
      await seconds(0.1);
      assert.equal(voice(), adaptation.lanes[0]!.encoding.maxBitrate);
      bounds.add(voice());
    }
    assert.deepEqual([...bounds].sort(), [17_000, 26_000, undefined]);
  });

  test('brings the picture back by itself, and with it the usual codec', async () => {
    const { adaptation, connection, connect, seconds, camera, told } = rig();
    adaptation.follow(ON, {});
    connect();
    await seconds(3);
    assert.equal(camera().codec, undefined);
    connection.available = 50;
    await seconds(8);
    assert.equal(camera().codec, 'video/VP9');
    assert.equal(adaptation.lanes[0]!.encoding.maxBitrate, 17_000, 'where there is hardly room for it');
    connection.available = 3000;
    await seconds(25);
    assert.deepEqual(told, [true, false]);
    assert.equal(camera().codec, 'video/VP8');
    assert.equal(
      adaptation.lanes[0]!.encoding.maxBitrate,
      50_000,
      'a voice that has been bounded keeps a bound: without one Chromium leaves it fewer bits than usual',
    );
    assert.equal(camera().degradationPreference, 'maintain-resolution');
  });

  test('goes by what the page wants from the moment on that it wants it', async () => {
    const { device, adaptation, connect, seconds, camera } = rig();
    adaptation.follow(ON, {});
    connect();
    await seconds(1);
    adaptation.follow(ON, { dataSaver: true });
    assert.equal(camera().lines, 360);
    assert.deepEqual(camera().encoding, { active: true, maxBitrate: 300_000, maxFramerate: 15 });
    adaptation.follow(ON, { maxBitrate: 800 });
    assert.equal(camera().lines, 720);
    assert.deepEqual(camera().encoding, { active: true, maxBitrate: 800_000, maxFramerate: undefined });
    device.connection.saveData = true;
    assert.deepEqual(camera().encoding.maxBitrate, 300_000, 'a person who has told the browser to save data need not say it again');
  });

  test('looks at the connection only while a picture is sent, and not more often than its packets are watched', async () => {
    const { adaptation, connection, connect, seconds } = rig();
    adaptation.follow({ ...ON, camera: false }, {});
    connect();
    await seconds(3);
    assert.equal(connection.looks, 0);
    adaptation.follow(ON, {});
    await seconds(2);
    const before = connection.looks;
    await seconds(5);
    assert.ok(connection.looks - before <= 13);
    adaptation.follow({ ...ON, camera: false }, {});
    const then = connection.looks;
    await seconds(3);
    assert.ok(connection.looks <= then + 1);
  });

  test('gives the voice the first place', () => {
    assert.deepEqual(rig().adaptation.lanes[0], { encoding: { priority: 'high', networkPriority: 'high', maxBitrate: undefined } });
  });
});

describe('The codec of a device', () => {
  const device = (...efficient: string[]) => ({
    encodingInfo: async ({ video }: MediaEncodingConfiguration) =>
      ({ supported: true, smooth: true, powerEfficient: efficient.includes(video!.contentType) }) as MediaCapabilitiesEncodingInfo,
  });

  test('is the best of those that it has hardware for', async () => {
    assert.equal(await efficientCodec(device('video/VP9', 'video/H264')), 'video/H264');
    assert.equal(await efficientCodec(device('video/VP9', 'video/AV1')), 'video/AV1');
  });

  test('is left to the browser where it has hardware for none, or cannot say', async () => {
    assert.equal(await efficientCodec(device()), undefined);
    assert.equal(await efficientCodec(undefined), undefined);
    assert.equal(await efficientCodec({ encodingInfo: () => Promise.reject(new TypeError('webrtc is no type')) }), undefined);
  });
});
