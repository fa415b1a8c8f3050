import type { Deadline, Deadlines } from '../deadlines.js';
import type { Bus } from './bus.js';
import { CHANNEL } from './bus.js';

/** Milliseconds after which a message that reached nobody is given up; its sender is told, and sends it again by itself. */
export const GIVE_UP_AFTER = 3000;
/** Milliseconds between two attempts, about. */
const TRY_EVERY = 250;
/** Most messages that wait for one address, and in all. */
const MAX_WAITING_FOR_ONE = 64;
export const MAX_WAITING = 5000;

interface Letter {
  readonly to: string;
  readonly text: string;
  readonly settle: (count: number) => void;
  readonly deadline: Deadline;
  over: boolean;
}

/**
 * Messages for the pages of other relays. One that reaches nobody is told to be unreachable at once, unless somebody should
 * have been there: then it waits a moment, in its order, for a bus or a relay that is just coming back.
 */
export class Mail {
  readonly #bus: Bus;
  readonly #deadlines: Deadlines;
  readonly #isExpected: (address: string) => boolean;
  /** What waits for another attempt, by address. Never holds an empty list. */
  readonly #waiting = new Map<string, Letter[]>();
  #next: Deadline | undefined;
  #size = 0;
  /** Messages that were given up although somebody may have been there. */
  failed = 0;

  /** @param isExpected whether a page at an address was there a moment ago, as far as is known */
  constructor(bus: Bus, deadlines: Deadlines, isExpected: (address: string) => boolean) {
    this.#bus = bus;
    this.#deadlines = deadlines;
    this.#isExpected = isExpected;
  }

  /** Messages on their way. */
  get size(): number {
    return this.#size;
  }

  /** Brings a text to the relays that have pages at an address; answers how many there are, after 3 s at most. */
  send(to: string, text: string): Promise<number> {
    if (this.#size >= MAX_WAITING) return Promise.resolve(this.#fail());
    this.#size++;
    return new Promise((resolve) => {
      const settle = (count: number): void => {
        if (letter.over) return;
        letter.over = true;
        letter.deadline.cancel();
        this.#size--;
        resolve(count);
      };
      const deadline = this.#deadlines.add(GIVE_UP_AFTER, () => settle(this.#fail()));
      const letter: Letter = { to, text, settle, deadline, over: false };
      if (this.#waiting.has(to)) this.#wait(letter);
      else this.#try(letter);
    });
  }

  /** Tries again now what waits. */
  again(): void {
    this.#next?.cancel();
    this.#next = undefined;
    const letters = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const letter of letters) if (!letter.over) this.#try(letter);
  }

  /** Gives everything up. */
  close(): void {
    this.#next?.cancel();
    const letters = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const letter of letters) letter.settle(0);
  }

  #try(letter: Letter): void {
    this.#bus.publish(CHANNEL.to(letter.to), letter.text).then(
      (count) => {
        if (count === 0 && this.#isExpected(letter.to)) this.#wait(letter);
        else letter.settle(count);
      },
      () => this.#wait(letter),
    );
  }

  #wait(letter: Letter): void {
    if (letter.over) return;
    const letters = this.#waiting.get(letter.to) ?? [];
    // Where the others have not been heard for that long, waiting would help this one no more than those before it.
    if (this.#bus.downFor > GIVE_UP_AFTER || letters.length >= MAX_WAITING_FOR_ONE) return letter.settle(this.#fail());
    letters.push(letter);
    this.#waiting.set(letter.to, letters);
    this.#next ??= this.#deadlines.add(TRY_EVERY, () => this.again());
  }

  #fail(): 0 {
    this.failed++;
    return 0;
  }
}
