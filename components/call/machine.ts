/**
 * The life of one call as a pure function: `(state, event) → (state, effects)`.
 *
 * Inputs by source: the person (dial, rings, take, decline, wish, record, hang-up, leave), the engine (engaged, withdraw, return,
 * hold, proven), the other side's devices (heard), the relay (absent, present, refused), capture (captured, capture-failed),
 * the peer connection (offered, answered, prepared, unprepared, described, gathered, flowing, path, quiet, silent, microphone,
 * parted, broken) and the clock (over).
 *
 * The caller's device is the single arbiter of its call: it takes the first `accept` or `decline` that it sees, and
 * tells all others. A cell that is not in the table leaves the call as it is.
 */
import { deviceOf, endReason } from '../../relay/protocol/index.js';
import type { CallContent, ContentOf, MediaKind } from '../../relay/protocol/index.js';
import { ABSENCE_GRACE, CONNECT_WITHIN, CUT_OFF_GRACE, EARLY_WITHIN, FIRST_FRAME_WITHIN, NOTHING, RING_GRACE } from './call-state.js';
import type { CallState, Step } from './call-state.js';
import type { CallEvent, Effect } from './events.js';
import { hush, listen, note, tellOfWait } from './notices.js';
import { isTalking } from './phases.js';
import type { Phase } from './phases.js';
import {
  ahead,
  answer,
  answerEarly,
  begin,
  giveUpEarly,
  goOnEarly,
  hearCandidatesEarly,
  hearRinging,
  isFor,
  isOpen,
  lookForDirect,
  ready,
  rebuildEarly,
} from './early.js';
import {
  beRenewed,
  comeBack,
  giveDevices,
  goOn,
  hearDescription,
  hearReturn,
  lose,
  mendNow,
  offerReturn,
  rebuildNext,
  regain,
  renew,
  renewMore,
  renewNow,
  sayDescription,
  sketch,
} from './recovery.js';
import {
  callOff,
  captureReason,
  end,
  go,
  isKnown,
  isToTell,
  mediaOf,
  named,
  openFor,
  partWith,
  prepend,
  say,
  sayMedia,
  sends,
  sentNow,
  start,
  stay,
  stop,
  trouble,
  warn,
  wish,
  withMore,
} from './steps.js';

type Cell<Type extends CallEvent['type'] = CallEvent['type']> = (state: CallState, event: Extract<CallEvent, { type: Type }>) => Step;
type Row = { readonly [Type in CallEvent['type']]?: Cell<Type> };
type HeardCell<Type extends CallContent['type']> = (state: CallState, content: ContentOf<Type>, from: string) => Step;
type HeardRow = { readonly [Type in CallContent['type']]?: HeardCell<Type> };

/** One step in the life of a call. */
export function step(state: CallState, event: CallEvent): Step {
  if (event.type === 'heard') {
    const cell = HEARD[state.phase][event.content.type] as HeardCell<CallContent['type']> | undefined;
    const stranger = state.partner !== undefined && event.from !== state.partner;
    return cell && !stranger ? cell(state, event.content, event.from) : stay(state);
  }
  if (event.type === 'over' && event.timer === 'notice') return hush(state);
  if (event.type === 'over' && event.timer === 'devices') return tellOfWait(state);
  const cell = TABLE[state.phase][event.type] as Cell | undefined;
  return cell ? cell(state, event) : stay(state);
}

// --- The caller before there is a winner ---------------------------------------------------------------------

function dial(state: CallState): Step {
  const wished = { microphone: true, camera: state.media === 'video' };
  return go(state, { phase: 'calling', wished }, { type: 'offer', media: state.media }, ...openFor(wished));
}

/** The invite leaves when there is an offer and something to send: a call that cannot be made never rings. */
function inviteWhenReady(state: CallState): Step {
  if (!state.offer || !state.captured || state.invited) return stay(state);
  const { media, myName, ringFor, offer, early } = state;
  const invite: CallContent = {
    type: 'invite',
    media,
    ...named(myName),
    expires: ringFor,
    ...offer,
    gen: 0,
    ...(early && { early: true }),
  };
  return go(state, { invited: true, offer: undefined }, say('everyone', invite), start('ring', ringFor));
}

function takeAnswer(state: CallState, accept: ContentOf<'accept'>, from: string): Step {
  const { description, candidates = [], media, name = state.name } = accept;
  const { early } = state;
  if (!description && !early) return stay(state);
  const taken = { ...state, early: undefined };
  const next = !isFor(early, from, !!description)
    ? rebuildEarly(taken)
    : description
      ? go(taken, {}, { type: 'connect', description, candidates })
      : go(state, {}, { type: 'begin' }, start('retry', EARLY_WITHIN));
  const remote = { microphone: true, camera: media === 'video' && state.media === 'video', screen: false };
  return go(
    next.state,
    { phase: 'connecting', partner: from, name, remote, accepted: true },
    // To all first and to the winner then, so that no other device misses a number.
    say('everyone', { type: 'cancel', reason: 'answered-elsewhere', winner: deviceOf(from)! }),
    say('partner', { type: 'confirm' }),
    say('partner', { type: 'media', ...state.local }),
    ...next.effects,
    stop('ring'),
    stop('absence'),
    start('connect', CONNECT_WITHIN),
  );
}

const placing: Row = {
  wish,
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
  captured: (state, event) => {
    return note(warn(inviteWhenReady({ ...state, captured: true, local: sentNow(state, event) }), event.missing), event);
  },
  'capture-failed': (state, event) =>
    state.captured ? go(state, {}, trouble(event.code)) : prepend(callOff(state, captureReason(event)), trouble(event.code)),
  refused: (state, { code, detail }) => prepend(callOff(state, 'refused', 'cancelled'), { type: 'trouble', code, detail }),
  broken: (state, { detail }) => prepend(callOff(state, 'connection-lost', 'cancelled'), { type: 'trouble', code: 'protocol', detail }),
  present: (state) => go(state, {}, stop('absence')),
  unprepared: giveUpEarly,
  parted: giveUpEarly,
  over: (state, { timer }) => {
    if (timer === 'ring') return callOff(state, 'no-answer');
    return timer === 'absence' ? callOff(state, 'unreachable', 'cancelled') : stay(state);
  },
};

const placed: HeardRow = {
  ringing: hearRinging,
  candidates: hearCandidatesEarly,
  accept: takeAnswer,
  decline: (state, { reason }) => callOff(state, endReason(reason, 'declined'), 'declined-elsewhere'),
  // A device took the call and had to give it up before its accept was said.
  hangup: (state, { reason }) => callOff(state, endReason(reason, 'hung-up'), 'answered-elsewhere'),
};

// --- The callee while it rings -------------------------------------------------------------------------------

function take(state: CallState, media: MediaKind): Step {
  const camera = media === 'video' && state.media === 'video';
  const wished = { microphone: true, camera };
  const taken = camera ? 'video' : 'audio';
  const next = ready(state) ? begin(state, taken) : go(state, { early: undefined }, answer(state));
  return go(
    next.state,
    {
      phase: 'connecting',
      offer: undefined,
      wished,
      taken,
      local: { ...NOTHING, camera: camera && state.local.camera },
      remote: { microphone: true, camera: state.media === 'video', screen: false },
    },
    ...next.effects,
    ...openFor(wished),
    stop('ring'),
    stop('absence'),
    start('connect', CONNECT_WITHIN),
  );
}

const beingCalled: Row = {
  rings: (state, { alert, early }) => {
    if (state.alert === alert) return stay(state);
    return answerEarly({ ...state, alert }, say('partner', { type: 'ringing', alert, ...named(state.myName) }), early);
  },
  ...ahead,
  // A camera that is shown before the accept is sent from it on.
  captured: (state, { camera }) => go(state, { local: { ...NOTHING, camera } }),
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
  candidates: (state, { candidates }) =>
    go(state, { offer: withMore(state.offer!, candidates) }, ...(isOpen(state) ? [{ type: 'add-candidates', candidates } as const] : [])),
  media: (state, content) => go(state, { remote: mediaOf(content) }),
  cancel: hearCancel,
  hangup: (state, { reason }) => end(state, endReason(reason, 'cancelled')),
};

// --- Both sides, once somebody has accepted ------------------------------------------------------------------

/** Says what this side sends, once the other side knows that it is talked to. */
function tellMedia(state: CallState, ...first: Effect[]): Step {
  return go(state, {}, ...first, ...(isToTell(state) && isKnown(state) ? [sayMedia(state)] : []));
}

/** Whether the picture is held back goes with what is sent, and is told when it changes. */
function hold(state: CallState, paused: boolean): Step {
  const local = mediaOf({ ...state.local, paused });
  return !local.paused === !state.local.paused ? stay(state) : tellMedia({ ...state, local });
}

/** A page that sends nothing yet may record, and says so; where it cannot be said, no recording begins. */
function record(state: CallState, recording: boolean): Step {
  if (recording === !!state.local.recording || (recording && !isKnown(state))) return stay(state);
  const next = { ...state, local: mediaOf({ ...state.local, recording }) };
  return go(next, {}, ...(isKnown(state) ? [sayMedia(next)] : []));
}

const talking: Row = {
  wish,
  record: (state, { on }) => record(state, on),
  hold: (state, { on }) => hold(state, on),
  'hang-up': (state) => partWith(state, 'hung-up'),
  decline: (state) => partWith(state, 'hung-up'),
  leave: (state) => partWith(state, 'left'),
  gathered: (state, { candidates }) => go(state, {}, say('partner', { type: 'candidates', candidates, gen: state.gen })),
  described: (state, { description }) => go(state, {}, sayDescription(state, description)),
  offered: (state, { description, candidates }) => sketch(state, { description, candidates }),
  answered: (state, { description, candidates }) => sketch(state, { description, candidates }),
  captured: (state, event) => {
    return note(warn(tellMedia({ ...state, captured: true, local: sentNow(state, event) }), event.missing), event);
  },
  'capture-failed': (state, event) => {
    const failed = state.captured ? stay(state) : state.cameBack ? offerReturn(state) : partWith(state, captureReason(event));
    return prepend(failed, trouble(event.code));
  },
  microphone: listen,
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
  media: (state, content) => go(state, { remote: mediaOf(content) }),
  cancel: (state, content) => (state.direction === 'incoming' ? hearCancel(state, content) : stay(state)),
  hangup: (state, { reason }) => end(state, endReason(reason, 'hung-up')),
};

/** Both sides are together. */
const arrive = (state: CallState): Step => {
  const early = goOnEarly(state);
  return go(early.state, { phase: 'connected' }, stop('connect'), stop('first-frame'), ...early.effects);
};

/** A side that is heard and sends no picture is all there, and so is one that is reached and sends nothing; else its picture is waited for. */
function waitFor(state: CallState, ...effects: Effect[]): Step {
  const isThere = state.reach === 'sound' ? !state.remote.camera : state.reach === 'path' && !sends(state);
  return isThere ? arrive(state) : go(state, {}, ...effects);
}

/** Whether a call has not begun: one that is over is idle, too, and nothing makes it ring again. */
const isNew = (state: CallState, direction: CallState['direction']): boolean => state.direction === direction && state.reason === null;

const TABLE: Readonly<Record<Phase, Row>> = {
  idle: {
    return: (state, event) => (state.partner !== undefined && state.reason === null ? comeBack(state, event) : stay(state)),
    dial: (state) => (isNew(state, 'outgoing') ? dial(state) : stay(state)),
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
    path: (state, event) =>
      event.state === 'connected'
        ? waitFor({ ...state, reach: state.reach ?? 'path' }, stop('retry'), start('first-frame', FIRST_FRAME_WITHIN))
        : stay(state.reach === 'path' ? { ...state, reach: undefined } : state),
    parted: (state) => lose(state, 'rebuild', true),
    flowing: (state, { kind }) => (kind === 'video' ? arrive(state) : waitFor({ ...state, reach: 'sound' })),
    over: (state, event) => {
      if (event.timer === 'first-frame') return arrive(state);
      // What was prepared is of no use after all.
      if (event.timer === 'retry' && state.early) return rebuildEarly({ ...state, early: undefined });
      return event.timer === 'connect' ? partWith(state, 'connect-timeout') : goOn(state, event);
    },
  },
  connected: {
    ...talking,
    take: giveDevices,
    path: (state, event) => (event.state === 'connected' ? stay(state) : lose(state, event.state === 'failed' ? 'rebuild' : 'restart')),
    quiet: renew,
    proven: renewNow,
    flowing: beRenewed,
    over: (state, event) => {
      if (event.timer === 'direct') return lookForDirect(state);
      return event.timer === 'renew' ? renewMore(state) : goOn(state, event);
    },
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
    parted: (state) => go(state, { mend: { ...state.mend!, by: 'rebuild', stands: false, parted: true, gone: true } }),
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
      if (timer === 'direct') return lookForDirect(state);
      return timer === 'lead' || timer === 'retry' ? rebuildNext(state) : goOn(state, event);
    },
  },
  ended: {
    over: (state, { timer }) => (timer === 'rest' ? go(state, { phase: 'idle' }) : stay(state)),
  },
};

const HEARD: Readonly<Record<Phase, HeardRow>> = {
  idle: {
    invite: (state, { media, name, expires, description, candidates = [], early }, from) =>
      isNew(state, 'incoming')
        ? go(
            state,
            {
              ...{ phase: 'incoming', partner: from, media, name, ringFor: expires, invited: true, offer: { description, candidates } },
              ...(early && { early: { stage: 'may' } }),
            },
            start('ring', expires + RING_GRACE),
          )
        : stay(state),
  },
  calling: placed,
  ringing: placed,
  incoming: calledUp,
  connecting: {
    ...talkedTo,
    media: (state, content) => waitFor({ ...state, remote: mediaOf(content) }),
  },
  connected: talkedTo,
  reconnecting: {
    ...talkedTo,
    // Where the path stands and nothing is sent over it, there is nothing to wait for.
    media: (state, content) => {
      const told = { ...state, remote: mediaOf(content) };
      return told.mend!.stands && !sends(told) ? regain(told) : stay(told);
    },
  },
  ended: {},
};

/** Whether the call has been decided: it has its two devices, or is over. */
export const isDecided = (state: CallState): boolean => isTalking(state.phase) || state.phase === 'ended';
