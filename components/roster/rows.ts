/** The rows of the list: an element for each person, drawn when something has changed, moved only when the order has. */
import { render } from 'lit';
import type { Listed } from './people.js';
import { isOn, row } from './row.js';
import type { RowView } from './row.js';

/** Pixels, as in the style sheet. */
const ROW_HEIGHT = 64;

interface Row {
  readonly element: HTMLLIElement;
  drawn: readonly unknown[];
}

/** By hand, where Lit's `repeat` would put its helpers into the chunk that every panel loads. */
export class Rows {
  #list: Element | null = null;
  readonly #rows = new Map<string, Row>();

  /**
   * Draws people into a list.
   *
   * @param view what the row of a person shows
   */
  draw(list: Element | null, people: readonly Listed[], view: (person: Listed) => RowView): void {
    if (list !== this.#list) this.#rows.clear();
    this.#list = list;
    if (!list) return;
    const present = new Set(people.map(({ peer }) => peer));
    const anchor = this.#anchor(list, present);
    const before = anchor?.offsetTop ?? 0;
    // Whoever has left goes first: then nobody has to move, and lose the focus, because of it.
    for (const [peer, { element }] of this.#rows) {
      if (present.has(peer)) continue;
      element.remove();
      this.#rows.delete(peer);
    }
    let at = list.firstElementChild;
    for (const person of people) {
      const element = this.#row(person.peer, view(person));
      if (element === at) at = at.nextElementSibling;
      else list.insertBefore(element, at);
    }
    if (anchor && anchor.offsetTop !== before) list.scrollTop += anchor.offsetTop - before;
  }

  /** The first row in sight, of those that stay: it keeps its place whatever happens above it. Not every browser sees to that. */
  #anchor(list: Element, present: ReadonlySet<string>): HTMLElement | undefined {
    if (list.scrollTop <= 0) return undefined;
    const rows = [...list.children] as HTMLElement[];
    return rows.slice(Math.floor(list.scrollTop / ROW_HEIGHT)).find(({ dataset }) => present.has(dataset.peer!));
  }

  #row(peer: string, view: RowView): HTMLLIElement {
    let known = this.#rows.get(peer);
    if (!known) {
      const element = document.createElement('li');
      element.dataset.peer = element.dataset.row = peer;
      element.setAttribute('part', 'person');
      // Browsers take the role of a list away where its look is none.
      element.setAttribute('role', 'listitem');
      this.#rows.set(peer, (known = { element, drawn: [] }));
    }
    const { person, presence, state, media, still, isStop, words } = view;
    const drawn = [person.name, presence, state, media.join(), still, isStop, words];
    if (drawn.some((each, index) => each !== known.drawn[index])) {
      known.drawn = drawn;
      known.element.className = isOn(state) ? 'on' : '';
      render(row(view), known.element);
    }
    return known.element;
  }
}
