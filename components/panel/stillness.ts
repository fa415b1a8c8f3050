/** Controls that step back when nothing moves, and return on touch, move, key or focus. */

/** How long nothing must move, in milliseconds. */
const STILL_AFTER = 3500;

/** Whether a person is at work in the panel, though nothing moves. */
const BUSY = ':focus-visible, [aria-expanded="true"], [open]';

/** Watches one panel, as long as that is wanted. */
export class Stillness {
  readonly #host: HTMLElement;
  #base?: HTMLElement | undefined;
  #timer?: ReturnType<typeof setTimeout> | undefined;
  #last = 0;
  #finger = false;
  /** Whether the controls were there when the pointer came down: its press moves the focus, which brings them back before its click. */
  #shown = true;
  #listening?: AbortController | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** @param base the box to watch; undefined where its controls stay */
  follow(base: HTMLElement | undefined): void {
    if (base === this.#base) return;
    this.stop();
    this.#base = base;
    if (!base) return;
    const { signal } = (this.#listening = new AbortController());
    base.addEventListener('pointerdown', this.#onPointer, { signal });
    base.addEventListener('pointermove', this.#onPointer, { signal });
    base.addEventListener('click', this.#onClick, { signal, capture: true });
    base.addEventListener('keydown', this.#wake, { signal });
    base.addEventListener('focusin', this.#wake, { signal });
    this.#wake();
  }

  /** Brings the controls back, and lets go of the page. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#listening?.abort();
    this.#base?.removeAttribute('data-still');
    this.#base = undefined;
  }

  readonly #wake = () => {
    this.#last = performance.now();
    this.#base?.removeAttribute('data-still');
    this.#timer ??= setTimeout(this.#check, STILL_AFTER);
  };

  // A finger or a pen that comes down must not press what only then appears below it; its tap does not, when it is over. A mouse has
  // shown what there is on its way, unless a program moves it, which knows what it wants.
  readonly #onPointer = (event: PointerEvent) => {
    // A pen that touches nothing moves like a mouse.
    this.#finger = event.pointerType !== 'mouse' && event.buttons > 0;
    if (event.type === 'pointerdown') this.#shown = !this.#base!.hasAttribute('data-still');
    if (!this.#finger) this.#wake();
  };

  readonly #onClick = (event: MouseEvent) => {
    const onStage = !event.composedPath().some((at) => at instanceof Element && at.matches('button, a, input, select, .handle, [slot]'));
    this.#wake();
    if (!this.#finger) return;
    // Where a mouse was at work before, they are still there for it, and for the first finger; a key and a screen reader have no pointer.
    if (!this.#shown && !onStage && event.detail > 0) event.stopPropagation();
    if (this.#shown && onStage) this.#rest();
    this.#shown = true;
  };

  readonly #check = () => {
    this.#timer = undefined;
    const left = this.#last + STILL_AFTER - performance.now();
    if (left > 20) this.#timer = setTimeout(this.#check, left);
    else if (this.#isBusy()) this.#wake();
    else this.#rest();
  };

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#base?.setAttribute('data-still', this.#finger ? 'touch' : '');
  }

  #isBusy(): boolean {
    const hovered = !this.#finger && matchMedia('(hover: hover)').matches ? ', :is(button, a):hover' : '';
    const busy = BUSY + hovered;
    return !!this.#base!.querySelector(busy) || [...this.#host.children].some((child) => child.matches(busy) || child.querySelector(busy));
  }
}
