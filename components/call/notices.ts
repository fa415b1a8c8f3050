/** What the person is told about microphone, camera and screen while a call goes on, and for how long. Pure. */
import type { CallState, Step } from './call-state.js';
import type { DeviceNotice } from './errors.js';
import type { CallEvent } from './events.js';
import { go, isKnown, isOpening, sayMedia, start, stay, stop } from './steps.js';

/** Seconds for which a notice stays that does not ask for anything. */
export const NOTICE_FOR = 8;

/** Whether what was said of a silent microphone still counts: capture says what becomes of devices, not what they deliver. */
const isUnheard = ({ what }: DeviceNotice, microphone: boolean): boolean => what === 'silent' && microphone;

/** A person without a picture sees so; one who is not heard does not know it. */
const isPassing = ({ device, what }: DeviceNotice): boolean => device !== 'microphone' || what === 'changed';

/** Shows, with a step, what capture has noticed; what is no longer so is taken back. */
export function note(
  { state, effects }: Step,
  { microphone, camera, screen, notices = [] }: Extract<CallEvent, { type: 'captured' }>,
): Step {
  const stays = (old: DeviceNotice): boolean =>
    (isPassing(old) || isUnheard(old, microphone)) &&
    !(old.device === 'camera' && old.what !== 'changed' && camera) &&
    !(old.device === 'screen' && screen) &&
    notices.every(({ device }) => device !== old.device);
  const kept = state.notices.filter(stays);
  if (kept.length + notices.length + state.notices.length === 0) return { state, effects };
  const clock = notices.some(isPassing) ? [stop('notice'), start('notice', NOTICE_FOR)] : [];
  return go(state, { notices: [...kept, ...notices] }, ...effects, ...clock);
}

/** The microphone, which is on, has not made a sound for a while, or makes one again. */
export function listen(state: CallState, { sounds }: Extract<CallEvent, { type: 'microphone' }>): Step {
  const silent = state.notices.some(({ what }) => what === 'silent');
  if (sounds) return silent ? go(state, { notices: state.notices.filter(({ what }) => what !== 'silent') }) : stay(state);
  if (silent || !state.local.microphone) return stay(state);
  return go(state, { notices: [...state.notices, { device: 'microphone', what: 'silent' }] });
}

/** The devices are not open yet: the browser may be asking, which a person can overlook, and the other side shall not wait for them. */
export const tellOfWait = (state: CallState): Step =>
  isOpening(state)
    ? go(state, { notices: [...state.notices, { device: 'microphone', what: 'asked' }] }, ...(isKnown(state) ? [sayMedia(state)] : []))
    : stay(state);

/** What asks for nothing has been shown for long enough. */
export const hush = (state: CallState): Step =>
  state.notices.some(isPassing) ? go(state, { notices: state.notices.filter((notice) => !isPassing(notice)) }) : stay(state);
