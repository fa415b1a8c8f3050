/** Where the history lies: IndexedDB, looked through by the pure functions of `entry.ts`; this page's memory for what cannot be stored. */
import { NO_DEBT, isOwing, isToForget, owing, paid } from './debt.js';
import type { Debt, Edit } from './debt.js';
import { readEntry } from './entry.js';
import type { Entry } from './entry.js';

/** The database, the same for all pages of an origin. */
export const DATABASE = 'video-call-history';
const VERSION = 1;
const STORE = 'calls';

/** What is kept of one person at one relay. Nothing of it ever fails: what cannot be stored now is kept in memory, and stored as soon as that goes. */
export class Shelf {
  readonly #owner: string;
  readonly #now: () => number;
  #database: Promise<IDBDatabase> | undefined;
  /** What was read at last, and what could not be stored since. */
  #known: readonly Entry[] = [];
  #debt = NO_DEBT;
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

  /**
   * Writes over what is kept of a call without a look at it: in a page that goes there is no time for one.
   *
   * @param ifKept whether only where it has not been removed, as far as this page has read
   */
  overwrite(entry: Entry, ifKept: boolean): void {
    if (ifKept && !paid(this.#known, this.#debt).some(({ id }) => id === entry.id)) return;
    if (isOwing(this.#debt)) this.#debt = owing(this.#debt, this.#known, { put: [entry] }, this.#now());
    void this.#database
      ?.then((database) => {
        const step = database.transaction(STORE, 'readwrite');
        step.objectStore(STORE).put(entry, [this.#owner, entry.id]);
        step.commit();
      })
      // It may have been closed meanwhile, or be full.
      .catch(ignore);
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
    const withChange = (stored: readonly Entry[]): Debt => owing(this.#debt, stored, change(paid(stored, this.#debt)), this.#now());
    // A database that the browser has closed meanwhile is opened anew, once; one that has failed before is tried all the same.
    for (let attempts = isOwing(this.#debt) ? 1 : 2; attempts > 0; attempts--) {
      try {
        this.#known = await this.#step(withChange);
        this.#debt = NO_DEBT;
        return this.#known;
      } catch {
        this.close();
      }
    }
    this.#debt = withChange(this.#known);
    if (isToForget(this.#debt)) await this.#forget().catch(ignore);
    return paid(this.#known, this.#debt);
  }

  /** Where nothing can be written, as on a full disk, there may be something that can be removed. */
  async #forget(): Promise<void> {
    const debt = this.#debt;
    this.#known = await this.#step(() => ({ ...debt, put: NO_DEBT.put }));
    this.#debt = { ...NO_DEBT, put: debt.put };
  }

  /** Pays in one step what is owed once everything that is stored is known. Answers what is stored then. */
  async #step(debtFor: (stored: readonly Entry[]) => Debt): Promise<readonly Entry[]> {
    const database = await (this.#database ??= this.#open());
    const step = database.transaction(STORE, 'readwrite');
    const store = step.objectStore(STORE);
    const range = IDBKeyRange.bound([this.#owner], [this.#owner, []]);
    const values = store.getAll(range);
    const keys = store.getAllKeys(range);
    let left: readonly Entry[] = [];
    return new Promise((resolve, reject) => {
      keys.onsuccess = () => {
        try {
          left = this.#pay(store, keys.result, values.result, debtFor);
        } catch {
          step.abort();
        }
      };
      step.oncomplete = () => resolve(left);
      step.onabort = () => reject(step.error ?? new DOMException('Nothing could be stored.', 'AbortError'));
    });
  }

  #pay(
    store: IDBObjectStore,
    keys: readonly IDBValidKey[],
    values: readonly unknown[],
    debtFor: (stored: readonly Entry[]) => Debt,
  ): readonly Entry[] {
    const now = this.#now();
    const stored: Entry[] = [];
    keys.forEach((key, at) => {
      const entry = readEntry(values[at], now);
      // What is too old goes, and what is no entry at all.
      if (!entry || (key as unknown[])[1] !== entry.id) store.delete(key);
      else stored.push(entry);
    });
    const debt = debtFor(stored);
    const left = paid(stored, debt);
    const ids = new Set(left.map(({ id }) => id));
    for (const { id } of stored) if (!ids.has(id)) store.delete([this.#owner, id]);
    for (const entry of debt.put.values()) store.put(entry, [this.#owner, entry.id]);
    return left;
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
