import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readingOf } from '../../../components/quality/reading.js';
import type { Look, Report } from '../../../components/quality/reading.js';

const MIDS = ['0', '1', '2', '3'];

/** A look at a connection: entries by their ID, `in`, `out` and so on standing for whole types. */
function look(at: number, ...entries: Record<string, unknown>[]): Look {
  return { at, report: new Map(entries.map((entry) => [entry.id, entry])) as unknown as Report };
}

const voiceIn = (counts: object) => ({ id: 'in-voice', type: 'inbound-rtp', kind: 'audio', mid: '0', codecId: 'opus', ...counts });
const cameraIn = (counts: object) => ({ id: 'in-camera', type: 'inbound-rtp', kind: 'video', mid: '1', ...counts });
const cameraOut = (counts: object) => ({ id: 'out-camera', type: 'outbound-rtp', kind: 'video', mid: '1', ...counts });

describe('A reading of a connection', () => {
  test('tells rates by the time that has really passed', () => {
    const before = look(1000, cameraOut({ bytesSent: 1000 }));
    const now = look(3000, cameraOut({ bytesSent: 251_000, frameWidth: 1280, frameHeight: 720, framesPerSecond: 30 }));
    const { seconds, outgoing } = readingOf(before, now, MIDS);
    assert.equal(seconds, 2);
    assert.deepEqual(outgoing.camera, { kbits: 1000, width: 1280, height: 720, fps: 30 });
  });

  test('tells the share of packets that were lost, and takes back those that came late', () => {
    const before = look(0, voiceIn({ packetsReceived: 100, packetsLost: 10, bytesReceived: 0 }));
    const lost = look(1000, voiceIn({ packetsReceived: 145, packetsLost: 15, bytesReceived: 0 }));
    const late = look(2000, voiceIn({ packetsReceived: 195, packetsLost: 13, bytesReceived: 0 }));
    assert.equal(readingOf(before, lost, MIDS).incoming.voice?.lost, 0.1);
    assert.equal(readingOf(lost, late, MIDS).incoming.voice?.lost, 0);
  });

  test('tells what of the sound was made up, how long it waits, and its codec by its name', () => {
    const codec = { id: 'opus', type: 'codec', mimeType: 'audio/opus' };
    const before = look(
      0,
      codec,
      voiceIn({ concealedSamples: 0, totalSamplesReceived: 0, jitterBufferDelay: 0, jitterBufferEmittedCount: 0, jitter: 0 }),
    );
    const now = look(
      1000,
      codec,
      voiceIn({
        concealedSamples: 4800,
        totalSamplesReceived: 48_000,
        jitterBufferDelay: 2880,
        jitterBufferEmittedCount: 48_000,
        jitter: 0.012,
      }),
    );
    const { voice } = readingOf(before, now, MIDS).incoming;
    assert.deepEqual(voice, { kbits: 0, codec: 'opus', jitter: 0.012, concealed: 0.1, delay: 0.06 });
  });

  test('tells how often and for how long a picture stood still', () => {
    const before = look(0, cameraIn({ freezeCount: 1, totalFreezesDuration: 0.4 }));
    const now = look(1000, cameraIn({ freezeCount: 2, totalFreezesDuration: 1.1 }));
    const { camera } = readingOf(before, now, MIDS).incoming;
    assert.equal(camera?.freezes, 1);
    assert.ok(Math.abs(camera.frozen! - 0.7) < 1e-9);
  });

  test('tells what the other side reports of what is sent, and why less is sent than could be', () => {
    const reported = { id: 'r', type: 'remote-inbound-rtp', timestamp: 600, fractionLost: 0.25, jitter: 0.03, roundTripTime: 0.2 };
    const out = cameraOut({
      bytesSent: 0,
      timestamp: 1000,
      remoteId: 'r',
      qualityLimitationReason: 'bandwidth',
      powerEfficientEncoder: false,
    });
    const { camera } = readingOf(look(0, out, reported), look(1000, out, reported), MIDS).outgoing;
    assert.deepEqual(camera, {
      kbits: 0,
      lost: 0.25,
      jitter: 0.03,
      roundTrip: 0.2,
      reportAge: 0.4,
      limitedBy: 'bandwidth',
      efficient: false,
    });
  });

  test('knows the screen from the camera by the lane, and where no lane is told takes the kind', () => {
    const screen = { id: 's', type: 'inbound-rtp', kind: 'video', mid: '2', bytesReceived: 0 };
    const { incoming } = readingOf(look(0), look(1000, screen, { id: 'v', type: 'inbound-rtp', kind: 'video' }), MIDS);
    assert.deepEqual(Object.keys(incoming).sort(), ['camera', 'screen']);
  });

  test('leaves out a stream of a lane that is nobody’s', () => {
    const other = { id: 'o', type: 'inbound-rtp', kind: 'video', mid: '7' };
    assert.deepEqual(readingOf(look(0), look(1000, other), MIDS).incoming, {});
  });

  test('counts a stream from 0 that is new, or has begun anew', () => {
    const now = look(1000, cameraOut({ bytesSent: 125_000 }));
    assert.equal(readingOf(look(0), now, MIDS).outgoing.camera?.kbits, 1000);
    assert.equal(readingOf(look(0, cameraOut({ bytesSent: 900_000 })), now, MIDS).outgoing.camera?.kbits, 1000);
  });

  test('reads the path of the pair in use, also as Firefox tells it', () => {
    const pair = { id: 'p', type: 'candidate-pair', localCandidateId: 'l', remoteCandidateId: 'm', currentRoundTripTime: 0.05 };
    const other = { id: 'q', type: 'candidate-pair', localCandidateId: 'x', remoteCandidateId: 'y', currentRoundTripTime: 9 };
    const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p' };
    const direct = { id: 'l', type: 'local-candidate', candidateType: 'host', protocol: 'udp' };
    const turn = { id: 'l', type: 'local-candidate', candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' };
    const remote = { id: 'm', type: 'remote-candidate', candidateType: 'host' };
    const chromium = [other, { ...pair, availableOutgoingBitrate: 300_000 }, transport, remote];
    const whole = readingOf(look(0), look(1000, ...chromium, direct), MIDS);
    assert.deepEqual([whole.roundTrip, whole.available, whole.path], [0.05, 300, { relayed: false, protocol: 'udp' }]);
    assert.deepEqual(readingOf(look(0), look(1000, ...chromium, turn), MIDS).path, { relayed: true, protocol: 'tls' });
    const firefox = [other, { ...pair, selected: true, nominated: true }, direct, { ...remote, candidateType: 'relay' }];
    assert.deepEqual(readingOf(look(0), look(1000, ...firefox), MIDS).path, { relayed: true, protocol: 'udp' });
  });

  test('knows nothing of a connection that has no pair yet, nor divides by no time', () => {
    const { path, roundTrip, outgoing } = readingOf(look(5, cameraOut({})), look(5, cameraOut({ bytesSent: 10 })), MIDS);
    assert.deepEqual([path, roundTrip, outgoing.camera?.kbits], [undefined, undefined, 0]);
  });
});
