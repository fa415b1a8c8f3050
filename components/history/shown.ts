/** What the list shows of calls: whether one is on, how long it was, and runs of alike ones as one. Pure; what only writes calls down does without it. */
import type { Entry } from './entry.js';

/** Milliseconds after which a call of which nobody has noted that it is on is over. */
export const SILENT_AFTER = 60_000;

/** Whether a call is on now, for all that is known. */
export const isOn = ({ open, until }: Entry, now: number): boolean => open && now - until < SILENT_AFTER;

/** How long a call was connected, in whole seconds. */
export const lengthOf = ({ startedAt, until }: Entry): number => (startedAt === null ? 0 : Math.floor((until - startedAt) / 1000));

/** A run of calls that are shown as one: the newest, and how many. */
export interface Run {
  readonly entry: Entry;
  readonly ids: readonly string[];
  /** The newest name that is known of this person. */
  readonly name: string;
}

/**
 * Puts calls that came to nothing, in the same way and with the same person one after the other on one day, together.
 *
 * @param entries the newest first
 * @param dayOf what is the same for two times of one day
 */
export function runsOf(entries: readonly Entry[], dayOf: (at: number) => unknown): readonly Run[] {
  const names = new Map<string, string>();
  for (const { peer, name } of entries) if (name !== peer && !names.has(peer)) names.set(peer, name);
  const runs: { entry: Entry; ids: string[]; name: string }[] = [];
  for (const entry of entries) {
    const last = runs.at(-1);
    if (last && isAlike(last.entry, entry) && dayOf(last.entry.at) === dayOf(entry.at)) last.ids.push(entry.id);
    else runs.push({ entry, ids: [entry.id], name: names.get(entry.peer) ?? entry.name });
  }
  return runs;
}

const isAlike = (one: Entry, other: Entry): boolean =>
  one.outcome !== 'answered' &&
  one.outcome === other.outcome &&
  one.peer === other.peer &&
  one.direction === other.direction &&
  one.media === other.media;
