/** How loud a sound looks. Pure arithmetic. */

/** What counts as silence, and what as loud, in decibels below full scale. */
const [SILENT, LOUD] = [-52, -14];

/** How much of the last level is left after one look: rings rise at once and fall gently. */
const FALL = 0.72;

/** Root mean square of samples from -1 to 1: from 0 to 1. */
export function loudnessOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/**
 * From 0 (silence) to 1 (loud), in steps of a twentieth, so that what does not change visibly does not change at all.
 *
 * @param samples the sound since the last look, from -1 to 1
 * @param before the level at the last look
 */
export function levelOf(samples: Float32Array, before: number): number {
  const decibels = 20 * Math.log10(loudnessOf(samples) || Number.MIN_VALUE);
  const level = Math.max(0, Math.min(1, (decibels - SILENT) / (LOUD - SILENT)));
  return Math.floor(Math.max(level, before * FALL) * 20) / 20;
}
