/** The list of people: who is there, in order, found by name, called by a press. */
import { adoptStyles, html, nothing } from 'lit';
import type { ReactiveController } from 'lit';
import type { MediaKind, Person } from '../../relay/protocol/index.js';
import { ButtonController } from '../button-controller.js';
import type { Caller } from '../button-controller.js';
import { isLive } from '../call/phases.js';
import { fill } from '../locales/index.js';
import { Speech } from '../locales/speech.js';
import type { Words } from '../locales/words.js';
import { define } from '../register.js';
import { VideoCallPanel } from '../video-call-panel.js';
import { Follower } from './follower.js';
import { focusAt, move, placeIn } from './keys.js';
import type { Place } from './keys.js';
import { arrange, look } from './people.js';
import type { Listed } from './people.js';
import { glyphs } from './row.js';
import { Rows } from './rows.js';
import { hues } from '../panel/styles/hues.js';
import { rosterStyles } from './styles.js';

/** More people than these are looked for by name. */
const SEARCH_FROM = 9;
/** How many rows are drawn at once; a long list grows by as many with each frame, in milliseconds. */
const ROWS_AT_ONCE = 40;
const FRAME = 16;

/** An element that shows a list of people. */
export type RosterHost = Caller & { readonly renderRoot: HTMLElement | DocumentFragment };

/** What stands behind `<video-call-roster>`; loaded where there is one. */
export class RosterList implements ReactiveController {
  readonly #host: RosterHost;
  readonly #line: ButtonController;
  readonly #follower: Follower;
  #people: readonly Listed[] = [];
  #arranged: readonly unknown[] = [];
  readonly #drawn = new Rows();
  #rows = ROWS_AT_ONCE;
  /** The person whose row Tab comes to. */
  #stop?: string;
  #focused?: Place;
  #warned = false;

  /** What is looked for. */
  #wanted = '';

  constructor(host: RosterHost) {
    this.#host = host;
    // Its calls want a panel, with which it shares faces and icons: the two come together.
    define('video-call-panel', VideoCallPanel);
    adoptStyles(host.renderRoot as ShadowRoot, [hues, rosterStyles]);
    this.#line = new ButtonController(host, new Speech(host));
    this.#follower = new Follower(() => host.requestUpdate());
    host.addController(this);
    host.requestUpdate();
  }

  hostDisconnected(): void {
    setTimeout(() => !this.#host.isConnected && this.#follower.follow(undefined));
  }

  hostConnected(): void {
    this.#host.requestUpdate();
  }

  hostUpdate(): void {
    this.#focused = placeIn(this.#list, this.#host.shadowRoot?.activeElement);
  }

  hostUpdated(): void {
    const host = this.#host;
    this.#drawRows();
    this.#follower.follow(host.isConnected ? this.#line.session : undefined);
    if (this.#follower.who === null && !this.#warned) {
      this.#warned = true;
      console.warn('<video-call-roster> is empty: the relay was started without --roster.');
    }
    if (this.#rows < this.#foundPeople.length) setTimeout(() => ((this.#rows += ROWS_AT_ONCE), host.requestUpdate()), FRAME);
    if (this.#focused && !host.shadowRoot?.activeElement && !focusAt(this.#list, this.#focused)) {
      host.shadowRoot?.querySelector('input')?.focus();
    }
  }

  /** Calls somebody, as if the button had been pressed. Answers whether the call was placed. */
  async call(peer: string, { media = 'video' }: { media?: MediaKind } = {}): Promise<boolean> {
    return this.#line.dial(peer, media, this.#people.find((person) => person.peer === peer)?.name);
  }

  /** What the element shows now. */
  render() {
    const { speech, session, trouble } = this.#line;
    const { words, lang, dir = nothing } = speech;
    if (!words) return nothing;
    const who = session && this.#follower.who;
    const isOnline = session?.snapshot.relayStatus === 'online';
    const status = trouble || (session?.snapshot.relayStatus === 'offline' ? words.offline : '');
    return html`<div part="base" class="base" lang=${lang} dir=${dir}>
      <div role="status" part="status" class=${status ? 'note' : 'spoken'}>${status || this.#found(words)}</div>
      ${who?.length ? this.#crowd(who, words, isOnline) : this.#nobody(words, isOnline && who !== undefined)}
    </div>`;
  }

  get #list(): HTMLElement | null {
    return this.#host.shadowRoot?.querySelector('ul') ?? null;
  }

  #crowd(who: readonly Person[], words: Words, isOnline: boolean) {
    const { session, speech } = this.#line;
    this.#arrange(who, session!.snapshot.me, speech.lang);
    const found = this.#foundPeople;
    if (this.#people.length === 0) return this.#nobody(words, true);
    return html`
      ${this.#people.length >= SEARCH_FROM || this.#wanted ? this.#search(words) : nothing}
      ${
        found.length === 0
          ? html`<div class="nobody">${words.roster.notFound}</div>`
          : html`<ul
              part="list"
              role="list"
              aria-label=${words.roster.people}
              tabindex="-1"
              class=${isOnline ? '' : 'away'}
              @keydown=${this.#onKey}
              @focusin=${this.#onFocus}
              @contentvisibilityautostatechange=${this.#onSight}
            ></ul>`
      }
    `;
  }

  #search(words: Words) {
    return html`<div class="search">
      ${glyphs.search}
      <input
        part="search"
        type="search"
        inputmode="search"
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="search"
        aria-label=${words.roster.search}
        placeholder=${words.roster.search}
        .value=${this.#wanted}
        @input=${({ target }: Event) => this.#look((target as HTMLInputElement).value)}
        @keydown=${this.#onSearchKey}
      />
    </div>`;
  }

  #nobody(words: Words, isKnown: boolean) {
    const text = !isKnown ? words.connectingRelay : this.#follower.who === null ? words.roster.none : words.roster.empty;
    const isAway = this.#line.session?.snapshot.relayStatus === 'offline' || !!this.#line.trouble;
    return html`<div part="empty" class="nobody">
      <i aria-hidden="true">${glyphs.people}</i>
      ${isKnown && this.#follower.who ? html`<slot name="empty">${text}</slot>` : isAway ? nothing : html`<span>${text}</span>`}
    </div>`;
  }

  #look(text: string): void {
    this.#wanted = text;
    this.#list?.scrollTo(0, 0);
    this.#host.requestUpdate();
  }

  get #foundPeople(): readonly Listed[] {
    return look(this.#people, this.#wanted);
  }

  #drawRows(): void {
    const { session, speech } = this.#line;
    const { words } = speech;
    if (!session || !words) return;
    const { call, state, relayStatus } = session.snapshot;
    const found = this.#foundPeople.slice(0, this.#rows);
    const stop = found.some(({ peer }) => peer === this.#stop) ? this.#stop : found[0]?.peer;
    const media = (['audio', 'video'] as const).filter((kind) => !this.#host.media || this.#host.media === kind);
    const still = relayStatus !== 'online' || isLive(state);
    this.#drawn.draw(this.#list, found, (person) => ({
      person,
      presence: this.#follower.presenceOf(person.peer, person.presence),
      state: call?.peer === person.peer ? state : 'idle',
      media,
      still,
      isStop: person.peer === stop,
      words,
      call: this.#onCall,
    }));
  }

  /** How many were found, for those who do not see the list. */
  #found(words: Words): string {
    if (!this.#wanted.trim()) return '';
    const count = this.#foundPeople.length;
    const { lang } = this.#line.speech;
    const { found, notFound } = words.roster;
    if (count === 0) return notFound;
    return fill(found[new Intl.PluralRules(lang).select(count)] ?? found.other, { count: new Intl.NumberFormat(lang).format(count) });
  }

  /** Puts the people in order, where they are others than before. */
  #arrange(who: readonly Person[], me: string | null, lang: string): void {
    const from = [who, me, lang];
    if (from.every((each, index) => each === this.#arranged[index])) return;
    this.#arranged = from;
    this.#people = arrange(who, me, lang);
  }

  readonly #onCall = ({ peer }: Listed, media: MediaKind) => void this.call(peer, { media });

  readonly #onFocus = ({ target }: Event) => {
    const { peer } = (target as Element).closest<HTMLElement>('li')?.dataset ?? {};
    if (!peer || peer === this.#stop) return;
    this.#stop = peer;
    this.#host.requestUpdate();
  };

  readonly #onSight = (event: Event) => {
    const { peer } = (event.target as HTMLElement).dataset;
    if (peer) this.#follower.sight(peer, !(event as ContentVisibilityAutoStateChangeEvent).skipped);
  };

  readonly #onKey = (event: KeyboardEvent) => {
    const { key, altKey, ctrlKey, metaKey } = event;
    if (altKey || ctrlKey || metaKey || !this.#list) return;
    if (move(this.#list, this.#host.shadowRoot!.activeElement, key)) event.preventDefault();
  };

  readonly #onSearchKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' || event.isComposing || !this.#list) return;
    event.preventDefault();
    move(this.#list, null, 'ArrowDown');
  };
}
