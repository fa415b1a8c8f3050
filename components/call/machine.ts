/**
 * The life of one call as a pure function: `(state, event) → (state, effects)`.
 *
 * Inputs by source: the person (dial, rings, take, decline, hang-up, leave), the engine (engaged, withdraw), the
 * other side's devices (heard), the relay (absent, present, refused), capture (captured, capture-failed), the peer
 * connection (offered, answered, described, gathered, flowing, path, broken) and the clock (over).
 *
 * The caller's device is the single arbiter of its call: it takes the first `accept` or `decline` that it sees, and
 * tells all others. A cell that is not in the table leaves the call as it is.
 */
import { MAX_CANDIDATES, deviceOf, endReason } from '../../relay/protocol/index.js';
import type { Alert, Candidate, CallContent, ContentOf, Description, EndReason, MediaKind } from '../../relay/protocol/index.js';
import type { CallErrorCode } from './errors.js';
import type { CallEvent, Effect, TimerName } from './events.js';
import { isTalking } from './phases.js';
import type { MediaState, Phase } from './phases.js';

/** Seconds from accepting until both sides must be connected. */
export const CONNECT_WITHIN = 20;
/** Seconds that a connected call waits for the first picture before it is shown as connected without one. */
export const FIRST_FRAME_WITHIN = 3;
/** Seconds that a call goes on without media before it ends with `connection-lost`. */
export const RECOVER_WITHIN = 60;
/** Seconds for which a side that rang, or may be coming back, counts as there. */
export const ABSENCE_GRACE = 8;
/** Seconds that a callee rings on after the caller should have given up. */
export const RING_GRACE = 5;
/** Seconds for which an ended call is shown. */
export const REST = 4;

/** A session description with the candidates that came with it. */
export interface Sketch {
  readonly description: Description;
  readonly candidates: readonly Candidate[];
}

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
  readonly alert: Alert | null;
  readonly reason: EndReason | null;
  /** Our offer until it is sent, or theirs until it is accepted. */
  readonly offer: Sketch | undefined;
  /** Whether the other side knows of this call. */
  readonly invited: boolean;
  /** Whether the callee takes the call with or without a picture of its own. */
  readonly taken: MediaKind | undefined;
  /** Whether the accept has been sent, or taken. */
  readonly accepted: boolean;
  /** Whether the first capture has been answered. */
  readonly captured: boolean;
  /** Whether the other side's sound has arrived, and only its picture is missing. */
  readonly audible: boolean;
  readonly local: MediaState;
  readonly remote: MediaState;
}

/** A new state, and what is to be done. */
export interface Step {
  readonly state: CallState;
  readonly effects: readonly Effect[];
}

type Cell<Type extends CallEvent['type'] = CallEvent['type']> = (state: CallState, event: Extract<CallEvent, { type: Type }>) => Step;
type Row = { readonly [Type in CallEvent['type']]?: Cell<Type> };
type HeardCell<Type extends CallContent['type']> = (state: CallState, content: ContentOf<Type>, from: string) => Step;
type HeardRow = { readonly [Type in CallContent['type']]?: HeardCell<Type> };

const NOTHING: MediaState = { microphone: false, camera: false, screen: false };

/** A call that this side is about to place. */
export function outgoing(call: { media: MediaKind; me: string; myName: string | undefined; ringFor: number }): CallState {
  return { ...blank, ...call, direction: 'outgoing' };
}

/** A call that another device is about to ask for. */
export function incoming(call: { me: string; myName: string | undefined }): CallState {
  return { ...blank, ...call, direction: 'incoming', media: 'audio', ringFor: 0 };
}

const blank = {
  phase: 'idle',
  name: undefined,
  partner: undefined,
  alert: null,
  reason: null,
  offer: undefined,
  invited: false,
  taken: undefined,
  accepted: false,
  captured: false,
  audible: false,
  local: NOTHING,
  remote: NOTHING,
} as const;

/** One step in the life of a call. */
export function step(state: CallState, event: CallEvent): Step {
  if (event.type === 'heard') {
    const cell = HEARD[state.phase][event.content.type] as HeardCell<CallContent['type']> | undefined;
    const stranger = state.partner !== undefined && event.from !== state.partner;
    return cell && !stranger ? cell(state, event.content, event.from) : stay(state);
  }
  const cell = TABLE[state.phase][event.type] as Cell | undefined;
  return cell ? cell(state, event) : stay(state);
}

const stay = (state: CallState): Step => ({ state, effects: [] });
const go = (state: CallState, change: Partial<CallState>, ...effects: Effect[]): Step => ({ state: { ...state, ...change }, effects });
const say = (to: 'partner' | 'everyone', content: CallContent): Effect => ({ type: 'say', to, content });
const start = (timer: TimerName, seconds: number): Effect => ({ type: 'start-timer', timer, seconds });
const stop = (timer: TimerName): Effect => ({ type: 'stop-timer', timer });
const named = (name: string | undefined): { name?: string } => (name === undefined ? {} : { name });

/** The end on this side: everything is let go, and the reason is shown for a while. */
function end(state: CallState, reason: EndReason, ...last: Effect[]): Step {
  const timers = (['ring', 'absence', 'connect', 'first-frame', 'recover'] as const).map(stop);
  const change = { phase: 'ended', reason, offer: undefined, local: NOTHING, remote: NOTHING } as const;
  return go(state, change, ...last, ...timers, { type: 'release' }, { type: 'close' }, start('rest', REST));
}

/** The caller's end before there is a winner: all devices stop ringing. */
function callOff(state: CallState, reason: EndReason, told: EndReason = reason): Step {
  return state.invited ? end(state, reason, say('everyone', { type: 'cancel', reason: told })) : end(state, reason);
}

/** The end of a call that has two sides. */
const partWith = (state: CallState, reason: EndReason): Step => end(state, reason, say('partner', { type: 'hangup', reason }));

const trouble = (code: CallErrorCode): Effect => ({ type: 'trouble', code, detail: 'Microphone or camera could not be opened.' });

/** The end reason for a capture that gave nothing. */
const captureReason = (event: Extract<CallEvent, { type: 'capture-failed' }>): EndReason =>
  event.code === 'media-denied' ? 'media-denied' : 'media-unavailable';

// --- The caller before there is a winner ---------------------------------------------------------------------

/** The invite leaves when there is an offer and something to send: a call that cannot be made never rings. */
function inviteWhenReady(state: CallState): Step {
  if (!state.offer || !state.captured || state.invited) return stay(state);
  const { media, myName, ringFor, offer } = state;
  const invite: CallContent = { type: 'invite', media, ...named(myName), expires: ringFor, ...offer, gen: 0 };
  return go(state, { invited: true, offer: undefined }, say('everyone', invite), start('ring', ringFor));
}

function takeAnswer(state: CallState, accept: ContentOf<'accept'>, from: string): Step {
  const { description, candidates = [], media, name = state.name } = accept;
  if (!description) return stay(state);
  const remote = { microphone: true, camera: media === 'video' && state.media === 'video', screen: false };
  return go(
    state,
    { phase: 'connecting', partner: from, name, remote, accepted: true },
    // To all first and to the winner then, so that no other device misses a number.
    say('everyone', { type: 'cancel', reason: 'answered-elsewhere', winner: deviceOf(from)! }),
    say('partner', { type: 'confirm' }),
    say('partner', { type: 'media', ...state.local }),
    { type: 'connect', description, candidates },
    stop('ring'),
    stop('absence'),
    start('connect', CONNECT_WITHIN),
  );
}

const placing: Row = {
  'hang-up': (state) => callOff(state, 'cancelled'),
  leave: (state) => callOff(state, 'cancelled'),
  withdraw: (state) => callOff(state, 'answered-elsewhere'),
  offered: (state, { description, candidates }) => {
    const held = state.offer?.candidates ?? [];
    return inviteWhenReady({ ...state, offer: { description, candidates: [...candidates, ...held] } });
  },
  gathered: (state, { candidates }) => {
    if (state.invited) return go(state, {}, say('everyone', { type: 'candidates', candidates, gen: 0 }));
    return state.offer ? go(state, { offer: { ...state.offer, candidates: [...state.offer.candidates, ...candidates] } }) : stay(state);
  },
  captured: (state, { microphone, camera, missing }) =>
    warn(inviteWhenReady({ ...state, captured: true, local: { ...state.local, microphone, camera } }), missing),
  'capture-failed': (state, event) =>
    state.captured ? go(state, {}, trouble(event.code)) : prepend(callOff(state, captureReason(event)), trouble(event.code)),
  refused: (state, { code, detail }) => prepend(callOff(state, 'refused', 'cancelled'), { type: 'trouble', code, detail }),
  broken: (state, { detail }) => prepend(callOff(state, 'connection-lost', 'cancelled'), { type: 'trouble', code: 'protocol', detail }),
  present: (state) => go(state, {}, stop('absence')),
  over: (state, { timer }) => {
    if (timer === 'ring') return callOff(state, 'no-answer');
    return timer === 'absence' ? callOff(state, 'unreachable', 'cancelled') : stay(state);
  },
};

const placed: HeardRow = {
  ringing: (state, { alert, name = state.name }) =>
    go(state, { phase: 'ringing', name, alert: state.alert === 'sound' ? 'sound' : alert }, stop('absence')),
  accept: takeAnswer,
  decline: (state, { reason }) => callOff(state, endReason(reason, 'declined'), 'declined-elsewhere'),
  // A device took the call and had to give it up before its accept was said.
  hangup: (state, { reason }) => callOff(state, endReason(reason, 'hung-up'), 'answered-elsewhere'),
};

// --- The callee while it rings -------------------------------------------------------------------------------

function take(state: CallState, media: MediaKind): Step {
  const camera = media === 'video' && state.media === 'video';
  const { description, candidates } = state.offer!;
  return go(
    state,
    {
      phase: 'connecting',
      offer: undefined,
      taken: camera ? 'video' : 'audio',
      remote: { microphone: true, camera: state.media === 'video', screen: false },
    },
    { type: 'answer', media: state.media, description, candidates },
    { type: 'capture', microphone: true, camera },
    stop('ring'),
    stop('absence'),
    start('connect', CONNECT_WITHIN),
  );
}

const beingCalled: Row = {
  rings: (state, { alert }) =>
    state.alert === alert ? stay(state) : go(state, { alert }, say('partner', { type: 'ringing', alert, ...named(state.myName) })),
  take: (state, { media }) => take(state, media),
  decline: (state) => end(state, 'declined', say('partner', { type: 'decline', reason: 'declined' })),
  'hang-up': (state) => end(state, 'declined', say('partner', { type: 'decline', reason: 'declined' })),
  engaged: (state) => end(state, 'busy', say('partner', { type: 'decline', reason: 'busy' })),
  // The person's other devices ring on; if this was the last, the caller sees that nobody is there.
  leave: (state) => end(state, 'left'),
  absent: (state) => go(state, {}, start('absence', ABSENCE_GRACE)),
  present: (state) => go(state, {}, stop('absence')),
  over: (state, { timer }) => {
    if (timer === 'ring') return end(state, 'no-answer');
    return timer === 'absence' ? end(state, 'left') : stay(state);
  },
};

/** A cancel that names this device as the winner confirms the call; any other ends it here. */
function hearCancel(state: CallState, { reason, winner }: ContentOf<'cancel'>): Step {
  return winner !== undefined && winner === deviceOf(state.me) ? stay(state) : end(state, endReason(reason, 'cancelled'));
}

const calledUp: HeardRow = {
  // No more are kept than the protocol lets a device send: whoever calls can say as much as he likes.
  candidates: (state, { candidates }) => {
    const kept = [...state.offer!.candidates, ...candidates].slice(0, MAX_CANDIDATES);
    return go(state, { offer: { ...state.offer!, candidates: kept } });
  },
  media: (state, { microphone, camera, screen }) => go(state, { remote: { microphone, camera, screen } }),
  cancel: hearCancel,
  hangup: (state, { reason }) => end(state, endReason(reason, 'cancelled')),
};

// --- Both sides, once somebody has accepted ------------------------------------------------------------------

/** Says what this side sends, once the other side knows that it is talked to. */
function tellMedia(state: CallState, ...first: Effect[]): Step {
  const effects = state.captured && state.accepted ? [...first, say('partner', { type: 'media', ...state.local })] : first;
  return go(state, {}, ...effects);
}

const talking: Row = {
  'hang-up': (state) => partWith(state, 'hung-up'),
  decline: (state) => partWith(state, 'hung-up'),
  leave: (state) => partWith(state, 'left'),
  gathered: (state, { candidates }) => go(state, {}, say('partner', { type: 'candidates', candidates, gen: 0 })),
  described: (state, { description }) => go(state, {}, say('partner', { type: 'description', description, gen: 0 })),
  captured: (state, { microphone, camera, missing }) => {
    const local = { ...state.local, microphone, camera };
    return warn(tellMedia({ ...state, captured: true, local }), missing);
  },
  'capture-failed': (state, event) =>
    state.captured ? go(state, {}, trouble(event.code)) : prepend(partWith(state, captureReason(event)), trouble(event.code)),
  broken: (state, { detail }) => prepend(partWith(state, 'connection-lost'), { type: 'trouble', code: 'protocol', detail }),
};

const talkedTo: HeardRow = {
  candidates: (state, { candidates }) => go(state, {}, { type: 'add-candidates', candidates }),
  description: (state, { description }) => go(state, {}, { type: 'describe', description }),
  media: (state, { microphone, camera, screen }) => go(state, { remote: { microphone, camera, screen } }),
  cancel: (state, content) => (state.direction === 'incoming' ? hearCancel(state, content) : stay(state)),
  hangup: (state, { reason }) => end(state, endReason(reason, 'hung-up')),
};

/** Both sides are together. */
const arrive = (state: CallState): Step => go(state, { phase: 'connected' }, stop('connect'), stop('first-frame'));

/** The media path broke: the last picture stays while a new path is looked for, and the caller leads. */
function lose(state: CallState): Step {
  const lead: Effect[] = state.direction === 'outgoing' ? [{ type: 'restart-ice' }] : [];
  return go(state, { phase: 'reconnecting' }, ...lead, start('recover', RECOVER_WITHIN));
}

const warn = (step: Step, missing: CallErrorCode | undefined): Step => (missing ? prepend(step, trouble(missing)) : step);

const prepend = ({ state, effects }: Step, first: Effect): Step => ({ state, effects: [first, ...effects] });

/** Whether a call has not begun: one that is over is idle, too, and nothing makes it ring again. */
const isNew = (state: CallState, direction: CallState['direction']): boolean => state.direction === direction && state.reason === null;

const TABLE: Readonly<Record<Phase, Row>> = {
  idle: {
    dial: (state) =>
      isNew(state, 'outgoing')
        ? go(
            state,
            { phase: 'calling' },
            { type: 'offer', media: state.media },
            { type: 'capture', microphone: true, camera: state.media === 'video' },
          )
        : stay(state),
  },
  calling: {
    ...placing,
    absent: (state, { steady }) => (steady ? callOff(state, 'unreachable', 'cancelled') : go(state, {}, start('absence', ABSENCE_GRACE))),
  },
  ringing: {
    ...placing,
    absent: (state) => go(state, {}, start('absence', ABSENCE_GRACE)),
    // Only a repetition can have been refused: somebody rings already.
    refused: stay,
  },
  incoming: beingCalled,
  connecting: {
    ...talking,
    answered: (state, { description, candidates }) => {
      const { taken: media = 'audio', myName } = state;
      const accept: CallContent = { type: 'accept', media, ...named(myName), description, candidates, gen: 0 };
      return tellMedia({ ...state, accepted: true }, say('partner', accept));
    },
    path: (state, event) => (event.state === 'connected' ? go(state, {}, start('first-frame', FIRST_FRAME_WITHIN)) : stay(state)),
    flowing: (state, { kind }) => {
      const whole = kind === 'video' || !state.remote.camera;
      return whole ? arrive(state) : go(state, { audible: true });
    },
    over: (state, { timer }) => {
      if (timer === 'first-frame') return arrive(state);
      return timer === 'connect' ? partWith(state, 'connect-timeout') : stay(state);
    },
  },
  connected: {
    ...talking,
    path: (state, event) => (event.state === 'connected' ? stay(state) : lose(state)),
  },
  reconnecting: {
    ...talking,
    path: (state, event) => {
      if (event.state === 'connected') return go(state, { phase: 'connected' }, stop('recover'));
      return state.direction === 'outgoing' && event.state === 'failed' ? go(state, {}, { type: 'restart-ice' }) : stay(state);
    },
    over: (state, { timer }) => (timer === 'recover' ? partWith(state, 'connection-lost') : stay(state)),
  },
  ended: {
    over: (state, { timer }) => (timer === 'rest' ? go(state, { phase: 'idle' }) : stay(state)),
  },
};

const HEARD: Readonly<Record<Phase, HeardRow>> = {
  idle: {
    invite: (state, { media, name, expires, description, candidates = [] }, from) =>
      isNew(state, 'incoming')
        ? go(
            state,
            { phase: 'incoming', partner: from, media, name, ringFor: expires, invited: true, offer: { description, candidates } },
            start('ring', expires + RING_GRACE),
          )
        : stay(state),
  },
  calling: placed,
  ringing: placed,
  incoming: calledUp,
  connecting: {
    ...talkedTo,
    // A side that is heard and sends no picture is all there.
    media: (state, { microphone, camera, screen }) => {
      const told = { ...state, remote: { microphone, camera, screen } };
      return state.audible && !camera ? arrive(told) : stay(told);
    },
  },
  connected: talkedTo,
  reconnecting: talkedTo,
  ended: {},
};

/** Whether the call has been decided: it has its two devices, or is over. */
export const isDecided = (state: CallState): boolean => isTalking(state.phase) || state.phase === 'ended';
