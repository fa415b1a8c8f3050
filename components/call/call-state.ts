/** All that is known of a call, how it begins, and the times that its life keeps to. Pure: imports the protocol alone. */
import { RING_TIMEOUT } from '../../relay/protocol/index.js';
import type { Alert, Candidate, ContentOf, Description, EndReason, MediaKind } from '../../relay/protocol/index.js';
import type { DeviceNotice } from './errors.js';
import type { Effect } from './events.js';
import type { DeviceWish, MediaState, Phase } from './phases.js';
import type { CallRecord } from './record.js';

/** Seconds from accepting until both sides must be connected. */
export const CONNECT_WITHIN = 20;
/** Seconds that a connected call waits for the first picture before it is shown as connected without one. */
export const FIRST_FRAME_WITHIN = 3;
/** Seconds that a call goes on without media before it ends with `connection-lost`. */
export const RECOVER_WITHIN = 60;
/** Seconds for which a side that rang, or may be coming back, counts as there. */
export const ABSENCE_GRACE = 8;
/** Seconds that a path which was prepared while it rang has after the accept, before a new connection takes its place. */
export const EARLY_WITHIN = 4;
/** Seconds for which the callee leaves it to the caller to look for a path in the place of one that has gone quiet. */
export const RENEW_AFTER = 1.2;
/** Seconds for which the callee leaves it to the caller to mend the path. */
export const LEAD_AFTER = 5;
/** Seconds that a restarted ICE has before the connection is made anew. */
export const RESTART_WITHIN = 8;
/** Seconds that the offer of a new connection waits for its answer before the next one is made. */
export const ANSWER_WITHIN = 10;
/** Seconds that a new connection, once it is answered, has before the next one is made. */
export const REBUILD_WITHIN = 4;
/** New connections in a row after which the way counts as slow, and each further one has twice the time. */
export const SLOW_AFTER = 3;
/** Seconds between two generations, so that the other side cannot make this page do nothing but make connections. */
export const NEXT_AFTER = 0.5;
/** Seconds for which a side counts as there whose page the relay has lost together with the media. */
export const CUT_OFF_GRACE = 15;
/** Seconds that a callee rings on after the caller should have given up. */
export const RING_GRACE = 5;
/** Seconds after which devices that are not open yet are told of: the browser may be asking for them. */
export const OPEN_WITHIN = 1.5;
/** Seconds for which an ended call is shown. */
export const REST = 4;

/** A session description with the candidates that came with it. */
export interface Sketch {
  readonly description: Description;
  readonly candidates: readonly Candidate[];
}

/** How a broken path is mended. */
export interface Mend {
  /** An ICE restart while there still is hope for the connection, else a new connection. */
  readonly by: 'restart' | 'rebuild';
  /** `wait`: for the other side to do it; `prove`: for the link to carry; `work`: for the result. */
  readonly stage: 'wait' | 'prove' | 'work';
  /** Whether this page was loaded anew, and the other side does not know yet that it is back. */
  readonly returning: boolean;
  /** Whether an offer of ours for this generation has not been answered. */
  readonly offering: boolean;
  /** Whether the path stands, and only media is missing. */
  readonly stands: boolean;
  /** How many new connections this side has offered since the path broke. */
  readonly offers: number;
  /** Whether the other side closed its end, so that its absence is the end of the call. */
  readonly parted: boolean;
  /** Whether its page has gone since there was media: the last picture is black, and a face is shown until there is one again. */
  readonly gone?: boolean;
}

/**
 * A path that is prepared while it rings, and over which nothing is sent before somebody accepts.
 *
 * - `may`: the caller takes an answer while it rings
 * - `dry`: the callee's connection is made ready, without a word about it, and without the other side's candidates
 * - `making`: the callee's answer is being made
 * - `made`: the answer has been said, or taken
 * - `stands`: the callee's path stands
 * - `spent`: the caller's connection was for a device that is no longer there, and no other can have it
 */
export interface Early {
  readonly stage: 'may' | 'dry' | 'making' | 'made' | 'stands' | 'spent';
  /** The device whose answer the caller has taken. */
  readonly device?: string;
  /** Whether the path leads through TURN alone, until somebody accepts. */
  readonly narrow?: boolean;
}

/** A generation has just begun, and the next one waits: the offer, if one has come, that it will begin with, or the invite while it rings. */
export interface Pause {
  readonly next?: Sketch & { readonly gen: number };
  readonly invite?: ContentOf<'invite'>;
}

/**
 * A path that has gone quiet is looked for anew while the call goes on, before anybody notices: as soon as the link has
 * been shown to carry (`prove`), the caller at once and the callee where he does not (`wait`), by an ICE restart (`work`).
 */
export type Renewal = 'prove' | 'wait' | 'work';

/** All that is known of a call. */
export interface CallState {
  readonly phase: Phase;
  readonly direction: 'outgoing' | 'incoming';
  readonly media: MediaKind;
  /** This person's name for the other side. */
  readonly myName: string | undefined;
  /** The address of this device. */
  readonly me: string;
  /** The other side's name, once it gave one. */
  readonly name: string | undefined;
  /** Seconds that the call rings. */
  readonly ringFor: number;
  /** The other side's device, once it is settled. */
  readonly partner: string | undefined;
  /** How it rings, there or here; null where it does not, or has been taken here. */
  readonly alert: Alert | null;
  readonly reason: EndReason | null;
  /** Our offer until it is sent, or theirs until it is accepted. */
  readonly offer: Sketch | undefined;
  /** While it rings, and until the first picture: the path that is prepared; undefined where none may be. */
  readonly early: Early | undefined;
  /** Whether the other side knows of this call. */
  readonly invited: boolean;
  /** Whether the callee takes the call with or without a picture of its own. */
  readonly taken: MediaKind | undefined;
  /** Whether the accept has been sent, or taken. */
  readonly accepted: boolean;
  /** Whether the first capture has been answered. */
  readonly captured: boolean;
  /** What there is of the other side before its first picture: nothing, a path, or its sound. */
  readonly reach: 'path' | 'sound' | undefined;
  /** The generation of the peer connection: 0 for the first, one more for each that replaces it. */
  readonly gen: number;
  /** That of the invite: 0 unless the caller's page was loaded anew while it rang. */
  readonly invitedGen: number;
  /** While a generation has just begun. */
  readonly pause: Pause | undefined;
  /** Which devices the person wants to be on, from when they are asked for; counts until they are there. */
  readonly wished: DeviceWish | undefined;
  /** Whether the page was loaded anew in the middle of the call. */
  readonly cameBack: boolean;
  /** Whether a page that came back must not open microphone and camera before the person clicks. */
  readonly asking: boolean;
  /** What the person is told about microphone and camera. */
  readonly notices: readonly DeviceNotice[];
  /** While the path has just gone quiet. */
  readonly renewal: Renewal | undefined;
  /** While the path is broken: what is to be done about it, and whether this side does it. */
  readonly mend: Mend | undefined;
  readonly local: MediaState;
  readonly remote: MediaState;
}

/** A new state, and what is to be done. */
export interface Step {
  readonly state: CallState;
  readonly effects: readonly Effect[];
}

/** Nothing is sent. */
export const NOTHING: MediaState = { microphone: false, camera: false, screen: false };

/** The devices that are on in what is sent. */
export const wishOf = ({ microphone, camera }: MediaState): DeviceWish => ({ microphone, camera });

/** There is nothing to tell about microphone and camera. */
export const NO_NOTICES: readonly DeviceNotice[] = Object.freeze([]);

/** What is known of a call that is about to be placed; `early` where a path may be prepared while it rings. */
export interface NewCall {
  readonly media: MediaKind;
  readonly me: string;
  readonly myName: string | undefined;
  readonly name?: string | undefined;
  readonly ringFor: number;
  readonly early?: boolean | undefined;
}

/** A call that this side is about to place. */
export function outgoing({ early, ...call }: NewCall): CallState {
  return { ...blank, name: undefined, ...call, early: early ? { stage: 'may' } : undefined, direction: 'outgoing' };
}

/** A call that another device is about to ask for. */
export function incoming(call: { me: string; myName: string | undefined }): CallState {
  return { ...blank, ...call, direction: 'incoming', media: 'audio', ringFor: 0 };
}

/** A call that the last page was in, or that it had placed and that rings there. `now` in milliseconds since the epoch. */
export function returned(record: CallRecord, now: number, self: Pick<NewCall, 'me' | 'myName' | 'early'>): CallState {
  const { direction, media, partner, remote, local, name, rings } = record;
  const known = { media, ...self, name: name ?? undefined, ringFor: 0 };
  const call = { ...outgoing(known), direction, gen: record.gen, remote, wished: wishOf(local), invited: true };
  if (!rings) return { ...call, partner, early: undefined, cameBack: true, accepted: true };
  const gen = record.gen + 1;
  const left = Math.min(Math.max(Math.ceil((rings.until - now) / 1000), RING_TIMEOUT.min), RING_TIMEOUT.max);
  return { ...call, ringFor: left, alert: rings.alert ?? null, gen, invitedGen: gen };
}

const blank = {
  phase: 'idle',
  name: undefined,
  partner: undefined,
  alert: null,
  reason: null,
  offer: undefined,
  early: undefined,
  invited: false,
  taken: undefined,
  accepted: false,
  captured: false,
  reach: undefined,
  gen: 0,
  invitedGen: 0,
  pause: undefined,
  wished: undefined,
  cameBack: false,
  asking: false,
  notices: NO_NOTICES,
  renewal: undefined,
  mend: undefined,
  local: NOTHING,
  remote: NOTHING,
} as const;
