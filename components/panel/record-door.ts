/** The way into recording: what the panel, before the recorder is loaded, and the recorder tell each other. */
import type { CallSession, CallSnapshot } from '../call/session.js';

/** What is known of recording on one panel. */
export interface RecordDoor {
  session?: CallSession | undefined;
  /** Whether the call is to be recorded. */
  wanted?: boolean;
  /** Whether a recording of the last call is there, or about to be, so that its end is shown until it is put away. */
  waits?: boolean;
  /** Tells whoever has asked whether it has begun, or ended. */
  answer?: ((done: boolean) => void) | undefined;
  /** Draws the panel anew. */
  changed(): void;
}

/** Whether a recording can begin: this browser writes pictures and sounds that a page makes into a file, and the other side can be told. */
export const canRecord = ({ state, relayStatus }: CallSnapshot): boolean =>
  state === 'connected' && relayStatus === 'online' && 'MediaRecorder' in globalThis && 'captureStream' in HTMLCanvasElement.prototype;

/** Whether the recorder has anything to do: to record, or to offer what a page has left (`recording/storing.ts` notes that there). */
export function needsRecorder({ wanted }: RecordDoor): boolean {
  try {
    return !!(wanted || localStorage.getItem('video-call-recordings'));
  } catch {
    return !!wanted;
  }
}
