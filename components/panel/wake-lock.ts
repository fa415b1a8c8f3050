/** Keeps the screen awake while somebody is seen. */

/** One wish that the screen stays awake; browsers take the lock away whenever the page is hidden. */
export class WakeLock {
  #wanted = false;
  #lock: WakeLockSentinel | undefined;
  #asking = false;

  /** Holds the screen awake from now on, or no longer. */
  want(wanted: boolean): void {
    if (wanted === this.#wanted || !navigator.wakeLock) return;
    this.#wanted = wanted;
    if (wanted) document.addEventListener('visibilitychange', this.#take);
    else document.removeEventListener('visibilitychange', this.#take);
    if (wanted) this.#take();
    else void this.#lock?.release();
  }

  readonly #take = () => {
    if (document.visibilityState === 'visible' && !this.#asking && (!this.#lock || this.#lock.released)) void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      this.#lock = await navigator.wakeLock.request('screen');
      if (!this.#wanted) await this.#lock.release();
    } catch {
      // A machine that is short of power refuses; the call goes on.
    } finally {
      this.#asking = false;
    }
  }
}
