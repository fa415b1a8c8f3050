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

  /** Whether nothing was taken for so long that a new bucket would be the same. */
  isFull(now: number): boolean {
    return this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond >= this.#rate.burst;
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

/**
 * What an IP address is counted under. Whoever has an IPv6 address has a whole network of them (a /64, RFC 6177), so
 * the network is counted.
 *
 * @param ip an IP address, without a zone
 */
export function networkOf(ip: string): string {
  if (!ip.includes(':')) return ip;
  const [head = '', tail] = ip.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  // What "::" leaves out are zeros; an IPv4 address at the end stands for two groups.
  const after = tail === undefined || tail === '' ? [] : tail.replace(/[\d.]{7,15}$/, '0:0').split(':');
  const zeros = tail === undefined ? 0 : Math.max(8 - before.length - after.length, 0);
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** Most networks whose rate of new connections is remembered. */
export const MAX_REMEMBERED = 50_000;

/** How fast each network may open connections. Networks that have long been quiet are forgotten. */
export class ConnectRate {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();
  #swept = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Notes a new connection, or answers false when there were too many lately. */
  allows(network: string, now: number): boolean {
    this.#sweep(now);
    const bucket = this.#buckets.get(network) ?? new TokenBucket(this.#rate, now);
    // Deleted first, so that the map stays in the order of time.
    this.#buckets.delete(network);
    this.#buckets.set(network, bucket);
    return bucket.take(now);
  }

  /** Networks that are remembered. */
  get size(): number {
    return this.#buckets.size;
  }

  #sweep(now: number): void {
    const full = this.#buckets.size >= MAX_REMEMBERED;
    if (full) for (const network of this.#buckets.keys()) if (this.#buckets.delete(network)) break;
    if (now - this.#swept < MINUTE) return;
    this.#swept = now;
    for (const [network, bucket] of this.#buckets) if (bucket.isFull(now)) this.#buckets.delete(network);
  }
}

/** Counts connections, in all and for each network (an IPv4 address, or an IPv6 /64). */
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
  exceeded(network: string): 'total' | 'per-ip' | undefined {
    if (this.#total >= this.#bound.total) return 'total';
    return (this.#perIp.get(network) ?? 0) >= this.#bound.perIp ? 'per-ip' : undefined;
  }

  /** Counts a connection. */
  enter(network: string): void {
    this.#total++;
    this.#perIp.set(network, (this.#perIp.get(network) ?? 0) + 1);
  }

  /** Counts it no longer. */
  leave(network: string): void {
    this.#total--;
    const left = (this.#perIp.get(network) ?? 1) - 1;
    if (left > 0) this.#perIp.set(network, left);
    else this.#perIp.delete(network);
  }
}
