/** How the call goes: bars in the header, a sentence while it goes badly, an event for the page, and the figures for the curious. */
import { html, nothing, render } from 'lit';
import type { CallSession } from '../../call/session.js';
import { fill } from '../../locales/index.js';
import { barsOf, BEGINNING_OF_CALL, judge, reasonsOf } from '../../quality/judgement.js';
import type { Course, Judgement, Quality } from '../../quality/judgement.js';
import type { Reading } from '../../quality/reading.js';
import { CallQualityEvent } from '../../quality-event.js';
import type { Companion, CompanionHost } from '../companions.js';
import { tell } from '../hints.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';
import type { Details } from './details.js';
import { qualityStyles } from './styles.js';

/** Readings that a call must go badly for, without a break, before a sentence says so. */
export const POOR_FOR = 4;

class QualitySide implements Companion {
  readonly #host: CompanionHost;
  #view!: PanelView;
  #measured: Pick<CallSession, 'measure'> | undefined;
  #stopMeasuring?: (() => void) | undefined;
  #course: Course = BEGINNING_OF_CALL;
  #reading: Reading | undefined;
  /** The call that was last judged, and the word. */
  #judged: { readonly call: string; readonly quality: Quality } | undefined;
  #poor = 0;
  #said = '';
  #drawn: readonly unknown[] = [];
  #details: Promise<Details | undefined> | undefined;
  #open: Details | undefined;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  follow(view: PanelView): void {
    this.#view = view;
    const { snapshot, elsewhere, quality } = view;
    const session = snapshot.state === 'connected' && !elsewhere ? quality.session : undefined;
    if (session !== this.#measured) this.#measure(session);
    if (quality.hidden && this.#said) this.#hush();
    this.#draw();
    this.#open?.follow(view);
  }

  stop(): void {
    this.#measure(undefined);
    this.#open?.close();
    this.#judged = undefined;
  }

  /** Follows the connection of one call, while it stands. */
  #measure(session: Pick<CallSession, 'measure'> | undefined): void {
    this.#stopMeasuring?.();
    this.#measured = session;
    this.#course = BEGINNING_OF_CALL;
    this.#reading = undefined;
    this.#hush();
    this.#stopMeasuring = session?.measure((reading) => this.#take(reading));
  }

  #take(reading: Reading): void {
    const { snapshot } = this.#view;
    const { local, remote, call } = snapshot;
    const sends = ({ microphone, camera, paused }: typeof local) => ({ voice: microphone, camera: camera && !paused });
    this.#course = judge(this.#course, reading, { incoming: sends(remote), outgoing: sends(local) });
    this.#reading = reading;
    const { judgement } = this.#course;
    if (judgement && call) this.#told(judgement, reading, call.id);
    this.#open?.show(judgement, reading);
  }

  #told(judgement: Judgement, reading: Reading, call: string): void {
    const { quality } = judgement;
    const previous = this.#judged?.call === call ? this.#judged.quality : null;
    this.#poor = quality === 'poor' ? this.#poor + 1 : 0;
    // A picture that is held back says already that the network is weak.
    const { local, remote } = this.#view.snapshot;
    const isTold = !!(local.paused || remote.paused);
    if (this.#poor >= POOR_FOR && !isTold) this.#say();
    else if (this.#said && (isTold || quality !== 'poor')) this.#hush();
    this.#draw();
    if (quality === previous) return;
    this.#judged = { call, quality };
    this.#host.dispatchEvent(new CallQualityEvent(judgement, previous, reading));
  }

  /** Says once what a person should know. */
  #say(): void {
    if (this.#said || this.#view.quality.hidden) return;
    const what = (this.#said = sufferingOf(this.#course));
    const name = this.#view.snapshot.call!.name;
    tell(this.#host, 'quality', ({ quality }) => fill(quality[what], { name }));
  }

  #hush(): void {
    this.#poor = 0;
    this.#said = '';
    tell(this.#host, 'quality');
  }

  /** Touches nothing but the indicator, and that only where something has changed. */
  #draw(): void {
    const { root, words, quality } = this.#view;
    const node = root.querySelector<HTMLElement>('.line > .quality');
    const word = quality.hidden || !this.#measured ? undefined : this.#course.judgement?.quality;
    const drawn = [node, word, words, root];
    if (!node || drawn.every((each, at) => each === this.#drawn[at])) return;
    this.#drawn = drawn;
    node.hidden = !word;
    if (word) wear(root, qualityStyles);
    render(word ? this.#bars(word) : nothing, node);
  }

  #bars(word: Quality): unknown {
    const { words } = this.#view;
    const name = fill(words.quality.connection, { quality: words.quality.words[word] });
    const bars = [1, 2, 3, 4].map((bar) => html`<i class=${bar <= barsOf(word) ? 'on' : ''}></i>`);
    return html`<button part="quality" class="goes ${word}" title=${name} aria-haspopup="dialog" @click=${() => void this.#show()}>
      <span class="bars" aria-hidden="true">${bars}</span><span class="word">${name}</span>${
        barsOf(word) < 3 ? html`<span class="said" aria-hidden="true">${words.quality.words[word]}</span>` : nothing
      }
    </button>`;
  }

  async #show(): Promise<void> {
    const load = async () => {
      const { Details } = await import('./details.js');
      return new Details(() => (this.#open = undefined));
    };
    this.#details ??= load().catch((cause: unknown) => {
      // What could not be loaded now may be later.
      this.#details = undefined;
      console.warn('The figures of the connection could not be loaded.', cause);
      return undefined;
    });
    const details = await this.#details;
    if (!details || this.#open || !this.#measured || this.#view.quality.hidden) return;
    this.#open = details;
    details.open(this.#view, this.#course.judgement, this.#reading);
  }
}

/**
 * What suffers, which can be told from here; which of the two networks is weak cannot. Nor can it where a picture only stands
 * still: a device that is too busy does that as well.
 */
function sufferingOf(course: Course): 'incoming' | 'outgoing' | 'both' | 'freezes' | 'cpu' {
  const { incoming, outgoing } = course.judgement!;
  const why = reasonsOf(course);
  if (incoming !== 'poor') return why.outgoing === 'cpu' ? 'cpu' : 'outgoing';
  if (why.incoming === 'freezes' && (outgoing !== 'poor' || why.outgoing === 'cpu')) return 'freezes';
  return outgoing === 'poor' ? 'both' : 'incoming';
}

/** Makes the companion of a panel. */
export const quality = (host: CompanionHost): Companion => new QualitySide(host);
