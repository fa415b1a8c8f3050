/** What this side shares of its screen (W3C Screen Capture): one request at a time, none lost. */

/** Asks the person for a screen, a window or a tab; rejects where there is none to be had. */
export type OpenScreen = () => Promise<MediaStream>;

/** The screen of this side, as far as it is shared. */
export class Sharing {
  readonly #open: OpenScreen;
  readonly #changed: (failed?: unknown) => void;
  #stream: MediaStream | null = null;
  #run = 0;
  #asking = false;

  /** @param changed called when a screen is shared or no longer shared, and with the cause when none could be had */
  constructor(open: OpenScreen, changed: (failed?: unknown) => void) {
    this.#open = open;
    this.#changed = changed;
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
      this.#changed(cause);
    }
  }
}
