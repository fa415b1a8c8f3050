/** What the next page of a tab finds of a call's floating window: whether it was a pill, and where it was. */
import type { Place } from './corners.js';
import { WINDOW_KEY } from './window-key.js';

/** A window as it was. */
export interface KeptWindow {
  readonly mini: boolean;
  /** Undefined where it was never moved. */
  readonly place?: Place | undefined;
}

/** Keeps the window of a person's call. */
export function keepWindow(me: string | null, call: string | undefined, { mini, place }: KeptWindow): void {
  const { corner, from } = place ?? {};
  try {
    sessionStorage.setItem(WINDOW_KEY + me, JSON.stringify([call, mini, corner?.x, corner?.y, from?.x, from?.y]));
  } catch {
    // Where nothing may be kept it is large again in the next page.
  }
}

/** Forgets it: the call is over. */
export function forgetWindow(me: string | null): void {
  try {
    sessionStorage.removeItem(WINDOW_KEY + me);
  } catch {
    // Nothing was kept.
  }
}

/** What was kept for this call; a window that is not a pill where nothing was, or by somebody else. */
export function recallWindow(me: string | null, id: string): KeptWindow {
  try {
    const [call, mini, ...at] = JSON.parse(sessionStorage.getItem(WINDOW_KEY + me)!) as unknown[];
    const [right, bottom, x, y] = at as number[];
    const isPlaced = Number.isFinite(x) && Number.isFinite(y);
    const place: Place | undefined = isPlaced ? { corner: { x: right ? 1 : 0, y: bottom ? 1 : 0 }, from: { x: x!, y: y! } } : undefined;
    if (call === id) return { mini: mini === true, place };
  } catch {
    // It is as if there were nothing.
  }
  return { mini: false };
}
