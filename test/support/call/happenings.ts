/** What happened, one thing after the other, for tests that wait for the next one. */
export class Happenings<Event extends { readonly type: string }> {
  readonly all: Event[] = [];
  #waiting: (() => void)[] = [];

  /** Something happened. */
  readonly add = (event: Event): void => {
    this.all.push(event);
    for (const resolve of this.#waiting.splice(0)) resolve();
  };

  /** Whether something like this has happened. */
  has(like: (event: Event) => boolean): boolean {
    return this.all.some(like);
  }

  /** The first that is like this and has happened, or the first that will. */
  async first(like: (event: Event) => boolean): Promise<Event> {
    for (;;) {
      const found = this.all.find(like);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The next one from now on. */
  async next(): Promise<Event> {
    const before = this.all.length;
    while (this.all.length === before) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.all[before]!;
  }
}

/** Lets everything else that waits for its turn have it. */
export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
