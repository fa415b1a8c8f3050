/** What this side shares of its screen (W3C Screen Capture): one request at a time, none lost. */

import type { ScreenTrouble } from './errors.js';

/** Milliseconds within which no person has seen a question, read it and said no. */
const NOBODY_ANSWERS_WITHIN = 200;

/** Asks the person for a screen, a window or a tab; rejects where there is none to be had. */
export type OpenScreen = () => Promise<MediaStream>;

/**
 * What an exception of `getDisplayMedia` means for the person, who knows of a no of their own. Browsers have one error for that and
 * for what the page's policy or the system forbids: those come faster than people answer, or say so.
 *
 * @param took milliseconds from question to answer
 */
export function screenTroubleOf(cause: unknown, took: number): ScreenTrouble | undefined {
  const { name, message = '' } = Object(cause) as Partial<DOMException>;
  if (name !== 'NotAllowedError') return name === 'SecurityError' ? 'denied' : 'failed';
  return took < NOBODY_ANSWERS_WITHIN || /system|polic/i.test(message) ? 'denied' : undefined;
}

/** The screen of this side, as far as it is shared. */
export class Sharing {
  readonly #open: OpenScreen;
  readonly #changed: (trouble?: ScreenTrouble) => void;
  readonly #now: () => number;
  #stream: MediaStream | null = null;
  #run = 0;
  #asking = false;

  /** @param changed called when a screen is shared or no longer shared, or was asked for in vain; with what the person should know of that */
  constructor(open: OpenScreen, changed: (trouble?: ScreenTrouble) => void, now = () => performance.now()) {
    this.#open = open;
    this.#changed = changed;
    this.#now = now;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  get tracks(): { readonly screen: MediaStreamTrack | null; readonly sound: MediaStreamTrack | null } {
    return { screen: this.#stream?.getVideoTracks()[0] ?? null, sound: this.#stream?.getAudioTracks()[0] ?? null };
  }

  /** Shares, or shares no more. Must be called while the browser still sees the person's gesture. */
  set(on: boolean): void {
    if (on) return void this.#start();
    const had = this.#stream;
    this.release();
    if (had) this.#changed();
  }

  /** Lets the screen go without a word. */
  release(): void {
    this.#run++;
    this.#asking = false;
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
  }

  async #start(): Promise<void> {
    if (this.#stream || this.#asking) return;
    const run = ++this.#run;
    this.#asking = true;
    const asked = this.#now();
    try {
      const stream = await this.#open();
      if (run !== this.#run) return stream.getTracks().forEach((track) => track.stop());
      this.#asking = false;
      this.#stream = stream;
      // The browser's own bar stops it, too, and so does a window that is closed.
      stream.getVideoTracks()[0]?.addEventListener('ended', () => stream === this.#stream && this.set(false));
      this.#changed();
    } catch (cause) {
      if (run !== this.#run) return;
      this.#asking = false;
      this.#changed(screenTroubleOf(cause, this.#now() - asked));
    }
  }
}
