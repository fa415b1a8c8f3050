/**
 * How a call goes, in a word, from the readings of its connection. Pure.
 *
 * Each way has a rating on the scale of R (ITU-T G.107): the worse of its voice and its picture. A few seconds that are clearly
 * worse let the word fall; it takes more of them to let it rise again, or fall by little, so that it does not flicker.
 */
import type { Reading } from './reading.js';
import { brings, incomingSample, outgoingSample } from './samples.js';
import type { ExpectedWays, Sample } from './samples.js';
import { BEST_RATING, delayImpairment, lossImpairment, mosOf, voiceRating } from './voice.js';

/** How it goes, the best first. */
export const QUALITIES = ['excellent', 'good', 'fair', 'poor'] as const;
export type Quality = (typeof QUALITIES)[number];

/** What spoils it most. `jitter`: packets come unevenly; `cpu`: this device is too busy. */
export type QualityReason = 'loss' | 'jitter' | 'delay' | 'bandwidth' | 'freezes' | 'cpu';

/** A word, and what it is about. */
export interface Judgement {
  /** The worse of the two ways. */
  readonly quality: Quality;
  /** Null where it is excellent. */
  readonly reason: QualityReason | null;
  /** How well the other side arrives here, and this side there; null while it is not known. */
  readonly incoming: Quality | null;
  readonly outgoing: Quality | null;
  /** The estimated mean opinion score of the voice that arrives, 1 to 4.5; null while it is not known. */
  readonly mos: number | null;
}

/** The call so far, as far as it matters. */
export interface Course {
  /** Undefined until there is enough to judge by. */
  readonly judgement?: Judgement;
  readonly incoming: Way;
  readonly outgoing: Way;
  /** Whether anything has ever arrived. */
  readonly flowed: boolean;
}

interface Way {
  readonly samples: readonly Sample[];
  /** For how many readings the camera has been on. */
  readonly filmed: number;
  readonly quality: Quality | null;
}

/** How many readings let the word fall that are clearly worse, and how many let it rise, or fall by little. */
export const FALL_AFTER = 3;
export const RISE_AFTER = 8;
/** The least R of each word but the last; G.107 (annex B) calls these users satisfied, some and many of them dissatisfied. */
const LEAST = { excellent: 80, good: 70, fair: 60 } as const;
/** By how much R must be better than that for the word to rise, and worse for it to fall at once. */
const MARGIN = 3;
const CLEARLY = 5;
/** Readings for which a picture begins: what arrives needs a moment, and what is sent grows for some seconds. */
const BEGINNING = { incoming: 2, outgoing: 10 } as const;
/** Frames per second that nobody misses, and what R loses for each one fewer. */
const ENOUGH_FRAMES = 15;
const PER_FRAME = 3;
/** Pixels of the shorter side below which a picture is coarse, and what R loses for it. */
const FINE_LINES = 270;
const COARSE = 14;

const NEW: Way = { samples: [], filmed: 0, quality: null };

/** How a call begins. */
export const BEGINNING_OF_CALL: Course = { incoming: NEW, outgoing: NEW, flowed: false };

/** The call after one more second. */
export function judge(before: Course, reading: Reading, expected: ExpectedWays): Course {
  const flowed = before.flowed || brings(reading.incoming);
  const filmed = (way: 'incoming' | 'outgoing') => (expected[way].camera ? before[way].filmed + 1 : 0);
  const [seen, shown] = [filmed('incoming'), filmed('outgoing')];
  const arrived = incomingSample(reading, expected.incoming, before.flowed, seen > BEGINNING.incoming);
  const sent = outgoingSample(reading, expected.outgoing, shown > BEGINNING.outgoing);
  const incoming = goOn(before.incoming, arrived, seen);
  const outgoing = goOn(before.outgoing, sent, shown);
  const judgement = judgementOf(incoming, outgoing);
  return { ...(judgement && { judgement }), incoming, outgoing, flowed };
}

function goOn({ samples, quality }: Way, sample: Sample, filmed: number): Way {
  const all = [...samples, sample].slice(-RISE_AFTER);
  return { samples: all, filmed, quality: next(quality, all) };
}

/** The word goes no further than it must: chance alone, which is large in few seconds, shall not move it. */
function next(quality: Quality | null, samples: readonly Sample[]): Quality | null {
  const now = rate(samples.slice(-FALL_AFTER))?.rating;
  if (now === undefined || samples.length < FALL_AFTER) return quality;
  if (quality === null) return wordOf(now);
  const whole = samples.length < RISE_AFTER ? undefined : rate(samples)!.rating;
  const most = worse(wordOf(now + CLEARLY), whole === undefined ? null : wordOf(whole))!;
  if (barsOf(most) < barsOf(quality)) return most;
  const least = whole === undefined ? quality : worse(wordOf(now), wordOf(whole - MARGIN));
  return barsOf(least) > barsOf(quality) ? least : quality;
}

function judgementOf(incoming: Way, outgoing: Way): Judgement | undefined {
  const quality = worse(incoming.quality, outgoing.quality);
  if (quality === null) return undefined;
  const blamed = [incoming, outgoing].filter((way) => way.quality === quality).map(({ samples }) => reasonFor(quality, samples));
  const { voice } = rate(incoming.samples.slice(-FALL_AFTER)) ?? {};
  return {
    quality,
    reason: quality === 'excellent' ? null : blamed.reduce((one, other) => (other.rating < one.rating ? other : one)).reason,
    incoming: incoming.quality,
    outgoing: outgoing.quality,
    mos: voice === undefined ? null : Math.round(mosOf(voice) * 100) / 100,
  };
}

/** Why each way goes as its word says; null for one of which nothing is known. */
export function reasonsOf({ incoming, outgoing }: Course): Readonly<Record<'incoming' | 'outgoing', QualityReason | null>> {
  const reasonOf = ({ quality, samples }: Way) => quality && reasonFor(quality, samples).reason;
  return { incoming: reasonOf(incoming), outgoing: reasonOf(outgoing) };
}

/** By the last seconds; where those were better than the word, by those that still keep it down. */
function reasonFor(quality: Quality, samples: readonly Sample[]): Rated {
  const now = rate(samples.slice(-FALL_AFTER))!;
  return barsOf(wordOf(now.rating)) > barsOf(quality) ? rate(samples)! : now;
}

/** How many of four bars stand for a word. */
export const barsOf = (quality: Quality): number => QUALITIES.length - QUALITIES.indexOf(quality);

const wordOf = (rating: number): Quality => QUALITIES.find((word) => word === 'poor' || rating >= LEAST[word])!;

function worse(one: Quality, other: Quality): Quality;
function worse(one: Quality | null, other: Quality | null): Quality | null;
function worse(one: Quality | null, other: Quality | null): Quality | null {
  if (one === null || other === null) return one ?? other;
  return barsOf(one) < barsOf(other) ? one : other;
}

interface Rated {
  readonly rating: number;
  readonly reason: QualityReason;
  /** R of the voice alone. */
  readonly voice?: number;
}

/** Rates some seconds of one way; undefined where nothing is known of them. */
function rate(samples: readonly Sample[]): Rated | undefined {
  const voice = rateVoice(samples);
  const picture = ratePicture(samples);
  if (!voice || !picture) return voice ? { ...voice, voice: voice.rating } : picture;
  const { rating, reason } = picture.rating < voice.rating ? picture : voice;
  return { rating, reason: reason === 'freezes' && explains(voice) ? voice.reason : reason, voice: voice.rating };
}

/**
 * Whether what spoils the voice, which is poor as well, is why the picture stands still, which does not say so itself. That packets
 * come late is no reason: where a device is too busy they seem to.
 */
const explains = ({ rating, reason }: Rated): boolean => rating < LEAST.fair && reason !== 'jitter';

function rateVoice(samples: readonly Sample[]): Rated | undefined {
  const [loss, delay] = [mean(samples, 'loss'), mean(samples, 'delay')];
  if (loss === undefined && delay === undefined) return undefined;
  const rating = voiceRating({ loss: loss ?? 0, delay: delay ?? 0 });
  const late = samples.filter(({ late }) => late).length * 2 > samples.length;
  const lost = lossImpairment(loss ?? 0) >= delayImpairment(delay ?? 0);
  return { rating, reason: late ? 'jitter' : lost ? 'loss' : 'delay' };
}

function ratePicture(samples: readonly Sample[]): Rated | undefined {
  const [frozen, fps, lines] = [mean(samples, 'frozen'), mean(samples, 'fps'), mean(samples, 'lines')];
  const limits = samples.filter(({ limit }) => limit);
  if (frozen === undefined && fps === undefined && lines === undefined && limits.length === 0) return undefined;
  const still = lossImpairment(frozen ?? 0);
  const slow = PER_FRAME * Math.max(0, ENOUGH_FRAMES - (fps ?? ENOUGH_FRAMES));
  const coarse = lines !== undefined && lines < FINE_LINES ? COARSE : 0;
  const limited = (COARSE * limits.length) / samples.length;
  const limit = limits.at(-1)?.limit;
  // Where it is coarse, or the browser says what limits it, that is why it is slow as well.
  const narrow = limit || coarse;
  const stands = still + (narrow ? 0 : slow) > Math.max(coarse, limited) + (narrow ? slow : 0);
  const standing = samples.some(({ supposed }) => supposed) ? 'loss' : 'freezes';
  return {
    rating: Math.max(0, BEST_RATING - still - slow - Math.max(coarse, limited)),
    reason: stands ? standing : (limit ?? 'bandwidth'),
  };
}

/** The mean over the time for which it is known. */
function mean(samples: readonly Sample[], field: 'loss' | 'delay' | 'frozen' | 'fps' | 'lines'): number | undefined {
  let [sum, seconds] = [0, 0];
  for (const sample of samples) {
    const value = sample[field];
    if (value === undefined) continue;
    sum += value * sample.seconds;
    seconds += sample.seconds;
  }
  return seconds > 0 ? sum / seconds : undefined;
}
