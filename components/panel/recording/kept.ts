/** What was recorded, with the ways to save it and to remove it: on the card of the call's end, else on that of a panel without a call. */
import { html, nothing, render } from 'lit';
import type { TemplateResult } from 'lit';
import { isLive } from '../../call/phases.js';
import { stroke } from '../../icons/index.js';
import { clock } from '../../locales/index.js';
import type { Kept } from '../../recording/storing.js';
import { sizeOf } from '../chat/figures.js';
import { pill, withName } from '../view.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';
import { save } from './save.js';
import { keptStyles } from './styles.js';

const saveIcon = stroke('M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14');

/** The recordings that are offered on one panel. */
export class KeptBox {
  readonly #changed: () => void;
  readonly #all: Kept[] = [];
  readonly #saving = new Set<Kept>();
  readonly #saved = new Set<Kept>();
  /** Those that were put away; the next page offers them again. */
  readonly #away = new Set<Kept>();
  readonly #box = Object.assign(document.createElement('div'), { className: 'kept' });
  /** A card for a panel that shows none. */
  #card: HTMLElement | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#box.setAttribute('part', 'recordings');
  }

  add(kept: Kept): void {
    if (this.#all.some(({ about }) => about.id === kept.about.id)) return;
    this.#all.push(kept);
    this.#changed();
  }

  /** @param soon whether a recording is about to be whole */
  follow(view: PanelView, soon: boolean): void {
    const { root, snapshot, recorder: door } = view;
    const end = root.querySelector('.over');
    const { state, call } = snapshot;
    const ofCall = this.#all.filter(({ about }) => about.call === call?.id);
    // Its end was put away, and they with it.
    if (state === 'ended' && !end) for (const kept of ofCall) this.#away.add(kept);
    const waits = state === 'ended' ? !!end && (soon || ofCall.length > 0) : isLive(state) && (soon || ofCall.length > 0);
    door.waits = waits;
    const shown = end ? ofCall : isLive(state) ? [] : this.#all.filter((kept) => !this.#away.has(kept));
    if (shown.length === 0) return this.stop();
    wear(root, keptStyles);
    this.#place(root, end);
    render(
      shown.map((kept) => this.#one(view, kept)),
      this.#box,
    );
  }

  /** Takes them from the page. */
  stop(): void {
    if (!this.#box.isConnected) return;
    this.#box.remove();
    this.#card?.remove();
    this.#changed();
  }

  #place(root: ShadowRoot, end: Element | null): void {
    const card = end ?? root.querySelector('.base > .card:not(.offer)');
    const footer = end?.querySelector('footer');
    if (card) this.#card?.remove();
    if (footer) {
      if (this.#box.nextElementSibling !== footer) footer.before(this.#box);
    } else if (card) {
      if (this.#box.parentElement !== card) card.append(this.#box);
    } else {
      this.#card ??= Object.assign(document.createElement('section'), { className: 'card sheet offer' });
      if (this.#card.isConnected && this.#box.parentElement === this.#card) return;
      this.#card.append(this.#box);
      root.querySelector('.base')!.append(this.#card);
      // Now there is something to see, which wants its place above the page.
      this.#changed();
    }
  }

  #one({ words, lang, root }: PanelView, kept: Kept): TemplateResult {
    const { recording } = words;
    const { about, file, length } = kept;
    const isSaved = this.#saved.has(kept);
    const figures = [length >= 1000 && clock(length / 1000, lang), sizeOf(file.size, lang)].filter(Boolean).join(' · ');
    const isOffer = this.#box.parentElement === this.#card && root.contains(this.#card ?? null);
    return html`<div class="recorded" role="group" aria-label=${file.name}>
      <div role="status">${isSaved ? recording.saved : withName(recording.kept, about.name)}</div>
      <div class="line">${figures}</div>
      <div class="controls">
        ${pill('save-recording', recording.save, () => this.#save(kept), { icon: saveIcon })}
        ${pill('delete-recording', recording.remove, () => this.#remove(kept), { kind: 'quiet' })}
        ${isOffer ? pill('close', words.close, () => this.#putAway(kept), { kind: 'quiet' }) : nothing}
      </div>
    </div>`;
  }

  async #save(kept: Kept): Promise<void> {
    if (this.#saving.has(kept)) return;
    this.#saving.add(kept);
    const saved = await save(kept);
    this.#saving.delete(kept);
    if (saved === 'whole') return this.#remove(kept);
    if (saved === 'begun') this.#saved.add(kept);
    this.#changed();
  }

  async #remove(kept: Kept): Promise<void> {
    this.#drop(kept);
    await kept.remove();
  }

  #putAway(kept: Kept): void {
    this.#away.add(kept);
    this.#changed();
  }

  #drop(kept: Kept): void {
    this.#all.splice(this.#all.indexOf(kept) >>> 0, 1);
    this.#changed();
  }
}
