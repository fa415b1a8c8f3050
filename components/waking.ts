/** A page that wakes: the network is back, the tab is in front again, the machine has slept. */

/** The moments at which a connection may have died unnoticed. Returns the function that stops listening. */
export function listenToWaking(wake: () => void): () => void {
  const visible = (): void => void (document.visibilityState === 'visible' && wake());
  const moments = [
    [window, 'online', wake],
    [window, 'focus', wake],
    [window, 'pageshow', wake],
    [document, 'visibilitychange', visible],
  ] as const;
  for (const [target, type, listener] of moments) target.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of moments) target.removeEventListener(type, listener);
  };
}
