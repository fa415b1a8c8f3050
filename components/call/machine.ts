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
import type { CallContent } from '../../relay/protocol/index.js';
import { ABSENCE_GRACE, CUT_OFF_GRACE, FIRST_FRAME_WITHIN } from './call-state.js';
import type { CallState, Step } from './call-state.js';
import { beInvited, beingCalled, calledUp } from './callee.js';
import { dial, placed, placing, ringOn } from './caller.js';
import { lookForDirect, rebuildEarly } from './early.js';
import type { CallEvent } from './events.js';
import { hush, tellOfWait } from './notices.js';
import { arrive, talkedTo, talking, tellMedia, waitFor } from './partners.js';
import { isTalking } from './phases.js';
import type { Phase } from './phases.js';
import {
  beRenewed,
  comeBack,
  giveDevices,
  goOn,
  lose,
  mendNow,
  rebuildNext,
  regain,
  renew,
  renewMore,
  renewNow,
  sketch,
} from './recovery.js';
import type { Cell, HeardCell, HeardRow, Row } from './rows.js';
import { callOff, go, mediaOf, named, partWith, say, sends, start, stay, stop } from './steps.js';

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

/** Whether a call has not begun: one that is over is idle, too, and nothing makes it ring again. */
const isNew = (state: CallState, direction: CallState['direction']): boolean => state.direction === direction && state.reason === null;

const TABLE: Readonly<Record<Phase, Row>> = {
  idle: {
    return: (state, event) => {
      if (state.reason !== null || !state.invited) return stay(state);
      return state.partner === undefined ? ringOn(state) : comeBack(state, event);
    },
    'hang-up': (state) => (isNew(state, 'outgoing') && state.invited && !state.partner ? callOff(state, 'cancelled') : stay(state)),
    dial: (state) => (isNew(state, 'outgoing') ? dial(state) : stay(state)),
  },
  calling: {
    ...placing,
    absent: (state, { steady }) => (steady ? callOff(state, 'unreachable', 'cancelled') : go(state, {}, start('absence', ABSENCE_GRACE))),
  },
  ringing: {
    ...placing,
    absent: (state) => go(state, {}, start('absence', ABSENCE_GRACE)),
    // Somebody rings already.
    refused: stay,
  },
  incoming: beingCalled,
  connecting: {
    ...talking,
    answered: (state, { description, candidates }) => {
      if (state.accepted) return sketch(state, { description, candidates });
      const { taken: media = 'audio', myName } = state;
      const accept: CallContent = { type: 'accept', media, ...named(myName), description, candidates, gen: state.gen };
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
    invite: (state, content, from) => (isNew(state, 'incoming') ? beInvited(state, content, from) : stay(state)),
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
