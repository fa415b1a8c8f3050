/** Writes the calls of a session down: when one is connected, now and then while it is on, and when it is over. */
import { isTalking } from '../call/phases.js';
import type { CallInfo } from '../call/phases.js';
import type { ClockPort } from '../call/ports.js';
import type { CallNotice } from '../call/session.js';
import { NOTE_EVERY, nameWithin, outcomeOf } from './entry.js';
import type { Entry } from './entry.js';
import { historyOf } from './history.js';
import type { History } from './history.js';

/** Milliseconds for which a page that says it goes may still have something to say. */
export const GOING = 1000;

/** What is written to. */
type Book = Pick<History, 'keep' | 'note' | 'noteLast'>;

/** Writes down what happens at one relay. */
export class Writer {
  readonly #clock: ClockPort;
  readonly #bookOf: (me: string) => Book;
  /** The call that is on, as far as this page has seen it. */
  #call = { id: '', at: 0, taken: false };
  #open: { readonly entry: Entry; readonly book: Book; readonly isKept: boolean } | undefined;
  #cancel: (() => void) | undefined;
  /** Until when the page is taken to be going, by the clock that nobody sets. */
  #goingUntil = -Infinity;

  constructor(relay: string, clock: ClockPort, bookOf: (me: string) => Book = (me) => historyOf(relay, me)) {
    this.#clock = clock;
    this.#bookOf = bookOf;
  }

  /**
   * Hears what happens to the calls of a person.
   *
   * @param me the peer ID of that person
   * @param at when it happened, in milliseconds since the epoch
   */
  hear(me: string, notice: CallNotice, at: number): void {
    if (notice.type === 'missed') return void this.#write(me, missed(notice, notice.call.id === this.#call.id ? this.#call.at : at));
    if (notice.type === 'state' && notice.call) this.#follow(me, notice, notice.call, at);
    if (notice.type !== 'ended') return;
    const { call, reason, duration } = notice;
    const entry = this.#entryOf(call, at);
    const until = call.startedAt === null ? Math.max(at, entry.at) : call.startedAt + Math.round(duration * 1000);
    this.rest();
    this.#write(me, { ...entry, outcome: outcomeOf(call, reason, this.#call.taken), until, open: false });
  }

  /** The page goes, and may not come back: what is known is written at once. */
  leave(): void {
    // Whatever happens in this page after a while, it has not gone, or is back.
    this.#goingUntil = this.#clock.now() + GOING;
    // What was written and is not there any more was removed by the person.
    if (this.#open) this.#open.book.noteLast({ ...this.#open.entry, until: this.#clock.wall() }, this.#open.isKept);
  }

  #follow(me: string, { state, previous }: CallNotice & { type: 'state' }, call: CallInfo, at: number): void {
    // Of two calls that cross one takes the other's place: for the person it is the same call.
    const goesOn = call.id === this.#call.id || (previous !== 'idle' && previous !== 'ended' && state !== 'incoming');
    this.#call = goesOn ? { ...this.#call, id: call.id } : { id: call.id, at, taken: false };
    if (isTalking(state)) this.#call.taken = true;
    // Nothing to note yet; but a page that goes while it rings can write only where it has written before.
    if (state === 'incoming' || state === 'calling') void this.#bookOf(me).note(call.id, at);
    if (call.startedAt === null || state === 'ended' || this.#open?.entry.id === call.id) return;
    const entry = this.#entryOf(call, at);
    const book = this.#write(me, entry);
    this.#open = { entry, book, isKept: false };
    this.#note();
  }

  #note(): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(NOTE_EVERY, () => {
      void this.#open?.book.note(this.#open.entry.id, this.#clock.wall());
      this.#note();
    });
  }

  /** Notes of the call that is on no longer that it is: it is over, or nothing more is to be written. */
  rest(): void {
    this.#cancel?.();
    this.#cancel = this.#open = undefined;
  }

  #write(me: string, entry: Entry): Book {
    const book = this.#bookOf(me);
    if (this.#clock.now() < this.#goingUntil) book.noteLast(entry, false);
    else {
      // A page before this one may have known more: when it began to ring.
      void book.keep(entry).then((known) => {
        if (this.#open?.entry === entry) this.#open = { entry: known, book, isKept: true };
      });
    }
    return book;
  }

  #entryOf(call: CallInfo, now: number): Entry {
    const { startedAt } = call;
    const at = Math.min(call.id === this.#call.id ? this.#call.at : now, startedAt ?? now);
    return { ...common(call), outcome: 'answered', at, startedAt, until: Math.max(now, startedAt ?? now), open: true, seen: false };
  }
}

const common = ({ id, peer, name, media, direction }: CallInfo) => ({ id, peer, name: nameWithin(name), media, direction });

/** A call of which the person has seen nothing, or that is left while it rings. */
const missed = ({ call, vague }: CallNotice & { type: 'missed' }, at: number): Entry => ({
  ...common(call),
  outcome: 'missed',
  at,
  startedAt: null,
  until: at,
  open: false,
  seen: false,
  ...(vague && { vague }),
});
