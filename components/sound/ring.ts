/** Sounds a tone until it is stopped, and says whether it can really be heard. */
import type { Alert } from '../../relay/protocol/index.js';
import { SAMPLE_RATE, samplesOf } from './tones.js';
import type { Tone } from './tones.js';

/** A browser that will not sound may simply not answer; the caller is told within this time, in milliseconds. */
const DECIDE_WITHIN = 150;

/** A tone that sounds, or tries to. */
export interface Ring {
  /** `sound` when it can be heard, `visual` when the browser keeps the page silent. Never rejects. */
  readonly alert: Promise<Alert>;
  stop(): void;
}

/**
 * Starts a tone.
 *
 * @param source `none` for silence, the URL of a sound file, or empty for the tone itself
 * @param tone what sounds without a file, or when the file does not
 * @param after how long it waits with the tone, in seconds; whether it can be heard is known before
 */
export function ring(source: string, tone: Tone, after = 0): Ring {
  try {
    if (source !== 'none') return source ? ringFile(source, tone) : ringTone(tone, after);
  } catch (cause) {
    console.warn('This browser cannot sound a tone.', cause);
  }
  return { alert: Promise.resolve('visual'), stop() {} };
}

function ringTone(tone: Tone, after = 0): Ring {
  const context = new AudioContext();
  const samples = samplesOf(tone);
  const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
  buffer.copyToChannel(samples, 0);
  const player = new AudioBufferSourceNode(context, { buffer, loop: true });
  player.connect(new GainNode(context, { gain: 0.5 })).connect(context.destination);
  // Audio has a clock of its own, which runs in the background as well.
  player.start(context.currentTime + after);
  return {
    alert: within(context.resume(), () => context.state === 'running'),
    stop: () => void (context.state !== 'closed' && context.close()),
  };
}

function ringFile(source: string, tone: Tone): Ring {
  const audio = new Audio(source);
  let instead: Ring | undefined;
  let stopped = false;
  audio.loop = true;
  const playing = audio.play().catch((cause: unknown) => {
    // Refused for want of a gesture: the tone would be refused too. Anything else is the file's fault.
    if (!stopped && (cause as Error).name !== 'NotAllowedError') instead = ringTone(tone);
    return instead?.alert;
  });
  // A browser that keeps a page for the way back lets a tone go on there, and pauses a file.
  const goOn = () => void audio.play().catch(() => {});
  addEventListener('pageshow', goOn);
  // A file that is still loading will be heard if the page may sound at all.
  const heard = () => !audio.paused && (audio.readyState > 1 || !!navigator.userActivation?.hasBeenActive);
  return {
    alert: within(playing, heard).then((alert) => instead?.alert ?? alert),
    stop() {
      stopped = true;
      removeEventListener('pageshow', goOn);
      audio.pause();
      audio.removeAttribute('src');
      instead?.stop();
    },
  };
}

async function within(trying: Promise<unknown>, heard: () => boolean): Promise<Alert> {
  const late = new Promise((resolve) => setTimeout(resolve, DECIDE_WITHIN));
  await Promise.race([trying.catch(() => {}), late]);
  return heard() ? 'sound' : 'visual';
}
