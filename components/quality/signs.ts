/**
 * What a reading says of the network, and what is remembered of it from one reading to the next, whatever is sent at the moment.
 * Pure. What follows from it is in `adapting`.
 */
import type { Reading } from './reading.js';

/** Kilobits per second below which a picture is tiny at most, and from which on it is a larger one again. */
const TINY_BELOW = 150;
const RETURN_FROM = 250;
/** The share of packets that a tiny picture may lose. The voice beside it loses as much, and its own reports are up to five seconds old. */
const TINY_LOSS = 0.1;
/** Seconds for which packets wait on their way where they queue for long, and where they queue at all; a path that has become longer looks alike. */
const QUEUED = 0.5;
const WAITING = 0.15;
/** Milliseconds without a report of the other side, of which there is about one a second, after which what is known of the network is of no use. */
const SILENT_FOR = 4000;
/** Seconds of a voice of which much is lost that count as an alarm; and the most that are remembered. */
const LOST_FOR = 0.4;
const LOST_MOST = 2;
/** Milliseconds for which what is heard is no sign of what can be sent, once it has been a wrong one. */
export const DEAF_FOR = 30_000;
/** Milliseconds after a change of the way for which what is available says nothing of a network that breaks down. */
const SETTLES_FOR = 1000;
/** What saves data, whatever the network carries. */
export const SAVING = { lines: 360, fps: 15, kbits: 300 } as const;

/** What is asked for, whatever the network carries. */
export interface Limits {
  /** Most lines of the camera's picture. */
  readonly lines: number;
  /** Most kbit/s of a picture. */
  readonly maxBitrate?: number | undefined;
  /** Whether the person, or the page, wants little data to be sent. */
  readonly saving: boolean;
  /** Whether a screen is shared, beside which there is no tiny picture of a face. */
  readonly shares?: boolean;
  /** Whether the camera is on; it is where that is not said. */
  readonly films?: boolean;
}

/** What is remembered of the network. Times are in milliseconds of the readings' clock. */
export interface Memory {
  /** What was available lately, in kbit/s; falls by itself. */
  readonly peak: number;
  /** The shortest way to the other side and back of late, in seconds. */
  readonly trip: number;
  /** Seconds in which much of the other voice has been lost, less those since then in which it has not. */
  readonly losses: number;
  /** Until when what is heard of the other voice counts for nothing. */
  readonly deafUntil: number;
  /** Whether media has gone over to another way since it was last known what is available, and since when that is known. */
  readonly moved: boolean;
  readonly movedAt: number;
  /** Whether the machine cannot keep up with the picture. */
  readonly strained: boolean;
}

/** Nothing is known yet. */
export const NO_MEMORY: Memory = {
  peak: 0,
  trip: Infinity,
  losses: 0,
  deafUntil: -Infinity,
  moved: true,
  movedAt: -Infinity,
  strained: false,
};

/**
 * Media goes another way from now on, which may be a longer one. Where that is another network, or no longer through TURN, Chromium
 * forgets what it has found out and begins at 300 kbit/s anew: no sign of a network that breaks down.
 */
export const moved = <State extends Memory>(state: State): State => ({ ...state, moved: true, trip: Infinity });

/** Kbit/s without which a picture of so many lines is not sent in full; never more than it may have. */
const needOf = ({ lines, saving, maxBitrate = Infinity }: Limits): number =>
  Math.min(maxBitrate, Math.max(180, (400 * (saving ? Math.min(lines, SAVING.lines) : lines)) / 720));

/** Kbit/s that the voice has beside a picture which may have little. */
const VOICE = { least: 40, usual: 70 } as const;
/** Below how much a picture is tiny at most, and from which on it is larger again: with little allowed, less is enough. */
const tinyBelow = ({ maxBitrate = Infinity }: Limits): number => Math.min(TINY_BELOW, maxBitrate + VOICE.least);
const returnFrom = ({ maxBitrate = Infinity }: Limits): number => Math.min(RETURN_FROM, maxBitrate + VOICE.usual);

/** By how much the shortest way counts as longer with each second: a path that has become longer is no queue for ever. */
const TRIP_GROWS = 1.05;

/** What one reading says, with what is remembered. */
export interface Signs {
  readonly at: number;
  /** Undefined where the browser does not say. */
  readonly available: number | undefined;
  /** The share of the camera's packets that is lost, or of the screen's where there is no camera. */
  readonly lost: number;
  /** Whether packets queue somewhere, and for long. */
  readonly waiting: boolean;
  readonly queued: boolean;
  /** Whether much of what is sent does not arrive, or late; and whether that is so for a tiny picture and the voice beside it. */
  readonly troubled: boolean;
  readonly tinyTroubled: boolean;
  /** Milliseconds since the other side last reported of the same; undefined where it has not; and whether that is long ago. */
  readonly silence: number | undefined;
  readonly silent: boolean;
  readonly shares: boolean;
  /** Whether media has just gone over to another way. */
  readonly settles: boolean;
  /** Whether what can be sent has just fallen to next to nothing; or much of the other voice is lost. */
  readonly fell: boolean;
  readonly heard: boolean;
  /** What everything takes, and what there must be for that to begin. */
  readonly need: number;
  readonly plenty: number;
  /** What is too little for any picture but a tiny one, and enough for a larger one to come back. */
  readonly tooLittle: number;
  readonly enough: number;
}

/**
 * Takes in one reading.
 *
 * @param isDark whether no picture is sent, and what the way takes counts as its own length: there is no queue of ours
 */
export function take(
  before: Memory,
  reading: Reading,
  limits: Limits,
  isDark: boolean,
): { readonly memory: Memory; readonly signs: Signs } {
  const { at, available, incoming, outgoing } = reading;
  const trip = reading.roundTrip ?? outgoing.voice?.roundTrip;
  const losses = Math.min(LOST_MOST, Math.max(0, before.losses + ((incoming.voice?.lost ?? 0) >= 0.3 ? 1 : -1) * reading.seconds));
  const need = needOf(limits);
  const isSeen = before.moved && available !== undefined;
  const movedAt = isSeen ? at : before.movedAt;
  const settles = before.moved || at - movedAt < SETTLES_FOR;
  // What is reported of a camera that is off says nothing of the screen.
  const picture = (limits.films === false ? undefined : outgoing.camera) ?? outgoing.screen;
  const { reportAge } = picture ?? {};
  const silence = reportAge === undefined ? undefined : reportAge * 1000;
  const isSilent = (silence ?? 0) > SILENT_FOR;
  const isDeaf = at < before.deafUntil;
  const memory: Memory = {
    moved: before.moved && !isSeen,
    movedAt,
    // A report may still be one of before.
    peak: Math.max(available ?? 0, settles ? 0 : before.peak * 0.9),
    trip: isDark && trip !== undefined ? trip : Math.min(before.trip * TRIP_GROWS ** reading.seconds, trip ?? Infinity),
    losses,
    // What goes on all the while is the same trouble, as long as it is known what becomes of what this side sends.
    deafUntil: isDeaf && losses >= LOST_FOR && silence !== undefined && !isSilent ? at + DEAF_FOR : before.deafUntil,
    strained: before.strained || outgoing.camera?.limitedBy === 'cpu',
  };
  const lost = picture?.lost ?? 0;
  const wait = (trip ?? 0) - memory.trip;
  const queued = wait > QUEUED;
  const signs: Signs = {
    at,
    available,
    need,
    plenty: Math.max(need * 1.4, tinyBelow(limits)),
    tooLittle: tinyBelow(limits),
    enough: returnFrom(limits),
    lost,
    waiting: wait > WAITING,
    queued,
    troubled: lost > 0.25 || queued,
    tinyTroubled: lost > TINY_LOSS || queued || isSilent,
    silence,
    silent: isSilent,
    shares: !!limits.shares,
    settles,
    fell: !settles && available !== undefined && available < Math.min(need, before.peak * 0.5),
    heard: losses >= LOST_FOR && !isDeaf,
  };
  return { memory, signs };
}
