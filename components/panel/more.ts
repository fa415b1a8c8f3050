/** Controls for which a narrow stage has no room: they stand in the row where there is, else behind `More`. */
import { html, nothing } from 'lit';
import { icons } from '../icons/index.js';
import { control } from './view.js';

/**
 * Controls that may step aside.
 *
 * @param label the word for `More`
 * @param controls those that there are; false for one that there is not
 */
export function more(label: string, controls: readonly unknown[]) {
  const there = controls.filter(Boolean);
  if (there.length === 0) return nothing;
  return html`<div class="rest" @focusout=${left} @keydown=${pressed}>
    ${control('more', icons.more, label, toggle, { kind: 'more', expands: true })}
    <div class="extras" @click=${done}>${there}</div>
  </div>`;
}

/** Whether they are shown is a matter of this box alone: nothing else is drawn anew for it. */
function open(rest: Element, on: boolean): void {
  rest.classList.toggle('open', on);
  rest.firstElementChild!.setAttribute('aria-expanded', String(on));
}

const restOf = ({ currentTarget }: Event): Element => (currentTarget as Element).closest('.rest')!;
const isOpen = (rest: Element): boolean => rest.classList.contains('open');

function toggle(event: Event): void {
  const rest = restOf(event);
  open(rest, !isOpen(rest));
}

function done(event: Event): void {
  const rest = restOf(event);
  // What was pressed is about to be hidden, and the keyboard with it.
  if (event.target !== event.currentTarget && isOpen(rest)) (rest.firstElementChild as HTMLElement).focus({ preventScroll: true });
  open(rest, false);
}

function left(event: FocusEvent): void {
  const rest = restOf(event);
  if (!rest.contains(event.relatedTarget as Node | null)) open(rest, false);
}

function pressed(event: KeyboardEvent): void {
  const rest = restOf(event);
  if (event.key !== 'Escape' || !isOpen(rest)) return;
  event.preventDefault();
  event.stopPropagation();
  open(rest, false);
  (rest.firstElementChild as HTMLElement).focus();
}
