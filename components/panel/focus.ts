/** Keeps the focus with the person while what is drawn changes, and takes it to a call and back. */

/** The key that leads to the call from anywhere in the page, and back. No browser and no screen reader uses it in a page. */
export const THERE_AND_BACK = 'F8';

/** From which share of the window on a card hides what the person was at. */
const HIDES_FROM = 0.8;
/** Where somebody types, or where nobody here can tell. */
const TYPED = 'input, textarea, select, iframe, [contenteditable]';

/** The focus within one panel, and what had it before. */
export class Focus {
  #had = false;
  #before: EventTarget | null = null;
  #root: ShadowRoot | undefined;
  /** Whether cards lie over the page. */
  #overlies = false;
  #placed = false;
  #listens: 'first' | 'then' | undefined;

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
   * @param overlies whether its card lies over the page, and not within it
   * @param placed whether it is that of a call that the person places: it takes the focus once, where it hides the page
   */
  keep(root: ShadowRoot, overlies: boolean, placed: boolean): void {
    this.#root = root;
    const card = root.querySelector<HTMLElement>('.card');
    const isNew = placed && !!card && !this.#placed;
    this.#overlies = overlies;
    this.#placed = placed && !!card;
    if (root.activeElement) return;
    const takes = isNew && this.#hides(card) && !deepFocus()?.matches(TYPED);
    if (this.#had || takes) (card ?? (this.#before as HTMLElement | null))?.focus?.({ preventScroll: true });
    // Somebody may come to it by way of the browser's own controls.
    else if (document.activeElement !== document.body) this.#before ??= document.activeElement;
    // Where the person was before a call that is over says nothing about the next one.
    if (!card) this.#before = null;
  }

  /** Listens for the key, before others on the page or after them, or no longer. */
  listen(when: 'first' | 'then' | undefined): void {
    if (when === this.#listens) return;
    if (this.#listens) removeEventListener('keydown', this.#pressed, this.#listens === 'first');
    if (when) addEventListener('keydown', this.#pressed, when === 'first');
    this.#listens = when;
  }

  #hides({ offsetWidth, offsetHeight }: HTMLElement): boolean {
    return this.#overlies && offsetWidth * offsetHeight > HIDES_FROM * innerWidth * innerHeight;
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const root = this.#root;
    const card = root?.querySelector<HTMLElement>('.card');
    if (!card || event.key !== THERE_AND_BACK || event.defaultPrevented || event.repeat || isModified(event)) return;
    event.preventDefault();
    // Behind a call that fills the window nobody sees where the focus is.
    if (root!.activeElement && this.#hides(card)) return;
    if (!root!.activeElement) {
      const before = deepFocus();
      card.focus();
      this.#before = before;
      return;
    }
    (this.#before as HTMLElement | null)?.focus?.();
    // What had it before may be gone, or was nothing.
    (root!.activeElement as HTMLElement | null)?.blur();
  };
}

/** Whether another key is held down with this one. */
export const isModified = (event: KeyboardEvent): boolean => event.ctrlKey || event.altKey || event.metaKey || event.shiftKey;

function deepFocus(): Element | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}
