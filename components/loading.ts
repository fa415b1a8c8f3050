/** Code that is loaded when it is needed: what is said and done while it cannot be had. */
import { CallErrorEvent } from './error-event.js';

/**
 * What a person reads then. In English, for the words of other languages would have to be loaded as well. Some browsers do not ask
 * again for a file that they could not load once, before the page is loaded anew.
 */
export const UNLOADED = 'Calls cannot be loaded. Check your connection, then load this page again.';

/** Milliseconds between two attempts, the first time. */
const FIRST = 4000;
/** Milliseconds between two attempts, at most. */
const LONGEST = 60_000;

/** Says that the code of an element cannot be loaded: on the console, and to the page by `call-error`. */
export function tellUnloaded(element: HTMLElement | null, cause: unknown): void {
  console.warn(UNLOADED, element, cause);
  element?.dispatchEvent(new CallErrorEvent('relay-unreachable', UNLOADED, cause));
}

/** What loads something once; what could not be loaded now may be later. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () =>
    (loading ??= load().catch((cause: unknown) => {
      loading = undefined;
      throw cause;
    }));
}

/** Does something after a pause (in ms), or as soon as the network is back. */
export function later(pause: number, run: () => void): void {
  const go = (): void => {
    clearTimeout(timer);
    removeEventListener('online', go);
    run();
  };
  const timer = setTimeout(go, pause);
  addEventListener('online', go);
}

/** What is tried again already. */
const retried = new Set<() => Promise<unknown>>();

/** Tries again what could not be loaded, until it can be, after pauses (in ms) that double. */
export function retry(load: () => Promise<unknown>, pause = FIRST): void {
  if (pause === FIRST && retried.has(load)) return;
  retried.add(load);
  later(pause, () =>
    load().then(
      () => retried.delete(load),
      () => retry(load, Math.min(2 * pause, LONGEST)),
    ),
  );
}

/** Loads the code of an element. Where it cannot be had that is said, once, and it is tried again. */
export function insist(element: HTMLElement | null, load: () => Promise<unknown>): void {
  load().catch((cause: unknown) => {
    tellUnloaded(element, cause);
    retry(load);
  });
}
