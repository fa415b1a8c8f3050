/** Readings of connections that go as a test wants them to. */
import type { Incoming, Outgoing, Reading } from '../../components/quality/reading.js';

/** What differs from a good second. */
export interface Second {
  readonly seconds?: number;
  readonly roundTrip?: number;
  readonly path?: Reading['path'];
  readonly available?: number;
  /** Of what arrives. */
  readonly voiceIn?: Partial<Incoming>;
  readonly cameraIn?: Partial<Incoming>;
  readonly screenIn?: Partial<Incoming>;
  /** Of what is sent. */
  readonly voiceOut?: Partial<Outgoing>;
  readonly cameraOut?: Partial<Outgoing>;
}

const VOICE_IN: Incoming = { kbits: 32, lost: 0, concealed: 0, jitter: 0.004, delay: 0.05, codec: 'opus' };
const CAMERA_IN: Incoming = { kbits: 1500, lost: 0, jitter: 0.006, freezes: 0, frozen: 0, codec: 'VP9', width: 1280, height: 720, fps: 30 };
const VOICE_OUT: Outgoing = { kbits: 32, lost: 0, jitter: 0.004, roundTrip: 0.04, codec: 'opus' };
const CAMERA_OUT: Outgoing = {
  kbits: 1450,
  lost: 0,
  jitter: 0.005,
  roundTrip: 0.04,
  limitedBy: 'none',
  codec: 'VP8',
  width: 1280,
  height: 720,
  fps: 30,
};

/** One second of a video call: a good one, but for what is given. */
export const second = ({ voiceIn, cameraIn, screenIn, voiceOut, cameraOut, ...rest }: Second = {}): Reading => ({
  at: 0,
  seconds: 1,
  roundTrip: 0.04,
  available: 2400,
  path: { relayed: false, protocol: 'udp' },
  ...rest,
  incoming: {
    voice: { ...VOICE_IN, ...voiceIn },
    camera: { ...CAMERA_IN, ...cameraIn },
    ...(screenIn && { screen: { kbits: 0, ...screenIn } }),
  },
  outgoing: { voice: { ...VOICE_OUT, ...voiceOut }, camera: { ...CAMERA_OUT, ...cameraOut } },
});

/** A second in which this share of all packets is lost, both ways. */
export const lossy = (lost: number, more: Second = {}): Reading =>
  second({ voiceIn: { lost, concealed: lost }, cameraIn: { lost }, voiceOut: { lost }, cameraOut: { lost }, ...more });
