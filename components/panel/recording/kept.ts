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

/**
 * Where a recording is: the person is asked whether to delete it, it is being copied or removed, the browser downloads it; or what has
 * become of it.
 */
type Step = 'sure' | 'busy' | 'saved' | 'done' | 'gone';

const isOver = (step: Step | undefined): boolean => step === 'done' || step === 'gone';

/** The recordings that are offered on one panel. */
export class KeptBox {
  readonly #changed: () => void;
  readonly #all: Kept[] = [];
  /** Where each of them is, but for those that only wait for the person. */
  readonly #steps = new Map<Kept, Step>();
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
    const before = root.activeElement;
    const at = [...this.#box.children].findIndex((each) => each.contains(before));
    render(
      shown.map((kept) => this.#one(view, kept, !!end)),
      this.#box,
    );
    // What was pressed is gone, or cannot be pressed for now.
    if (at >= 0 && (!before!.isConnected || before!.matches(':disabled'))) this.#focus(at);
  }

  /** On the way out of a question, else on the recording, with what is said of it. */
  #focus(at: number): void {
    const one = this.#box.children[at];
    (one?.querySelector<HTMLElement>('.way-out') ?? (one as HTMLElement | undefined))?.focus({ preventScroll: true });
  }

  /** Takes them from the page. */
  stop(): void {
    if (!this.#box.isConnected) return;
    // What has become of the others was told.
    for (const kept of [...this.#all]) if (isOver(this.#steps.get(kept))) this.#all.splice(this.#all.indexOf(kept), 1);
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

  #one({ words, lang, root }: PanelView, kept: Kept, atEnd: boolean): TemplateResult {
    const { recording } = words;
    const { about, file, length } = kept;
    const step = this.#steps.get(kept);
    const figures = [length >= 1000 && clock(length / 1000, lang), sizeOf(file.size, lang)].filter(Boolean).join(' · ');
    const said = !step ? withName(recording.kept, about.name) : recording[step === 'busy' ? 'saved' : step];
    const hasOwnCard = this.#box.parentElement === this.#card && root.contains(this.#card ?? null);
    return html`<div class="recorded" role="group" aria-label=${file.name} aria-busy=${step === 'busy'} tabindex="-1">
      <div role="status">${step === 'busy' ? html`<i class="spinner"></i>` : nothing}${said}</div>
      ${isOver(step) ? nothing : html`<div class="line">${figures}</div>`}
      <fieldset class="controls" ?disabled=${step === 'busy'}>
        ${step === 'sure' ? this.#question(words, kept) : isOver(step) ? nothing : this.#choice(words, kept)}
        ${step !== 'sure' && (hasOwnCard || (isOver(step) && !atEnd)) ? pill('close', words.close, () => this.#putAway(kept), { kind: 'quiet' }) : nothing}
      </fieldset>
    </div>`;
  }

  #choice({ recording }: PanelView['words'], kept: Kept): TemplateResult {
    return html`${pill('save-recording', recording.save, () => this.#save(kept), { icon: saveIcon })}
    ${pill('delete-recording', recording.remove, () => this.#move(kept, 'sure'), { kind: 'quiet' })}`;
  }

  /** The second press of a double click, which may meet it, deletes nothing. */
  #question({ recording, cancel }: PanelView['words'], kept: Kept): TemplateResult {
    return html`${pill('delete-recording', recording.remove, ({ detail }) => detail > 1 || this.#remove(kept, 'gone'), { kind: 'end' })}
    ${pill('close', cancel, () => this.#move(kept, undefined), { kind: 'quiet way-out' })}`;
  }

  async #save(kept: Kept): Promise<void> {
    const before = this.#steps.get(kept);
    if (before === 'busy') return;
    this.#move(kept, 'busy');
    const saved = await save(kept).catch(() => 'not' as const);
    if (saved === 'whole') return this.#remove(kept, 'done');
    this.#move(kept, saved === 'begun' ? 'saved' : before);
  }

  async #remove(kept: Kept, step: Step): Promise<void> {
    this.#move(kept, step);
    await kept.remove();
  }

  #move(kept: Kept, step: Step | undefined): void {
    if (step) this.#steps.set(kept, step);
    else this.#steps.delete(kept);
    this.#changed();
  }

  #putAway(kept: Kept): void {
    this.#away.add(kept);
    this.#changed();
  }
}
