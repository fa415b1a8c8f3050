/**
 * The life of one call as a pure function: `(state, event) → (state, effects)`.
 *
 * Inputs by source: the person (dial, rings, take, decline, hang-up, leave), the engine (engaged, withdraw, return,
 * proven), the other side's devices (heard), the relay (absent, present, refused), capture (captured, capture-failed),
 * the peer connection (offered, answered, described, gathered, flowing, path, silent, parted, broken) and the clock (over).
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
import type { CallRecord } from './record.js';

/** Seconds from accepting until both sides must be connected. */
export const CONNECT_WITHIN = 20;
/** Seconds that a connected call waits for the first picture before it is shown as connected without one. */
export const FIRST_FRAME_WITHIN = 3;
/** Seconds that a call goes on without media before it ends with `connection-lost`. */
export const RECOVER_WITHIN = 60;
/** Seconds for which a side that rang, or may be coming back, counts as there. */
export const ABSENCE_GRACE = 8;
/** Seconds for which the callee leaves it to the caller to mend the path. */
export const LEAD_AFTER = 5;
/** Seconds that a restarted ICE has before the connection is made anew. */
export const RESTART_WITHIN = 8;
/** Seconds that the offer of a new connection waits for its answer before the next one is made. */
export const ANSWER_WITHIN = 10;
/** Seconds that a new connection, once it is answered, has before the next one is made. */
export const REBUILD_WITHIN = 4;
/** Seconds between two generations, so that the other side cannot make this page do nothing but make connections. */
export const NEXT_AFTER = 0.5;
/** Seconds for which a side counts as there whose page the relay has lost together with the media. */
export const CUT_OFF_GRACE = 15;
/** Seconds that a callee rings on after the caller should have given up. */
export const RING_GRACE = 5;
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
  /** Whether the other side closed its end, so that its absence is the end of the call. */
  readonly parted: boolean;
}

/** A generation has just begun, and the next one waits: the offer, if one has come, that it will begin with. */
export interface Pause {
  readonly next?: Sketch & { readonly gen: number };
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
  /** The generation of the peer connection: 0 for the first, one more for each that replaces it. */
  readonly gen: number;
  /** While a generation has just begun. */
  readonly pause: Pause | undefined;
  /** Whether the page was loaded anew, and must not open microphone and camera before the person clicks; what was open then. */
  readonly asking: MediaState | undefined;
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

type Cell<Type extends CallEvent['type'] = CallEvent['type']> = (state: CallState, event: Extract<CallEvent, { type: Type }>) => Step;
type Row = { readonly [Type in CallEvent['type']]?: Cell<Type> };
type HeardCell<Type extends CallContent['type']> = (state: CallState, content: ContentOf<Type>, from: string) => Step;
type HeardRow = { readonly [Type in CallContent['type']]?: HeardCell<Type> };

const NOTHING: MediaState = { microphone: false, camera: false, screen: false };

/** A call that this side is about to place. */
export function outgoing(call: { media: MediaKind; me: string; myName: string | undefined; name?: string; ringFor: number }): CallState {
  return { ...blank, name: undefined, ...call, direction: 'outgoing' };
}

/** A call that another device is about to ask for. */
export function incoming(call: { me: string; myName: string | undefined }): CallState {
  return { ...blank, ...call, direction: 'incoming', media: 'audio', ringFor: 0 };
}

/** A call that the last page was in. */
export function returned(record: CallRecord, { me, myName }: { me: string; myName: string | undefined }): CallState {
  const { direction, media, partner, gen, remote, name } = record;
  const known = { direction, media, partner, gen, remote, name: name ?? undefined, me, myName, ringFor: 0 };
  return { ...blank, ...known, invited: true, accepted: true };
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
  gen: 0,
  pause: undefined,
  asking: undefined,
  mend: undefined,
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
  const timers = (['ring', 'absence', 'connect', 'first-frame', 'recover', 'lead', 'retry', 'pause'] as const).map(stop);
  const change = { phase: 'ended', reason, local: NOTHING, remote: NOTHING } as const;
  const over = { offer: undefined, mend: undefined, pause: undefined, asking: undefined } as const;
  return go(state, { ...change, ...over }, ...last, ...timers, { type: 'release' }, { type: 'close' }, start('rest', REST));
}

/** The caller's end before there is a winner: all devices stop ringing. */
function callOff(state: CallState, reason: EndReason, told: EndReason = reason): Step {
  return state.invited ? end(state, reason, say('everyone', { type: 'cancel', reason: told })) : end(state, reason);
}

/** The end of a call that has two sides. */
const partWith = (state: CallState, reason: EndReason): Step =>
  end(state, reason, ...announce(state), say('partner', { type: 'hangup', reason }));

/** A page that was loaded anew says so before all else: the other side would wait for what the last page may have said. */
const announce = ({ mend }: CallState): Effect[] => (mend?.returning ? [say('partner', { type: 'resume' })] : []);

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

/** The candidates of one generation, within the bound of the protocol. */
const withMore = <Of extends Sketch>(sketch: Of, candidates: readonly Candidate[]): Of => ({
  ...sketch,
  candidates: [...sketch.candidates, ...candidates].slice(0, MAX_CANDIDATES),
});

/** A cancel that names this device as the winner confirms the call; any other ends it here. */
function hearCancel(state: CallState, { reason, winner }: ContentOf<'cancel'>): Step {
  return winner !== undefined && winner === deviceOf(state.me) ? stay(state) : end(state, endReason(reason, 'cancelled'));
}

const calledUp: HeardRow = {
  candidates: (state, { candidates }) => go(state, { offer: withMore(state.offer!, candidates) }),
  media: (state, { microphone, camera, screen }) => go(state, { remote: { microphone, camera, screen } }),
  cancel: hearCancel,
  hangup: (state, { reason }) => end(state, endReason(reason, 'cancelled')),
};

// --- Both sides, once somebody has accepted ------------------------------------------------------------------

const sayDescription = ({ gen }: CallState, description: Description): Effect => say('partner', { type: 'description', description, gen });

/** Our side of a new generation, for the other side. */
function sketch(state: CallState, { description, candidates }: Sketch): Step {
  const { gen, mend, local } = state;
  const more = candidates.length > 0 ? [say('partner', { type: 'candidates', candidates, gen })] : [];
  if (!mend?.returning) return go(state, {}, sayDescription(state, description), ...more);
  const back =
    description.type === 'offer'
      ? [say('partner', { type: 'resume', description, gen })]
      : [...announce(state), sayDescription(state, description)];
  // A page that must wait for a click sends nothing until then, and the other side shall not wait for it.
  const media = state.captured || state.asking ? [say('partner', { type: 'media', ...local })] : [];
  return go(state, { mend: { ...mend, returning: false } }, ...back, ...more, ...media);
}

/** Says what this side sends, once the other side knows that it is talked to. */
function tellMedia(state: CallState, ...first: Effect[]): Step {
  const effects =
    state.captured && state.accepted && !state.mend?.returning ? [...first, say('partner', { type: 'media', ...state.local })] : first;
  return go(state, {}, ...effects);
}

const talking: Row = {
  'hang-up': (state) => partWith(state, 'hung-up'),
  decline: (state) => partWith(state, 'hung-up'),
  leave: (state) => partWith(state, 'left'),
  gathered: (state, { candidates }) => go(state, {}, say('partner', { type: 'candidates', candidates, gen: state.gen })),
  described: (state, { description }) => go(state, {}, sayDescription(state, description)),
  offered: (state, { description, candidates }) => sketch(state, { description, candidates }),
  answered: (state, { description, candidates }) => sketch(state, { description, candidates }),
  captured: (state, { microphone, camera, missing }) => {
    const local = { ...state.local, microphone, camera };
    return warn(tellMedia({ ...state, captured: true, local }), missing);
  },
  'capture-failed': (state, event) =>
    state.captured ? go(state, {}, trouble(event.code)) : prepend(partWith(state, captureReason(event)), trouble(event.code)),
  broken: (state, { detail }) => prepend(partWith(state, 'connection-lost'), { type: 'trouble', code: 'protocol', detail }),
  over: goOn,
};

const talkedTo: HeardRow = {
  candidates: (state, { candidates, gen }) => {
    const next = state.pause?.next;
    if (next?.gen === gen) return go(state, { pause: { next: withMore(next, candidates) } });
    return gen === state.gen ? go(state, {}, { type: 'add-candidates', candidates }) : stay(state);
  },
  description: hearDescription,
  resume: hearReturn,
  media: (state, { microphone, camera, screen }) => go(state, { remote: { microphone, camera, screen } }),
  cancel: (state, content) => (state.direction === 'incoming' ? hearCancel(state, content) : stay(state)),
  hangup: (state, { reason }) => end(state, endReason(reason, 'hung-up')),
};

/** Both sides are together. */
const arrive = (state: CallState): Step => go(state, { phase: 'connected' }, stop('connect'), stop('first-frame'));

// --- When the media path breaks ------------------------------------------------------------------------------

/** Whether the other side says that it sends anything. */
const sends = ({ remote }: CallState): boolean => remote.microphone || remote.camera || remote.screen;

/** The path broke: the last picture stays. The caller leads, and the callee where it hears nothing of him. */
function lose(state: CallState, by: Mend['by'], parted = false): Step {
  const leads = state.direction === 'outgoing' && !parted;
  const mend: Mend = { by, stage: leads ? 'prove' : 'wait', returning: false, offering: false, stands: false, parted };
  return go(
    state,
    { phase: 'reconnecting', mend },
    stop('connect'),
    stop('first-frame'),
    start('recover', RECOVER_WITHIN),
    // Signalling first, media second: whoever leads needs the link, and whoever follows must be reachable.
    { type: 'prove-link' },
    ...(leads ? [] : [start('lead', LEAD_AFTER)]),
  );
}

/** What is being done has not helped, or nobody has done anything: a new connection, led by this side. */
const rebuildNext = (state: CallState): Step =>
  go(state, { mend: { ...state.mend!, by: 'rebuild', stage: 'prove' } }, stop('lead'), stop('retry'), { type: 'prove-link' });

/** The link carries: now the media can be mended. */
function mendNow(state: CallState): Step {
  const mend = state.mend!;
  if (mend.stage !== 'prove') return stay(state);
  if (mend.by === 'restart') {
    return go(state, { mend: { ...mend, stage: 'work' } }, { type: 'restart-ice' }, start('retry', RESTART_WITHIN));
  }
  if (state.pause) return stay(state);
  const next = { gen: state.gen + 1, audible: false, pause: {}, mend: { ...mend, stage: 'work', offering: true, stands: false } } as const;
  return go(state, next, { type: 'offer', media: state.media }, start('retry', ANSWER_WITHIN), start('pause', NEXT_AFTER));
}

/**
 * This page was loaded anew: it makes the new connection at once, and opens its devices now or, where the person must be
 * asked, when he clicks; until then the other side is seen and heard already.
 */
function comeBack(state: CallState, { ask, local }: Extract<CallEvent, { type: 'return' }>): Step {
  const mend: Mend = { by: 'rebuild', stage: 'prove', returning: true, offering: false, stands: false, parted: false };
  const next = { phase: 'reconnecting', mend, asking: ask ? local : undefined } as const;
  return go(state, next, start('recover', RECOVER_WITHIN), ...(ask ? [] : [reopen(local)]), { type: 'prove-link' });
}

/** Opens what the last page had open, as it was. */
const reopen = ({ microphone, camera }: MediaState): Effect => ({ type: 'capture', microphone: true, camera, muted: !microphone });

/** The person has clicked, and so allowed it. */
const giveDevices: Cell<'take'> = (state) => (state.asking ? go(state, { asking: undefined }, reopen(state.asking)) : stay(state));

/** The other side's page was loaded anew. It brings an offer of the next generation, or waits for a click. */
function hearReturn(state: CallState, { description, gen }: ContentOf<'resume'>): Step {
  if (description && gen !== undefined && gen > state.gen) return followInto(state, { description, candidates: [], gen });
  const lost = state.mend ? stay(state) : lose(state, 'rebuild', true);
  const mend = { ...lost.state.mend!, by: 'rebuild', stage: 'wait', stands: false, parted: true } as const;
  const back = go(lost.state, { mend }, ...lost.effects, stop('retry'), stop('absence'), stop('lead'));
  // What it brings is older than what we have: we lead from there.
  return description ? go(back.state, { mend: { ...mend, stage: 'prove' } }, ...back.effects, { type: 'prove-link' }) : back;
}

/** The path is there again, and media with it. */
const regain = (state: CallState): Step =>
  go(state, { phase: 'connected', mend: undefined }, stop('recover'), stop('lead'), stop('retry'), stop('absence'));

/** A description of the present generation renegotiates it, one of a later generation replaces it. */
function hearDescription(state: CallState, { description, gen }: ContentOf<'description'>): Step {
  const { mend } = state;
  if (gen < state.gen) return stay(state);
  if (gen === state.gen && !mend?.offering) {
    // The other side is at work on the path that there is: this one waits for what comes of it.
    const led = mend?.stage === 'wait' && description.type === 'offer';
    return go(state, {}, { type: 'describe', description }, ...(led ? [stop('lead'), start('lead', LEAD_AFTER + RESTART_WITHIN)] : []));
  }
  if (description.type === 'answer') {
    if (gen > state.gen) return stay(state);
    const answered = { mend: { ...mend!, offering: false, parted: false } };
    return go(state, answered, { type: 'connect', description, candidates: [] }, stop('retry'), start('retry', REBUILD_WITHIN));
  }
  // Both sides made a new connection at once: the caller's goes on.
  if (gen === state.gen && state.direction === 'outgoing') return stay(state);
  return followInto(state, { description, candidates: [], gen });
}

/** The other side leads into a new generation: at once, unless one has just begun. */
function followInto(state: CallState, next: Required<Pause>['next']): Step {
  if (state.pause) return (state.pause.next?.gen ?? 0) > next.gen ? stay(state) : go(state, { pause: { next } });
  const { gen, description, candidates } = next;
  const lost = state.phase === 'connected' ? lose(state, 'rebuild') : stay(state);
  const led = { by: 'rebuild', stage: 'wait', offering: false, stands: false, parted: false } as const;
  const mend = lost.state.mend && { ...lost.state.mend, ...led };
  return go(
    lost.state,
    { gen, audible: false, mend, pause: {} },
    ...lost.effects,
    stop('retry'),
    stop('absence'),
    stop('lead'),
    start('lead', LEAD_AFTER + ANSWER_WITHIN),
    start('pause', NEXT_AFTER),
    { type: 'answer', media: state.media, description, candidates },
  );
}

/** Some time has passed since a generation began: what was to come next may come. */
function goOn(state: CallState, { timer }: Extract<CallEvent, { type: 'over' }>): Step {
  if (timer !== 'pause' || !state.pause) return stay(state);
  const rested = { ...state, pause: undefined };
  const { next } = state.pause;
  if (next && (next.gen > state.gen || state.mend?.offering)) return followInto(rested, next);
  return state.mend?.stage === 'prove' ? go(rested, {}, { type: 'prove-link' }) : go(rested, {});
}

const warn = (step: Step, missing: CallErrorCode | undefined): Step => (missing ? prepend(step, trouble(missing)) : step);

const prepend = ({ state, effects }: Step, first: Effect): Step => ({ state, effects: [first, ...effects] });

/** Whether a call has not begun: one that is over is idle, too, and nothing makes it ring again. */
const isNew = (state: CallState, direction: CallState['direction']): boolean => state.direction === direction && state.reason === null;

const TABLE: Readonly<Record<Phase, Row>> = {
  idle: {
    return: (state, event) => (state.partner !== undefined && state.reason === null ? comeBack(state, event) : stay(state)),
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
      if (state.accepted) return sketch(state, { description, candidates });
      const { taken: media = 'audio', myName } = state;
      const accept: CallContent = { type: 'accept', media, ...named(myName), description, candidates, gen: 0 };
      return tellMedia({ ...state, accepted: true }, say('partner', accept));
    },
    path: (state, event) => (event.state === 'connected' ? go(state, {}, start('first-frame', FIRST_FRAME_WITHIN)) : stay(state)),
    parted: (state) => lose(state, 'rebuild', true),
    flowing: (state, { kind }) => {
      const whole = kind === 'video' || !state.remote.camera;
      return whole ? arrive(state) : go(state, { audible: true });
    },
    over: (state, event) => {
      if (event.timer === 'first-frame') return arrive(state);
      return event.timer === 'connect' ? partWith(state, 'connect-timeout') : goOn(state, event);
    },
  },
  connected: {
    ...talking,
    take: giveDevices,
    path: (state, event) => (event.state === 'connected' ? stay(state) : lose(state, event.state === 'failed' ? 'rebuild' : 'restart')),
    silent: (state) => (sends(state) ? lose(state, 'rebuild') : stay(state)),
    parted: (state) => lose(state, 'rebuild', true),
  },
  reconnecting: {
    ...talking,
    path: (state, event) => {
      if (event.state === 'connected') return sends(state) ? go(state, { mend: { ...state.mend!, stands: true } }) : regain(state);
      // The hope for the present connection is gone; who leads makes a new one at once.
      const broken = go(state, { mend: { ...state.mend!, stands: false } });
      if (event.state !== 'failed' || state.mend!.by !== 'restart') return broken;
      return state.direction === 'outgoing'
        ? rebuildNext(broken.state)
        : go(broken.state, { mend: { ...broken.state.mend!, by: 'rebuild' } });
    },
    // What still arrives from a page that has gone is its last.
    flowing: (state) => (state.mend!.parted ? stay(state) : regain(state)),
    take: giveDevices,
    parted: (state) => go(state, { mend: { ...state.mend!, by: 'rebuild', stands: false, parted: true } }),
    proven: mendNow,
    absent: (state, { steady }) => {
      // A page that closed its end and is gone will not come back; one that is cut off from everything may.
      if (!state.mend?.parted) return go(state, {}, start('absence', CUT_OFF_GRACE));
      return steady ? partWith(state, 'left') : go(state, {}, start('absence', ABSENCE_GRACE));
    },
    present: (state) => go(state, {}, stop('absence')),
    over: (state, event) => {
      const { timer } = event;
      if (timer === 'recover') return partWith(state, 'connection-lost');
      if (timer === 'absence') return partWith(state, 'left');
      return timer === 'lead' || timer === 'retry' ? rebuildNext(state) : goOn(state, event);
    },
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
  reconnecting: {
    ...talkedTo,
    // Where the path stands and nothing is sent over it, there is nothing to wait for.
    media: (state, { microphone, camera, screen }) => {
      const told = { ...state, remote: { microphone, camera, screen } };
      return told.mend!.stands && !sends(told) ? regain(told) : stay(told);
    },
  },
  ended: {},
};

/** Whether the call has been decided: it has its two devices, or is over. */
export const isDecided = (state: CallState): boolean => isTalking(state.phase) || state.phase === 'ended';
