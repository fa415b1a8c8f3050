/** One call of the past: what its end means, what may be believed of what is stored, and what becomes of two writings of one call. Pure. */
import { GUEST_PREFIX } from '../../relay/protocol/address.js';
import { MAX_NAME } from '../../relay/protocol/bounds.js';
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY } from '../../relay/protocol/index.js';
import type { EndReason, MediaKind } from '../../relay/protocol/index.js';
import { checkOf } from '../../relay/protocol/shape.js';

/** How a call came out, seen from this side; of two writings of one call the one that comes later here is believed. */
export const OUTCOMES = [
  'declined-elsewhere',
  'missed',
  'no-answer',
  'busy',
  'unreachable',
  'cancelled',
  'failed',
  'elsewhere',
  'declined',
  'answered',
] as const;
/** `elsewhere`: answered on another device; `failed`: somebody answered, and it came to nothing. */
export type Outcome = (typeof OUTCOMES)[number];

/** One call, as it is kept. Times are milliseconds since the epoch. */
export interface Entry {
  /** The UUID of the call. */
  readonly id: string;
  readonly peer: string;
  /** The display name, or the peer ID where none is known. */
  readonly name: string;
  readonly media: MediaKind;
  readonly direction: 'outgoing' | 'incoming';
  readonly outcome: Outcome;
  /** When it was placed, or began to ring. */
  readonly at: number;
  /** When both sides were connected; null where they never were. */
  readonly startedAt: number | null;
  /** When it ended; of a call that is on, when it was last known to be. */
  readonly until: number;
  /** Whether its end has not been written: it is on, or its page has died. */
  readonly open: boolean;
  /** Whether the person has seen it in the list. */
  readonly seen: boolean;
  /** Set where only the end of the call was heard, so that kind and name are guesses, or its end was not: whatever is certain is better. */
  readonly vague?: true;
}

/** Most calls that are kept of one person, and for how many milliseconds: a year. */
export const MAX_ENTRIES = 500;
export const KEPT_FOR = 365 * 86_400_000;
/** Most missed calls of one person, or of all guests, that are kept, and of anybody where there is no room: nobody shall push everybody else out. */
export const MAX_MISSED_OF_ONE = 50;
/** Milliseconds between two notes that a call is on. */
export const NOTE_EVERY = 5_000;
/** How far ahead a stored time may be before it is not believed, in milliseconds: clocks are set right. */
const AHEAD = 86_400_000;
/** The latest time that a `Date` can hold. */
const LAST_TIME = 8.64e15;

/** What of an entry is as it is, or is not, whenever it is read. */
const timeless = {
  id: ENVELOPE.properties.call,
  peer: FROM_RELAY.welcome.properties.peer,
  media: BETWEEN_PAGES.invite.properties.media,
  direction: { type: 'string', enum: ['outgoing', 'incoming'] },
  outcome: { type: 'string', enum: OUTCOMES },
} as const;
const faultIn = checkOf({ type: 'object', properties: timeless, required: Object.keys(timeless) });

/** What the end of a call means. `taken` says whether it was accepted here. */
export function outcomeOf(
  { direction, startedAt }: Pick<Entry, 'direction' | 'startedAt'>,
  reason: EndReason | null,
  taken: boolean,
): Outcome {
  if (startedAt !== null || reason === null) return 'answered';
  if (reason === 'answered-elsewhere') return 'elsewhere';
  if (direction === 'incoming') {
    if (reason === 'declined' || reason === 'declined-elsewhere') return reason;
    return taken ? 'failed' : 'missed';
  }
  if (reason === 'no-answer' || reason === 'busy' || reason === 'unreachable' || reason === 'declined') return reason;
  // Whoever closes the page while it rings gives up as well.
  return reason === 'cancelled' || (reason === 'left' && !taken) ? 'cancelled' : 'failed';
}

/** A name within its bound, without a letter cut in two. */
export const nameWithin = (name: string): string => [...name].slice(0, MAX_NAME).join('');

/** An entry as it was written, or as somebody else wrote it. */
type Doubtful = Pick<Entry, keyof typeof timeless> & { readonly [Field in Exclude<keyof Entry, keyof typeof timeless>]?: unknown };

/**
 * Reads an entry back.
 *
 * @param value what was stored; pages of the same origin can write there, so it is looked at closely
 * @param now in milliseconds since the epoch
 * @returns undefined where it is no entry, or one that is too old
 */
export function readEntry(value: unknown, now: number): Entry | undefined {
  if (faultIn(value) !== undefined) return undefined;
  const { id, peer, name, media, direction, outcome, at, startedAt, until, open, seen, vague } = value as Doubtful;
  if (typeof name !== 'string' || !name) return undefined;
  if (!isTime(at, now) || !isTime(until, now) || until < at || at < now - KEPT_FOR) return undefined;
  if (startedAt !== null && (!isTime(startedAt, now) || startedAt > until)) return undefined;
  if ((outcome === 'answered') !== (startedAt !== null) || (outcome === 'missed' && direction === 'outgoing')) return undefined;
  const flags = { open: open === true && startedAt !== null, seen: seen === true, ...(vague === true && { vague: true as const }) };
  return { id, peer, name: nameWithin(name), media, direction, outcome, at, startedAt, until, ...flags };
}

const isTime = (value: unknown, now: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= Math.min(now + AHEAD, LAST_TIME);

/** One entry of two that were written of one call: by two tabs, or before and after a reload. The order does not matter. */
export function merge(one: Entry, other: Entry): Entry {
  const more = compare(one, other) < 0 ? other : one;
  const names = [one, other].filter(({ name, peer }) => name !== peer).map(({ name }) => name);
  return { ...more, name: names.sort().at(-1) ?? more.name, at: Math.min(one.at, other.at), seen: one.seen || other.seen };
}

/**
 * Who is to be believed less comes first: by whether it is a guess, by outcome, by whether the end is known, by how much is known; the rest
 * is as good as any. Of two guesses the one from while it rang knows more than the one from when it was over.
 */
function compare(one: Entry, other: Entry): number {
  const rank = ({ outcome, open }: Entry) => OUTCOMES.indexOf(outcome) * 2 + Number(!open);
  const rest = ({ peer, media, direction, startedAt }: Entry) => JSON.stringify([peer, media, direction, startedAt]);
  const later = one.vague ? other.until - one.until : one.until - other.until;
  return Number(!one.vague) - Number(!other.vague) || rank(one) - rank(other) || later || (rest(one) < rest(other) ? -1 : 1);
}

/** The entries that are kept, the newest first. Missed calls, which strangers can make up, are the first to go. */
export function prune(entries: readonly Entry[]): readonly Entry[] {
  const missed = new Map<string, number>();
  const isWithin = ({ outcome, peer }: Entry): boolean => {
    if (outcome !== 'missed') return true;
    // A guest is somebody else with each page.
    const who = peer.startsWith(GUEST_PREFIX) ? GUEST_PREFIX : peer;
    const count = (missed.get(who) ?? 0) + 1;
    missed.set(who, count);
    return count <= MAX_MISSED_OF_ONE;
  };
  const newest = [...entries].sort((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1)).filter(isWithin);
  const excess = newest.length - MAX_ENTRIES;
  if (excess <= 0) return newest;
  const spare = newest.filter(({ outcome }) => outcome === 'missed').slice(MAX_MISSED_OF_ONE);
  const gone = new Set(spare.slice(-excess));
  return newest.filter((entry) => !gone.has(entry)).slice(0, MAX_ENTRIES);
}

/** Whether a call was missed, and the person has not seen so yet. */
export const isNews = ({ outcome, seen }: Entry): boolean => outcome === 'missed' && !seen;
