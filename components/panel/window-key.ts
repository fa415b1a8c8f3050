/** Under what the floating window of a person's call is kept for the next page of this tab; the person's ID follows. */
export const WINDOW_KEY = 'video-call window ';

/** Whether a window may be kept for this page: what puts it where it was is loaded then before the call is back. */
export function mayHaveWindow(): boolean {
  try {
    return Object.keys(sessionStorage).some((key) => key.startsWith(WINDOW_KEY));
  } catch {
    return false;
  }
}
