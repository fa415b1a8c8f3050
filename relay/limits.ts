import { MAX_CALLS_PER_MINUTE, MAX_INVITED_PER_MINUTE } from './protocol/index.js';

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

  /** Takes a token, or as many as are asked for; answers false, and takes none, when there are not so many. */
  take(now: number, count = 1): boolean {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond);
    this.#at = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes nothing after all: gives back what was taken. */
  give(count: number): void {
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + count);
  }

  /** Whether nothing was taken for so long that a new bucket would be the same. */
  isFull(now: number): boolean {
    return this.#tokens + ((now - this.#at) / 1000) * this.#rate.perSecond >= this.#rate.burst;
  }
}

/** Counts misdeeds, and forgets them after a while. */
export class Strikes {
  readonly #bound: { readonly limit: number; readonly within: number };
  readonly #times: number[] = [];

  constructor(bound: { readonly limit: number; readonly within: number }) {
    this.#bound = bound;
  }

  /** Counts one more. Answers whether that is one too many. */
  add(now: number): boolean {
    while (now - this.#times[0]! >= this.#bound.within) this.#times.shift();
    this.#times.push(now);
    return this.#times.length >= this.#bound.limit;
  }
}

/** What one person has invited within the last minute: other people, and to which calls; with the time of each. */
interface Invited {
  readonly targets: Map<string, number>;
  readonly calls: Map<string, number>;
}

/**
 * Whom each person has invited within the last minute, on whatever page, and to how many calls. An invite that is sent
 * again to the same person is not counted again, so a call that rings for long costs one.
 */
export class InviteLedger {
  readonly #invited = new Map<string, Invited>();
  #swept = 0;

  /** Notes an invite, or answers false when this person has invited too many others, or to too many calls. */
  allows(person: string, target: string, call: string, now: number): boolean {
    this.#sweep(now);
    let invited = this.#invited.get(person);
    if (!invited) this.#invited.set(person, (invited = { targets: new Map(), calls: new Map() }));
    const { targets, calls } = invited;
    forgetOld(targets, now);
    forgetOld(calls, now);
    if (!targets.has(target) && targets.size >= MAX_INVITED_PER_MINUTE) return false;
    if (!calls.has(call) && calls.size >= MAX_CALLS_PER_MINUTE) return false;
    // Deleted first, so that the maps stay in the order of time.
    targets.delete(target);
    targets.set(target, now);
    calls.delete(call);
    calls.set(call, now);
    return true;
  }

  /** People that are remembered. */
  get size(): number {
    return this.#invited.size;
  }

  #sweep(now: number): void {
    if (now - this.#swept < MINUTE) return;
    this.#swept = now;
    for (const [person, { targets, calls }] of this.#invited) {
      forgetOld(targets, now);
      forgetOld(calls, now);
      if (targets.size + calls.size === 0) this.#invited.delete(person);
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

/**
 * How many addresses all pages of one network may begin to watch: for somebody who looks for those who are there it is
 * the same whether one page asks for a hundred or a hundred pages for one.
 */
export const WATCH_RATE: Rate = { burst: 2000, perSecond: 50 };
/** How many of those one page may begin to watch, so that it cannot use up what all of its network have. */
export const PAGE_WATCH_RATE: Rate = { burst: 300, perSecond: 10 };

/** Most networks that are remembered, for each thing that is counted. */
export const MAX_REMEMBERED = 50_000;

/** How fast each network may do something, such as open connections. Networks that have long been quiet are forgotten. */
export class NetworkRate {
  readonly #rate: Rate;
  readonly #buckets = new Map<string, TokenBucket>();
  #swept = 0;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Notes that it is done once more, or so many times; answers false when it was done too often lately. */
  allows(network: string, now: number, count = 1): boolean {
    this.#sweep(now);
    const bucket = this.#buckets.get(network) ?? new TokenBucket(this.#rate, now);
    // Deleted first, so that the map stays in the order of time.
    this.#buckets.delete(network);
    this.#buckets.set(network, bucket);
    return bucket.take(now, count);
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

/** How many times the connections of one IPv6 network (/64) all of its site (/48) may have. */
const SITE_SHARE = 10;
/** Fewest connections that may be there without having said who they are; a quarter of all where that is more. */
const LEAST_UNKNOWN = 100;

/** One connection, as far as it is counted. */
export interface Place {
  readonly network: string;
  /** Counts it as somebody who has said who he is. May be called twice. */
  welcomed(): void;
  /** Counts it no longer. May be called twice. */
  leave(): void;
}

/**
 * Counts connections: in all, for each network (an IPv4 address, or an IPv6 /64), for each IPv6 site (a /48, which
 * many who have one network have, RFC 6177), and those that have not said yet who they are, so that such cannot take
 * the room of all others.
 */
export class Capacity {
  readonly #bound: { readonly total: number; readonly perIp: number };
  readonly #perIp = new Map<string, number>();
  #total = 0;
  #unknown = 0;

  constructor(bound: { readonly total: number; readonly perIp: number }) {
    this.#bound = bound;
  }

  /** Connections that are open. */
  get total(): number {
    return this.#total;
  }

  /** Why no further connection is taken from this network, if so. */
  exceeded(network: string): 'total' | 'per-ip' | undefined {
    const { total, perIp } = this.#bound;
    if (this.#total >= total || this.#unknown >= Math.max(total / 4, LEAST_UNKNOWN)) return 'total';
    const site = siteOf(network);
    const full = this.#count(network) >= perIp || (site !== undefined && this.#count(site) >= perIp * SITE_SHARE);
    return full ? 'per-ip' : undefined;
  }

  /** Counts a connection. */
  enter(network: string): Place {
    this.#unknown++;
    this.#add(network, 1);
    return new CountedPlace(network, this);
  }

  /** @internal */
  known(): void {
    this.#unknown--;
  }

  /** @internal */
  left(network: string): void {
    this.#add(network, -1);
  }

  #add(network: string, change: 1 | -1): void {
    this.#total += change;
    this.#change(network, change);
    const site = siteOf(network);
    if (site !== undefined) this.#change(site, change);
  }

  #count(key: string): number {
    return this.#perIp.get(key) ?? 0;
  }

  #change(key: string, change: 1 | -1): void {
    const count = this.#count(key) + change;
    if (count > 0) this.#perIp.set(key, count);
    else this.#perIp.delete(key);
  }
}

/** There is one for each connection, hence no closures. */
class CountedPlace implements Place {
  #state: 'unknown' | 'known' | 'left' = 'unknown';

  constructor(
    readonly network: string,
    readonly capacity: Capacity,
  ) {}

  welcomed(): void {
    if (this.#state !== 'unknown') return;
    this.#state = 'known';
    this.capacity.known();
  }

  leave(): void {
    if (this.#state === 'left') return;
    this.welcomed();
    this.#state = 'left';
    this.capacity.left(this.network);
  }
}

/** The /48 that an IPv6 network of `networkOf` is part of. */
function siteOf(network: string): string | undefined {
  return network.endsWith('::/64') ? `${network.split(':', 3).join(':')}::/48` : undefined;
}
