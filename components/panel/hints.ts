/** What the panel itself tells a person in a call, beside what the engine says of devices. */
import type { Words } from '../locales/index.js';

/** A sentence of the language that the panel speaks. */
export type Hint = (words: Words) => string;

const hints = new WeakMap<object, ReadonlyMap<string, Hint>>();

/** What is told on a panel now, the oldest first. */
export const hintsOf = (panel: object): readonly Hint[] => [...(hints.get(panel)?.values() ?? [])];

/** Tells something on a panel, one thing of a kind at a time; without a hint, takes it back. */
export function tell(panel: { requestUpdate(): void }, kind: string, hint?: Hint): void {
  const told = new Map(hints.get(panel));
  if (!told.delete(kind) && !hint) return;
  if (hint) told.set(kind, hint);
  hints.set(panel, told);
  panel.requestUpdate();
}
