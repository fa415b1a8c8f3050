/**
 * The DOM events of the elements: plain `Event` subclasses whose fields need no `detail`. All of them bubble
 * and cross shadow roots, so a page may listen on the element, on any ancestor, or on `document`.
 */
import type { EndReason, MediaKind, Presence } from '../relay/protocol/index.js';
import type { CallInfo, Phase } from './call/phases.js';
import type { RelayStatus } from './call/session.js';
import type { CallErrorEvent } from './error-event.js';
import type { HistoryChangeEvent } from './history/change-event.js';
import type { CallMessageEvent } from './message-event.js';
import type { CallQualityEvent } from './quality-event.js';
import type { CallRecordingEvent } from './recording-event.js';

export { CallErrorEvent } from './error-event.js';

const CARRIED = { bubbles: true, composed: true };
const VETOABLE = { ...CARRIED, cancelable: true };

/** `call-request`: somebody asked for a call. `preventDefault()` vetoes it before anything is dialled. */
export class CallRequestEvent extends Event {
  constructor(
    /** The peer ID to be called. */
    readonly peer: string,
    /** What kind of call it is to be. */
    readonly media: MediaKind,
  ) {
    super('call-request', VETOABLE);
  }
}

/** `call-incoming`: a call comes in. `preventDefault()` leaves showing and answering it to the page. */
export class CallIncomingEvent extends Event {
  constructor(
    /** Who calls, and how. */
    readonly call: CallInfo,
    /** Takes the call; `{ media: 'audio' }` takes a video call without a camera. */
    readonly accept: (options?: { media?: MediaKind } | null) => void,
    /** Refuses the call, on all devices of this person. */
    readonly decline: () => void,
  ) {
    super('call-incoming', VETOABLE);
  }
}

/** `call-state`: the call moved on; fired at every change. */
export class CallStateEvent extends Event {
  constructor(
    /** Where the call stands now. */
    readonly state: Phase,
    /** Where it stood before. */
    readonly previous: Phase,
    /** Why the call ended; null unless `state` is `ended`. */
    readonly reason: EndReason | null,
    /** The call; null where there is none. */
    readonly call: CallInfo | null,
  ) {
    super('call-state', CARRIED);
  }
}

/** `call-connected`: the other side can be seen, or in a voice call heard, or is there and sends nothing yet, for the first time. */
export class CallConnectedEvent extends Event {
  constructor(
    /** The call, with the time of its start. */
    readonly call: CallInfo,
  ) {
    super('call-connected', CARRIED);
  }
}

/** `call-ended`: fired once per call, however it ended. */
export class CallEndedEvent extends Event {
  constructor(
    /** The call that was. */
    readonly call: CallInfo,
    /** Why it ended. */
    readonly reason: EndReason,
    /** How long both sides were connected, in seconds; 0 if they never were. */
    readonly duration: number,
  ) {
    super('call-ended', CARRIED);
  }
}

/** `relay-status`: the relay can be reached, or no longer. */
export class RelayStatusEvent extends Event {
  constructor(
    /** Whether it can be reached now. */
    readonly status: RelayStatus,
  ) {
    super('relay-status', CARRIED);
  }
}

/** `presence-change`: the peer of a button came, went, or is in a call. */
export class PresenceChangeEvent extends Event {
  constructor(
    /** The peer ID of whoever came or went. */
    readonly peer: string,
    /** Whether that person is there now. */
    readonly presence: Presence | 'unknown',
  ) {
    super('presence-change', CARRIED);
  }
}

/** Every event of the elements by its name. */
export interface CallEventMap {
  'call-request': CallRequestEvent;
  'call-incoming': CallIncomingEvent;
  'call-state': CallStateEvent;
  'call-connected': CallConnectedEvent;
  'call-ended': CallEndedEvent;
  'call-error': CallErrorEvent;
  'call-message': CallMessageEvent;
  'call-quality': CallQualityEvent;
  'call-recording': CallRecordingEvent;
  'relay-status': RelayStatusEvent;
  'presence-change': PresenceChangeEvent;
  'history-change': HistoryChangeEvent;
}

declare global {
  // What elements, `document` and `window` have in common.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface GlobalEventHandlersEventMap extends CallEventMap {}
}
