/** Keeps the focus with the person while what is drawn changes. */

/** The focus within one panel, and what had it before. */
export class Focus {
  #had = false;
  #before: EventTarget | null = null;

  /** Something in the panel gets the focus. */
  readonly came = ({ relatedTarget, currentTarget }: FocusEvent): void => {
    if (!(currentTarget as Node).contains(relatedTarget as Node | null)) this.#before = relatedTarget;
  };

  /** Something else is about to be drawn. */
  note(root: ShadowRoot | null): void {
    this.#had = !!root?.activeElement;
  }

  /** It has been drawn. A control that had the focus may be gone: its card has it then, or whatever had it before. */
  keep(root: ShadowRoot): void {
    if (!this.#had || root.activeElement) return;
    const card = root.querySelector<HTMLElement>('.card') ?? (this.#before as HTMLElement | null);
    card?.focus?.({ preventScroll: true });
  }
}
