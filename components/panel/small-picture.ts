/** The small picture of a call: dragged to a corner, swapped with the large one, put away and brought back. */
import { html, nothing, render } from 'lit';
import { hideIcon, showIcon, swapIcon } from '../icons/moves.js';
import { draggable } from './drag.js';
import { coast, cornerBy, cornerOf } from './corners.js';
import type { Corner, Point } from './corners.js';
import { canSwap, isOn, ownSeen } from './stage.js';
import { tool } from './tool.js';
import type { PanelView } from './view.js';

/** Two presses within so many milliseconds are one double press; not every browser tells of it for fingers. */
const DOUBLE = 350;

/** Milliseconds from the first drawing as connected to that from which pictures glide: before, they are at once where they belong. */
const SETTLED_AFTER = 1500;

/** The small picture of one panel. Where it is, is kept for as long as the call. */
export class SmallPicture {
  #view?: PanelView;
  #call = '';
  #picture?: HTMLElement | undefined;
  #handle?: HTMLElement;
  #free = () => {};
  #corner?: Corner | undefined;
  #swapped = false;
  #tucked = false;
  #pressed = 0;
  #settled = false;
  #settling: ReturnType<typeof setTimeout> | undefined;

  /** @param whole whether the stage has its full size, and is not a pill */
  follow(view: PanelView, stage: HTMLElement | null, whole: boolean): void {
    this.#view = view;
    const call = view.snapshot.call?.id ?? '';
    if (call !== this.#call) {
      this.#swapped = this.#tucked = false;
      this.#corner = undefined;
      this.#unsettle();
    }
    this.#call = call;
    if (view.snapshot.state === 'connected') this.#settling ??= setTimeout(() => this.#settle(), SETTLED_AFTER);
    this.#take(stage?.querySelector<HTMLElement>('.picture') ?? undefined);
    this.#draw(whole);
  }

  /** Lets go of the page. */
  stop(): void {
    this.#unsettle();
    this.#take(undefined);
  }

  #settle(): void {
    this.#settled = true;
    this.#picture?.classList.add('settled');
  }

  #unsettle(): void {
    clearTimeout(this.#settling);
    this.#settling = undefined;
    this.#settled = false;
  }

  #take(picture: HTMLElement | undefined): void {
    if (picture === this.#picture) return;
    this.#free();
    this.#picture = picture;
    if (!picture) return;
    const handle = (this.#handle = picture.querySelector<HTMLElement>('.handle')!);
    const listening = new AbortController();
    const { signal } = listening;
    handle.addEventListener('click', this.#onClick, { signal });
    handle.addEventListener('keydown', this.#onKey, { signal });
    const free = draggable(handle, {
      permits: (event) => {
        // What is around may be dragged as well.
        event.stopPropagation();
        return !this.#tucked;
      },
      begin: () => this.#begin(),
      move: (way) => this.#move(way),
      end: () => this.#end(),
      drop: (way, speed) => this.#drop(coast(way, speed)),
    });
    this.#free = () => {
      free();
      listening.abort();
    };
  }

  #draw(whole = true): void {
    const { snapshot, words } = this.#view!;
    const picture = this.#picture;
    if (!picture) return;
    const here = whole && isOn(snapshot.state) && ownSeen(snapshot);
    const both = here && canSwap(snapshot);
    const swapped = both && this.#swapped;
    const tucked = here && !swapped && this.#tucked;
    picture.classList.toggle('settled', this.#settled);
    picture.classList.toggle('swapped', swapped);
    picture.classList.toggle('tucked', tucked);
    for (const axis of ['x', 'y'] as const) {
      if (this.#corner && here) picture.style.setProperty(`--${axis}`, String(this.#corner[axis]));
      else picture.style.removeProperty(`--${axis}`);
    }
    render(here ? this.#tools(words, both, swapped, tucked) : nothing, this.#handle!);
  }

  #tools(words: PanelView['words'], both: boolean, swapped: boolean, tucked: boolean) {
    if (tucked) return tool('show-picture', showIcon, words.showPicture, () => this.#tuck(false), 'tab');
    return html`<div
        class="grip"
        role="group"
        tabindex="0"
        aria-label=${swapped ? this.#view!.snapshot.call!.name : words.yourPicture}
      ></div>
      ${both ? tool('swap-pictures', swapIcon, words.swapPictures, () => this.#swap()) : nothing}
      ${swapped ? nothing : tool('hide-picture', hideIcon, words.hidePicture, () => this.#tuck(true), 'last')}`;
  }

  #swap(): void {
    this.#swapped = !this.#swapped;
    this.#draw();
  }

  #tuck(tucked: boolean): void {
    const focused = !!this.#handle!.querySelector(':focus');
    this.#tucked = tucked;
    this.#draw();
    if (focused) this.#handle!.querySelector<HTMLElement>(tucked ? 'button' : '.grip')?.focus({ preventScroll: true });
  }

  readonly #onClick = (event: MouseEvent) => {
    if (!(event.target as Element).matches('.grip') || !canSwap(this.#view!.snapshot)) return;
    const twice = event.timeStamp - this.#pressed < DOUBLE;
    this.#pressed = twice ? 0 : event.timeStamp;
    if (twice) this.#swap();
  };

  readonly #onKey = (event: KeyboardEvent) => {
    if (!(event.target as Element).matches('.grip')) return;
    const corner = cornerBy(event.key, this.#corner ?? this.#cornerNow());
    if (!corner) return;
    event.preventDefault();
    this.#corner = corner;
    this.#draw();
  };

  /** What moves: the handle, and the picture below it. */
  #moved(): HTMLElement[] {
    return [this.#handle!, this.#picture!.querySelector(this.#picture!.matches('.swapped') ? '.remote' : '.local')!];
  }

  /** Where the handle was when the drag began, from the top left of the pictures. */
  #from: Point = { x: 0, y: 0 };
  /** What is dragged, whatever changes places meanwhile. */
  #dragged: readonly HTMLElement[] = [];

  #begin(): void {
    this.#from = this.#at();
    this.#dragged = this.#moved();
    this.#picture!.classList.add('dragged');
  }

  #move({ x, y }: Point): void {
    for (const element of this.#dragged) element.style.translate = `${this.#from.x + x}px ${this.#from.y + y}px`;
  }

  #end(): void {
    this.#picture!.classList.remove('dragged');
    for (const element of this.#dragged) element.style.translate = '';
  }

  #drop({ x, y }: Point): void {
    const { offsetWidth: width, offsetHeight: height } = this.#handle!;
    const { clientWidth, clientHeight } = this.#picture!;
    const centre = { x: this.#from.x + x + width / 2, y: this.#from.y + y + height / 2 };
    this.#corner = cornerOf(centre, { width: clientWidth, height: clientHeight });
    this.#draw();
  }

  #at(): Point {
    const around = this.#picture!.getBoundingClientRect();
    const { left, top } = this.#handle!.getBoundingClientRect();
    return { x: left - around.left, y: top - around.top };
  }

  #cornerNow(): Corner {
    const { x, y } = this.#at();
    const { clientWidth: width, clientHeight: height } = this.#picture!;
    const { offsetWidth, offsetHeight } = this.#handle!;
    return cornerOf({ x: x + offsetWidth / 2, y: y + offsetHeight / 2 }, { width, height });
  }
}
