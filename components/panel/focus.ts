/** Keeps the focus with the person while what is drawn changes, and takes it to a call and back. */

/** The key that leads to the call from anywhere in the page, and back. No browser and no screen reader uses it in a page. */
export const THERE_AND_BACK = 'F8';

/** From which share of the window on a card hides what the person was at. */
const HIDES_FROM = 0.8;

/** The focus within one panel, and what had it before. */
export class Focus {
  #had = false;
  #before: EventTarget | null = null;
  #root: ShadowRoot | undefined;
  #listens = false;

  /** Something in the panel gets the focus. */
  readonly came = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    // From something of the panel that is gone it comes as if from nowhere.
    if (relatedTarget && !(currentTarget as Node).contains(relatedTarget as Node)) this.#before = relatedTarget;
  };

  /** Something else is about to be drawn. */
  note(root: ShadowRoot | null): void {
    this.#had = !!root?.activeElement;
  }

  /**
   * It has been drawn. A control that had the focus may be gone: its card has it then, or whatever had it before.
   *
   * @param covers whether the person has just opened a card that may lie over the page
   */
  keep(root: ShadowRoot, covers: boolean): void {
    this.#root = root;
    if (root.activeElement) return;
    const card = root.querySelector<HTMLElement>('.card');
    const hides = covers && !!card && card.offsetWidth * card.offsetHeight > HIDES_FROM * innerWidth * innerHeight;
    if (this.#had || hides) (card ?? (this.#before as HTMLElement | null))?.focus?.({ preventScroll: true });
    // Somebody may come to it by way of the browser's own controls.
    else if (document.activeElement !== document.body) this.#before ??= document.activeElement;
    // Where the person was before a call that is over says nothing about the next one.
    if (!card) this.#before = null;
  }

  /** Listens for the key, or no longer. */
  listen(on: boolean): void {
    if (on === this.#listens) return;
    this.#listens = on;
    if (on) addEventListener('keydown', this.#pressed);
    else removeEventListener('keydown', this.#pressed);
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const card = this.#root?.querySelector<HTMLElement>('.card');
    if (!card || event.key !== THERE_AND_BACK || event.defaultPrevented || isModified(event)) return;
    event.preventDefault();
    if (this.#root!.activeElement) return (this.#before as HTMLElement | null)?.focus?.();
    const before = deepFocus();
    card.focus();
    this.#before = before;
  };
}

/** Whether another key is held down with this one. */
export const isModified = (event: KeyboardEvent): boolean => event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;

function deepFocus(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
