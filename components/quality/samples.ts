/** What of a reading counts for how the call goes, for each of the two ways that media takes. Pure. */
import type { Incoming, Outgoing, Reading } from './reading.js';
import { CODEC_DELAY } from './voice.js';

/** What should be on its way: a microphone or a camera that is off, or held back, spoils nothing. */
export interface Expected {
  readonly voice: boolean;
  readonly camera: boolean;
}

/** Both ways. */
export interface ExpectedWays {
  readonly incoming: Expected;
  readonly outgoing: Expected;
}

/** One second of one way. What is not known, or does not count, is not there. */
export interface Sample {
  readonly seconds: number;
  /** The share of the voice that is lost, and seconds from mouth to ear. */
  readonly loss?: number | undefined;
  readonly delay?: number | undefined;
  /** Whether what was lost came, but too late; and whether most of the delay is waiting for what is late. */
  readonly late?: boolean | undefined;
  /** The share of time for which the picture stood still; of one that is sent, what is supposed of it from what is lost. */
  readonly frozen?: number | undefined;
  readonly supposed?: true;
  readonly fps?: number | undefined;
  /** Pixels of the shorter side. */
  readonly lines?: number | undefined;
  /** What keeps this side from sending a better picture. */
  readonly limit?: 'bandwidth' | 'cpu' | undefined;
}

/** Kilobits per second from which on a voice is not just a sign that there is silence. */
const VOICED = 10;
/** What a packet counts that was lost and mended (Opus carries a coarse copy of the one before). */
const MENDED = 0.25;
/** Packets of pictures are sent again when they are lost: half as bad as a picture that stands still. */
const SENT_AGAIN = 0.5;
/** What is supposed of the other side's buffer, in seconds: this, and twice the jitter that it reports. */
const THEIR_BUFFER = 0.04;

/**
 * What arrives.
 *
 * @param flowed whether anything has arrived before, so that nothing at all is a fault
 * @param steady whether the camera has been on for long enough
 */
export function incomingSample({ seconds, roundTrip, incoming }: Reading, expected: Expected, flowed: boolean, steady: boolean): Sample {
  const { voice, camera } = incoming;
  if (flowed && (expected.voice || expected.camera) && !brings(incoming)) return { seconds, loss: 1, ...(steady && { fps: 0 }) };
  const loss = heardLoss(voice, expected.voice);
  const delay = way(roundTrip, voice?.delay);
  const buffered = (voice?.delay ?? 0) > 0.06 + (roundTrip ?? 0) / 2;
  return {
    seconds,
    loss,
    delay,
    late: buffered || (loss ?? 0) > 2 * (voice?.lost ?? 0),
    ...(expected.camera && steady && camera && pictured(camera, seconds)),
  };
}

/** What is sent, as far as the other side reports of it. */
export function outgoingSample({ seconds, roundTrip, outgoing }: Reading, expected: Expected, steady: boolean): Sample {
  const { voice, camera } = outgoing;
  const buffer = voice?.jitter === undefined ? undefined : THEIR_BUFFER + 2 * voice.jitter;
  const limited = camera?.limitedBy;
  const limit = limited === 'bandwidth' || limited === 'cpu' ? limited : undefined;
  return {
    seconds,
    loss: voice?.lost,
    delay: way(voice?.roundTrip ?? roundTrip, buffer),
    late: (voice?.jitter ?? 0) > 0.03 + (roundTrip ?? 0) / 4,
    ...(expected.camera &&
      steady &&
      camera && {
        frozen: camera.lost === undefined ? undefined : camera.lost * SENT_AGAIN,
        supposed: true as const,
        limit,
        ...(limit && { fps: camera.fps, lines: linesOf(camera) }),
      }),
  };
}

/** Whether anything arrives at all. */
export const brings = (incoming: Reading['incoming']): boolean => Object.values(incoming).some(({ kbits }) => kbits > 0);

/**
 * Of a voice that flows what had to be made up is what was not heard; of one that is silent that says nothing, and what
 * was lost on the way is all that is known.
 */
function heardLoss(voice: Incoming | undefined, on: boolean): number | undefined {
  if (!voice) return undefined;
  const { lost, concealed, kbits } = voice;
  if (concealed === undefined || lost === undefined || !on || kbits < VOICED) return lost;
  return concealed + MENDED * Math.max(0, lost - concealed);
}

const way = (roundTrip: number | undefined, buffer: number | undefined): number | undefined =>
  roundTrip === undefined && buffer === undefined ? undefined : (roundTrip ?? 0) / 2 + (buffer ?? 0) + CODEC_DELAY;

const pictured = (camera: Incoming, seconds: number): Partial<Sample> => ({
  // A picture that stood still for long is counted when it moves again.
  frozen: camera.frozen === undefined ? undefined : Math.min(1, camera.frozen / Math.max(seconds, 0.1)),
  fps: camera.fps ?? (camera.kbits === 0 ? 0 : undefined),
  ...(camera.kbits > 0 && { lines: linesOf(camera) }),
});

const linesOf = ({ width, height }: Incoming | Outgoing): number | undefined => width && height && Math.min(width, height);
