/**
 * Whether a page that is left is followed by another one of the same site (HTML, Navigation API): by a link, a form, a script, or the
 * way back. What the browser's own controls do, a reload among them, cannot be told from the end of the tab; nor can anything where
 * the browser has no such interface.
 */

/** Milliseconds for which the next page may let itself be waited for: what turns out to be a file never comes, and nothing tells of that. */
const UNDER_WAY = 6000;

let there = '';
let since = -Infinity;

const { navigation } = globalThis as { readonly navigation?: Navigation };
navigation?.addEventListener('navigate', (event) => {
  const { destination, downloadRequest } = event;
  // Another place of this page leaves it as it is.
  if (destination.sameDocument || downloadRequest !== null) return;
  there = destination.url;
  const at = (since = new URL(there).origin === location.origin ? performance.now() : -Infinity);
  const here = location.href;
  // What the page has stopped, or shows by itself, is known once all have heard of it: its router may send the person elsewhere, or fail.
  setTimeout(() => {
    if (since === at && (event.defaultPrevented || navigation.transition || location.href !== here)) since = -Infinity;
  });
});
// The page itself has shown what was to be there. (That a navigation has failed is also told of those that go on, when the page notes its place meanwhile.)
navigation?.addEventListener('navigatesuccess', () => {
  if (location.href === there) since = -Infinity;
});

/** Whether another page of this site is on its way here. */
export const goesOn = (): boolean => performance.now() - since < UNDER_WAY;
