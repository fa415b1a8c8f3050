/** The chat of one call at work: what is written, over the lanes of whichever connection the call has at the time. */
import { Pace } from '../call/pace.js';
import type { ClockPort } from '../call/ports.js';
import {
  MAX_CHARACTERS_AT_ONCE,
  MAX_ENTRIES,
  MAX_FAULTS,
  MAX_TEXTS_AT_ONCE,
  MAX_WORDS_AT_ONCE,
  TEXTS_PER_SECOND,
  WORDS_PER_SECOND,
} from './bounds.js';
import type { ChatEntry, FileTrouble } from './entries.js';
import type { ChatSnapshot, ChatWithNews } from './face.js';
import type { Lanes } from './lane.js';
import { TextPace } from './pace.js';
import { tidyUp } from './storing.js';
import { Talk } from './talk.js';
import { Transfers } from './transfers.js';
import { readFrame, readWord } from './wire.js';
import type { Word } from './wire.js';

/** Milliseconds between two drawings of what the other side brings about, and between two tries to say what was too much at once. */
const MOMENT = 200;
/** Milliseconds after the end of a call by which its last words have arrived or are lost: the call gives them a second, and this a moment more. */
export const LOST_AFTER = 1500;

/** What a chat stands on. */
export interface ChatPorts {
  readonly clock: ClockPort;
  /** Told of every change. */
  changed(): void;
  /** What the last page has kept of this call's chat. */
  readonly kept: string | undefined;
  /** Keeps it for the next page; undefined forgets it. Returns false where there is no room for it. */
  keep(text: string | undefined): boolean;
}

/** The chat of one call. */
export class ChatRoom implements ChatWithNews {
  readonly call: string;
  readonly #ports: ChatPorts;
  readonly #talk = new Talk();
  readonly #transfers: Transfers;
  readonly #saying = new TextPace(TEXTS_PER_SECOND, MAX_CHARACTERS_AT_ONCE);
  readonly #hearing = new TextPace(MAX_TEXTS_AT_ONCE, 2 * MAX_CHARACTERS_AT_ONCE);
  readonly #words = new Pace(WORDS_PER_SECOND, MAX_WORDS_AT_ONCE);
  #lanes: Lanes | undefined;
  #later: (() => void) | undefined;
  /** Ends the moment after something was shown. */
  #moment: (() => void) | undefined;
  /** Calls off the look at what has not arrived. */
  #last: (() => void) | undefined;
  /** Whether there is more to show once it is over, and whether there is more to keep. */
  #isStale = false;
  #isUnkept = false;
  /** What the other side has said and is not shown yet. */
  #fresh: ChatEntry[] = [];
  /** The last of what is shown of that, how much it was in all, and how much of it each reader has taken. */
  #news: ChatEntry[] = [];
  #told = 0;
  readonly #taken = new WeakMap<object, number>();
  #unread = 0;
  #faults = 0;
  #over = false;
  #snapshot!: ChatSnapshot;

  constructor(call: string, ports: ChatPorts) {
    this.call = call;
    this.#ports = ports;
    this.#transfers = new Transfers(this.#talk, {
      say: (word) => this.#say(word),
      changed: () => {
        this.#isUnkept = true;
        this.#showInTurn();
      },
    });
    if (ports.kept) this.#talk.restore(ports.kept);
    this.#freeze();
    void tidyUp();
  }

  get snapshot(): ChatSnapshot {
    return this.#snapshot;
  }

  /** Whether something that was said here may still arrive, and be acknowledged. */
  get isBusy(): boolean {
    return this.#hasWay && this.#talk.isBusy;
  }

  /** Words and frames of the other side that were not as they should be. */
  get faults(): number {
    return this.#faults;
  }

  /** The call has a new connection, or its first; what has come over it already is `early`. */
  connect(lanes: Lanes, early: readonly unknown[] = []): void {
    if (this.#over || this.#isDeaf) {
      lanes.chat.close();
      lanes.files.close();
      return;
    }
    this.#lanes = lanes;
    this.#transfers.pause();
    lanes.files.onmessage = ({ data }) => this.#lanes === lanes && this.#hearFrame(data);
    lanes.chat.onmessage = ({ data }) => this.#lanes === lanes && this.#hear(data);
    lanes.chat.onopen = lanes.files.onopen = () => this.#greet(lanes);
    lanes.chat.onclose = () => this.#show();
    for (const data of early) this.#hear(data);
    this.#greet(lanes);
  }

  send(text: string): boolean {
    if (this.#over || !this.#talk.say(text, this.#ports.clock.wall())) return false;
    this.#change();
    this.#utter();
    return true;
  }

  offer(file: File): FileTrouble | undefined {
    const id = this.#over ? 'too-many' : this.#talk.offer(file.name, file.size, this.#ports.clock.wall());
    if (typeof id === 'string') return id;
    this.#transfers.keep(id, file);
    this.#change();
    this.#utter();
    return undefined;
  }

  receive(id: number): void {
    if (!this.#over) this.#transfers.receive(id);
    if (this.#isStale) this.#show();
  }

  stop(own: boolean, id: number): void {
    this.#transfers.stop(own, id);
    if (this.#isStale) this.#show();
  }

  read(): void {
    if (!this.#unread) return;
    this.#unread = 0;
    this.#change();
  }

  takeNews(reader: object = this): ChatEntry[] {
    const fresh = this.#told - (this.#taken.get(reader) ?? 0);
    this.#taken.set(reader, this.#told);
    return fresh > 0 ? this.#news.slice(-fresh) : [];
  }

  /** The call is over: what was said can still be read, and what has arrived be saved. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    // What was said last may still come, and be acknowledged, as long as the connection stays open for its own last words.
    this.#transfers.end();
    this.#ports.keep(undefined);
    this.#show();
    // A lane that is closed on this side says nothing of it.
    this.#last = this.#ports.clock.after(LOST_AFTER, () => this.#show());
  }

  /** Lets everything go. May be called twice. */
  close(): void {
    this.end();
    this.#lanes = undefined;
    this.#later?.();
    this.#moment?.();
    this.#last?.();
    this.#transfers.close();
  }

  /** Whether there is a lane, or is about to be. */
  get #hasWay(): boolean {
    const { readyState } = this.#lanes?.chat ?? {};
    return readyState === 'open' || readyState === 'connecting';
  }

  get #isOnline(): boolean {
    return this.#lanes?.chat.readyState === 'open' && this.#lanes.files.readyState === 'open';
  }

  /** Whether the other side has said so much nonsense that nobody listens any more. */
  get #isDeaf(): boolean {
    return this.#faults > MAX_FAULTS;
  }

  /** Both lanes are open: says what may have been lost with the last ones. */
  #greet(lanes: Lanes): void {
    if (this.#lanes !== lanes || !this.#isOnline) return;
    this.#talk.rewind();
    this.#acknowledge();
    this.#utter();
    this.#transfers.resume(lanes.files);
    this.#show();
  }

  /** Says what is to be said, no faster than the other side listens. */
  #utter(): void {
    this.#later?.();
    this.#later = undefined;
    for (let word; this.#isOnline && (word = this.#talk.next);) {
      if (!this.#saying.take(this.#ports.clock.now(), word)) {
        this.#later = this.#ports.clock.after(MOMENT, () => this.#utter());
        return;
      }
      this.#talk.said(word.id);
      this.#say(word);
    }
  }

  #say(word: Word): void {
    if (!this.#isOnline) return;
    try {
      this.#lanes!.chat.send(JSON.stringify(word));
    } catch {
      // The lane has just closed: on the next one it is said again.
    }
  }

  #hear(data: unknown): void {
    const now = this.#ports.clock.now();
    const word = this.#words.take(now) ? readWord(data) : undefined;
    if (word === 'unknown') return;
    if (!word) return this.#fault();
    // Of a call that is over only texts are of use: nobody can take a file any more.
    if (this.#over && word.type !== 'ack' && word.type !== 'text') return;
    if (word.type === 'ack') {
      if (!this.#talk.ack(word.id)) return;
      this.#keep();
      this.#utter();
      this.#showInTurn();
    } else if (word.type === 'text' || word.type === 'file') {
      const entry = this.#hearing.take(now, word) ? this.#talk.hear(word, this.#ports.clock.wall()) : false;
      if (entry === false) return this.#fault();
      if (entry) this.#fresh.push(entry);
      this.#acknowledge();
      this.#showInTurn();
    } else if (!this.#transfers.hear(word)) this.#fault();
  }

  #hearFrame(data: unknown): void {
    if (this.#over) return;
    const chunk = readFrame(data);
    if (!chunk || !this.#transfers.take(chunk)) this.#fault();
  }

  #fault(): void {
    this.#faults++;
    if (!this.#isDeaf) return;
    const lanes = this.#lanes;
    this.#lanes = undefined;
    this.#transfers.pause();
    lanes?.chat.close();
    lanes?.files.close();
    this.#change();
  }

  /** Only what the next page will find again is acknowledged. */
  #acknowledge(): void {
    this.#keep();
    this.#say({ type: 'ack', id: this.#talk.heard });
  }

  #keep(): void {
    this.#isUnkept = false;
    if (this.#over) return;
    const kept = this.#ports.keep(this.#talk.record());
    // With the numbers of an older record the next page would say things that the other side takes for known.
    if (!kept) this.#ports.keep(this.#talk.record(0));
  }

  #change(): void {
    this.#keep();
    this.#show();
  }

  /**
   * Something has changed that the other side can change as often as it likes: it is shown at once, and all that follows within a moment
   * together. Drawing each would take a slow page longer than it takes to be allowed the next, and nobody could press anything.
   */
  #showInTurn(): void {
    this.#isStale = true;
    if (this.#moment) return;
    this.#moment = this.#ports.clock.after(MOMENT, () => {
      this.#moment = undefined;
      if (this.#isStale) this.#showInTurn();
    });
    this.#show();
  }

  #show(): void {
    if (this.#isUnkept) this.#keep();
    this.#isStale = false;
    this.#freeze();
    this.#ports.changed();
  }

  #freeze(): void {
    const { entries } = this.#talk;
    const fresh = this.#fresh.splice(0);
    this.#news = [...this.#news, ...fresh].slice(-MAX_ENTRIES);
    this.#told += fresh.length;
    this.#unread += fresh.length;
    const over = this.#over;
    this.#snapshot = Object.freeze({ entries, unread: this.#unread, online: this.#isOnline && !over, over, closed: over && !this.#hasWay });
  }
}
