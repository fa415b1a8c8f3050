/**
 * What two people write to each other: the numbering of one's own messages, which are kept until they are acknowledged, what
 * the other side says, each thing once, and all of it in the order in which it came. Pure: it sends nothing and has no clock.
 */
import {
  BLOCK_BYTES,
  MAX_CHARACTERS_AT_ONCE,
  MAX_ENTRIES,
  MAX_FILE_BYTES,
  MAX_KEPT,
  MAX_KEPT_CHARACTERS,
  MAX_OFFERS,
  MAX_OFFERS_SHOWN,
  MAX_ON_THE_WAY,
  MAX_TEXTS_WAITING,
} from './bounds.js';
import type { ChatEntry, FileEntry, FileState, FileTrouble } from './entries.js';
import { cleanName } from './names.js';
import { cleanText, isMessage } from './wire.js';
import type { Numbered } from './wire.js';

/** Files about which nothing is settled yet. */
const OPEN: readonly FileState[] = ['offered', 'waiting', 'moving'];

/** What a page writes down for the next one. */
interface TalkRecord {
  readonly last: number;
  readonly acked: number;
  readonly heard: number;
  readonly entries: readonly ChatEntry[];
}

/** The words of one call. */
export class Talk {
  #entries: ChatEntry[] = [];
  /** The number of the newest thing said here, of the newest one sent on the present lane, and of the newest acknowledged. */
  #last = 0;
  #sent = 0;
  #acked = 0;
  #heard = 0;

  get entries(): readonly ChatEntry[] {
    return this.#entries;
  }

  /** The number of the newest thing that the other side said. */
  get heard(): number {
    return this.#heard;
  }

  /** Adds a message of this side. Returns false for one that is empty or too long, or where too many wait. */
  say(text: string, now: number): boolean {
    const cleaned = cleanText(text);
    if (!isMessage(cleaned) || this.#last - this.#acked >= MAX_TEXTS_WAITING) return false;
    this.#add({ kind: 'text', own: true, id: ++this.#last, at: now, text: cleaned, arrived: false });
    return true;
  }

  /** Adds an offer of this side. Returns its number, or why it cannot be. */
  offer(name: string, size: number, now: number): number | FileTrouble {
    if (size < 1) return 'empty';
    if (size > MAX_FILE_BYTES) return 'too-large';
    if (this.#open(true) >= MAX_OFFERS || this.#last - this.#acked >= MAX_TEXTS_WAITING) return 'too-many';
    this.#add({ kind: 'file', own: true, id: ++this.#last, at: now, name: cleanName(name), size, state: 'offered', bytes: 0 });
    return this.#last;
  }

  /** Whether a message of this side has not been acknowledged. */
  get isBusy(): boolean {
    return this.#entries.some((entry) => entry.kind === 'text' && !entry.arrived);
  }

  /** The next thing to be sent, if one more may be on its way. */
  get next(): Numbered | undefined {
    if (this.#sent === this.#last || this.#sent - this.#acked >= MAX_ON_THE_WAY) return undefined;
    const waiting = this.#entries.filter(({ own, id }) => own && id > this.#acked);
    const entry = waiting.find(({ id }) => id > this.#sent);
    const onTheWay = waiting.flatMap((one) => (one.id <= this.#sent && one.kind === 'text' ? one.text.length : []));
    if (!entry || onTheWay.reduce((sum, length) => sum + length, 0) > MAX_CHARACTERS_AT_ONCE) return undefined;
    const { id, at } = entry;
    return entry.kind === 'text'
      ? { type: 'text', id, at, text: entry.text }
      : { type: 'file', id, at, name: entry.name, size: entry.size };
  }

  /** Everything up to this number is sent. */
  said(id: number): void {
    this.#sent = id;
  }

  /** There is a new lane: what is not acknowledged is sent again. */
  rewind(): void {
    this.#sent = this.#acked;
  }

  /** The other side has all up to this number. Returns whether that is news. */
  ack(id: number): boolean {
    if (id <= this.#acked || id > this.#last) return false;
    this.#acked = id;
    this.#sent = Math.max(this.#sent, id);
    this.#entries = this.#entries.map((entry) =>
      entry.kind === 'text' && entry.own && entry.id <= id && !entry.arrived ? { ...entry, arrived: true } : entry,
    );
    return true;
  }

  /** Takes in what the other side says. Returns undefined for what is known already, and false for one offer too many. */
  hear(word: Numbered, now: number): ChatEntry | false | undefined {
    if (word.id <= this.#heard) return undefined;
    if (word.type === 'file' && this.#open(false) >= MAX_OFFERS_SHOWN) return false;
    this.#heard = word.id;
    const { id } = word;
    // The order is that of arrival; what was kept from arriving may say when it was written, within what is possible.
    const at = Math.min(now, Math.max(word.at, this.#entries.at(-1)?.at ?? now));
    const entry: ChatEntry =
      word.type === 'text'
        ? { kind: 'text', own: false, id, at, text: cleanText(word.text), arrived: true }
        : { kind: 'file', own: false, id, at, name: cleanName(word.name), size: word.size, state: 'offered', bytes: 0 };
    this.#add(entry);
    return entry;
  }

  /** A file of either side. */
  file(own: boolean, id: number): FileEntry | undefined {
    return this.#entries.find((entry): entry is FileEntry => entry.kind === 'file' && entry.own === own && entry.id === id);
  }

  /** All files of one side. */
  files(own: boolean): FileEntry[] {
    return this.#entries.filter((entry): entry is FileEntry => entry.kind === 'file' && entry.own === own);
  }

  /** Changes what is known of a file. */
  set(own: boolean, id: number, change: Partial<FileEntry>): void {
    this.#entries = this.#entries.map((entry) =>
      entry.kind === 'file' && entry.own === own && entry.id === id ? { ...entry, ...change } : entry,
    );
  }

  /** All of it for the next page, as far as there is room: the numbers, and of the entries the newest that fit into so many characters. */
  record(room = MAX_KEPT_CHARACTERS - 128): string {
    const kept: ChatEntry[] = [];
    for (const entry of this.#entries.slice(-MAX_KEPT).reverse()) {
      const plain = entry.kind === 'file' ? { ...entry, bytes: 0, url: undefined } : entry;
      room -= JSON.stringify(plain).length + 1;
      if (room < 0) break;
      kept.unshift(plain);
    }
    return JSON.stringify({ last: this.#last, acked: this.#acked, heard: this.#heard, entries: kept } satisfies TalkRecord);
  }

  /** Goes on where the last page was; what other pages of the same origin may have written there is looked at closely. */
  restore(text: string): void {
    try {
      const { last, acked, heard, entries } = JSON.parse(text) as TalkRecord;
      if (![last, acked, heard].every((count) => Number.isSafeInteger(count) && count >= 0) || acked > last) return;
      this.#entries = entries.slice(-MAX_KEPT).flatMap((entry) => restored(entry) ?? []);
      this.#last = last;
      this.#sent = this.#acked = acked;
      this.#heard = heard;
    } catch {
      // Nothing that could be read: the chat begins anew.
    }
  }

  #open(own: boolean): number {
    return this.files(own).filter(({ state }) => OPEN.includes(state)).length;
  }

  #add(entry: ChatEntry): void {
    // Many of the oldest go at once: what is drawn in a row is drawn anew when its beginning goes.
    const kept = this.#entries.length < MAX_ENTRIES ? this.#entries : this.#entries.slice(MAX_ENTRIES / 10);
    this.#entries = [...kept, entry];
  }
}

/** An entry as it stands after a reload: no page keeps the bytes of a file for the next one. */
function restored(entry: ChatEntry): ChatEntry | undefined {
  const { kind, own, id, at } = entry;
  if (typeof own !== 'boolean' || !Number.isSafeInteger(id) || !Number.isSafeInteger(at)) return undefined;
  if (kind === 'text') return isMessage(entry.text) ? { kind, own, id, at, text: entry.text, arrived: !!entry.arrived } : undefined;
  const { size, state } = entry;
  if (!Number.isSafeInteger(size)) return undefined;
  const isOver = state === 'refused' || state === 'withdrawn' || (own && state === 'done');
  return { kind, own, id, at, name: cleanName(entry.name), size, state: isOver ? state : own ? 'failed' : 'offered', bytes: 0 };
}

/** The byte from which a transfer that broke off at `bytes` is taken up. */
export const blockStart = (bytes: number): number => bytes - (bytes % BLOCK_BYTES);
