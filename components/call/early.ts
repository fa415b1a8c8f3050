/**
 * What happens while it rings to a path that is prepared before anybody has accepted, so that media need not wait for it then.
 * Pure. The first device that answers early gets the connection of the invite; whoever else accepts gets a new one, in the
 * next generation, since a browser can give the answers of two devices to one offer no two connections.
 */
import type { ContentOf, MediaKind } from '../../relay/protocol/index.js';
import { NEXT_AFTER } from './call-state.js';
import type { CallState, Early, Mend, Step } from './call-state.js';
import type { Effect } from './events.js';
import type { Cell } from './rows.js';
import { go, named, say, start, stay, stop } from './steps.js';

// --- The caller ----------------------------------------------------------------------------------------------

/** A device rings, and may bring an answer ahead of its accept: the first one is taken. */
export function hearRinging(
  state: CallState,
  { alert, name = state.name, description, candidates = [], gen = state.gen }: ContentOf<'ringing'>,
  from: string,
): Step {
  const rung = { phase: 'ringing', name, alert: state.alert === 'sound' ? 'sound' : alert } as const;
  const { early } = state;
  if (!description || gen !== state.gen || !early || !state.invited) return go(state, rung, stop('absence'));
  if (early.stage === 'may') {
    const taken: Early = { stage: 'made', device: from };
    return go(state, { ...rung, early: taken }, stop('absence'), { type: 'connect', description, candidates, ahead: true });
  }
  // A device that answers once more was loaded anew: what was prepared was with its last page.
  return go(state, { ...rung, ...(early.device === from && { early: { stage: 'spent' } }) }, stop('absence'));
}

/** Candidates of a device that has not accepted yet. */
export const hearCandidatesEarly = (state: CallState, { candidates, gen }: ContentOf<'candidates'>, from: string): Step =>
  gen === state.gen && state.early?.device === from ? go(state, {}, { type: 'add-candidates', candidates }) : stay(state);

/** What was prepared is of no use, and the connection of the invite with it. */
export const giveUpEarly = (state: CallState): Step =>
  state.early?.stage === 'made' ? go(state, { early: { stage: 'spent' } }) : stay(state);

/** Whether the connection of the invite is for this device, whose accept brings an answer or leaves it at the one before. */
export const isFor = (early: Early | undefined, device: string, answered: boolean): boolean =>
  answered ? early === undefined || early.stage === 'may' : early?.device === device;

/** The connection of the invite cannot be that of the call: the device that has accepted gets an offer of its own. */
export function rebuildEarly(state: CallState): Step {
  const mend: Mend = { by: 'rebuild', stage: 'work', returning: false, offering: true, stands: false, offers: 1, parted: false };
  const next = { gen: state.gen + 1, reach: undefined, pause: {}, mend };
  return go(state, next, { type: 'offer', media: state.media }, start('pause', NEXT_AFTER));
}

// --- The callee ----------------------------------------------------------------------------------------------

/** It rings here: an answer is made ahead of the accept, and told where the caller takes it and this side may. */
export function answerEarly(state: CallState, first: Effect, may = false): Step {
  const { early, offer } = state;
  if (early && early.stage !== 'may') return go(state, {}, first);
  const { description, candidates } = offer!;
  if (may && early) return go(state, { early: { stage: 'making' } }, first, { type: 'prepare', description, candidates });
  return go(state, { early: { stage: 'dry' } }, first, { type: 'make-ready', description });
}

/** How the call is taken that the other side has not been told an answer of yet. */
export function answer({ early, offer }: CallState): Effect {
  const { description, candidates } = offer!;
  return { type: 'answer', description, candidates, ...(early?.stage === 'dry' && { ready: true }) };
}

type Ahead = 'prepared' | 'unprepared' | 'gathered' | 'path' | 'parted';

/** What the connection reports while it rings. */
export const ahead: { readonly [Type in Ahead]: Cell<Type> } = {
  prepared: (state, { description, candidates, narrow }) => {
    const { early, alert, myName } = state;
    if (early?.stage !== 'making') return stay(state);
    const ringing = { type: 'ringing', alert: alert!, ...named(myName), description, candidates, gen: state.gen } as const;
    return go(state, { early: { stage: 'made', narrow } }, say('partner', ringing));
  },
  unprepared: (state) => {
    if (state.early?.stage !== 'making') return stay(state);
    // Without TURN all but the path itself can be made ready.
    return go(state, { early: { stage: 'dry' } }, { type: 'make-ready', description: state.offer!.description });
  },
  gathered: (state, { candidates }) =>
    ready(state) ? go(state, {}, say('partner', { type: 'candidates', candidates, gen: state.gen })) : stay(state),
  path: (state, event) => follow(state, event.state === 'connected' ? 'stands' : 'made'),
  // The caller's page has gone, and the path with it.
  parted: (state) => follow(state, 'made'),
};

const follow = (state: CallState, stage: Early['stage']): Step =>
  ready(state) && state.early!.stage !== stage ? go(state, { early: { ...state.early!, stage } }) : stay(state);

/** Whether the caller has been told this side's answer already. */
export const ready = ({ early }: CallState): boolean => early?.stage === 'made' || early?.stage === 'stands';

/** Whether there is a connection that takes the caller's candidates: also while the answer is made, which knows but those that were there before. */
export const isOpen = (state: CallState): boolean => state.early?.stage === 'making' || ready(state);

/** The call is taken that the other side knows the answer of: it begins at once, and a path that does not stand yet may be a direct one. */
export function begin(state: CallState, media: MediaKind): Step {
  const { early, myName } = state;
  const stands = early!.stage === 'stands';
  const accept = say('partner', { type: 'accept', media, ...named(myName) });
  const next = { accepted: true, early: stands && early!.narrow ? early : undefined };
  return go(state, next, accept, { type: 'begin' }, ...(stands ? [] : [{ type: 'restart-ice' } as const]));
}

/** Seconds after which a call that has begun through TURN looks for a direct path, so that nothing delays its first pictures. */
export const DIRECT_AFTER = 1;

/** Both sides are together: over a path through TURN the call has begun, and looks for a direct one once it runs. */
export const goOnEarly = (state: CallState): Step =>
  go(
    state,
    { early: undefined, mend: undefined },
    stop('retry'),
    ...(state.early?.stage === 'stands' ? [start('direct', DIRECT_AFTER)] : []),
  );

/** It is time for a direct path; once the one through TURN is whole, and unless another connection has taken its place. */
export function lookForDirect(state: CallState): Step {
  if (state.gen > state.invitedGen) return stay(state);
  return state.phase === 'connected' ? go(state, {}, { type: 'restart-ice' }) : go(state, {}, start('direct', DIRECT_AFTER));
}
