/** A narrow place on the way of packets, as a slow uplink is one: a rate, and a queue of which what comes too much is lost. */

/** What UDP and IPv4 add to a packet, in bytes. */
const HEADERS = 28;

/** One direction of a narrow way. */
export class Bottleneck {
  /** Kilobits per second that pass, counted as a network counts them: with the headers of UDP and IP. */
  readonly kbits: number;
  /** Milliseconds that a packet may have to wait; one that would have to wait longer is lost. */
  readonly longest: number;
  lost = 0;
  passed = 0;
  #freeAt = 0;
  readonly #queue: { readonly due: number; send(): void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(kbits: number, longest = 300) {
    this.kbits = kbits;
    this.longest = longest;
  }

  /** Sends a packet of so many bytes as soon as those before it have gone, or never. */
  push(bytes: number, send: () => void): void {
    const now = performance.now();
    const begins = Math.max(now, this.#freeAt);
    if (begins - now > this.longest) return void this.lost++;
    this.#freeAt = begins + ((bytes + HEADERS) * 8) / this.kbits;
    this.passed++;
    this.#queue.push({ due: this.#freeAt, send });
    this.#schedule();
  }

  /** Forgets what waits. */
  close(): void {
    clearTimeout(this.#timer);
    this.#queue.length = 0;
  }

  #schedule(): void {
    const [first] = this.#queue;
    if (!first) return;
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(0, first.due - performance.now()));
  }

  #flush(): void {
    this.#timer = undefined;
    // A timer fires up to a millisecond early; what is due by then is due.
    while (this.#queue[0] && this.#queue[0].due <= performance.now() + 0.5) this.#queue.shift()!.send();
    this.#schedule();
  }
}
