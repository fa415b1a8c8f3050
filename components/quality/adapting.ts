/**
 * How much is sent of camera and screen on the network as it is now: decided from one reading after the other, so that the
 * voice never pays for the picture. Pure: a state and a reading in, the next state out. What a state comes to is in `wishes`.
 */
import type { Reading } from './reading.js';

/**
 * - `start`: small, until it is known what the network carries; where the browser does not say that, soon as it sends by itself
 * - `full`: all that is asked for, sharp at any rate
 * - `low`: a smaller picture, and fewer of them
 * - `tiny`: one that is hardly more than the voice, where there is no room for another
 * - `drain`: none for a moment, of which nobody is told, until what waits to be sent has come through; then a tiny one
 * - `held`: no picture, so that the voice has the network
 * - `trial`: a tiny one, which shows whether there is room; people are told what they were told before
 */
export type Mode = 'start' | 'full' | 'low' | 'tiny' | 'drain' | 'held' | 'trial';

/** Whether the voice is sent with fewer bits, because there is hardly room for it. */
export const isWeak = (mode: Mode): boolean => !['start', 'full', 'low'].includes(mode);

/** Kilobits per second below which no picture is sent, below which it is tiny at most, and from which on it is a larger one again. */
export const HOLD_BELOW = 40;
const TINY_BELOW = 150;
const RETURN_FROM = 250;
/** Milliseconds for which a picture is held back before it is tried again: after an alarm of which nobody is told, and otherwise at least and at most. */
export const WAIT = { alarm: 1500, least: 5000, most: 12_000, growth: 1.5 } as const;
/** Milliseconds that a trial has, and after which it ends where it is clear by then; and for which it must go well. */
const TRIAL = { most: 4000, clear: 2500, least: 1000, well: 500 } as const;
/** Milliseconds for which things go well before more is sent, and badly before less is. */
const UP_AFTER = 2000;
const DOWN_AFTER = 1500;
/** The same where there is too little for any picture but a tiny one, as a call begins and later. */
const NARROW_AFTER = { start: 200, low: 800 } as const;
/** Milliseconds without any picture before it is tiny, and for which what was sent before is still on its way after that. */
const DRAIN = { dark: 700, after: 2500 } as const;
/** Kbit/s that a network must show on which the picture was large a moment ago, so that it has a tiny one soon and nobody is told of a pause. */
const ROOM_AT_ONCE = 60;
/** Kbit/s from which on a tiny picture has more of them a second, and below which it has not; and milliseconds for which there must be so much. */
const FLOWS = { from: 80, to: 72, after: 3000 } as const;
/** Milliseconds for which there must be room for more than a tiny picture where more has just been tried. */
const RISE_AGAIN = 5000;
/** The share of packets that a tiny picture may lose. The voice beside it loses as much, and its own reports are up to five seconds old. */
const TINY_LOSS = 0.1;
/** Milliseconds without a report of the other side, of which there is about one a second, after which what is known of the network is of no use. */
const SILENT_FOR = 4000;
/**
 * Kbit/s that Chromium takes for granted before it knows, and from which on a trial has shown what it says: what is taken for granted
 * wanders while next to nothing is sent.
 */
const PRESUMED = 310;
const SHOWN = 335;
/** Seconds of a voice of which much is lost that count as an alarm; and the most that are remembered. */
const LOST_FOR = 0.4;
const LOST_MOST = 2;
/** The same beside a tiny picture, of which much is lost as well. */
const DROWNED_FOR = 1.2;
/** Milliseconds for which a call may begin small. */
export const START_FOR = 1000;
/** Milliseconds after a return for which another hold counts as the same trouble. */
const CALM = 20_000;
/** Milliseconds for which what is heard is no sign of what can be sent, once it has been a wrong one. */
const DEAF_FOR = 30_000;
/** When, in milliseconds of each so many, more is allowed; and from when on in a trial. */
const STRETCH = { every: 8000, from: 500, to: 2500, trial: 1200 } as const;
/** Milliseconds after a change of the way for which what is available says nothing of a network that breaks down. */
const SETTLES_FOR = 1000;
/** Milliseconds for which the first pictures are small where the browser does not say what is available. */
const FIRST_FOR = 500;
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

/** All that is remembered from one reading to the next. Times are in milliseconds of the readings' clock. */
export interface Adapting {
  readonly mode: Mode;
  /** When this mode began; undefined before the first reading. */
  readonly since?: number;
  /** Whether people are told that the picture is held back. */
  readonly told: boolean;
  /** For how long the picture is held back this time. */
  readonly wait: number;
  /** Since when it has gone well, and badly. */
  readonly well?: number | undefined;
  readonly badly?: number | undefined;
  /** When the picture last came back. */
  readonly returned: number;
  /** What was available lately, in kbit/s; falls by itself. */
  readonly peak: number;
  /** The shortest way to the other side and back of late, in seconds. */
  readonly trip: number;
  /** Seconds in which much of the other voice has been lost, less those since then in which it has not. */
  readonly losses: number;
  /** Whether the last hold came of what was heard alone, and until when that counts for nothing. */
  readonly heard: boolean;
  readonly deafUntil: number;
  /** Whether media has gone over to another way since it was last known what is available, and since when that is known. */
  readonly moved: boolean;
  readonly movedAt: number;
  /** Whether nothing but first pictures is sent, as a call begins or goes another way. */
  readonly fresh: boolean;
  /** Whether the machine cannot keep up with the picture. */
  readonly strained: boolean;
  /** Whether more is allowed for a moment, which makes the browser look for what the network carries. */
  readonly stretched: boolean;
  /** Whether there are more tiny pictures a second, and since when there should be if there are not, or should not if there are. */
  readonly flows: boolean;
  readonly turns?: number | undefined;
}

/** Nothing is known yet. */
export const UNKNOWN: Adapting = {
  mode: 'start',
  told: false,
  wait: 0,
  returned: -Infinity,
  peak: 0,
  trip: Infinity,
  losses: 0,
  heard: false,
  deafUntil: -Infinity,
  moved: true,
  movedAt: -Infinity,
  fresh: true,
  strained: false,
  stretched: false,
  flows: false,
};

/**
 * Media goes another way from now on, which may be a longer one. Where that is another network, or no longer through TURN, Chromium
 * forgets what it has found out and begins at 300 kbit/s anew: no sign of a network that breaks down.
 */
export const moved = (state: Adapting): Adapting => ({ ...state, moved: true, trip: Infinity });

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

/** While no picture is sent there is no queue of ours: what it takes then is the way itself. */
const shortestTrip = ({ mode, trip }: Adapting, seconds: number, now: number | undefined): number =>
  (mode === 'held' || mode === 'drain') && now !== undefined ? now : Math.min(trip * TRIP_GROWS ** seconds, now ?? Infinity);

/** What one reading says, apart from the mode. */
interface Signs {
  readonly at: number;
  /** Undefined where the browser does not say. */
  readonly available: number | undefined;
  /** The share of the camera's packets that is lost. */
  readonly lost: number;
  /** Whether packets queue somewhere for long. */
  readonly queued: boolean;
  /** Whether much of what is sent does not arrive, or late; and whether that is so for a tiny picture and the voice beside it. */
  readonly troubled: boolean;
  readonly tinyTroubled: boolean;
  /** Milliseconds since the other side last reported of the camera; undefined where it has not. */
  readonly silence: number | undefined;
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

/** Takes in one reading. */
export function adapt(before: Adapting, reading: Reading, limits: Limits): Adapting {
  const { at, available, incoming, outgoing } = reading;
  const trip = reading.roundTrip ?? outgoing.voice?.roundTrip;
  const losses = Math.min(LOST_MOST, Math.max(0, before.losses + ((incoming.voice?.lost ?? 0) >= 0.3 ? 1 : -1) * reading.seconds));
  const need = needOf(limits);
  const isSeen = before.moved && available !== undefined;
  const movedAt = isSeen ? at : before.movedAt;
  const settles = before.moved || at - movedAt < SETTLES_FOR;
  // Of a camera that is off what was last reported stays for ever.
  const picture = (limits.films === false ? undefined : outgoing.camera) ?? outgoing.screen;
  const { reportAge } = picture ?? {};
  const silence = reportAge === undefined ? undefined : reportAge * 1000;
  const isSilent = (silence ?? 0) > SILENT_FOR;
  const isDeaf = at < before.deafUntil;
  const known: Adapting = {
    ...before,
    since: before.since ?? at,
    moved: before.moved && !isSeen,
    movedAt,
    // A report may still be one of before.
    peak: Math.max(available ?? 0, settles ? 0 : before.peak * 0.9),
    trip: shortestTrip(before, reading.seconds, trip),
    losses,
    // What goes on all the while is the same trouble, as long as it is known what becomes of what this side sends.
    deafUntil: isDeaf && losses >= LOST_FOR && silence !== undefined && !isSilent ? at + DEAF_FOR : before.deafUntil,
    strained: before.strained || outgoing.camera?.limitedBy === 'cpu',
  };
  const lost = picture?.lost ?? 0;
  const queued = (trip ?? 0) > known.trip + 0.5;
  const signs: Signs = {
    at,
    available,
    need,
    plenty: Math.max(need * 1.4, tinyBelow(limits)),
    tooLittle: tinyBelow(limits),
    enough: returnFrom(limits),
    lost,
    queued,
    troubled: lost > 0.25 || queued,
    tinyTroubled: lost > TINY_LOSS || queued || isSilent,
    silence,
    shares: !!limits.shares,
    settles,
    fell: !settles && available !== undefined && available < Math.min(need, before.peak * 0.5),
    heard: losses >= LOST_FOR && !isDeaf,
  };
  return NEXT[known.mode](known, signs);
}

type Next = (state: Adapting, signs: Signs) => Adapting;

const enter = (state: Adapting, mode: Mode, { at }: Signs, change: Partial<Adapting> = {}): Adapting => ({
  ...state,
  mode,
  since: at,
  well: undefined,
  badly: undefined,
  fresh: false,
  stretched: false,
  turns: undefined,
  flows: false,
  ...change,
});

const longer = ({ wait }: Adapting): number => Math.min(WAIT.most, Math.max(WAIT.least, wait * WAIT.growth));

/**
 * Holds the picture back: for longer where it has just come back. An alarm may be false, and is not told before a trial has failed,
 * nor is another one soon after it, where there is room for a tiny picture and people have been told of nothing yet.
 */
function hold(state: Adapting, signs: Signs, alarm: boolean): Adapting {
  const hasRoom = alarm && state.wait <= WAIT.alarm && signs.available !== undefined && signs.available >= ROOM_AT_ONCE;
  const again = signs.at - state.returned < CALM && !hasRoom;
  const wait = again ? longer(state) : alarm ? WAIT.alarm : WAIT.least;
  return enter(state, 'held', signs, { wait, told: again || !alarm, ...forget(signs) });
}

/** What begins anew with a hold, whatever it came of. */
const forget = ({ heard, fell }: Signs): Partial<Adapting> => ({ heard: heard && !fell, losses: 0, peak: 0 });

const shrink = (state: Adapting, signs: Signs): Adapting =>
  signs.shares ? hold(state, signs, false) : enter(state, 'tiny', signs, { losses: 0, heard: state.mode === 'drain' && state.heard });

/** Makes the picture tiny once what waits has come through. */
const drain = (state: Adapting, signs: Signs): Adapting =>
  signs.shares ? hold(state, signs, false) : enter(state, 'drain', signs, forget(signs));

/** What is still lost of the other voice is lost on the other side, once this one has shown that it can send. */
const trusting = ({ heard, deafUntil }: Adapting, { at, available = Infinity, enough }: Signs): Partial<Adapting> => ({
  heard: false,
  deafUntil: heard && available >= enough ? at + DEAF_FOR : deafUntil,
});

/** Since when something has been so. */
const lasting = (is: boolean, since: number | undefined, at: number): number | undefined => (is ? (since ?? at) : undefined);
const lasts = (since: number | undefined, at: number, milliseconds: number): boolean => since !== undefined && at - since >= milliseconds;

/** Whether more is allowed for a moment. */
function isStretched({ since }: Adapting, { at }: Signs, badly: number | undefined): boolean {
  const phase = (at - since!) % STRETCH.every;
  return phase >= STRETCH.from && phase < STRETCH.to && badly === undefined;
}

/** Whether there are more tiny pictures a second, where there is room for so many kbit/s. */
function flow({ flows, turns: before }: Adapting, room: number, at: number): Pick<Adapting, 'flows' | 'turns'> {
  const turns = lasting(flows ? room < FLOWS.to : room >= FLOWS.from, before, at);
  return lasts(turns, at, flows ? DOWN_AFTER : FLOWS.after) ? { flows: !flows, turns: undefined } : { flows, turns };
}

const NEXT: Readonly<Record<Mode, Next>> = {
  start(state, signs) {
    const { at, available, plenty, tooLittle } = signs;
    if (available === undefined) return sendsBlindly(state, signs);
    const badly = lasting(available < tooLittle, state.badly, at);
    if (signs.heard || lasts(badly, at, NARROW_AFTER.start)) return drain(state, signs);
    const known = lasts(state.since, at, START_FOR);
    if (available >= (known ? plenty : Math.max(plenty, PRESUMED))) return enter(state, 'full', signs);
    return known ? enter(state, 'low', signs) : { ...state, badly };
  },

  full(state, signs) {
    const { at, available = Infinity, need, lost, queued } = signs;
    if (signs.fell || signs.heard) return hold(state, signs, true);
    // Less than the browser itself begins with is another matter.
    if (signs.settles && available < signs.tooLittle) return hold(state, signs, true);
    if (signs.settles && available < need) return enter(state, 'start', signs, { fresh: true });
    const badly = lasting(available < need || lost > 0.1 || queued, state.badly, at);
    return lasts(badly, at, DOWN_AFTER) ? enter(state, 'low', signs) : { ...state, badly };
  },

  low(state, signs) {
    const { at, available = Infinity, lost, queued } = signs;
    if (signs.fell || signs.heard) return drain(state, signs);
    const narrow = available < signs.tooLittle;
    const badly = lasting(narrow || signs.troubled, state.badly, at);
    if (lasts(badly, at, narrow && !signs.shares ? NARROW_AFTER.low : DOWN_AFTER)) return (queued ? drain : shrink)(state, signs);
    const well = lasting(available >= signs.plenty && lost < 0.05 && !queued, state.well, at);
    // Another way may have more room, and what is known of that is fresh.
    if (lasts(well, at, signs.settles ? 0 : UP_AFTER)) return enter(state, 'full', signs);
    return { ...state, well, badly, stretched: isStretched(state, signs, badly) };
  },

  // The other voice alone says nothing here: whoever sends so little learns from what becomes of that whether it is too much.
  tiny(state, signs) {
    const { at, tinyTroubled } = signs;
    if (signs.shares) return hold(state, signs, false);
    // Where pictures and the other voice are lost at once, both ways are too narrow.
    if (tinyTroubled && signs.heard && state.losses >= DROWNED_FOR) return hold(state, signs, false);
    // What was sent before is still on its way for a while, and its queue makes the estimate fall too far.
    if (!lasts(state.since, at, DRAIN.after)) return state;
    const { available } = signs;
    const badly = lasting((available !== undefined && available < HOLD_BELOW) || tinyTroubled, state.badly, at);
    if (lasts(badly, at, DOWN_AFTER)) return hold(state, signs, false);
    const room = badly === undefined && !signs.settles && available !== undefined ? available : 0;
    const well = lasting(room >= signs.enough, state.well, at);
    const again = at - state.returned < CALM;
    if (lasts(well, at, again ? RISE_AGAIN : TRIAL.well))
      return enter(state, 'low', signs, { returned: at, losses: 0, ...trusting(state, signs) });
    return { ...state, well, badly, ...flow(state, room, at), stretched: isStretched(state, signs, badly) };
  },

  drain(state, signs) {
    return lasts(state.since, signs.at, DRAIN.dark) ? shrink(state, signs) : state;
  },

  held(state, signs) {
    return lasts(state.since, signs.at, state.wait) ? enter(state, 'trial', signs) : state;
  },

  trial(state, signs) {
    const { at, available = Infinity } = signs;
    // Where nothing comes back of what is tried, what is said to be available is what was so before.
    const reported = lasts(state.since, at, signs.silence ?? (signs.available === undefined ? 0 : TRIAL.clear));
    // Beside a screen there is nothing in between that could go on showing it.
    const enough = signs.shares ? signs.enough : Math.max(signs.enough, SHOWN);
    const well = lasting(reported && available >= enough && !signs.troubled, state.well, at);
    if (lasts(well, at, TRIAL.well) && lasts(state.since, at, TRIAL.least)) {
      const change = { told: false, returned: at, ...trusting(state, signs) };
      return enter(state, available === Infinity ? 'start' : 'low', signs, change);
    }
    if (!lasts(state.since, at, available < signs.tooLittle ? TRIAL.clear : TRIAL.most)) {
      return { ...state, well, stretched: lasts(state.since, at, STRETCH.trial) };
    }
    // A network that has only just broken down must show more.
    const least = state.told ? HOLD_BELOW : ROOM_AT_ONCE;
    const hasRoom = reported && signs.available! >= least && !signs.tinyTroubled && !signs.shares;
    if (hasRoom) return enter(state, 'tiny', signs, { told: false, returned: at, losses: 0, ...trusting(state, signs) });
    // What a breakdown leaves behind, in the queues and in the estimate, may take a little longer to pass.
    const isClear = state.told || available < HOLD_BELOW || signs.shares || lasts(state.since, at, TRIAL.most);
    return isClear ? enter(state, 'held', signs, { told: true, losses: 0, wait: longer(state) }) : { ...state, well, stretched: true };
  },
};

/** Where the browser does not say what is available, it sends by itself, and only what is lost says that it is too much. */
function sendsBlindly(state: Adapting, signs: Signs): Adapting {
  const { at } = signs;
  if (signs.heard) return hold(state, signs, true);
  const badly = lasting(signs.troubled, state.badly, at);
  const fresh = state.fresh && !lasts(state.since, at, FIRST_FOR);
  return lasts(badly, at, 2 * DOWN_AFTER) ? hold(state, signs, false) : { ...state, badly, fresh };
}
