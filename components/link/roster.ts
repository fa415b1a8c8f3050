/** Asks the relay who is there: one question at a time, and no sooner than the relay would answer. */
import type { ClockPort } from '../call/ports.js';
import { ROSTER_EVERY } from '../../relay/protocol/index.js';
import type { PageMessage, Person } from '../../relay/protocol/index.js';

/** Who is there; null where the relay keeps no list, undefined where it cannot be asked or does not answer. */
export type WhoIsThere = readonly Person[] | null | undefined;

/** Milliseconds until an answer counts as lost. */
export const ANSWER_WITHIN = 5000;
/** Milliseconds after an answer during which it is given again where the relay says none: its usual pause, and a little for the way. */
export const GOOD_FOR = ROSTER_EVERY * 1000 + 300;

/** The questions of one page. */
export class RosterQuestions {
  readonly #send: (message: PageMessage) => boolean;
  readonly #clock: ClockPort;
  #kept: boolean | undefined;
  #asked: Promise<WhoIsThere> | undefined;
  #answer: (who: WhoIsThere) => void = () => {};
  #last: { readonly who: WhoIsThere; readonly at: number } | undefined;
  /** After how many milliseconds the relay wants to be asked again; undefined where it did not say. */
  again: number | undefined;

  /** @param send sends to the relay where it can be reached, and answers whether it can */
  constructor(send: (message: PageMessage) => boolean, clock: ClockPort) {
    this.#send = send;
    this.#clock = clock;
  }

  /** @param kept whether the relay, which is there now, keeps a list */
  online(kept: boolean): void {
    this.#kept = kept;
  }

  /** The relay is gone, and with it the answer. */
  offline(): void {
    this.#kept = this.#last = undefined;
    this.#answer(undefined);
  }

  /** The relay has answered. */
  heard(who: readonly Person[], again?: number): void {
    this.again = again;
    this.#last = { who, at: this.#clock.now() };
    this.#answer(who);
  }

  /** Who is there, as of now or a moment ago. */
  async ask(): Promise<WhoIsThere> {
    if (this.#kept === false) return null;
    if (this.#last && this.#clock.now() - this.#last.at < (this.again ?? GOOD_FOR)) return this.#last.who;
    return (this.#asked ??= this.#ask());
  }

  #ask(): Promise<WhoIsThere> | undefined {
    if (!this.#kept || !this.#send({ type: 'roster' })) return undefined;
    return new Promise((resolve) => {
      const stop = this.#clock.after(ANSWER_WITHIN, () => this.#answer(undefined));
      this.#answer = (who) => {
        stop();
        this.#answer = () => {};
        this.#asked = undefined;
        resolve(who);
      };
    });
  }
}
