/** What an element says, and in which language: that of the place where it stands, as the page changes it. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Complaint } from '../attributes.js';
import { tellUnloaded } from '../loading.js';
import type { changeWords } from './changes.js';
import { isMissed, late, loadTable, tableFor, tableNamed } from './tables.js';
import type { TableName } from './tables.js';
import type { WordChanges, Words } from './words.js';

/** An element that speaks. */
export type Speaker = ReactiveControllerHost & HTMLElement & { readonly words?: string | WordChanges };

/** The element around an element, across shadow roots. */
const around = (at: Element): Element | null => at.parentElement ?? (at.getRootNode() as Partial<ShadowRoot>).host ?? null;

/**
 * The language of an element, its own or that of the closest element around it; and the direction of its text, where the
 * page says that as closely, else nothing.
 */
export function placeOf(element: HTMLElement): { readonly lang: string; readonly dir: string } {
  let dir = '';
  for (let at: Element | null = element; at; at = around(at)) {
    dir ||= at.getAttribute('dir') ?? '';
    const lang = (at === element && element.lang) || at.getAttribute('lang');
    if (lang) return { lang, dir };
  }
  return { lang: 'en', dir };
}

/** Loads the words of the page's language, which its elements will want soon. */
export function hasten(): void {
  void loadTable(tableFor(document.documentElement.lang));
}

let change: typeof changeWords | undefined;
let changing: Promise<void> | undefined;

/** Loads what few pages need. Without it the widget keeps its own words. */
async function loadChange(): Promise<void> {
  try {
    change = (await import('./changes.js')).changeWords;
  } catch (cause) {
    console.warn('The words of this page could not be put in place.', cause);
    change = (words) => ({ words, complaints: [] });
  }
}

const speakers = new Set<Speech>();
let observer: MutationObserver | undefined;
late.add(() => speakers.forEach((each) => each.check(true)));

/** Follows the languages around an element: one observer for the whole page, for as long as anything speaks on it. */
function follow(speech: Speech, host: Element): void {
  observer ??= new MutationObserver(() => speakers.forEach((each) => each.check()));
  speakers.add(speech);
  for (let root: Node | undefined = host.getRootNode(); root; root = (root as Partial<ShadowRoot>).host?.getRootNode()) {
    observer.observe(root, { attributeFilter: ['lang', 'dir'], subtree: true });
  }
}

function unfollow(speech: Speech): void {
  speakers.delete(speech);
  if (!speakers.size) observer?.disconnect();
}

/** The words of one element. Its host is drawn anew when they change. */
export class Speech implements ReactiveController {
  /** The words to use; undefined until the first table is there. */
  words: Words | undefined;
  /** The BCP 47 tag of what is said, good for `lang` and `Intl`. */
  lang = 'en';
  /** The direction of the text, where the page leaves it to the language. */
  dir: 'ltr' | 'rtl' | undefined;
  /** What is wrong with the words that the page gave. */
  complaints: readonly Complaint[] = [];
  readonly #host: Speaker;
  readonly #awaited = new WeakSet<Promise<void>>();
  #place = '';
  /** Whether the page knows that there are no words. */
  #told = false;
  #spoken: TableName | undefined;
  #said: readonly unknown[] = [];

  constructor(host: Speaker) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    follow(this, this.#host);
    this.hostUpdate();
  }

  hostDisconnected(): void {
    unfollow(this);
  }

  /** Draws the host anew where it stands under another language or direction than before, or there are other words for it. */
  check(words = false): void {
    if (words || this.#place !== JSON.stringify(placeOf(this.#host))) this.#host.requestUpdate();
  }

  /** Waits for the words where they are still to come; answers whether there are any. */
  async ready(): Promise<boolean> {
    for (const name of [tableFor(placeOf(this.#host).lang), 'en'] as const) {
      if (!this.words) await loadTable(name);
      this.hostUpdate();
      await changing;
      this.hostUpdate();
    }
    return !!this.words;
  }

  hostUpdate(): void {
    const place = placeOf(this.#host);
    this.#place = JSON.stringify(place);
    const wanted = tableFor(place.lang);
    // Until a language is there its element goes on in the last one; at first that is English, where that is there.
    const spoken = [wanted, this.#spoken, 'en' as const].find((name) => name && tableNamed(name));
    if (spoken !== wanted) this.#await(loadTable(wanted));
    if (!spoken && isMissed(wanted)) this.#await(loadTable('en'));
    if (!spoken && isMissed(wanted) && isMissed('en') && !this.#told) {
      this.#told = true;
      tellUnloaded(this.#host, 'There are no words in any language.');
    }
    if (!spoken) return;
    this.#spoken = spoken;
    this.lang = spoken === wanted ? validTag(place.lang, spoken) : spoken;
    this.dir = place.dir ? undefined : spoken === 'ar' || spoken === 'he' ? 'rtl' : 'ltr';
    this.#say(tableNamed(spoken)!, this.#host.words);
  }

  /** The table, with what the page has put in place of its words. */
  #say(table: Words, source: Speaker['words']): void {
    if (table === this.#said[0] && source === this.#said[1]) return;
    if (source && !change) return this.#await((changing ??= loadChange()));
    const changed = source ? change!(table, source) : { words: table, complaints: [] };
    this.words = changed.words;
    this.complaints = changed.complaints;
    this.#said = [table, source];
  }

  #await(attempt: Promise<void>): void {
    if (this.#awaited.has(attempt)) return;
    this.#awaited.add(attempt);
    void attempt.then(() => this.#host.requestUpdate());
  }
}

/** A tag that `Intl` takes, where the page's is none. */
function validTag(lang: string, otherwise: string): string {
  try {
    return Intl.getCanonicalLocales(lang)[0]!;
  } catch {
    return otherwise;
  }
}
