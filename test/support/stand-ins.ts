/** What tests put in the place of the browser's own, and what they do to a page from outside. */

/** Puts something in the place of a property, whoever has it. Returns the function that puts things right. */
export function standIn(target: object, name: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(target, name, own);
    else delete (target as Record<string, unknown>)[name];
  };
}

/** Brings this tab to the front, or to the back, as far as the page can tell. */
export function turnTab(state: 'visible' | 'hidden'): void {
  standIn(document, 'visibilityState', state);
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Presses a key where the focus is. */
export function pressKey(key: string, target: EventTarget = document.body): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}
