/**
 * Whether a page that is left is followed by another one of the same site (HTML, Navigation API): by a link, a form, a script, or the
 * way back. What the browser's own controls do, a reload among them, cannot be told from the end of the tab; nor can anything where
 * the browser has no such interface.
 */

/** Milliseconds for which the next page may let itself be waited for, before what was begun counts as given up. */
const UNDER_WAY = 20_000;

let since = -Infinity;
const over = (): void => void (since = -Infinity);

const { navigation } = globalThis as { readonly navigation?: Navigation };
navigation?.addEventListener('navigate', ({ destination, downloadRequest }) => {
  // Another place of this page leaves it as it is.
  if (destination.sameDocument || downloadRequest !== null) return;
  since = new URL(destination.url).origin === location.origin ? performance.now() : -Infinity;
});
navigation?.addEventListener('navigatesuccess', over);
navigation?.addEventListener('navigateerror', over);

/** Whether another page of this site is on its way here. */
export const goesOn = (): boolean => performance.now() - since < UNDER_WAY;
