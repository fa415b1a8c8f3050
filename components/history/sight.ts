/** Tells when a person can see an element: it is in the window, and the page in front. */

/** Follows one element. */
export class Sight {
  readonly #changed: (inSight: boolean) => void;
  #observer: IntersectionObserver | undefined;
  #inWindow = false;
  #told = false;

  /** @param changed told when the element comes into sight, or goes out of it */
  constructor(changed: (inSight: boolean) => void) {
    this.#changed = changed;
  }

  /** Whether the element is in sight. */
  get inSight(): boolean {
    return this.#told;
  }

  /** Begins, where it has not begun. */
  follow(element: Element): void {
    if (this.#observer) return;
    this.#observer = new IntersectionObserver((entries) => {
      this.#inWindow = entries.at(-1)!.isIntersecting;
      this.#look();
    });
    this.#observer.observe(element);
    document.addEventListener('visibilitychange', this.#look);
  }

  /** Ends. May be called twice. */
  stop(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#inWindow = false;
    document.removeEventListener('visibilitychange', this.#look);
    this.#look();
  }

  readonly #look = (): void => {
    const inSight = this.#inWindow && document.visibilityState === 'visible';
    if (inSight === this.#told) return;
    this.#told = inSight;
    this.#changed(inSight);
  };
}
