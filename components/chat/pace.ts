/** How much may be said and heard in a chat. Pure. */
import { CHARACTERS_PER_SECOND, TEXTS_PER_SECOND } from './bounds.js';
import type { Numbered } from './wire.js';

/** So many a second, and so many at once. */
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

/** Texts and their characters, as one side says them or hears them. */
export class TextPace {
  readonly #texts: Pace;
  readonly #characters: Pace;

  constructor(texts: number, characters: number) {
    this.#texts = new Pace(TEXTS_PER_SECOND, texts);
    this.#characters = new Pace(CHARACTERS_PER_SECOND, characters);
  }

  /** Whether this one may pass now. */
  take(now: number, word: Numbered): boolean {
    return this.#texts.take(now) && this.#characters.take(now, word.type === 'text' ? word.text.length : 1);
  }
}
