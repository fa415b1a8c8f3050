/** How much may be said and heard in a chat. Pure. */
import { Pace } from '../call/pace.js';
import { CHARACTERS_PER_SECOND, TEXTS_PER_SECOND } from './bounds.js';
import type { Numbered } from './wire.js';

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
