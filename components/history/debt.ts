/** What is kept of calls, as long as it could not be stored: what is still to be written and to be forgotten. Pure. */
import type { Entry } from './entry.js';

/** What is to become of what is kept. */
export interface Edit {
  readonly put?: readonly Entry[];
  /** The IDs of calls that are to be forgotten. */
  readonly drop?: readonly string[];
  /** Whether everything is to be forgotten, also what could not be read now. */
  readonly clear?: boolean;
}

/** Edits that are still to be stored. */
export interface Debt {
  readonly put: ReadonlyMap<string, Entry>;
  readonly drop: ReadonlySet<string>;
  /** Everything up to then is to be forgotten, in milliseconds since the epoch. */
  readonly clearedAt: number;
}

/** Nothing is owed. */
export const NO_DEBT: Debt = { put: new Map(), drop: new Set(), clearedAt: -Infinity };

/** Whether something is to be forgotten. */
export const isToForget = ({ drop, clearedAt }: Debt): boolean => drop.size > 0 || clearedAt > -Infinity;

/** Whether anything is owed. */
export const isOwing = (debt: Debt): boolean => debt.put.size > 0 || isToForget(debt);

/** What there is, once what is owed is paid. */
export function paid(stored: readonly Entry[], { put, drop, clearedAt }: Debt): readonly Entry[] {
  const rest = stored.filter(({ id, at }) => !put.has(id) && !drop.has(id) && at > clearedAt);
  return [...rest, ...put.values()];
}

/** What is owed with one edit more, of what is stored. */
export function owing(debt: Debt, stored: readonly Entry[], edit: Edit, now: number): Debt {
  const put = new Map(edit.clear ? [] : debt.put);
  const drop = new Set(debt.drop);
  const known = new Set(stored.map(({ id }) => id));
  for (const id of edit.clear ? known : (edit.drop ?? [])) {
    put.delete(id);
    if (known.has(id)) drop.add(id);
  }
  for (const entry of edit.put ?? []) put.set(entry.id, entry);
  return { put, drop, clearedAt: edit.clear ? now : debt.clearedAt };
}
