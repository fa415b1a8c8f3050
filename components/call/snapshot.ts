/** What is shown of a call, and of none. */
import type { Alert, EndReason } from '../../relay/protocol/index.js';
import { NOTHING, NO_NOTICES } from './call-state.js';
import type { CallState } from './call-state.js';
import type { DeviceNotice } from './errors.js';
import { isTalking } from './phases.js';
import type { CallInfo, MediaState, Phase } from './phases.js';

/** What the engine knows of the call that the person sees. */
export interface EngineSnapshot<Stream> {
  readonly state: Phase;
  /** The call of this device; kept through `ended`, null when `idle`. */
  readonly call: CallInfo | null;
  /** Why the call ended; null in every other state. */
  readonly reason: EndReason | null;
  /** How the other side rings, once it does (on the caller's side). */
  readonly alert: Alert | null;
  /** While `reconnecting`: whether the other side's page has gone and is waited for, and not just the path to it. */
  readonly away: boolean;
  /** Whether the page was loaded anew in a call, and the person must click `accept` to be in it again. */
  readonly rejoin: boolean;
  /** What the person should know about microphone, camera and screen, the oldest first. */
  readonly notices: readonly DeviceNotice[];
  /** What this side sends; while its devices are still being opened, what it is about to send. */
  readonly local: MediaState;
  /** What the other side says that it sends. */
  readonly remote: MediaState;
  readonly localStream: Stream | null;
  readonly remoteStream: Stream | null;
  /** The screens that the two sides share; null where none is shared. */
  readonly localScreen: Stream | null;
  readonly remoteScreen: Stream | null;
}

/** What is shown while there is no call. */
export const AT_REST = Object.freeze({
  state: 'idle',
  call: null,
  reason: null,
  alert: null,
  away: false,
  rejoin: false,
  notices: NO_NOTICES,
  local: NOTHING,
  remote: NOTHING,
  localStream: null,
  remoteStream: null,
  localScreen: null,
  remoteScreen: null,
} as const);

/** A call, as far as it is shown. */
interface Shown<Stream> {
  readonly state: CallState;
  readonly info: CallInfo;
  readonly local: MediaState;
  readonly remoteStream: Stream | null;
  readonly remoteScreen: Stream | null;
}

/** What is shown of a call that is on, or has just ended; `media` is what is captured for it. */
export function shownOf<Stream>(
  call: Shown<Stream>,
  media: { readonly stream: Stream | null; readonly screen: Stream | null },
): EngineSnapshot<Stream> {
  const { phase, reason, alert, notices, remote, mend, asking } = call.state;
  const isOver = phase === 'ended';
  // Over a path that is prepared while it rings nothing comes.
  const talks = isTalking(phase);
  return Object.freeze({
    state: phase,
    call: call.info,
    reason,
    alert,
    away: !!mend?.gone && !mend.returning,
    rejoin: asking,
    notices,
    local: Object.freeze(call.local),
    remote: Object.freeze(remote),
    localStream: isOver ? null : media.stream,
    remoteStream: talks ? call.remoteStream : null,
    localScreen: isOver ? null : media.screen,
    remoteScreen: talks ? call.remoteScreen : null,
  });
}
