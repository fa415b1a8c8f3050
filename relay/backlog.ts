/** Most that may wait unread for all pages of a relay together, in MiB, where nothing else is said. */
export const MAX_UNREAD_IN_ALL = 8;
/** The part of it that is left when there was too much, so that it does not have to be looked for at every message. */
const LEFT = 7 / 8;

/** Somebody for whom bytes may wait. */
export interface Reader {
  /** Bytes that wait now. */
  readonly unread: number;
  /** Lets it go, without waiting for it. */
  overrun(): void;
}

/**
 * What all pages together have left unread. What one page may leave unread is bounded as well, but many who do not read
 * would still fill the memory; where there is too much in all, those go first for whom most waits.
 */
export class Backlog {
  readonly #most: number;
  /** Bytes as they were when they were last looked at. They may have become fewer since, never more. */
  readonly #waiting = new Map<Reader, number>();
  #total = 0;

  /** @param most bytes */
  constructor(most = MAX_UNREAD_IN_ALL * 1024 * 1024) {
    this.#most = most;
  }

  /** Bytes that waited when they were last looked at. */
  get total(): number {
    return this.#total;
  }

  /** Whether too much waited when it was last looked at. */
  get isExceeded(): boolean {
    return this.#total > this.#most;
  }

  /** Takes note of how much waits for a reader, after something was written to it. */
  note(reader: Reader): void {
    const { unread } = reader;
    if (unread === 0 && this.#waiting.size === 0) return;
    this.#total += unread - (this.#waiting.get(reader) ?? 0);
    if (unread === 0) this.#waiting.delete(reader);
    else this.#waiting.set(reader, unread);
  }

  /** Forgets a reader that is gone. */
  forget(reader: Reader): void {
    this.#total -= this.#waiting.get(reader) ?? 0;
    this.#waiting.delete(reader);
  }

  /** Lets go as many as it takes, where too much waits. To be called once for all that was noted in one turn. */
  trim(): void {
    if (this.#total <= this.#most) return;
    for (const reader of [...this.#waiting.keys()]) this.note(reader);
    if (this.#total <= this.#most) return;
    const most = [...this.#waiting].sort(([, a], [, b]) => b - a);
    for (const [reader] of most) {
      if (this.#total <= this.#most * LEFT) return;
      this.forget(reader);
      reader.overrun();
    }
  }
}
