/**
 * The tones of the widget, computed: no files to load. A tone is a short phrase of soft bells that is repeated
 * by the audio hardware itself, without timers.
 */

/** Samples per second: more than twice the highest pitch in a tone. */
export const SAMPLE_RATE = 16_000;

/** One struck note: when it begins (s), its pitch (Hz), how loud it is (0 to 1), and how long it takes to fade (s). */
export type Note = readonly [at: number, pitch: number, loudness: number, fade: number];

/** A phrase and the time after which it starts again (s). */
export interface Tone {
  readonly every: number;
  readonly notes: readonly Note[];
}

/** Somebody calls: a rising pentatonic figure, answered once, then a rest. */
export const RINGTONE: Tone = {
  every: 3.6,
  notes: [
    [0, 659.26, 0.5, 0.5],
    [0.18, 830.61, 0.5, 0.5],
    [0.36, 987.77, 0.55, 0.6],
    [0.54, 1318.51, 0.6, 0.9],
    [1.08, 987.77, 0.4, 0.6],
    [1.26, 1318.51, 0.5, 1.1],
  ],
};

/** It rings over there: two low, quiet notes and a long rest. */
export const RINGBACK: Tone = {
  every: 3.2,
  notes: [
    [0, 440, 0.3, 0.7],
    [0.02, 554.37, 0.2, 0.7],
    [0.5, 440, 0.3, 0.9],
    [0.52, 554.37, 0.2, 0.9],
  ],
};

/** What a bell is made of: the multiple of its pitch, how loud that is, and how much sooner it fades (1/s). */
const PARTIALS = [
  [1, 1, 0],
  [2, 0.22, 6],
  [4, 0.06, 14],
] as const;
/** Seconds in which a note gets loud. */
const STRIKE = 0.012;
/** After so many times the time in which it falls to 1/e nobody hears it any more. */
const UNHEARD = 8;

/** Computes one round of a tone, as samples from -1 to 1. What rings on at its end sounds into the next round. */
export function samplesOf({ every, notes }: Tone, rate = SAMPLE_RATE): Float32Array<ArrayBuffer> {
  const length = Math.round(every * rate);
  const samples = new Float32Array(length);
  const strike = STRIKE * rate;
  for (const [at, pitch, loudness, fade] of notes)
    for (const [multiple, share, haste] of PARTIALS) {
      const start = Math.round(at * rate);
      const angle = (2 * Math.PI * pitch * multiple) / rate;
      const fading = 4 / fade + haste;
      const decay = Math.exp(-fading / rate);
      // Each sample of a sine that fades follows from the two before it, which is ten times as fast as to compute it; somebody waits for the page.
      const turn = 2 * decay * Math.cos(angle);
      const loss = decay * decay;
      const end = (UNHEARD / fading) * rate;
      let before = (-0.5 * loudness * share * Math.sin(angle)) / decay;
      let sample = 0;
      for (let i = 0; i < end; i++) {
        samples[(start + i) % length]! += i < strike ? (sample * i) / strike : sample;
        const next = turn * sample - loss * before;
        before = sample;
        sample = next;
      }
    }
  return samples;
}
