/**
 * The tones of the widget, computed: no files to load. A tone is a short phrase of soft bells that is repeated
 * by the audio hardware itself, without timers.
 */

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

/** Computes one round of a tone, as samples from -1 to 1. What rings on at its end sounds into the next round. */
export function samplesOf({ every, notes }: Tone, rate: number): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round(every * rate));
  for (const [at, pitch, loudness, fade] of notes) {
    const start = Math.round(at * rate);
    for (let i = 0; i < fade * 4 * rate; i++) {
      const seconds = i / rate;
      const phase = 2 * Math.PI * pitch * seconds;
      const strike = Math.min(1, seconds / 0.012) * Math.exp(-4 * (seconds / fade));
      const bell =
        Math.sin(phase) + 0.22 * Math.sin(2 * phase) * Math.exp(-seconds * 6) + 0.06 * Math.sin(4 * phase) * Math.exp(-seconds * 14);
      samples[(start + i) % samples.length]! += 0.5 * loudness * strike * bell;
    }
  }
  return samples;
}
