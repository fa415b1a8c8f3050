/** Code that is loaded when it is needed: what is said and done while it cannot be had. */

/** What a person reads then. In English, for the words of other languages would have to be loaded as well. */
export const UNLOADED = 'Calls cannot be loaded. Check your connection and try again.';

/**
 * Says that the code of an element cannot be loaded: on the console, and to the page by `call-error`. Answers the sentence
 * for the person.
 */
export function missed(element: HTMLElement, cause: unknown): string {
  console.warn(`<${element.localName}> could not be loaded.`, cause);
  const event = new Event('call-error', { bubbles: true, composed: true });
  element.dispatchEvent(Object.assign(event, { code: 'relay-unreachable', message: UNLOADED, cause }));
  return UNLOADED;
}

/** Loads the code of an element. As long as it cannot be had that is said, and tried again after pauses (in ms) that double. */
export function insist(element: HTMLElement, load: () => Promise<unknown>, pause = 4000): void {
  load().catch((cause: unknown) => {
    missed(element, cause);
    setTimeout(insist, pause, element, load, 2 * pause);
  });
}
