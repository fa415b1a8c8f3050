/** Most pieces of work that are done within one turn of the event loop. */
export const PER_TURN = 16;

/**
 * Spreads work that strangers can ask for all at once, such as making a WebSocket of a connection, over turns of the
 * event loop, so that messages between pages do not wait for all of it. Work for which there is room is done at once.
 */
export class Pace {
  readonly #perTurn: number;
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #armed = false;

  constructor(perTurn = PER_TURN) {
    this.#perTurn = this.#left = perTurn;
  }

  /** Does something now or in one of the next turns, in the order in which it was asked for. */
  do(work: () => void): void {
    this.#arm();
    if (this.#left === 0) return void this.#waiting.push(work);
    this.#left--;
    work();
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    setImmediate(() => {
      this.#armed = false;
      const now = this.#waiting.splice(0, this.#perTurn);
      this.#left = this.#perTurn - now.length;
      if (now.length > 0) this.#arm();
      for (const work of now) work();
    });
  }
}
