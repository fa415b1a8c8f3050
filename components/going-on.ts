/**
 * Whether a page that is left is followed by another one of the same site (HTML, Navigation API): by a link, a form, a script, or the
 * way back. What the browser's own controls do, a reload among them, cannot be told from the end of the tab; nor can anything where
 * the browser has no such interface.
 */

/** Milliseconds for which the next page may let itself be waited for: what turns out to be a file never comes, and nothing tells of that. */
const UNDER_WAY = 6000;

let last: NavigateEvent | undefined;
let since = 0;

const { navigation } = globalThis as { readonly navigation?: Navigation };
navigation?.addEventListener('navigate', (event) => {
  const { destination, downloadRequest, defaultPrevented } = event;
  // Another place of this page leaves it as it is, and what the page has stopped leads nowhere, whatever it has begun instead.
  if (destination.sameDocument || downloadRequest !== null || defaultPrevented) return;
  last = new URL(destination.url).origin === location.origin ? event : undefined;
  since = performance.now();
});
// The page itself shows what was to be there, or is about to; it may send the person elsewhere then, or fail.
navigation?.addEventListener('currententrychange', () => {
  if (location.href === last?.destination.url) last = undefined;
});

/** Whether another page of this site is on its way here. */
export const goesOn = (): boolean => !!last && !last.defaultPrevented && !navigation!.transition && performance.now() - since < UNDER_WAY;
