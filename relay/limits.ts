import { MAX_INVITED_PER_MINUTE } from './protocol/index.js';

/** How much may come at once, and how fast it may go on. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** Malformed messages within ten seconds at which a page is let go. */
export const MALFORMED = { limit: 5, within: 10_000 } as const;
/** Messages refused as too many, within ten seconds, at which a page is let go. */
export const FLOOD = { limit: 100, within: 10_000 } as const;

const MINUTE = 60_000;

/** A token bucket: holds `burst` tokens, gains `perSecond` of them each second, a message takes one. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes a token, or answers false when there is none. */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** Counts misdeeds, and forgets them after a while. */
export class Strikes {
  readonly #bound: { readonly limit: number; readonly within: number };
  #times: number[] = [];

  constructor(bound: { readonly limit: number; readonly within: number }) {
    this.#bound = bound;
  }

  /** Counts one more. Answers whether that is one too many. */
  add(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < this.#bound.within);
    this.#times.push(now);
    return this.#times.length >= this.#bound.limit;
  }
}

/**
 * Whom each person has invited within the last minute, on whatever page. An invite that is sent again to the same
 * person is not counted again, so a call that rings for long costs one.
 */
export class InviteLedger {
  readonly #invited = new Map<string, Map<string, number>>();
  #swept = 0;

  /** Notes an invite, or answers false when this person has invited too many others. */
  allows(person: string, target: string, now: number): boolean {
    this.#sweep(now);
    let targets = this.#invited.get(person);
    if (!targets) this.#invited.set(person, (targets = new Map<string, number>()));
    forgetOld(targets, now);
    if (!targets.has(target) && targets.size >= MAX_INVITED_PER_MINUTE) return false;
    // Deleted first, so that the map stays in the order of time.
    targets.delete(target);
    targets.set(target, now);
    return true;
  }

  /** People that are remembered. */
  get size(): number {
    return this.#invited.size;
  }

  #sweep(now: number): void {
    if (now - this.#swept < MINUTE) return;
    this.#swept = now;
    for (const [person, targets] of this.#invited) {
      forgetOld(targets, now);
      if (targets.size === 0) this.#invited.delete(person);
    }
  }
}

function forgetOld(targets: Map<string, number>, now: number): void {
  for (const [target, time] of targets) {
    if (now - time < MINUTE) return;
    targets.delete(target);
  }
}

/** Counts connections, in all and for each IP address. */
export class Capacity {
  readonly #bound: { readonly total: number; readonly perIp: number };
  readonly #perIp = new Map<string, number>();
  #total = 0;

  constructor(bound: { readonly total: number; readonly perIp: number }) {
    this.#bound = bound;
  }

  /** Connections that are open. */
  get total(): number {
    return this.#total;
  }

  /** Why no further connection is taken from this address, if so. */
  exceeded(ip: string): 'total' | 'per-ip' | undefined {
    if (this.#total >= this.#bound.total) return 'total';
    return (this.#perIp.get(ip) ?? 0) >= this.#bound.perIp ? 'per-ip' : undefined;
  }

  /** Counts a connection. */
  enter(ip: string): void {
    this.#total++;
    this.#perIp.set(ip, (this.#perIp.get(ip) ?? 0) + 1);
  }

  /** Counts it no longer. */
  leave(ip: string): void {
    this.#total--;
    const left = (this.#perIp.get(ip) ?? 1) - 1;
    if (left > 0) this.#perIp.set(ip, left);
    else this.#perIp.delete(ip);
  }
}
