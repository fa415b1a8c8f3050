/** The keys of the incoming dialog: one to get there from anywhere in the page, and one that silences it. */
import type { CompanionHost } from './companions.js';
import type { PanelView } from './view.js';

/** Goes to the dialog, and back to where the person was. No browser and no screen reader uses it in a page. */
const THERE_AND_BACK = 'F8';

/** Listens until the function that is returned is called. */
export function listenForKeys(host: CompanionHost, view: () => PanelView): () => void {
  let before: Element | null = null;
  const inside = () => !!host.shadowRoot?.activeElement;
  const pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    if (event.key === THERE_AND_BACK && view().shortcuts) {
      event.preventDefault();
      if (inside()) return void (before as HTMLElement | null)?.focus?.();
      before = deepFocus();
      host.shadowRoot?.querySelector<HTMLElement>('[role=dialog]')?.focus();
    }
    // Whoever types, or has a dialog of the page before them, means something else by Escape.
    if (event.key === 'Escape' && (inside() || (isNowhere() && !document.querySelector('dialog:modal')))) view().ring?.silence();
  };
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}

/** Whether nothing of the page has the focus. */
const isNowhere = () => !document.activeElement || document.activeElement === document.body;

function deepFocus(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
