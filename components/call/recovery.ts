/** What happens when the media path of a call breaks, or a page is loaded anew: who leads, by what, and for how long. */
import type { ContentOf, Description } from '../../relay/protocol/index.js';
import {
  ANSWER_WITHIN,
  CONNECT_WITHIN,
  LEAD_AFTER,
  NEXT_AFTER,
  NO_NOTICES,
  REBUILD_WITHIN,
  RECOVER_WITHIN,
  RENEW_AFTER,
  RESTART_WITHIN,
  SLOW_AFTER,
} from './call-state.js';
import type { CallState, Mend, Pause, Sketch, Step } from './call-state.js';
import type { CallEvent, Effect } from './events.js';
import { announce, go, isToTell, openFor, say, sayWinner, sends, start, stay, stop } from './steps.js';

/** A description of the present generation, for the other side. */
export const sayDescription = ({ gen }: CallState, description: Description): Effect =>
  say('partner', { type: 'description', description, gen });

/** Our side of a new generation, for the other side. */
export function sketch(state: CallState, { description, candidates }: Sketch): Step {
  const { gen, mend, local } = state;
  const more = candidates.length > 0 ? [say('partner', { type: 'candidates', candidates, gen })] : [];
  if (!mend?.returning) return go(state, {}, sayDescription(state, description), ...more);
  const back =
    description.type === 'offer'
      ? [say('partner', { type: 'resume', description, gen })]
      : [...announce(state), sayDescription(state, description)];
  // A page that must wait for a click sends nothing until then, and the other side shall not wait for it.
  const media = isToTell(state) ? [say('partner', { type: 'media', ...local })] : [];
  return go(state, { mend: { ...mend, returning: false } }, ...back, ...more, ...media);
}

/** The path has gone quiet: a new one is looked for, and the person sees nothing of it. */
export const renew = (state: CallState): Step =>
  sends(state) && !state.renewal ? go(state, { renewal: 'prove' }, { type: 'prove-link' }) : stay(state);

/** The link carries: the new path can be looked for, by the caller, and by the callee if that one does not. */
export function renewNow(state: CallState): Step {
  if (state.renewal !== 'prove') return stay(state);
  return state.direction === 'outgoing' ? renewHere(state) : go(state, { renewal: 'wait' }, start('renew', RENEW_AFTER));
}

/** Looks for a new path. */
const renewHere = (state: CallState): Step => renewing(state, { type: 'restart-ice' });

/** A new path is being looked for, by this side or the other, and has its time. */
const renewing = (state: CallState, effect: Effect): Step =>
  go(state, { renewal: 'work' }, effect, stop('renew'), start('renew', REBUILD_WITHIN));

/** The callee has left it to the caller for long enough; or what was looked for has not been found. */
export function renewMore(state: CallState): Step {
  if (state.renewal === 'wait') return renewHere(state);
  if (state.renewal !== 'work') return stay(state);
  return sends(state) ? lose(state, 'rebuild') : go(state, { renewal: undefined });
}

/** Packets arrive again. */
export const beRenewed = (state: CallState): Step => (state.renewal ? go(state, { renewal: undefined }, stop('renew')) : stay(state));

/** The path broke: the last picture stays. The caller leads, and the callee where it hears nothing of him. */
export function lose(state: CallState, by: Mend['by'], parted = false): Step {
  const leads = state.direction === 'outgoing' && !parted;
  // The ICE restart that began when the path went quiet is given its time.
  const begun = leads && by === 'restart' && state.renewal === 'work';
  const stage = begun ? 'work' : leads ? 'prove' : 'wait';
  const mend: Mend = { by, stage, returning: false, offering: false, stands: false, offers: 0, parted, gone: parted };
  return go(
    state,
    { phase: 'reconnecting', mend, renewal: undefined },
    stop('connect'),
    stop('first-frame'),
    stop('renew'),
    start('recover', RECOVER_WITHIN),
    // Signalling first, media second: whoever leads needs the link, and whoever follows must be reachable.
    { type: 'prove-link' },
    ...(leads ? [] : [start('lead', LEAD_AFTER)]),
    ...(begun ? [start('retry', REBUILD_WITHIN)] : []),
  );
}

/** What is being done has not helped, or nobody has done anything: a new connection, led by this side. */
export const rebuildNext = (state: CallState): Step =>
  go(state, { mend: { ...state.mend!, by: 'rebuild', stage: 'prove' } }, stop('lead'), stop('retry'), { type: 'prove-link' });

/** The link carries: now the media can be mended. */
export function mendNow(state: CallState): Step {
  const mend = state.mend!;
  if (mend.stage !== 'prove') return stay(state);
  if (mend.by === 'restart') {
    return go(state, { mend: { ...mend, stage: 'work' } }, { type: 'restart-ice' }, start('retry', RESTART_WITHIN));
  }
  if (state.pause) return stay(state);
  const offered = { ...mend, stage: 'work', offering: true, offers: mend.offers + 1, stands: false } as const;
  const next = { gen: state.gen + 1, reach: undefined, pause: {}, mend: offered };
  return go(state, next, { type: 'offer', media: state.media }, start('retry', ANSWER_WITHIN), start('pause', NEXT_AFTER));
}

/**
 * This page was loaded anew: it makes the new connection at once, and opens its devices now or, where the person must be
 * asked, when he clicks; until then the other side is seen and heard already.
 */
export function comeBack(state: CallState, { ask, early }: Extract<CallEvent, { type: 'return' }>): Step {
  const mend: Mend = {
    by: 'rebuild',
    stage: 'prove',
    returning: true,
    offering: false,
    stands: false,
    offers: 0,
    parted: false,
    gone: false,
  };
  const next = { phase: 'reconnecting', mend, asking: ask } as const;
  // Devices that have not heard the last page say so ring on.
  const verdict = early && state.direction === 'outgoing' ? [sayWinner(state.partner!)] : [];
  return go(state, next, ...verdict, start('recover', RECOVER_WITHIN), ...(ask ? [] : openFor(state.wished!)), { type: 'prove-link' });
}

/** The person has clicked, and so allowed it. */
export const giveDevices = (state: CallState): Step =>
  state.asking ? go(state, { asking: false }, ...openFor(state.wished!)) : stay(state);

/** Microphone and camera of a page that was loaded anew cannot be had now: the person may try again, and sees and hears. */
export function offerReturn(state: CallState): Step {
  const told = state.mend?.returning ? [] : [say('partner', { type: 'media', ...state.local })];
  return go(state, { asking: true, notices: NO_NOTICES }, ...told);
}

/** The other side's page was loaded anew. It brings an offer of the next generation, or waits for a click. */
export function hearReturn(state: CallState, { description, gen }: ContentOf<'resume'>): Step {
  if (description && gen !== undefined && gen > state.gen) return followInto(state, { description, candidates: [], gen }, true);
  const lost = state.phase === 'reconnecting' ? stay(state) : lose(state, 'rebuild', true);
  const mend = { ...lost.state.mend!, by: 'rebuild', stage: 'wait', stands: false, parted: true, gone: true } as const;
  const back = go(lost.state, { mend }, ...lost.effects, stop('retry'), stop('absence'), stop('lead'));
  // What it brings is older than what we have: we lead from there.
  return description ? go(back.state, { mend: { ...mend, stage: 'prove' } }, ...back.effects, { type: 'prove-link' }) : back;
}

/** The path is there again, and media with it. */
export const regain = (state: CallState): Step =>
  go(state, { phase: 'connected', mend: undefined }, stop('recover'), stop('lead'), stop('retry'), stop('absence'));

/** A description of the present generation renegotiates it, one of a later generation replaces it. */
export function hearDescription(state: CallState, { description, gen }: ContentOf<'description'>): Step {
  const { mend } = state;
  if (gen < state.gen) return stay(state);
  if (gen === state.gen && !mend?.offering) {
    // The other side is at work on the path that there is: this one waits for what comes of it.
    const led = mend?.stage === 'wait' && description.type === 'offer';
    const describe: Effect = { type: 'describe', description };
    if (state.renewal && description.type === 'offer') return renewing(state, describe);
    return go(state, {}, describe, ...(led ? [stop('lead'), start('lead', LEAD_AFTER + RESTART_WITHIN)] : []));
  }
  if (description.type === 'answer') {
    if (gen > state.gen) return stay(state);
    const patience = mend!.offers > SLOW_AFTER ? 2 * REBUILD_WITHIN : REBUILD_WITHIN;
    const answered = { mend: { ...mend!, offering: false, parted: false } };
    return go(state, answered, { type: 'connect', description, candidates: [] }, stop('retry'), start('retry', patience));
  }
  // Both sides made a new connection at once: the caller's goes on.
  if (gen === state.gen && state.direction === 'outgoing') return stay(state);
  return followInto(state, { description, candidates: [], gen });
}

/** The other side leads into a new generation: at once, unless one has just begun. */
function followInto(state: CallState, next: Required<Pause>['next'], gone = false): Step {
  if (state.pause) return (state.pause.next?.gen ?? 0) > next.gen ? stay(state) : go(state, { pause: { next } });
  const { gen, description, candidates } = next;
  const lost = state.phase === 'connected' ? lose(state, 'rebuild') : stay(state);
  const led = { by: 'rebuild', stage: 'wait', offering: false, stands: false, parted: false } as const;
  const mend = lost.state.mend && { ...lost.state.mend, ...led, gone: gone || lost.state.mend.gone };
  return go(
    lost.state,
    { gen, reach: undefined, mend, pause: {} },
    ...lost.effects,
    stop('retry'),
    stop('absence'),
    stop('lead'),
    start('lead', LEAD_AFTER + ANSWER_WITHIN),
    start('pause', NEXT_AFTER),
    // Whoever had accepted over another connection has his time from now on.
    ...(state.phase === 'connecting' && state.gen === state.invitedGen ? [stop('connect'), start('connect', CONNECT_WITHIN)] : []),
    { type: 'answer', description, candidates },
  );
}

/** Some time has passed since a generation began: what was to come next may come. */
export function goOn(state: CallState, { timer }: Extract<CallEvent, { type: 'over' }>): Step {
  if (timer !== 'pause' || !state.pause) return stay(state);
  const rested = { ...state, pause: undefined };
  const { next } = state.pause;
  if (next && (next.gen > state.gen || state.mend?.offering)) return followInto(rested, next);
  return state.mend?.stage === 'prove' ? go(rested, {}, { type: 'prove-link' }) : go(rested, {});
}
