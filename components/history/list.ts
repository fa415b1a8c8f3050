/** The history as a list: who called whom, when and for how long, and what came of it; called back by a press. */
import { adoptStyles, html, nothing } from 'lit';
import type { ReactiveController } from 'lit';
import { GUEST_PREFIX } from '../../relay/protocol/address.js';
import { ButtonController } from '../button-controller.js';
import type { Caller } from '../button-controller.js';
import { isLive } from '../call/phases.js';
import { fill } from '../locales/index.js';
import { Speech } from '../locales/speech.js';
import type { Words } from '../locales/words.js';
import { hues } from '../panel/styles/hues.js';
import { define } from '../register.js';
import { focusAt, move, placeIn } from '../roster/keys.js';
import type { Place } from '../roster/keys.js';
import { rosterStyles } from '../roster/styles.js';
import { VideoCallPanel } from '../video-call-panel.js';
import { HistoryChangeEvent } from './change-event.js';
import { isNews } from './entry.js';
import type { Entry } from './entry.js';
import { dayOf, untilTomorrow } from './format.js';
import { historyOf } from './history.js';
import type { History } from './history.js';
import { glyphs, shownName } from './row.js';
import { Rows } from './rows.js';
import { SILENT_AFTER, isOn, runsOf } from './shown.js';
import type { Run } from './shown.js';
import { Sight } from './sight.js';
import { historyStyles } from './styles.js';

/** How many rows are drawn at once; a long list grows by as many with each frame, in milliseconds. */
const ROWS_AT_ONCE = 40;
const FRAME = 16;

/** An element that shows the history. */
export type HistoryHost = Caller & { readonly renderRoot: HTMLElement | DocumentFragment; missed: number };

/** What stands behind `<video-call-history>`; loaded where there is one. */
export class HistoryList implements ReactiveController {
  readonly #host: HistoryHost;
  readonly #line: ButtonController;
  readonly #drawn = new Rows();
  readonly #sight = new Sight((inSight) => this.#seen(inSight));
  #history: History | undefined;
  /** The one that was shown at last: whoever signs out may clear it after that. */
  #last: History | undefined;
  #stopListening: (() => void) | undefined;
  /** Everything that is written down; undefined until it has been read. */
  #written: readonly Entry[] | undefined;
  /** What is shown of that. */
  #entries: readonly Entry[] = [];
  /** The call of this page that is on, or rings. */
  #live: string | undefined;
  #runs: readonly Run[] = [];
  #told = '';
  #round = 0;
  #rows = ROWS_AT_ONCE;
  #tomorrow: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Missed calls that have come into sight just now: they stay marked for as long as the list is looked at. */
  readonly #fresh = new Set<string>();
  /** The row that Tab comes to. */
  #stop?: string;
  #focused?: Place;
  /** Whether the person is asked if everything is to be removed. */
  #asks = false;

  constructor(host: HistoryHost) {
    this.#host = host;
    // Its calls want a panel, with which it shares faces and icons: the two come together.
    define('video-call-panel', VideoCallPanel);
    adoptStyles(host.renderRoot as ShadowRoot, [hues, rosterStyles, historyStyles]);
    this.#line = new ButtonController(host, new Speech(host));
    host.addController(this);
    host.requestUpdate();
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    // An element that is only moved is back within the same task.
    setTimeout(() => this.#host.isConnected || this.#follow(undefined));
  }

  hostUpdate(): void {
    this.#focused = placeIn(this.#list, this.#host.shadowRoot?.activeElement);
  }

  hostUpdated(): void {
    const host = this.#host;
    const { wish, session } = this.#line;
    const me = session?.snapshot.me ?? wish?.me;
    const isSomebody = host.isConnected && wish && me && !me.startsWith(GUEST_PREFIX);
    this.#follow(isSomebody ? historyOf(wish.relay, me) : undefined);
    const { state, call } = session?.snapshot ?? {};
    const live = state && isLive(state) ? call?.id : undefined;
    if (live !== this.#live) {
      this.#live = live;
      if (live) this.#show();
      // By then it is being written down what has become of it.
      else setTimeout(() => void this.#read());
    }
    this.#drawRows();
    if (this.#rows < this.#runs.length) setTimeout(() => ((this.#rows += ROWS_AT_ONCE), host.requestUpdate()), FRAME);
    const isLost = this.#focused && !host.shadowRoot?.activeElement;
    if (isLost && !focusAt(this.#list, this.#focused!)) this.#base?.focus();
  }

  /** Removes every call. The promise fails where it is not known of whom. */
  async clear(): Promise<void> {
    await this.#host.updateComplete;
    const history = this.#history ?? this.#last;
    if (!history)
      throw new Error('Nobody knows yet whose calls are to be removed: set `me`, or call clear() once the relay has said who this is.');
    await history.clear();
  }

  /** What the element shows now. */
  render() {
    const { speech, session, trouble } = this.#line;
    const { words, lang, dir = nothing } = speech;
    if (!words) return nothing;
    const offline = session?.snapshot.relayStatus === 'offline' && this.#runs.length > 0;
    const status = trouble || (offline ? words.offline : '');
    const { missed } = this.#host;
    const news = missed ? fill(words.history.news, { count: new Intl.NumberFormat(lang).format(missed) }) : '';
    return html`<div part="base" class="base" lang=${lang} dir=${dir} tabindex="-1" role="group" aria-label=${words.history.title}>
      <div class="spoken" role="status">${news}</div>
      ${this.#asks && this.#runs.length > 0 ? this.#question(words) : this.#header(words, lang, missed, news)}
      ${status ? html`<div part="status" class="note">${status}</div>` : nothing}
      ${this.#runs.length > 0 ? this.#body(words) : this.#nothing(words)}
    </div>`;
  }

  #header(words: Words, lang: string, missed: number, news: string) {
    const { title, clear } = words.history;
    return html`<div part="header" class="header">
      <span part="title" class="title">${title}</span>
      ${missed ? html`<span part="badge" class="badge" title=${news} aria-hidden="true">${new Intl.NumberFormat(lang).format(missed)}</span>` : nothing}
      <button part="clear-button" class="quiet" aria-label=${clear} title=${clear} ?hidden=${this.#runs.length === 0} @click=${this.#ask}>
        ${glyphs.clear}
      </button>
    </div>`;
  }

  #question({ history, cancel }: Words) {
    return html`<div part="question" class="header question" role="alertdialog" aria-label=${history.sure} @keydown=${this.#onQuestionKey}>
      <span>${history.sure}</span>
      <div class="answers">
        <button part="cancel-button" class="pill" @click=${() => this.#answer(false)}>${cancel}</button>
        <button part="confirm-button" class="pill grave" @click=${() => this.#answer(true)}>${history.clear}</button>
      </div>
    </div>`;
  }

  #body(words: Words) {
    return html`<ul
      part="list"
      role="list"
      aria-label=${words.history.title}
      tabindex="-1"
      @keydown=${this.#onKey}
      @focusin=${this.#onFocus}
    ></ul>`;
  }

  #nothing(words: Words) {
    return html`<div part="empty" class="nobody">
      <i aria-hidden="true">${glyphs.calls}</i>
      <slot name="empty">${this.#written || !this.#history ? words.history.empty : nothing}</slot>
    </div>`;
  }

  get #list(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector('ul') ?? null;
  }

  get #base(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector<HTMLElement>('.base') ?? null;
  }

  #drawRows(): void {
    const { session, speech } = this.#line;
    const { words, lang } = speech;
    if (!words) return;
    const { relayStatus, state } = session?.snapshot ?? {};
    const runs = this.#runs.slice(0, this.#rows);
    const stop = runs.some(({ entry }) => entry.id === this.#stop) ? this.#stop : runs[0]?.entry.id;
    const common = {
      words,
      lang,
      now: Date.now(),
      still: relayStatus !== 'online' || isLive(state!),
      call: this.#call,
      remove: this.#remove,
    };
    const view = (run: Run) => ({
      ...common,
      run,
      isStop: run.entry.id === stop,
      isFresh: run.ids.some((id) => this.#fresh.has(id)),
    });
    this.#drawn.draw(this.#list, runs.map(view));
  }

  /** Follows a history; undefined follows none. Cheap where nothing has changed. */
  #follow(history: History | undefined): void {
    if (history) this.#sight.follow(this.#host);
    else this.#sight.stop();
    if (history === this.#history) return;
    this.#stopListening?.();
    this.#history = history;
    this.#last = history ?? this.#last;
    this.#stopListening = history?.subscribe(() => void this.#read());
    this.#written = undefined;
    this.#entries = this.#runs = [];
    this.#host.missed = 0;
    this.#host.requestUpdate();
    clearTimeout(this.#tomorrow);
    clearTimeout(this.#again);
    if (history) void this.#read();
  }

  async #read(): Promise<void> {
    const round = ++this.#round;
    const entries = (await this.#history?.entries()) ?? [];
    if (round !== this.#round || !this.#history) return;
    this.#written = entries;
    this.#show();
  }

  /** Shows what is written down, but for what a page of this person wrote that went while it rang: here it rings. */
  #show(): void {
    if (!this.#written) return;
    const entries = (this.#entries = this.#written.filter(({ id, outcome }) => id !== this.#live || outcome !== 'missed'));
    this.#arrange();
    clearTimeout(this.#again);
    // That a call is still on is noted without a word, in whatever tab it is.
    if (entries.some((entry) => isOn(entry, Date.now()))) this.#again = setTimeout(() => void this.#read(), SILENT_AFTER / 2);
    const news = entries.filter(isNews);
    this.#host.missed = news.length;
    this.#host.requestUpdate();
    const told = JSON.stringify([entries.map(({ id, outcome, open }) => [id, outcome, open]), news.length]);
    if (told !== this.#told) this.#host.dispatchEvent(new HistoryChangeEvent(entries.length, news.length));
    this.#told = told;
    if (this.#sight.inSight) this.#seen(true);
  }

  /** Puts the calls together as they are shown; anew when the day changes, and with it what `yesterday` is. */
  readonly #arrange = (): void => {
    this.#runs = runsOf(this.#entries, dayOf);
    if (this.#runs.length === 0) this.#asks = false;
    clearTimeout(this.#tomorrow);
    this.#tomorrow = setTimeout(() => (this.#arrange(), this.#host.requestUpdate()), untilTomorrow(Date.now()) + 1000);
  };

  #seen(inSight: boolean): void {
    const news = this.#entries.filter(isNews);
    if (!inSight) this.#fresh.clear();
    if (!inSight || news.length === 0) return;
    for (const { id } of news) this.#fresh.add(id);
    void this.#history?.see(this.#live);
  }

  readonly #call = (run: Run): void => {
    const { words } = this.#line.speech;
    const { peer, media } = run.entry;
    const name = words && shownName(run, words);
    void this.#line.dial(peer, media, name === peer ? undefined : name);
  };

  readonly #remove = ({ ids }: Run): void => void this.#history?.remove(ids);

  readonly #ask = (): void => {
    this.#asks = true;
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => this.#host.shadowRoot?.querySelector<HTMLElement>('.question button')?.focus());
  };

  #answer(sure: boolean): void {
    this.#asks = false;
    this.#host.requestUpdate();
    // What had the focus is gone; it goes back to where it came from, or to what stands there now.
    void this.#host.updateComplete.then(() => {
      const button = this.#host.shadowRoot?.querySelector<HTMLElement>('.header button');
      (sure ? this.#base : button)?.focus();
    });
    if (sure) void this.#history?.clear();
  }

  readonly #onQuestionKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    // A dialog of the page around the list stays open.
    event.preventDefault();
    event.stopPropagation();
    this.#answer(false);
  };

  readonly #onFocus = ({ target }: Event): void => {
    const id = (target as Element).closest<HTMLElement>('li')?.dataset.row;
    if (!id || id === this.#stop) return;
    this.#stop = id;
    this.#host.requestUpdate();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || !this.#list) return;
    const focused = this.#host.shadowRoot!.activeElement;
    const row = placeIn(this.#list, focused)?.row;
    const run = row === undefined ? undefined : this.#runs[row];
    if (key === 'Delete' && run) this.#remove(run);
    else if (!move(this.#list, focused, key)) return;
    event.preventDefault();
  };
}
