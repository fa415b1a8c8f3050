import type { Clock } from './clock.js';
import type { Deadline, Deadlines } from './deadlines.js';
import type { Calls } from './grants.js';
import { LONGEST_TTL, TOKEN_LEEWAY } from './protocol/index.js';

/** What a page may do, and for how long. */
export interface Grant {
  readonly calls: Calls;
  /** Seconds since 1970, or undefined for no end. */
  readonly expiresAt: number | undefined;
}

/** What somebody may do of whom nothing is known yet. */
const NOTHING: Grant = { calls: new Set(), expiresAt: undefined };

/** What one page may do at present. It ends by itself, a little after its token has expired. */
export class Lease {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #expired: () => void;
  #grant = NOTHING;
  #expiry: Deadline | undefined;

  /** @param expired told once, unless a later grant or `close` comes first */
  constructor({ clock, deadlines }: { readonly clock: Clock; readonly deadlines: Deadlines }, expired: () => void) {
    this.#clock = clock;
    this.#deadlines = deadlines;
    this.#expired = expired;
  }

  /** Whom the page may call and see. */
  get calls(): Calls {
    return this.#grant.calls;
  }

  /** For how long the token is good, in words for the page, whose own clock may be wrong; nothing where it has no end. */
  get told(): { readonly tokenTtl?: number } {
    const { expiresAt } = this.#grant;
    if (expiresAt === undefined) return {};
    const left = Math.floor(expiresAt - this.#clock.date() / 1000);
    return { tokenTtl: Math.min(Math.max(left, 0), LONGEST_TTL) };
  }

  /** Takes a grant in place of the last one. */
  renew({ calls, expiresAt }: Grant): void {
    this.close();
    this.#grant = { calls, expiresAt };
    if (expiresAt === undefined) return;
    this.#expiry = this.#deadlines.add((expiresAt + TOKEN_LEEWAY) * 1000 - this.#clock.date(), this.#expired);
  }

  /** Ends nothing any more. May be called twice. */
  close(): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
  }
}
