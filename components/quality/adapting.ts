/**
 * How much is sent of camera and screen on the network as it is now: decided from one reading after the other, so that the
 * voice never pays for the picture. Pure: a state and a reading in, the next state out. What a state comes to is in `wishes`.
 */
import type { Reading } from './reading.js';
import { DEAF_FOR, NO_MEMORY, take } from './signs.js';
import type { Limits, Memory, Signs } from './signs.js';

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

/** Kilobits per second below which no picture is sent. */
export const HOLD_BELOW = 40;
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
/**
 * Milliseconds for which there must be room for more than a tiny picture where a larger one that had come back has not lasted, within so
 * many milliseconds of that, or where a picture has just come back and what is available is no more than a trial would believe.
 */
const RISE_AGAIN = { after: 5000, within: 60_000 } as const;
/**
 * Kbit/s that Chromium takes for granted before it knows, and from which on a trial has shown what it says: what is taken for granted
 * wanders while next to nothing is sent.
 */
const PRESUMED = 310;
const SHOWN = 335;
/** The share of packets that a tiny picture which has done well for long may lose, and nobody is told. */
const PASSING_LOSS = 0.5;
/** Seconds of the other voice lost that count beside a tiny picture, of which much is lost as well. */
const DROWNED_FOR = 1.2;
/** Milliseconds for which a call may begin small. */
export const START_FOR = 1000;
/** Milliseconds within which what fails counts as failing of what it began with: a return, a larger picture, a tiny one, or more of them a second. */
const CALM = 20_000;
/** When, in milliseconds of each so many, more is allowed, beside a picture and beside a tiny one; and from when on in a trial. */
const STRETCH = { low: { every: 8000, from: 500, to: 2500 }, tiny: { every: 6000, from: 3000, to: 4200 }, trial: 1200 } as const;
/** Milliseconds for which the first pictures are small where the browser does not say what is available. */
const FIRST_FOR = 500;

/** All that is remembered from one reading to the next. Times are in milliseconds of the readings' clock. */
export interface Adapting extends Memory {
  readonly mode: Mode;
  /** What was so before this mode. */
  readonly from?: Mode;
  /** When this mode began; undefined before the first reading. */
  readonly since?: number;
  /** Whether people are told that the picture is held back. */
  readonly told: boolean;
  /** For how long the picture is held back this time. */
  readonly wait: number;
  /** Since when it has gone well, and badly. */
  readonly well?: number | undefined;
  readonly badly?: number | undefined;
  /** Since when a trial would believe what is available. */
  readonly proven?: number | undefined;
  /** When the picture last came back. */
  readonly returned: number;
  /** When one that is larger than a tiny one last came back; and when one that had come back last did not last. */
  readonly rose: number;
  readonly failed: number;
  /** Whether the last hold came of what was heard alone. */
  readonly heard: boolean;
  /** Whether nothing but first pictures is sent, as a call begins or goes another way. */
  readonly fresh: boolean;
  /** Whether more is allowed for a moment, which makes the browser look for what the network carries. */
  readonly stretched: boolean;
  /** Whether there are more tiny pictures a second. */
  readonly flows: boolean;
  /** When that has last been too much. */
  readonly flowed: number;
  /** Since when there should be more if there are not, or should not if there are. */
  readonly turns?: number | undefined;
}

/** Nothing is known yet. */
export const UNKNOWN: Adapting = {
  ...NO_MEMORY,
  mode: 'start',
  told: false,
  wait: 0,
  returned: -Infinity,
  rose: -Infinity,
  failed: -Infinity,
  heard: false,
  fresh: true,
  stretched: false,
  flows: false,
  flowed: -Infinity,
};

/** Takes in one reading. */
export function adapt(before: Adapting, reading: Reading, limits: Limits): Adapting {
  // What is told of the way in one dark moment is of before it. After a larger picture it is believed all the same, for a way that has
  // become longer is no queue; after a tiny one a queue goes on being one.
  const isDark = before.mode === 'held' || (before.mode === 'drain' && before.from !== 'tiny');
  const { memory, signs } = take(before, reading, limits, isDark);
  // What was too much on one way is not on another.
  const past = signs.settles ? { failed: -Infinity, flowed: -Infinity } : undefined;
  return NEXT[before.mode]({ ...before, ...memory, ...past, since: before.since ?? reading.at }, signs);
}

type Next = (state: Adapting, signs: Signs) => Adapting;

/** Whether a picture is larger than a tiny one. */
const isLarge = (mode: Mode): boolean => mode === 'start' || mode === 'low' || mode === 'full';

const enter = (state: Adapting, mode: Mode, { at }: Signs, change: Partial<Adapting> = {}): Adapting => ({
  ...state,
  mode,
  from: state.mode,
  since: at,
  failed: isLarge(state.mode) && !isLarge(mode) && at - state.rose < CALM ? at : state.failed,
  flowed: state.flows && !isLarge(mode) ? at : state.flowed,
  well: undefined,
  proven: undefined,
  badly: undefined,
  fresh: false,
  stretched: false,
  turns: undefined,
  flows: false,
  ...change,
});

const longer = ({ wait }: Adapting): number => Math.min(WAIT.most, Math.max(WAIT.least, wait * WAIT.growth));

/** Whether there is room for a tiny picture at least. */
const hasRoom = ({ available = 0 }: Signs): boolean => available >= ROOM_AT_ONCE;

/** Whether a queue has come up, or some loss, and one moment without a picture is likely to mend it. */
const isPassing = (signs: Signs): boolean => !signs.silent && signs.lost <= PASSING_LOSS && hasRoom(signs);

/**
 * Holds the picture back: for longer where it has just come back. An alarm may be false, and is not told before a trial has failed,
 * nor is another one soon after it, where there is room for a tiny picture and people have been told of nothing yet.
 */
function hold(state: Adapting, signs: Signs, alarm: boolean): Adapting {
  const spared = alarm && state.wait <= WAIT.alarm && hasRoom(signs);
  const again = signs.at - state.returned < CALM && !spared;
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

/** Sends a larger picture again. */
const rise = (state: Adapting, signs: Signs, mode: 'low' | 'start'): Adapting =>
  enter(state, mode, signs, { told: false, returned: signs.at, rose: signs.at, ...trusting(state, signs) });

/** Whether it is time to allow more for a moment. */
function isStretched({ since }: Adapting, { at }: Signs, mode: 'low' | 'tiny'): boolean {
  const { every, from, to } = STRETCH[mode];
  const phase = (at - since!) % every;
  return phase >= from && phase < to;
}

/** Whether there are more tiny pictures a second, where there is room for so many kbit/s: not soon again where that has been too many. */
function flow({ flows, flowed, turns: before }: Adapting, room: number, at: number): Partial<Adapting> {
  const turns = lasting(flows ? room < FLOWS.to : room >= FLOWS.from && at - flowed >= CALM, before, at);
  if (!lasts(turns, at, FLOWS.after)) return { turns };
  return { flows: !flows, flowed: flows ? at : flowed, turns: undefined };
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
    return { ...state, well, badly, stretched: badly === undefined && isStretched(state, signs, 'low') };
  },

  // The other voice alone says nothing here: whoever sends so little learns from what becomes of that whether it is too much.
  tiny(state, signs) {
    const { at, available, tinyTroubled } = signs;
    if (signs.shares) return hold(state, signs, false);
    // Where pictures and the other voice are lost at once, both ways are too narrow.
    if (tinyTroubled && signs.heard && state.losses >= DROWNED_FOR) return hold(state, signs, false);
    // What was sent before is still on its way for a while, and its queue makes the estimate fall too far.
    if (!lasts(state.since, at, DRAIN.after)) return state;
    const badly = lasting((available !== undefined && available < HOLD_BELOW) || tinyTroubled, state.badly, at);
    if (lasts(badly, at, DOWN_AFTER)) {
      const passes = lasts(state.since, at, CALM) && isPassing(signs);
      return passes ? { ...drain(state, signs), heard: false } : hold(state, signs, false);
    }
    const room = badly === undefined && !signs.settles && available !== undefined ? available : 0;
    const well = lasting(room >= signs.enough, state.well, at);
    const proven = lasting(room >= SHOWN, state.proven, at);
    const believed = lasts(proven, at, TRIAL.well) || at - state.returned >= CALM;
    const again = at - state.failed < RISE_AGAIN.within || !believed;
    if (lasts(well, at, again ? RISE_AGAIN.after : TRIAL.well)) return rise({ ...state, losses: 0 }, signs, 'low');
    // What is looked for in a queue makes it longer; but a way that has become longer looks alike, and not for ever.
    const clear = badly === undefined && (!signs.waiting || lasts(state.since, at, CALM));
    const flows = flow(state, signs.waiting ? 0 : room, at);
    return { ...state, well, proven, badly, ...flows, stretched: clear && isStretched(state, signs, 'tiny') };
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
      return rise(state, signs, available === Infinity ? 'start' : 'low');
    }
    if (!lasts(state.since, at, available < signs.tooLittle ? TRIAL.clear : TRIAL.most)) {
      return { ...state, well, stretched: lasts(state.since, at, STRETCH.trial) };
    }
    // A network that has only just broken down must show more.
    const least = state.told ? HOLD_BELOW : ROOM_AT_ONCE;
    const carries = reported && signs.available! >= least && !signs.tinyTroubled && !signs.shares;
    if (carries) return enter(state, 'tiny', signs, { told: false, returned: at, losses: 0, ...trusting(state, signs) });
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
