/**
 * What can happen to a call, and what it may ask for: the two vocabularies of the machine, as plain data.
 * Pure: imports the protocol alone.
 */
import type { Alert, CallContent, Candidate, Description, MediaKind } from '../../relay/protocol/index.js';
import type { CallErrorCode, DeviceNotice } from './errors.js';
import type { DeviceWish } from './phases.js';

/** From the person, or from the page in the person's name. */
export type UserEvent =
  | { readonly type: 'dial' }
  /** The incoming call is on show; `early` if a path may be prepared that leads through no address of this device. */
  | { readonly type: 'rings'; readonly alert: Alert; readonly early?: boolean | undefined }
  | { readonly type: 'take'; readonly media: MediaKind }
  | { readonly type: 'decline' }
  /** A device that is still being opened is to be on or off. */
  | ({ readonly type: 'wish' } & Partial<DeviceWish>)
  /** The call is recorded on this device, or no longer. */
  | { readonly type: 'record'; readonly on: boolean }
  | { readonly type: 'hang-up' }
  /** The page is going away. */
  | { readonly type: 'leave' };

/** From the engine, which sees more than one call. */
export type EngineEvent =
  /** An invite that comes while another call is on. */
  | { readonly type: 'engaged' }
  /** Both sides invited each other and this call is the one that yields. */
  | { readonly type: 'withdraw' }
  /**
   * The page is there again, loaded anew in the middle of the call or put aside while it rang; `ask` if the person must first allow
   * microphone and camera, `early` if both sides were not connected yet.
   */
  | { readonly type: 'return'; readonly ask: boolean; readonly early?: boolean }
  /** The picture of the camera is held back for a while, or is sent again. */
  | { readonly type: 'hold'; readonly on: boolean }
  /** The link to the relay has just been shown to carry. */
  | { readonly type: 'proven' };

/** From a device of the other side, in the order it was said. */
export interface HeardEvent {
  readonly type: 'heard';
  /** The full address of that device. */
  readonly from: string;
  readonly content: CallContent;
}

/** From the relay. */
export type RelayEvent =
  /** Nobody of the other side is there; `steady` if this can be relied on at once. */
  | { readonly type: 'absent'; readonly steady: boolean }
  | { readonly type: 'present' }
  /** The relay did not let the invite pass. */
  | { readonly type: 'refused'; readonly code: CallErrorCode; readonly detail: string };

/** From capture. */
export type MediaEvent =
  /** What is captured now, after a request or because a device came or went. */
  | {
      readonly type: 'captured';
      readonly microphone: boolean;
      readonly camera: boolean;
      readonly screen?: boolean;
      /** Why something that was asked for is missing. */
      readonly missing?: CallErrorCode;
      /** What the person should know: what is so, at every time that it is told, and what has just happened, once. */
      readonly notices?: readonly DeviceNotice[];
    }
  /** Nothing that was asked for could be had. */
  | { readonly type: 'capture-failed'; readonly code: CallErrorCode };

/** From the peer connection. */
export type PeerEvent =
  | { readonly type: 'offered'; readonly description: Description; readonly candidates: readonly Candidate[] }
  | { readonly type: 'answered'; readonly description: Description; readonly candidates: readonly Candidate[] }
  /** The answer of a path that is prepared while it rings; `narrow` where it leads through TURN alone. */
  | { readonly type: 'prepared'; readonly description: Description; readonly candidates: readonly Candidate[]; readonly narrow: boolean }
  /** No path can be prepared, or the one that was is of no use. */
  | { readonly type: 'unprepared' }
  /** A renegotiation's description for the other side. */
  | { readonly type: 'described'; readonly description: Description }
  | { readonly type: 'gathered'; readonly candidates: readonly Candidate[] }
  /** The first sound or the first picture of the other side has arrived. */
  | { readonly type: 'flowing'; readonly kind: MediaKind }
  | { readonly type: 'path'; readonly state: 'connected' | 'disconnected' | 'failed' }
  /** The path stands, and yet nothing has arrived for a moment. */
  | { readonly type: 'quiet' }
  /** The path stands, and yet nothing has arrived for a while. */
  | { readonly type: 'silent' }
  /** The microphone is on, and has made no sound for a while, or makes one. */
  | { readonly type: 'microphone'; readonly sounds: boolean }
  /** The other side closed its end of the connection: its page is going, or loading again. */
  | { readonly type: 'parted' }
  /** The browser refused what the other side described. */
  | { readonly type: 'broken'; readonly detail: string };

/** The names of a call's clocks. */
export type TimerName =
  | 'ring'
  | 'absence'
  | 'connect'
  | 'first-frame'
  | 'direct'
  | 'recover'
  | 'lead'
  | 'retry'
  | 'renew'
  | 'pause'
  | 'notice'
  | 'devices'
  | 'rest';

/** From the clock. */
export interface ClockEvent {
  readonly type: 'over';
  readonly timer: TimerName;
}

/** Everything that can happen to a call. */
export type CallEvent = UserEvent | EngineEvent | HeardEvent | RelayEvent | MediaEvent | PeerEvent | ClockEvent;

/** What a call asks the engine to do. */
export type Effect =
  /** Say something to the partner's device, or to all devices of the peer. */
  | { readonly type: 'say'; readonly to: 'partner' | 'everyone'; readonly content: CallContent }
  /** Open microphone and camera; answered by `captured` or `capture-failed`. */
  | { readonly type: 'capture'; readonly microphone: boolean; readonly camera: boolean; readonly muted?: boolean }
  /** Let microphone and camera go. */
  | { readonly type: 'release' }
  /** Make a peer connection, in the place of one that may be there, and its offer; answered by `offered`. */
  | { readonly type: 'offer'; readonly media: MediaKind }
  /** Make a peer connection, in the place of one that may be there unless it is `ready`, for an offer; answered by `answered`. */
  | { readonly type: 'answer'; readonly description: Description; readonly candidates: readonly Candidate[]; readonly ready?: true }
  /** Make a peer connection for an offer that is not accepted yet, and send nothing over it; answered by `prepared` or `unprepared`. */
  | { readonly type: 'prepare'; readonly description: Description; readonly candidates: readonly Candidate[] }
  /** Make one ready that is to hear of the other side's candidates, and to be told of, by `answer` alone. */
  | { readonly type: 'make-ready'; readonly description: Description }
  /** Apply the answer to our offer; `ahead` of the accept, so that nothing is sent yet. */
  | { readonly type: 'connect'; readonly description: Description; readonly candidates: readonly Candidate[]; readonly ahead?: true }
  /** Send over the path that was prepared. */
  | { readonly type: 'begin' }
  /** Find out whether the link to the relay carries, and replace it if not; answered by `proven`. */
  | { readonly type: 'prove-link' }
  /** Apply a description of a renegotiation. */
  | { readonly type: 'describe'; readonly description: Description }
  | { readonly type: 'add-candidates'; readonly candidates: readonly Candidate[] }
  /** Look for a new path with fresh ICE credentials (RFC 8445, ICE restart). */
  | { readonly type: 'restart-ice' }
  /** Close the peer connection once what was said has arrived. */
  | { readonly type: 'close' }
  /** Does nothing where that clock already runs. */
  | { readonly type: 'start-timer'; readonly timer: TimerName; readonly seconds: number }
  | { readonly type: 'stop-timer'; readonly timer: TimerName }
  /** Tell the person about a trouble. */
  | { readonly type: 'trouble'; readonly code: CallErrorCode; readonly detail: string };
