/** So many a second, and so many at once. Pure. */
export class Pace {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #left: number;
  #since: number | undefined;

  constructor(perSecond: number, atOnce: number) {
    this.#perSecond = perSecond;
    this.#atOnce = this.#left = atOnce;
  }

  /** Whether one more may pass now (milliseconds of any one clock), or several together; if so, they are counted. */
  take(now: number, count = 1): boolean {
    this.#left = Math.min(this.#atOnce, this.#left + ((now - (this.#since ?? now)) / 1000) * this.#perSecond);
    this.#since = now;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
