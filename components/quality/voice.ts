/**
 * How well a voice can be followed: the E-model of ITU-T G.107 with its default values, for what a browser measures. Pure.
 *
 * R = 93.2 − Idd − Ie,eff, where Idd is what the delay spoils and Ie,eff what codec and loss do. ITU-T G.113 has no values for
 * Opus: those of G.711 with concealment of losses are taken (Ie 0, Bpl 25.1), since at the bitrates of a call Opus is no worse.
 */

/** R of a call in which nothing is spoilt (G.107, default values). */
export const BEST_RATING = 93.2;
/** Bpl, the robustness against loss, in per cent (G.113, G.711 with packet loss concealment). */
const ROBUSTNESS = 25.1;
/** The longest delay that nobody minds, in seconds (mT of G.107 for an ordinary conversation). */
const UNNOTICED = 0.1;
/** Seconds that Opus takes: a packet of 20 ms and 6.5 ms of looking ahead (RFC 6716, section 2.1). */
export const CODEC_DELAY = 0.0265;

/** What is lost of a voice, and how long it takes from mouth to ear. */
export interface Heard {
  /** The share that is not heard as it was sent, 0 to 1. */
  readonly loss: number;
  /** Seconds one way. */
  readonly delay: number;
}

/** Idd: what a delay (in seconds, one way) takes off R. */
export function delayImpairment(seconds: number): number {
  if (seconds <= UNNOTICED) return 0;
  const x = Math.log2(seconds / UNNOTICED);
  return 25 * ((1 + x ** 6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2);
}

/** Ie,eff: what random loss (a share, 0 to 1) takes off R. */
export function lossImpairment(share: number): number {
  const percent = 100 * Math.min(1, Math.max(0, share));
  return (95 * percent) / (percent + ROBUSTNESS);
}

/** R, from 0 to 93.2. */
export const voiceRating = ({ loss, delay }: Heard): number => Math.max(0, BEST_RATING - delayImpairment(delay) - lossImpairment(loss));

/** The mean opinion score that belongs to R (G.107, annex B): from 1 for bad to 4.5. */
export function mosOf(rating: number): number {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
