/** Keeps the token of a connection fresh: a new one is fetched and sent before the last one has expired. */
import type { ClockPort } from '../call/ports.js';

/** The part of a token's life after which a new one is fetched. */
export const RENEW_AT = 0.8;
/** Shortest wait before a token is fetched, in milliseconds, whatever the relay says of the last one. */
export const LEAST_WAIT = 5000;
/** Longest wait after a renewal that failed, in milliseconds. */
export const LONGEST_RENEWAL_WAIT = 60_000;
/** Longest that a timer is set for, in milliseconds: browsers cannot count further than 24 days. */
const LONGEST_TIMER = 86_400_000;

/** What a renewal does: fetches a token, and sends it to the relay. */
export interface RenewalPorts {
  readonly clock: Pick<ClockPort, 'after'>;
  readonly fetch: () => Promise<string>;
  readonly send: (token: string) => void;
}

/**
 * One connection's renewals, one after the other. Goes by how long the relay says that a token is good, for the
 * page's own clock may be wrong. Failures are told to nobody: as long as the last token is good, nothing is lost.
 */
export class Renewal {
  readonly #ports: RenewalPorts;
  #stopTimer = (): void => {};
  #run = 0;
  #failures = 0;

  constructor(ports: RenewalPorts) {
    this.#ports = ports;
  }

  /** The relay has taken a token, which is good for so many seconds; undefined: for ever. */
  taken(tokenTtl: number | undefined): void {
    this.stop();
    this.#failures = 0;
    if (tokenTtl !== undefined) this.#wait(Math.max(tokenTtl * 1000 * RENEW_AT, LEAST_WAIT));
  }

  /** The relay did not take the token, or there was none: tries again after a while. */
  failed(): void {
    this.stop();
    this.#wait(Math.min(LEAST_WAIT * 2 ** this.#failures++, LONGEST_RENEWAL_WAIT));
  }

  /** Fetches and sends a token now. */
  async now(): Promise<void> {
    this.stop();
    const run = this.#run;
    let token: string;
    try {
      token = await this.#ports.fetch();
    } catch {
      if (run === this.#run) this.failed();
      return;
    }
    if (run === this.#run) this.#ports.send(token);
  }

  /** Ends whatever goes on, until the next token is taken. May be called twice. */
  stop(): void {
    this.#run++;
    this.#stopTimer();
    this.#stopTimer = () => {};
  }

  #wait(milliseconds: number): void {
    const now = Math.min(milliseconds, LONGEST_TIMER);
    this.#stopTimer = this.#ports.clock.after(now, () => (now < milliseconds ? this.#wait(milliseconds - now) : void this.now()));
  }
}
