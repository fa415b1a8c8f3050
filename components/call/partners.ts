/** Both sides, once somebody has accepted: what the rows of `connecting`, `connected` and `reconnecting` have in common. Pure. */
import { endReason } from '../../relay/protocol/index.js';
import type { CallState, Step } from './call-state.js';
import { hearCancel } from './callee.js';
import { goOnEarly } from './early.js';
import type { Effect } from './events.js';
import { listen, note } from './notices.js';
import { goOn, hearDescription, hearReturn, offerReturn, sayDescription, sketch } from './recovery.js';
import type { HeardRow, Row } from './rows.js';
import {
  captureReason,
  end,
  go,
  isKnown,
  isToTell,
  mediaOf,
  partWith,
  prepend,
  say,
  sayMedia,
  sends,
  sentNow,
  stay,
  stop,
  trouble,
  warn,
  wish,
  withMore,
} from './steps.js';

/** Says what this side sends, once the other side knows that it is talked to. */
export function tellMedia(state: CallState, ...first: Effect[]): Step {
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

/** What comes of events. */
export const talking: Row = {
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

/** What comes of what the other side says. */
export const talkedTo: HeardRow = {
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
export const arrive = (state: CallState): Step => {
  const early = goOnEarly(state);
  return go(early.state, { phase: 'connected' }, stop('connect'), stop('first-frame'), ...early.effects);
};

/** A side that is heard and sends no picture is all there, and so is one that is reached and sends nothing; else its picture is waited for. */
export function waitFor(state: CallState, ...effects: Effect[]): Step {
  const isThere = state.reach === 'sound' ? !state.remote.camera : state.reach === 'path' && !sends(state);
  return isThere ? arrive(state) : go(state, {}, ...effects);
}
