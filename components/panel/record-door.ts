/** The way into recording: whether a person wants it, and whether something that was recorded waits for its person. */
import type { CallSession } from '../call/session.js';

/** Under this key the recorder notes that this device may have recordings (`recording/storing.ts`). */
const LEFT = 'video-call-recordings';

/** The door to the recorder of whichever call there is. */
export class RecordDoor {
  readonly #changed: () => void;
  #answer?: (on: boolean) => void;
  session: CallSession | undefined;
  /** Whether the call is to be recorded. */
  wanted = false;
  /** Whether a recording of the last call is there, or about to be, so that its end is shown until it is put away. */
  waits = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Asks the recorder, once it is loaded, to begin or to end. Answers whether it has. */
  async ask(on: boolean, sensible: boolean): Promise<boolean> {
    if (!sensible || on === this.wanted) return sensible;
    try {
      await import('./recording/index.js');
    } catch (cause) {
      console.warn('The recorder could not be loaded.', cause);
      return false;
    }
    return new Promise((resolve) => {
      this.#answer?.(false);
      this.#answer = resolve;
      this.want(on);
    });
  }

  /** Says what the recorder has to do from now on. */
  want(on: boolean): void {
    this.wanted = on;
    this.#changed();
  }

  /** What has come of it. */
  answer(done: boolean): void {
    this.#answer?.(done);
    this.#answer = undefined;
  }

  /** Whether the recorder has anything to do. */
  get busy(): boolean {
    try {
      return this.wanted || !!localStorage.getItem(LEFT);
    } catch {
      return this.wanted;
    }
  }
}

/** Whether this browser writes pictures and sounds that a page makes into a file. */
export const canRecord = (): boolean => 'MediaRecorder' in globalThis && 'captureStream' in HTMLCanvasElement.prototype;
