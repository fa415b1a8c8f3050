/** Code that is loaded when it is needed: what is said and done while it cannot be had. */

/**
 * Says that the code of an element cannot be loaded: on the console, and to the page by `call-error`. In English, for the words of other
 * languages would have to be loaded as well. Answers the sentence for the person.
 */
export function missed(element: HTMLElement, cause: unknown): string {
  const message = 'Calls cannot be loaded. Check your connection and try again.';
  console.warn(`<${element.localName}> could not be loaded.`, cause);
  const event = new Event('call-error', { bubbles: true, composed: true });
  element.dispatchEvent(Object.assign(event, { code: 'relay-unreachable', message, cause }));
  return message;
}

/** Loads the code of an element. As long as it cannot be had that is said, and tried again after pauses (in ms) that double. */
export function insist(element: HTMLElement, load: () => Promise<unknown>, pause = 4000): void {
  load().catch((cause: unknown) => {
    missed(element, cause);
    setTimeout(insist, pause, element, load, 2 * pause);
  });
}
