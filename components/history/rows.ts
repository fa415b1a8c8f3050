/** The rows of the history: an element for each, kept for as long as its call stays in the list. */
import { render } from 'lit';
import { row } from './row.js';
import type { RowView } from './row.js';

/** By hand, where Lit's `repeat` would put its helpers into the chunk that every panel loads. */
export class Rows {
  #list: Element | null = null;
  readonly #rows = new Map<string, HTMLLIElement>();

  /** Draws rows into a list. */
  draw(list: Element | null, views: readonly RowView[]): void {
    if (list !== this.#list) this.#rows.clear();
    this.#list = list;
    if (!list) return;
    const present = new Set(views.map(({ run }) => run.entry.id));
    for (const [id, element] of this.#rows) {
      if (present.has(id)) continue;
      element.remove();
      this.#rows.delete(id);
    }
    let at = list.firstElementChild;
    for (const view of views) {
      const element = this.#row(view.run.entry.id);
      if (element === at) at = at.nextElementSibling;
      else list.insertBefore(element, at);
      element.className = view.run.entry.outcome === 'missed' ? 'missed' : '';
      render(row(view), element);
    }
  }

  #row(id: string): HTMLLIElement {
    let element = this.#rows.get(id);
    if (element) return element;
    element = document.createElement('li');
    element.dataset.row = id;
    element.setAttribute('part', 'entry');
    // Browsers take the role of a list away where its look is none.
    element.setAttribute('role', 'listitem');
    this.#rows.set(id, element);
    return element;
  }
}
