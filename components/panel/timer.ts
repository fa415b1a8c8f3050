/** How long the call lasts: one text that changes every second, without the panel being drawn again. */
import { clock } from '../locales/index.js';

/** The time since a moment (in milliseconds since the epoch), in the digits of a language. */
export const elapsed = (since: number, lang: string): string => clock(Math.max(0, Date.now() - since) / 1000, lang);

/** Milliseconds after which the digits are made ready: what rings is drawn first. */
const PREPARED_AFTER = 300;

/** Keeps the timer of one panel going. */
export class CallTimer {
  #next?: ReturnType<typeof setTimeout>;
  #preparing?: ReturnType<typeof setTimeout>;
  #prepared = '';

  /** Makes the digits of a language ready while it rings: the first of a page keep Chromium busy for some 30 to 60 ms, which pictures and sound would wait for. */
  prepare(lang: string): void {
    if (this.#prepared === lang) return;
    this.#prepared = lang;
    clearTimeout(this.#preparing);
    this.#preparing = setTimeout(() => clock(0, lang), PREPARED_AFTER);
  }

  /**
   * Lets the timer that has been drawn run on; without one, or without a beginning, none runs.
   *
   * @param since when the call began, in milliseconds since the epoch
   */
  follow(timer: Element | null, since: number | null | undefined, lang: string): void {
    clearTimeout(this.#next);
    if (!timer || !since) return;
    this.#next = setTimeout(
      () => {
        timer.textContent = elapsed(since, lang);
        this.follow(timer, since, lang);
      },
      1000 - ((Date.now() - since) % 1000),
    );
  }

  /** Stands still. */
  stop(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#preparing);
    this.#prepared = '';
  }
}
