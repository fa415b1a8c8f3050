/** Time limits: whatever is begun ends, and lets go of what it has opened. */

/**
 * Does something for no longer than so many milliseconds, nor than the signal permits.
 *
 * @param work gets a signal that is aborted in any case in the end: what it has opened is to be closed then
 * @returns what it came to; undefined where it did not come to anything in time, or failed
 */
export async function within<T>(
  signal: AbortSignal,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const end = new AbortController();
  const stop = (): void => end.abort();
  const timer = setTimeout(stop, milliseconds);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const ended = new Promise<undefined>((resolve) => {
    end.signal.addEventListener('abort', () => resolve(undefined));
    if (end.signal.aborted) resolve(undefined);
  });
  try {
    return await Promise.race([end.signal.aborted ? undefined : work(end.signal), ended]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    stop();
  }
}

/** Calls a function when a signal is aborted, or at once where it has been. */
export function whenOver(signal: AbortSignal, close: () => void): void {
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
}
