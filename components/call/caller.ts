/** The caller, before there is a winner: the rows of the states `calling` and `ringing`. Pure. */
import { endReason } from '../../relay/protocol/index.js';
import type { CallContent, ContentOf, MediaKind } from '../../relay/protocol/index.js';
import { CONNECT_WITHIN, EARLY_WITHIN } from './call-state.js';
import type { CallState, Step } from './call-state.js';
import { giveUpEarly, hearCandidatesEarly, hearRinging, isFor, rebuildEarly } from './early.js';
import { note } from './notices.js';
import type { HeardRow, Row } from './rows.js';
import {
  callOff,
  captureReason,
  go,
  isToTell,
  named,
  openFor,
  prepend,
  say,
  sayMedia,
  sayWinner,
  sentNow,
  start,
  stay,
  stop,
  trouble,
  warn,
  wish,
} from './steps.js';

/** The person calls: an offer is made, and the devices are opened. */
export function dial(state: CallState): Step {
  const wished = { microphone: true, camera: state.media === 'video' };
  return go(state, { phase: 'calling', wished }, { type: 'offer', media: state.media }, ...openFor(wished));
}

/** The last page called, and it rings there: it rings on, for a connection of the next generation. */
export function ringOn(state: CallState): Step {
  const phase = state.alert ? 'ringing' : 'calling';
  return go(state, { phase }, { type: 'offer', media: state.media }, ...openFor(state.wished!), start('ring', state.ringFor));
}

/**
 * The invite leaves when there is an offer and something to send: a call that cannot be made never rings. One that rings already
 * waits for the offer alone.
 */
function inviteWhenReady(state: CallState): Step {
  if (!state.offer || !(state.captured || state.invited)) return stay(state);
  const { media, myName, ringFor, offer, early } = state;
  const invite: CallContent = {
    type: 'invite',
    media,
    ...named(myName),
    expires: ringFor,
    ...offer,
    gen: state.gen,
    ...(early && { early: true }),
  };
  return go(state, { invited: true, offer: undefined }, say('everyone', invite), start('ring', ringFor));
}

function takeAnswer(state: CallState, accept: ContentOf<'accept'>, from: string): Step {
  const { description, candidates = [], media, name = state.name, gen = state.gen } = accept;
  const { early } = state;
  if (!description && !early && state.gen === 0) return stay(state);
  // What was answered may be the offer of this device's last page.
  const isOurs = gen === state.gen && isFor(early, from, !!description);
  return together({ ...state, name }, from, media, (taken) => {
    if (!isOurs) return rebuildEarly(taken);
    if (description) return go(taken, {}, { type: 'connect', description, candidates });
    return go({ ...taken, early }, {}, { type: 'begin' }, start('retry', EARLY_WITHIN));
  });
}

/** A device has taken the call; what becomes of the connection comes between what it is told and what follows. */
function together(state: CallState, from: string, media: MediaKind, connect: (taken: CallState) => Step): Step {
  const next = connect({ ...state, early: undefined, offer: undefined });
  const remote = { microphone: true, camera: media === 'video' && state.media === 'video', screen: false };
  return go(
    next.state,
    { phase: 'connecting', partner: from, remote, accepted: true },
    // To all first and to the winner then, so that no other device misses a number.
    sayWinner(from),
    say('partner', { type: 'confirm' }),
    ...(isToTell(state) ? [sayMedia(state)] : []),
    ...next.effects,
    stop('ring'),
    stop('absence'),
    start('connect', CONNECT_WITHIN),
  );
}

/** What comes of events while it is dialled, and while it rings there. */
export const placing: Row = {
  wish,
  'hang-up': (state) => callOff(state, 'cancelled'),
  leave: (state) => callOff(state, 'cancelled'),
  withdraw: (state) => callOff(state, 'answered-elsewhere'),
  offered: (state, { description, candidates }) => {
    const held = state.offer?.candidates ?? [];
    return inviteWhenReady({ ...state, offer: { description, candidates: [...candidates, ...held] } });
  },
  gathered: (state, { candidates }) => {
    if (state.offer) return go(state, { offer: { ...state.offer, candidates: [...state.offer.candidates, ...candidates] } });
    return state.invited ? go(state, {}, say('everyone', { type: 'candidates', candidates, gen: state.gen })) : stay(state);
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

/** What comes of what the devices of the callee say. */
export const placed: HeardRow = {
  ringing: hearRinging,
  candidates: hearCandidatesEarly,
  accept: takeAnswer,
  // A device took the call, and its page was loaded anew before its accept was heard here.
  resume: (state, _, from) => (state.invited ? together(state, from, state.media, rebuildEarly) : stay(state)),
  decline: (state, { reason }) => callOff(state, endReason(reason, 'declined'), 'declined-elsewhere'),
  // A device took the call and had to give it up before its accept was said.
  hangup: (state, { reason }) => callOff(state, endReason(reason, 'hung-up'), 'answered-elsewhere'),
};
