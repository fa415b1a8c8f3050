/** How lanes are sent, on stand-ins for senders; real ones are in `peer.wtr.ts` and in every call of the end-to-end tests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { send } from '../../../components/call/lanes.js';

/** A connection whose screen is sent by a sender that refuses its parameters so many times. */
function connectionThatRefuses(times: number) {
  const asked: (string | undefined)[] = [];
  const lane = (kind: string, setParameters = () => Promise.resolve()) => ({
    direction: 'sendrecv',
    receiver: { track: { kind } },
    sender: { track: null, replaceTrack: () => Promise.resolve(), getParameters: () => ({ encodings: [{}], codecs: [] }), setParameters },
  });
  const screen = lane('video', (({ degradationPreference }: RTCRtpSendParameters & { degradationPreference?: string }) => {
    asked.push(degradationPreference);
    return asked.length <= times ? Promise.reject(new Error('InvalidStateError')) : Promise.resolve();
  }) as () => Promise<void>);
  const connection = { getTransceivers: () => [lane('audio'), lane('video'), screen] } as unknown as RTCPeerConnection;
  const tracks = { audio: null, video: null, screen: {} as MediaStreamTrack };
  return {
    asked,
    sent: () => send(connection, tracks, [undefined, undefined, { degradationPreference: 'maintain-resolution', encoding: {} }]),
  };
}

test('A sender that refuses its parameters, because something happened to it meanwhile, is asked anew', async () => {
  const { asked, sent } = connectionThatRefuses(1);
  await sent();
  assert.deepEqual(asked, ['maintain-resolution', 'maintain-resolution']);
});

test('A sender knows how to send before its first track is there; after that the track comes first', async () => {
  const done: string[] = [];
  const picture = (name: string, height: number) =>
    ({
      name,
      kind: 'video',
      getSettings: () => (name === 'upright' ? { width: height, height: (height * 16) / 9 } : { width: (height * 16) / 9, height }),
    }) as unknown as MediaStreamTrack & { name: string };
  const encoding: RTCRtpEncodingParameters = {};
  const sender = {
    track: null as MediaStreamTrack | null,
    replaceTrack: async (track: MediaStreamTrack & { name: string }) => {
      sender.track = track;
      done.push(track.name);
    },
    getParameters: () => ({ encodings: [{ ...encoding }] }),
    setParameters: async ({ encodings: [wanted] }: RTCRtpSendParameters) => {
      Object.assign(encoding, wanted);
      done.push(`${wanted!.scaleResolutionDownBy}`);
    },
  };
  const lane = { direction: 'sendrecv', receiver: { track: { kind: 'video' } }, sender };
  const voice = { ...lane, receiver: { track: { kind: 'audio' } }, sender: { ...sender } };
  const connection = { getTransceivers: () => [voice, lane] } as unknown as RTCPeerConnection;
  for (const [video, lines] of [
    [picture('front', 720), 180],
    [picture('back', 1080), 180],
    [picture('upright', 720), 360],
    [picture('back', 1080), undefined],
  ] as const)
    await send(connection, { audio: null, video }, [undefined, { lines, encoding: {} }]);
  assert.deepEqual(done, ['4', 'front', 'back', '6', 'upright', '2', 'back', '1']);
});

test('A sender that always refuses is asked three times, and the call goes on', async () => {
  const { asked, sent } = connectionThatRefuses(Infinity);
  await sent();
  assert.equal(asked.length, 3);
});

test('A sender that sends so already is left alone, and a codec is asked for only where it is agreed upon', async () => {
  const asked: unknown[] = [];
  const parameters = { encodings: [{ active: true, codec: { mimeType: 'video/VP8' } }], codecs: [{ mimeType: 'video/VP9' }] };
  const sender = {
    track: null,
    replaceTrack: () => Promise.resolve(),
    getParameters: () => structuredClone(parameters),
    setParameters: ({ encodings }: RTCRtpSendParameters) => Promise.resolve(void asked.push(encodings[0])),
  };
  const lane = { direction: 'sendrecv', receiver: { track: { kind: 'audio' } }, sender };
  const connection = { getTransceivers: () => [lane] } as unknown as RTCPeerConnection;
  const sendWith = (codec: string) =>
    send(connection, { audio: {} as MediaStreamTrack, video: null }, [{ codec, encoding: { active: true } }]);
  await sendWith('video/VP8');
  await sendWith('video/AV1');
  assert.deepEqual(asked, []);
  await sendWith('video/VP9');
  assert.deepEqual(asked, [{ active: true, codec: { mimeType: 'video/VP9' } }]);
});

test('A first track does not wait for the answer about how it is sent', async () => {
  const asked: string[] = [];
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const sender = {
    track: null,
    replaceTrack: async () => void asked.push('track'),
    getParameters: () => ({ encodings: [{}] }),
    setParameters: () => (asked.push('parameters'), answered),
  };
  const lane = { direction: 'sendrecv', receiver: { track: { kind: 'audio' } }, sender };
  const connection = { getTransceivers: () => [lane] } as unknown as RTCPeerConnection;
  const tracks = { audio: { kind: 'audio' } as MediaStreamTrack, video: null };
  const sent = send(connection, tracks, [{ encoding: { maxBitrate: 40_000 } }]);
  assert.deepEqual(asked, ['parameters', 'track']);
  answer();
  await sent;
});
