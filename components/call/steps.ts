/** The small steps of which the life of a call is made: what changes, what is said, and how it ends. */
import { MAX_CANDIDATES, deviceOf } from '../../relay/protocol/index.js';
import type { Candidate, CallContent, EndReason } from '../../relay/protocol/index.js';
import type { CallErrorCode } from './errors.js';
import type { CallEvent, Effect, TimerName } from './events.js';
import { NO_NOTICES, NOTHING, OPEN_WITHIN, REST } from './call-state.js';
import type { CallState, Sketch, Step } from './call-state.js';
import { isLive } from './phases.js';
import type { DeviceWish, MediaState } from './phases.js';

/** Nothing changes. */
export const stay = (state: CallState): Step => ({ state, effects: [] });
/** Something changes, and something is to be done. */
export const go = (state: CallState, change: Partial<CallState>, ...effects: Effect[]): Step => ({
  state: { ...state, ...change },
  effects,
});
/** Says something to the partner, or to all devices of the peer. */
export const say = (to: 'partner' | 'everyone', content: CallContent): Effect => ({ type: 'say', to, content });
/** Starts a clock, unless it runs. */
export const start = (timer: TimerName, seconds: number): Effect => ({ type: 'start-timer', timer, seconds });
/** Stops a clock, if it runs. */
export const stop = (timer: TimerName): Effect => ({ type: 'stop-timer', timer });
/** What a side says that it sends; what goes with it is named only where it is so. A picture is held back only of a camera that is on. */
export const mediaOf = ({ microphone, camera, screen, paused, recording }: MediaState): MediaState => ({
  microphone,
  camera,
  screen,
  ...(camera && paused && { paused }),
  ...(recording && { recording }),
});
/** What this side sends, now that something else is captured. */
export const sentNow = (
  { local }: CallState,
  { microphone, camera, screen = false }: Extract<CallEvent, { type: 'captured' }>,
): MediaState => mediaOf({ ...local, microphone, camera, screen });
/** The field for a name, where there is one. */
export const named = (name: string | undefined): { name?: string } => (name === undefined ? {} : { name });

/** The end on this side: everything is let go, and the reason is shown for a while. */
export function end(state: CallState, reason: EndReason, ...last: Effect[]): Step {
  const timers = (
    ['ring', 'absence', 'connect', 'first-frame', 'direct', 'recover', 'lead', 'retry', 'renew', 'pause', 'notice', 'devices'] as const
  ).map(stop);
  const change = { phase: 'ended', reason, local: NOTHING, remote: NOTHING } as const;
  const over = {
    offer: undefined,
    early: undefined,
    renewal: undefined,
    mend: undefined,
    pause: undefined,
    asking: false,
    wished: undefined,
    notices: NO_NOTICES,
  } as const;
  return go(state, { ...change, ...over }, ...last, ...timers, { type: 'release' }, { type: 'close' }, start('rest', REST));
}

/** The caller's end before there is a winner: all devices stop ringing. */
export function callOff(state: CallState, reason: EndReason, told: EndReason = reason): Step {
  return state.invited ? end(state, reason, say('everyone', { type: 'cancel', reason: told })) : end(state, reason);
}

/** All devices hear which one has taken the call. */
export const sayWinner = (from: string): Effect =>
  say('everyone', { type: 'cancel', reason: 'answered-elsewhere', winner: deviceOf(from)! });

/** Whether there is a partner who knows of this call, and that this page is in it. */
export const isKnown = ({ accepted, mend }: CallState): boolean => accepted && !mend?.returning;

/** Whether there is something to tell of what this side sends: its devices are open, or are not soon. */
export const isToTell = ({ captured, asking, notices }: CallState): boolean =>
  captured || asking || notices.some(({ what }) => what === 'asked');

/** Tells the partner what this side sends. */
export const sayMedia = ({ local }: CallState): Effect => say('partner', { type: 'media', ...local });

/** Whether the other side says that it sends anything. */
export const sends = ({ remote }: CallState): boolean => remote.microphone || (remote.camera && !remote.paused) || remote.screen;

/** The end of a call that has two sides. */
export const partWith = (state: CallState, reason: EndReason): Step =>
  end(state, reason, ...announce(state), say('partner', { type: 'hangup', reason }));

/** A page that was loaded anew says so before all else: the other side would wait for what the last page may have said. */
export const announce = ({ mend }: CallState): Effect[] => (mend?.returning ? [say('partner', { type: 'resume' })] : []);

/** Opens the devices that are wished for; a microphone that is not is opened without sound. */
export const openFor = ({ microphone, camera }: DeviceWish): Effect[] => [
  { type: 'capture', microphone: true, camera, muted: !microphone },
  stop('devices'),
  start('devices', OPEN_WITHIN),
];

/** The person wants a device to be on or off that is still being opened. */
export const wish = (state: CallState, { microphone, camera }: Extract<CallEvent, { type: 'wish' }>): Step =>
  isOpening(state)
    ? go(state, { wished: { microphone: microphone ?? state.wished!.microphone, camera: camera ?? state.wished!.camera } })
    : stay(state);

/** Whether devices have been asked for, and are not there yet. */
export const isOpening = ({ phase, captured, asking, wished }: CallState): boolean => isLive(phase) && !captured && !asking && !!wished;

/** Tells the person that devices could not be opened. */
export const trouble = (code: CallErrorCode): Effect => ({ type: 'trouble', code, detail: 'Microphone or camera could not be opened.' });

/** The end reason for a capture that gave nothing. */
export const captureReason = (event: Extract<CallEvent, { type: 'capture-failed' }>): EndReason =>
  event.code === 'media-denied' ? 'media-denied' : 'media-unavailable';

/** The candidates of one generation, within the bound of the protocol. */
export const withMore = <Of extends Sketch>(sketch: Of, candidates: readonly Candidate[]): Of => ({
  ...sketch,
  candidates: [...sketch.candidates, ...candidates].slice(0, MAX_CANDIDATES),
});

/** Tells the person, with a step, what could not be opened, if anything. */
export const warn = (step: Step, missing: CallErrorCode | undefined): Step => (missing ? prepend(step, trouble(missing)) : step);

/** Does something before all else that a step asks for. */
export const prepend = ({ state, effects }: Step, first: Effect): Step => ({ state, effects: [first, ...effects] });
