/** Whether this device has several cameras to switch between, counted in each call. */

/** Milliseconds after which they are counted once more: a browser that is asked while it opens one is slower at both. */
const COUNTED_AFTER = 1000;

/** See the top of this file. */
export class CameraCount {
  /** Whether there are several. */
  several = false;
  readonly #changed: () => void;
  #counting = false;
  /** Whether they had names when they were counted: before any may be opened, a browser tells of one at most, which has none. */
  #counted = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /**
   * Follows the call.
   *
   * @param live whether one is on
   * @param now whether this is a good moment to count
   */
  follow(live: boolean, now: boolean): void {
    if (!live) this.several = this.#counted = false;
    else if (now && !this.several && !this.#counting) {
      this.#counting = true;
      setTimeout(() => void this.#count(), this.#counted ? COUNTED_AFTER : 0);
    }
  }

  async #count(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    this.#counting = false;
    this.#counted = devices.some(({ label }) => label);
    this.several = devices.filter(({ kind }) => kind === 'videoinput').length > 1;
    if (this.several) this.#changed();
  }
}
