/** What a test peer has seen, in order: waits look at it, and failed ones tell it. */

/** Milliseconds that a wait has where nothing is said. */
export const USUAL_DEADLINE = 10_000;

/** How long a wait may take. */
export interface Deadline {
  /** In milliseconds; 10,000 where it is left out. */
  readonly within?: number;
}

/** Something was waited for in vain; the message says what was seen instead. */
export class WaitError extends Error {
  override readonly name = 'WaitError';

  constructor(
    message: string,
    /** What the peer had seen by then, oldest first, with the milliseconds since it was made. */
    readonly seen: readonly string[],
  ) {
    super(message);
  }
}

/** Most lines that are kept, and that a message shows. */
const KEPT = 200;
const SHOWN = 12;

/** See the top of this file. */
export class Log {
  readonly #began = performance.now();
  readonly #lines: string[] = [];
  readonly #looks = new Set<() => void>();
  #closed = false;

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Notes what has happened, and lets those who wait look. */
  note(what: string): void {
    this.#lines.push(`${Math.round(performance.now() - this.#began)} ms: ${what}`);
    if (this.#lines.length > KEPT) this.#lines.shift();
    for (const look of [...this.#looks]) look();
  }

  /** Ends every wait. */
  close(): void {
    this.#closed = true;
    this.note('closed');
  }

  /**
   * Waits until something is found.
   *
   * @param what is waited for, as “the peer to be online”
   * @param find looks; throws a text where it can never come any more
   * @throws WaitError (of the promise) when the time is over, when it can never come, and when the peer is closed
   */
  until<Found>(what: string, find: () => Found | undefined, { within = USUAL_DEADLINE }: Deadline = {}): Promise<Found> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      const fail = (why: string): void => {
        end();
        const seen = this.#lines.slice(-SHOWN).join('; ') || 'nothing';
        reject(new WaitError(`Waited for ${what}: ${why}. Seen: ${seen}.`, [...this.#lines]));
      };
      const look = (): void => {
        let found: Found | undefined;
        try {
          found = find();
        } catch (reason) {
          return fail(reason instanceof Impossible ? reason.message : String(reason));
        }
        if (found !== undefined) return (end(), resolve(found));
        if (this.#closed) fail('the peer was closed');
      };
      const timer = setTimeout(() => fail(`not within ${within} ms`), within);
      this.#looks.add(look);
      look();
    });
  }
}

/** What is waited for can never come any more; the message says why. */
export class Impossible extends Error {}
