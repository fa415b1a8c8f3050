/** The history of one person at one relay, as all elements and calls of a page share it, and all pages of an origin. */
import type { Edit } from './debt.js';
import { isNews, merge, prune } from './entry.js';
import type { Entry } from './entry.js';
import { DATABASE, Shelf } from './shelf.js';

/** Told when something has changed, here or in another tab. */
export type HistoryListener = () => void;

/** See the top of this file. */
export class History {
  readonly #owner: string;
  readonly #shelf: Shelf;
  readonly #listeners = new Set<HistoryListener>();
  #channel: BroadcastChannel | undefined;

  constructor(owner: string, shelf = new Shelf(owner, Date.now)) {
    this.#owner = owner;
    this.#shelf = shelf;
  }

  /** Every call, the newest first. */
  async entries(): Promise<readonly Entry[]> {
    return prune(await this.#shelf.read());
  }

  /** Writes a call down, together with what is known of it already. Answers all that is known then. */
  async keep(entry: Entry): Promise<Entry> {
    let merged = entry;
    await this.#change((entries) => {
      const known = entries.find(({ id }) => id === entry.id);
      merged = known ? merge(known, entry) : entry;
      const all = [...entries.filter((each) => each !== known), merged];
      const kept = new Set(prune(all));
      return { put: kept.has(merged) ? [merged] : [], drop: all.filter((each) => !kept.has(each)).map(({ id }) => id) };
    });
    return merged;
  }

  /** Notes that a call is still on, unless it has been removed. Tells nobody: nothing is to be seen of it. */
  async note(id: string, until: number): Promise<void> {
    await this.#shelf.edit((entries) => ({
      put: entries.filter((entry) => entry.id === id && entry.open).map((entry) => ({ ...entry, until })),
    }));
  }

  /** Writes a call down in a page that goes; with `ifKept` unless it has been removed. */
  noteLast(entry: Entry, ifKept: boolean): void {
    this.#shelf.overwrite(entry, ifKept);
    this.#tell();
  }

  /** Forgets some calls. */
  async remove(ids: readonly string[]): Promise<void> {
    await this.#change(() => ({ drop: ids }));
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.#change(() => ({ clear: true }));
  }

  /** The person has seen the list, in which one call may not have been shown. */
  async see(hidden?: string): Promise<void> {
    const isSeen = (entry: Entry): boolean => isNews(entry) && entry.id !== hidden;
    await this.#change((entries) => ({ put: entries.filter(isSeen).map((entry) => ({ ...entry, seen: true })) }));
  }

  /** Starts listening. Returns the function that ends it. */
  subscribe(listener: HistoryListener): () => void {
    this.#listeners.add(listener);
    this.#channel ??= this.#listen();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#channel?.close();
      this.#channel = undefined;
    };
  }

  async #change(change: (entries: readonly Entry[]) => Edit): Promise<void> {
    let isChanged = false;
    await this.#shelf.edit((entries) => {
      const edit = change(entries);
      isChanged = !!edit.put?.length || !!edit.drop?.length || !!edit.clear;
      return edit;
    });
    if (isChanged) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
    // The channel of a listening page does not speak to that page itself.
    const channel = this.#channel ?? this.#open();
    channel?.postMessage(this.#owner);
    if (channel !== this.#channel) channel?.close();
  }

  #listen(): BroadcastChannel | undefined {
    const channel = this.#open();
    channel?.addEventListener('message', ({ data }) => {
      if (data === this.#owner) for (const listener of [...this.#listeners]) listener();
    });
    return channel;
  }

  #open(): BroadcastChannel | undefined {
    try {
      return new BroadcastChannel(DATABASE);
    } catch {
      // A page without an origin has no other tabs.
      return undefined;
    }
  }
}

const histories = new Map<string, History>();

/** The history of a person: `me`, a peer ID that is no guest's, at a relay. */
export function historyOf(relay: string, me: string): History {
  const owner = `${relay} ${me}`;
  let history = histories.get(owner);
  if (!history) histories.set(owner, (history = new History(owner)));
  return history;
}
