/** Keeps the focus with the person while what is drawn changes. */

/** The focus within one panel, and what had it before. */
export class Focus {
  #had = false;
  #before: EventTarget | null = null;

  /** Something in the panel gets the focus. */
  readonly came = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    // From something of the panel that is gone it comes as if from nowhere.
    if (relatedTarget && !(currentTarget as Node).contains(relatedTarget as Node)) this.#before = relatedTarget;
  };

  /** Something else is about to be drawn. */
  note(root: ShadowRoot | null): void {
    this.#had = !!root?.activeElement;
  }

  /** It has been drawn. A control that had the focus may be gone: its card has it then, or whatever had it before. */
  keep(root: ShadowRoot): void {
    if (root.activeElement) return;
    const card = root.querySelector<HTMLElement>('.card');
    if (this.#had) (card ?? (this.#before as HTMLElement | null))?.focus?.({ preventScroll: true });
    // Somebody may come to it by way of the browser's own controls.
    else if (document.activeElement !== document.body) this.#before ??= document.activeElement;
    // Where the person was before a call that is over says nothing about the next one.
    if (!card) this.#before = null;
  }
}
