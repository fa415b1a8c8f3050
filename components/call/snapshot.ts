/** What is shown of a call, and of none. */
import type { Alert } from '../../relay/protocol/index.js';
import { NOTHING, NO_NOTICES } from './call-state.js';
import type { CallState } from './call-state.js';
import type { DeviceNotice } from './errors.js';
import type { CallInfo, MediaState, Phase } from './phases.js';

/** What the engine knows of the call that the person sees. */
export interface EngineSnapshot<Stream> {
  readonly state: Phase;
  readonly call: CallInfo | null;
  readonly reason: CallState['reason'];
  readonly alert: Alert | null;
  /** Whether the other side's page has gone and is waited for. */
  readonly away: boolean;
  /** Whether the page was loaded anew and the person must click to be in the call again. */
  readonly rejoin: boolean;
  /** What the person should know about microphone and camera. */
  readonly notices: readonly DeviceNotice[];
  readonly local: MediaState;
  readonly remote: MediaState;
  readonly localStream: Stream | null;
  readonly remoteStream: Stream | null;
  /** The screens that the two sides share. */
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
