/** The view with the figures of the connection: over the stage, but for the bar of its controls. */
import { html, nothing, render } from 'lit';
import { isTalking } from '../../call/phases.js';
import { icons } from '../../icons/index.js';
import { fill } from '../../locales/index.js';
import type { Judgement } from '../../quality/judgement.js';
import type { Reading } from '../../quality/reading.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';
import { detailsStyles } from './details-styles.js';
import { digitsOf, factsOf, groupsOf } from './figures.js';
import type { Digits, Group } from './figures.js';
import { termsIn } from './terms.js';
import type { Terms } from './terms.js';

/** What stays in reach. */
const FREE = 'footer, .chat, .rec';

/** The view of one panel. It can be opened again. */
export class Details {
  readonly #closed: () => void;
  #view!: PanelView;
  #cover: HTMLElement | undefined;
  #judgement: Judgement | undefined;
  #reading: Reading | undefined;
  #takesFocus = false;
  #spoken: { readonly lang: string; readonly terms: Terms; readonly digits: Digits } | undefined;

  /** @param closed called whenever it has been closed, by whomever */
  constructor(closed: () => void) {
    this.#closed = closed;
  }

  open(view: PanelView, judgement: Judgement | undefined, reading: Reading | undefined): void {
    this.#cover = document.createElement('div');
    this.#cover.className = 'figures';
    // While something is open, the controls do not step back.
    this.#cover.toggleAttribute('open', true);
    this.#cover.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
    // Here one scrolls, and does not drag the window.
    this.#cover.addEventListener('pointerdown', (event) => event.stopPropagation());
    this.#judgement = judgement;
    this.#reading = reading;
    // What gives way gives its focus to its own control.
    this.#takesFocus = view.chat.open;
    if (view.chat.open) view.chat.toggle();
    this.#place(view);
    this.#focus();
  }

  #focus(): void {
    this.#cover?.querySelector<HTMLElement>('[role=dialog]')?.focus({ preventScroll: true });
  }

  /** Follows what the panel has drawn. */
  follow(view: PanelView): void {
    if (view.chat.open || view.devices === 'on' || view.quality.hidden || view.elsewhere) return this.close(view.devices === 'on');
    this.#place(view);
    if (this.#takesFocus) this.#focus();
    this.#takesFocus = false;
  }

  /** Shows another second. */
  show(judgement: Judgement | undefined, reading: Reading): void {
    this.#judgement = judgement ?? this.#judgement;
    this.#reading = reading;
    this.#draw();
  }

  /** May be called twice. What another view covers now, as well, stays out of reach with `covered`. */
  close(covered = false): void {
    const cover = this.#cover;
    if (!cover) return;
    this.#cover = undefined;
    const { root } = this.#view;
    const hadFocus = cover.contains(root.activeElement);
    for (const other of cover.parentElement?.children ?? []) if (!covered && !other.matches(FREE)) other.removeAttribute('inert');
    render(nothing, cover);
    cover.remove();
    const indicator = root.querySelector<HTMLElement>('[part~=quality]');
    if (hadFocus) (indicator?.checkVisibility() ? indicator : root.querySelector<HTMLElement>('.card'))?.focus({ preventScroll: true });
    this.#closed();
  }

  #place(view: PanelView): void {
    this.#view = view;
    const stage = isTalking(view.snapshot.state) && view.root.querySelector<HTMLElement>('.stage');
    const cover = this.#cover;
    if (!stage || !cover) return this.close();
    if (cover.parentElement !== stage) stage.append(cover);
    for (const other of stage.children) if (other !== cover && !other.matches(FREE)) other.toggleAttribute('inert', true);
    wear(view.root, detailsStyles);
    this.#draw();
  }

  #draw(): void {
    const { words, lang, snapshot } = this.#view;
    const [judgement, reading] = [this.#judgement, this.#reading];
    if (!this.#cover || !judgement || !reading) return;
    if (this.#spoken?.lang !== lang) this.#spoken = { lang, terms: termsIn(lang), digits: digitsOf(lang) };
    const { terms, digits } = this.#spoken;
    const name = fill(words.quality.connection, { quality: words.quality.words[judgement.quality] });
    const groups = groupsOf(reading, snapshot.local, snapshot.remote, terms, digits);
    const facts = factsOf(reading, judgement.mos, terms, digits);
    render(
      html`<section part="quality-details" class="inside" role="dialog" aria-labelledby="quality-title" tabindex="-1">
        <header class="top">
          <h2 id="quality-title">${name}</h2>
          <button part="close-button" class="away" title=${words.close} @click=${() => this.close()}>
            ${icons.close}<span class="word">${words.close}</span>
          </button>
        </header>
        ${judgement.reason ? html`<p class="why-so">${terms[`why-${judgement.reason}`]}</p>` : nothing}
        <dl>
          ${facts.map(
            ({ label, value }) =>
              html`<div>
                <dt>${label}</dt>
                <dd><bdi>${value}</bdi></dd>
              </div>`,
          )}
        </dl>
        <table>
          <thead>
            <tr>
              <td></td>
              ${(['received', 'sent'] as const).map((way) => {
                const word = judgement[way === 'received' ? 'incoming' : 'outgoing'];
                return html`<th scope="col">${terms[way]}${word ? html`<small>${words.quality.words[word]}</small>` : nothing}</th>`;
              })}
            </tr>
          </thead>
          ${groups.map(tableBody)}
        </table>
      </section>`,
      this.#cover,
    );
  }
}

const tableBody = ({ label, rows }: Group) =>
  html`<tbody>
    <tr>
      <th scope="rowgroup" colspan="3">${label}</th>
    </tr>
    ${rows.map(
      (row) =>
        html`<tr>
          <th scope="row">${row.label}</th>
          <td><bdi>${row.received ?? '–'}</bdi></td>
          <td><bdi>${row.sent ?? '–'}</bdi></td>
        </tr>`,
    )}
  </tbody>`;
