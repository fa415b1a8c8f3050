/** The words for where a call stands. Pure: imports the protocol alone, knows no browser. */
import type { EndReason, MediaKind } from '../../relay/protocol/index.js';

/** Every state of a call, as attributes, events and logs show it. */
export const PHASES = ['idle', 'calling', 'ringing', 'incoming', 'connecting', 'connected', 'reconnecting', 'ended'] as const;
/** The state of the call on this device; `idle` when there is none. */
export type Phase = (typeof PHASES)[number];

/** Whether a call in this phase occupies the device, so that another caller is told `busy`. */
export const isLive = (phase: Phase): phase is Exclude<Phase, 'idle' | 'ended'> => phase !== 'idle' && phase !== 'ended';

/** Whether media may flow in this phase. */
export const isTalking = (phase: Phase): boolean => phase === 'connecting' || phase === 'connected' || phase === 'reconnecting';

/** What one side sends now. */
export interface MediaState {
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /** Whether the camera is on and its picture held back, because the network is too slow for one. */
  readonly paused?: boolean;
  /** Whether this side records the call. */
  readonly recording?: boolean;
}

/** Which devices a person wants to be on. */
export type DeviceWish = Pick<MediaState, 'microphone' | 'camera'>;

/** A call as pages see it. */
export interface CallInfo {
  /** UUID of version 4, the same on both sides. */
  readonly id: string;
  /** The other side's peer ID. */
  readonly peer: string;
  /** The other side's display name, or its peer ID where it gave none. */
  readonly name: string;
  readonly media: MediaKind;
  readonly direction: 'outgoing' | 'incoming';
  /** When both sides were connected, in milliseconds since the epoch; null before. */
  readonly startedAt: number | null;
}

/** Why a call ended, and how long it was connected, in seconds (0 if it never was). */
export interface CallEnd {
  readonly call: CallInfo;
  readonly reason: EndReason;
  readonly duration: number;
}
