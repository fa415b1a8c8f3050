/** The callee while it rings: the rows of the state `incoming`. Pure. */
import { deviceOf, endReason } from '../../relay/protocol/index.js';
import type { Alert, ContentOf, MediaKind } from '../../relay/protocol/index.js';
import { ABSENCE_GRACE, CONNECT_WITHIN, NEXT_AFTER, NOTHING, RING_GRACE } from './call-state.js';
import type { CallState, Step } from './call-state.js';
import { ahead, answer, answerEarly, begin, isOpen, ready } from './early.js';
import type { HeardRow, Row } from './rows.js';
import { end, go, mediaOf, named, openFor, prepend, say, start, stay, stop, withMore } from './steps.js';

/** Somebody calls. */
export function beInvited(state: CallState, content: ContentOf<'invite'>, from: string): Step {
  const { media, name, expires, description, candidates = [], early, gen } = content;
  const call = { phase: 'incoming', partner: from, media, name, ringFor: expires, invited: true } as const;
  const offered = { gen, invitedGen: gen, offer: { description, candidates }, early: early ? ({ stage: 'may' } as const) : undefined };
  return go(state, { ...call, ...offered }, start('ring', expires + RING_GRACE));
}

/** The caller's page was loaded anew while it rings here, and brings the offer of another connection. */
function hearAgain(state: CallState, content: ContentOf<'invite'>, from: string): Step {
  if (content.gen <= state.gen) return stay(state);
  if (state.pause) return go(state, { pause: { invite: content } });
  // It stays the call that it is, for as long as it was to ring.
  const { media, name, ringFor } = state;
  const called = { ...beInvited(state, content, from).state, media, name, ringFor, pause: {} };
  // A path is prepared anew where there was one.
  const rung = state.alert ? ring(called, state.alert, isOpen(state)) : stay(called);
  return go(rung.state, {}, start('pause', NEXT_AFTER), ...rung.effects);
}

function take(state: CallState, media: MediaKind): Step {
  const camera = media === 'video' && state.media === 'video';
  const wished = { microphone: true, camera };
  const taken = camera ? 'video' : 'audio';
  const next = ready(state) ? begin(state, taken) : go(state, { early: undefined }, answer(state));
  return go(
    next.state,
    {
      phase: 'connecting',
      alert: null,
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

/** Tells the caller that it rings, and makes an answer ready. */
const ring = (state: CallState, alert: Alert, early?: boolean): Step =>
  answerEarly({ ...state, alert }, say('partner', { type: 'ringing', alert, ...named(state.myName) }), early);

/** What comes of events while it rings here. */
export const beingCalled: Row = {
  rings: (state, { alert, early }) => (state.alert === alert ? stay(state) : ring(state, alert, early)),
  // What was made ready has gone, as if this were a new page; the caller, if he has called off meanwhile, answers that he has.
  return: (state) =>
    state.alert ? prepend(ring({ ...state, early: undefined, local: NOTHING }, state.alert), stop('absence')) : stay(state),
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
    if (timer === 'pause' && state.pause) {
      const rested = { ...state, pause: undefined };
      const { invite } = state.pause;
      return invite ? hearAgain(rested, invite, state.partner!) : go(rested, {});
    }
    return timer === 'absence' ? end(state, 'left') : stay(state);
  },
};

/** A cancel that names this device as the winner confirms the call; any other ends it here. */
export function hearCancel(state: CallState, { reason, winner }: ContentOf<'cancel'>): Step {
  return winner !== undefined && winner === deviceOf(state.me) ? stay(state) : end(state, endReason(reason, 'cancelled'));
}

/** What comes of what the caller says. */
export const calledUp: HeardRow = {
  invite: hearAgain,
  candidates: (state, { candidates, gen }) => {
    const waits = state.pause?.invite;
    if (waits?.gen === gen) return go(state, { pause: { invite: { ...waits, ...withMore({ candidates: [], ...waits }, candidates) } } });
    if (gen !== state.gen) return stay(state);
    return go(
      state,
      { offer: withMore(state.offer!, candidates) },
      ...(isOpen(state) ? [{ type: 'add-candidates', candidates } as const] : []),
    );
  },
  media: (state, content) => go(state, { remote: mediaOf(content) }),
  cancel: hearCancel,
  hangup: (state, { reason }) => end(state, endReason(reason, 'cancelled')),
};
