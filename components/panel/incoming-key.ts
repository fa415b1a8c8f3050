/** The key that silences the incoming dialog. */
import type { CompanionHost } from './companions.js';
import { isModified } from './focus.js';
import type { PanelView } from './view.js';

/** Listens until the function that is returned is called. */
export function listenForEscape(host: CompanionHost, view: () => PanelView): () => void {
  const pressed = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || isModified(event)) return;
    const isInside = !!host.shadowRoot?.activeElement;
    // Whoever types, or has a dialog of the page before them, means something else by it.
    if (isInside || (isNowhere() && !document.querySelector('dialog:modal'))) view().ring?.silence();
  };
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}

/** Whether nothing of the page has the focus. */
const isNowhere = () => !document.activeElement || document.activeElement === document.body;
