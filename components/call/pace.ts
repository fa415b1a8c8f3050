/** How much of what others send is taken in. Pure. */

/** So many a second, and so many at once. */
export class Pace {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #left: number;
  #since = 0;

  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond;
    this.#atOnce = this.#left = atOnce;
  }

  /** Whether one more may pass now (milliseconds of any one clock), or several together; if so, they are counted. */
  take(now: number, count = 1): boolean {
    this.#left = Math.min(this.#atOnce, this.#left + ((now - this.#since) / 1000) * this.#perSecond);
    this.#since = now;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
