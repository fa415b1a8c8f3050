/** The floating window: dragged anywhere inside the viewport, made a pill, and a window again. */
import { draggable } from './drag.js';
import { coast, cornerBy, cornerOf, placeOf, pointOf } from './corners.js';
import type { Place, Point, Size } from './corners.js';
import { forgetWindow, keepWindow, recallWindow } from './kept-window.js';
import { isOn } from './stage.js';
import type { PanelView } from './view.js';

/** How close to the edge of the viewport a window may come, in pixels. */
const MARGIN = 8;

/** The room beside a sheet on a phone, in pixels. */
const SHEET_INSETS = 24;

/** What a press or a drag has another meaning for. */
const WORKED = 'input, select, textarea, a, [contenteditable], [role="slider"]';

const viewport = (): Size => ({ width: document.documentElement.clientWidth, height: window.innerHeight });

/** The window of one panel. */
export class FloatingWindow {
  readonly #expanded: () => void;
  #base?: HTMLElement | undefined;
  #free = () => {};
  #place?: Place | undefined;
  #mini = false;
  #on = false;
  #call: string | undefined;
  #me: string | null = null;

  /** @param expanded called when a press on the pill has made it a window again */
  constructor(expanded: () => void) {
    this.#expanded = expanded;
  }

  /** Whether it is a pill now. */
  get mini(): boolean {
    return this.#mini;
  }

  /**
   * @param base the box of a floating call, from its first ring to its end; undefined while there is none
   * @param view a call that the last page of this tab was in is a pill again if it was one, and where it was
   */
  follow(base: HTMLElement | undefined, { snapshot: { call, me, state } }: Pick<PanelView, 'snapshot'>): void {
    this.#on = isOn(state);
    this.#me = me;
    if (base !== this.#base) this.#take(base);
    if (this.#on && base && call!.id !== this.#call) this.#recall((this.#call = call!.id));
    else if (!this.#on || !base) this.#rest(call?.id);
    this.#settle();
  }

  /** A call that is shown elsewhere for a while is no pill when it comes back; of one that is over nothing is kept. */
  #rest(call: string | undefined): void {
    const wasMini = this.#mini;
    this.#mini = false;
    this.#base?.removeAttribute('data-mini');
    if (call !== this.#call) this.#call = undefined;
    else if (this.#base) forgetWindow(this.#me);
    else if (wasMini) this.#keep();
  }

  /** Lets go of the page. */
  stop(): void {
    this.#take(undefined);
  }

  /** Becomes a pill, or a window again, as the person wants it. */
  minimise(mini: boolean): void {
    this.#become(mini);
    this.#keep();
  }

  /** Becomes a window for once, for there is something to be told. */
  expand(): void {
    this.#become(false);
  }

  #become(mini: boolean): void {
    if (mini === this.#mini) return;
    this.#mini = mini;
    this.#base?.toggleAttribute('data-mini', mini);
    this.#settle();
    if (!matchMedia('(prefers-reduced-motion)').matches) {
      this.#base?.firstElementChild?.animate([{ opacity: 0.3, transform: `scale(${mini ? 1.15 : 0.9})` }, {}], {
        duration: 240,
        easing: 'cubic-bezier(0.2, 0.9, 0.3, 1)',
      });
    }
  }

  /** With the focus on `Minimise` or `Expand`, an arrow key leads to the corner in its direction. */
  readonly #onKey = (event: KeyboardEvent) => {
    if (!(event.target as Element).closest('.tools')) return;
    // Where it goes, if it is still on its way.
    const corner = cornerBy(event.key, this.#place?.corner ?? cornerOf(centreOf(this.#at(), this.#size()), viewport()));
    if (!corner || this.#fills()) return;
    event.preventDefault();
    this.#goTo({ corner, from: { x: 16, y: 16 } });
  };

  #take(base: HTMLElement | undefined): void {
    this.#free();
    this.#free = () => {};
    this.#base?.removeAttribute('data-mini');
    if (this.#base) this.#base.style.translate = '';
    this.#base = base;
    if (!base) return;
    base.toggleAttribute('data-mini', this.#mini);
    const free = draggable(base, {
      // A press on `Accept` shall be one, however unsteady.
      permits: (event) =>
        this.#on && !this.#fills() && !event.composedPath().some((at) => at instanceof Element && at !== base && at.matches(WORKED)),
      begin: () => {
        this.#from = this.#at();
        base.setAttribute('data-dragged', '');
      },
      move: (way) => this.#put({ x: this.#from.x + way.x, y: this.#from.y + way.y }),
      end: () => base.removeAttribute('data-dragged'),
      drop: (way, speed) => {
        this.#goTo(placeOf(coast({ x: this.#from.x + way.x, y: this.#from.y + way.y }, speed), this.#size(), viewport()));
      },
    });
    const onClick = (event: Event) => {
      if (!this.#mini || (event.target as Element).closest('button, slot')) return;
      this.minimise(false);
      this.#expanded();
    };
    const settle = () => this.#settle();
    const resized = new ResizeObserver(settle);
    resized.observe(base);
    window.addEventListener('resize', settle);
    base.addEventListener('click', onClick);
    base.addEventListener('keydown', this.#onKey);
    this.#free = () => {
      free();
      resized.disconnect();
      window.removeEventListener('resize', settle);
      base.removeEventListener('click', onClick);
      base.removeEventListener('keydown', this.#onKey);
    };
  }

  #from: Point = { x: 0, y: 0 };

  #size(): Size {
    return { width: this.#base!.offsetWidth, height: this.#base!.offsetHeight };
  }

  #at(): Point {
    const { left, top } = this.#base!.getBoundingClientRect();
    return { x: left, y: top };
  }

  /** Whether the call fills the viewport, or is a sheet from side to side of it, as on a phone: there is nowhere to go then. */
  #fills(): boolean {
    // Its height says nothing: the keyboard of a phone takes from it.
    return this.#size().width >= viewport().width - SHEET_INSETS;
  }

  #put({ x, y }: Point): void {
    const base = this.#base!;
    base.style.translate = `${x - base.offsetLeft}px ${y - base.offsetTop}px`;
  }

  #goTo(place: Place): void {
    this.#place = place;
    this.#settle(true);
    this.#keep();
  }

  #keep(): void {
    keepWindow(this.#me, this.#call, { mini: this.#mini, place: this.#place });
  }

  #recall(id: string): void {
    const { mini, place } = recallWindow(this.#me, id);
    this.#mini = mini;
    this.#base!.toggleAttribute('data-mini', mini);
    if (place) this.#place = place;
    // Where it was in the last call of this page.
    else if (this.#place) this.#keep();
  }

  /** Goes to its place, as far as the viewport has room: gliding, or at once where its own size or the viewport has changed. */
  #settle(glides = false): void {
    const base = this.#base;
    if (!base || !this.#place || base.hasAttribute('data-dragged')) return;
    base.toggleAttribute('data-glides', glides);
    if (this.#fills()) base.style.translate = '';
    else this.#put(pointOf(this.#place, this.#size(), viewport(), MARGIN));
  }
}

const centreOf = ({ x, y }: Point, { width, height }: Size): Point => ({ x: x + width / 2, y: y + height / 2 });
