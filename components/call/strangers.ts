/**
 * Messages of calls that this page does not know: those that are over and those whose invite is still on its way.
 * Everything here is bounded, since strangers can send it.
 */
import type { CallMessage, ContentOf } from '../../relay/protocol/index.js';
import { Pace } from './pace.js';

/** Milliseconds for which a call that is over is remembered, and an early message kept. */
export const REMEMBERED_FOR = 120_000;
/** Most calls remembered as over. */
export const MAX_OVER = 256;
/** Most calls whose messages are kept before their invite. */
export const MAX_EARLY_CALLS = 8;
/** Most early messages of one call. */
export const MAX_EARLY_MESSAGES = 64;
/** Most answers, at once and then in a second, to messages of calls that are not on: strangers decide how many of those come. */
export const MAX_ASSURANCES = 10;
/** Most missed calls that are told of at once, and then in a second: each is written down. */
export const MAX_MISSED = 5;
export const MISSED_PER_SECOND = 1;

interface Early {
  readonly from: string;
  readonly until: number;
  readonly messages: CallMessage[];
}

/** What is kept of calls that are no more, or not yet. Times are milliseconds of any one clock. */
export class Strangers {
  readonly #over = new Map<string, { until: number; verdict: ContentOf<'cancel'> | undefined }>();
  readonly #early = new Map<string, Early>();
  /** Whether one more answer may be given. */
  readonly answers = new Pace(MAX_ASSURANCES, MAX_ASSURANCES);
  /** Whether one more missed call may be told of. */
  readonly missed = new Pace(MISSED_PER_SECOND, MAX_MISSED);

  /** Remembers that a call is over, so that nothing makes it ring again, and what latecomers are to be told. */
  bury(call: string, now: number, verdict?: ContentOf<'cancel'>): void {
    this.#early.delete(call);
    this.#over.delete(call);
    this.#over.set(call, { until: now + REMEMBERED_FOR, verdict });
    for (const [id, { until }] of this.#over) if (until < now || this.#over.size > MAX_OVER) this.#over.delete(id);
  }

  /** Whether a call is known to be over. */
  isOver(call: string, now: number): boolean {
    return (this.#over.get(call)?.until ?? -1) >= now;
  }

  /** What a device is told that still speaks of a call that is over; nothing where the call was not ours to end. */
  verdictOn(call: string): ContentOf<'cancel'> | undefined {
    return this.#over.get(call)?.verdict;
  }

  /** Keeps a message that came before its call's invite. */
  keep(from: string, message: CallMessage, now: number): void {
    for (const [id, early] of this.#early) if (early.until < now) this.#early.delete(id);
    let early = this.#early.get(message.call);
    if (!early && this.#early.size < MAX_EARLY_CALLS)
      this.#early.set(message.call, (early = { from, until: now + REMEMBERED_FOR, messages: [] }));
    if (early && early.from === from && early.messages.length < MAX_EARLY_MESSAGES) early.messages.push(message);
  }

  /** Gives back, once, what the sender of an invite said before it arrived. */
  takeEarly(call: string, from: string): readonly CallMessage[] {
    const early = this.#early.get(call);
    this.#early.delete(call);
    return early?.from === from ? early.messages : [];
  }
}
