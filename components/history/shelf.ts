/** Where the history lies: IndexedDB, looked through by the pure functions of `entry.ts`; this page's memory where there is none. */
import { readEntry } from './entry.js';
import type { Entry } from './entry.js';

/** The database, the same for all pages of an origin. */
export const DATABASE = 'video-call-history';
const VERSION = 1;
const STORE = 'calls';

/** What is to become of what is kept. */
export interface Edit {
  readonly put?: readonly Entry[];
  /** The IDs of calls that are to be forgotten. */
  readonly drop?: readonly string[];
}

/** What is kept of one person at one relay. Nothing of it ever fails: what cannot be stored is kept for this page. */
export class Shelf {
  readonly #owner: string;
  readonly #now: () => number;
  #database: Promise<IDBDatabase> | undefined;
  /** What was read at last, and what is kept in its place once nothing can be stored. */
  #known: readonly Entry[] = [];
  #memory: Map<string, Entry> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param owner whose calls these are
   * @param now milliseconds since the epoch
   */
  constructor(owner: string, now: () => number) {
    this.#owner = owner;
    this.#now = now;
  }

  /** Everything that can be read, in no order. */
  read(): Promise<readonly Entry[]> {
    return this.#inTurn(() => this.#edit(() => ({})));
  }

  /** Changes what is kept, in one step that no other page comes between. Answers what is kept then. */
  edit(change: (entries: readonly Entry[]) => Edit): Promise<readonly Entry[]> {
    return this.#inTurn(() => this.#edit(change));
  }

  /** Writes over what is kept of a call without a look at it: in a page that goes there is no time for one. */
  overwrite(entry: Entry): void {
    if (this.#memory) this.#memory.set(entry.id, entry);
    void this.#database?.then((database) => {
      const step = database.transaction(STORE, 'readwrite');
      step.objectStore(STORE).put(entry, [this.#owner, entry.id]);
      step.commit();
    }, ignore);
  }

  /** Lets the database go. */
  close(): void {
    void this.#database?.then((database) => database.close(), ignore);
    this.#database = undefined;
  }

  /** One after the other, so that what is written first is there first. */
  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(act);
    this.#last = result.catch(ignore);
    return result;
  }

  async #edit(change: (entries: readonly Entry[]) => Edit): Promise<readonly Entry[]> {
    if (!this.#memory) {
      // A database that the browser has closed meanwhile is opened anew, once.
      for (const attempt of [1, 2]) {
        try {
          return (this.#known = await this.#step(change));
        } catch {
          this.close();
          if (attempt === 2) this.#memory = new Map(this.#known.map((entry) => [entry.id, entry]));
        }
      }
    }
    const memory = this.#memory!;
    const { put = [], drop = [] } = change([...memory.values()]);
    for (const id of drop) memory.delete(id);
    for (const entry of put) memory.set(entry.id, entry);
    return [...memory.values()];
  }

  async #step(change: (entries: readonly Entry[]) => Edit): Promise<readonly Entry[]> {
    const database = await (this.#database ??= this.#open());
    const step = database.transaction(STORE, 'readwrite');
    const store = step.objectStore(STORE);
    const range = IDBKeyRange.bound([this.#owner], [this.#owner, []]);
    const kept = new Map<string, Entry>();
    const values = store.getAll(range);
    const keys = store.getAllKeys(range);
    return new Promise((resolve, reject) => {
      keys.onsuccess = () => {
        try {
          this.#apply(change, store, keys.result, values.result, kept);
        } catch {
          step.abort();
        }
      };
      step.oncomplete = () => resolve([...kept.values()]);
      step.onabort = () => reject(step.error ?? new DOMException('Nothing could be stored.', 'AbortError'));
    });
  }

  #apply(
    change: (entries: readonly Entry[]) => Edit,
    store: IDBObjectStore,
    keys: readonly IDBValidKey[],
    values: readonly unknown[],
    kept: Map<string, Entry>,
  ): void {
    const now = this.#now();
    keys.forEach((key, at) => {
      const entry = readEntry(values[at], now);
      // What is too old goes, and what is no entry at all.
      if (!entry || (key as unknown[])[1] !== entry.id) store.delete(key);
      else kept.set(entry.id, entry);
    });
    const { put = [], drop = [] } = change([...kept.values()]);
    for (const id of drop) {
      kept.delete(id);
      store.delete([this.#owner, id]);
    }
    for (const entry of put) {
      kept.set(entry.id, entry);
      store.put(entry, [this.#owner, entry.id]);
    }
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      // Where storage is blocked, the very name may throw.
      const request = indexedDB.open(DATABASE, VERSION);
      request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
      request.onerror = () => reject(request.error!);
      request.onsuccess = () => {
        const database = request.result;
        // Nobody who wants to delete it, or a later version of it, shall wait for this page.
        database.onversionchange = database.onclose = () => {
          database.close();
          this.#database = undefined;
        };
        resolve(database);
      };
    });
  }
}

const ignore = (): void => {};
