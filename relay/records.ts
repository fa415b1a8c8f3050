import type { Clock } from './clock.js';
import type { Deadline, Deadlines } from './deadlines.js';
import type { CallMessage } from './protocol/index.js';
import { MAX_PAGES_OF_ONE, deviceOf, peerOf } from './protocol/index.js';

/** One call, as the relay saw it from outside: who, when, how it ended, and nothing of what was said. */
export interface CallRecord {
  /** The ID of the call, the same that pages see. Its page made it: only `from` and `id` together name one call. */
  readonly id: string;
  /** The peer ID of the caller. */
  readonly from: string;
  /** The peer ID of the callee. */
  readonly to: string;
  readonly media: 'audio' | 'video';
  /** When the invite came, ISO 8601 in UTC. */
  readonly invitedAt: string;
  /** When the caller took an answer, if it ever did. */
  readonly answeredAt?: string;
  readonly endedAt: string;
  /** An end reason of the protocol, such as `hung-up` or `no-answer`; a page may send a word that is newer than this relay. */
  readonly reason: string;
  /** Whole seconds from the answer to the end; 0 for a call that nobody answered. */
  readonly duration: number;
}

/** Most calls that are followed at a time; a call beyond gets no record. */
export const MAX_FOLLOWED = 10_000;
/** The same for the calls of one page, which has one call at a time if it is honest. */
export const MAX_FOLLOWED_OF_ONE = 8;
/** Milliseconds that a call outlives a page that is gone: pages mend a path for 60 s, and a while. */
export const GONE_FOR = 75_000;
/** Milliseconds after its answer at which a call is taken to have ended, if nobody says so. */
export const LONGEST_CALL = 24 * 3_600_000;
/** Milliseconds that a call outlives the end of its ringing, if nobody says what became of it. */
const GRACE = 30_000;

interface Followed {
  readonly id: string;
  /** The address of the caller's page. */
  readonly caller: string;
  readonly to: string;
  readonly media: 'audio' | 'video';
  readonly invitedAt: number;
  reached: boolean;
  /** The addresses of pages that have answered. */
  readonly accepted: Set<string>;
  answeredAt: number | undefined;
  /** The address of the callee's page that has the call. */
  winner: string | undefined;
  deadline: Deadline | undefined;
}

/** What is needed to make records. */
export interface RecordSettings {
  readonly deadlines: Deadlines;
  readonly clock: Pick<Clock, 'date'>;
  readonly ended: (record: CallRecord) => void;
  /** Is told the first time that a call cannot be followed because there are too many. */
  readonly full?: () => void;
}

/**
 * Makes call records of the messages that pass by. The relay holds no call: this only watches, within bounds, and is
 * there only where somebody wants the records. What the relay does not see it cannot record: the end of a call whose
 * pages hang up while it is down.
 */
export class CallRecords {
  readonly #settings: RecordSettings;
  /** By the caller's address, then by call. Never holds an empty map. */
  readonly #calls = new Map<string, Map<string, Followed>>();
  /** Answered calls by the address of each side's page. */
  readonly #talking = new Map<string, Set<Followed>>();
  #size = 0;
  /** Calls that were not followed because there were too many. */
  unfollowed = 0;

  constructor(settings: RecordSettings) {
    this.#settings = settings;
  }

  /** Calls that are followed now. */
  get size(): number {
    return this.#size;
  }

  /** Takes note of a message between pages, and whether it arrived anywhere. */
  saw(from: string, message: CallMessage, arrived: boolean): void {
    if (message.type === 'invite') return this.#invited(from, message, arrived);
    const own = this.#calls.get(from)?.get(message.call);
    const call = own ?? this.#calls.get(message.to)?.get(message.call);
    if (!call || peerOf(own ? message.to : from) !== call.to) return;
    switch (message.type) {
      case 'accept':
        if (!own && call.accepted.size < MAX_PAGES_OF_ONE) call.accepted.add(from);
        return;
      case 'confirm':
        // The caller alone could make calls up that nobody has answered.
        if (own && arrived && call.accepted.has(message.to)) this.#answered(call, message.to);
        return;
      case 'cancel':
        if (!own || call.answeredAt !== undefined || message.reason.endsWith('-elsewhere')) return;
        // A page that gives up a call because nobody is there just calls it off.
        return this.#end(call, call.reached ? message.reason : 'unreachable');
      case 'decline':
        if (!own && call.answeredAt === undefined) this.#end(call, message.reason);
        return;
      case 'hangup':
        // A device that was not taken has no say in the call.
        if (own || from === call.winner) this.#end(call, message.reason);
        return;
    }
  }

  /** Takes note that a page is there, perhaps again. */
  here(address: string): void {
    for (const call of this.#ofPage(address)) this.#awaitLast(call);
  }

  /** Takes note that a page is gone, by the code with which its connection ended. */
  gone(address: string, code: number): void {
    // A page that its browser keeps for the way back closes its connection with no code, which is 1005 here (RFC 6455 section 7.4.1).
    const reason = [1000, 1001, 1005].includes(code) ? 'left' : 'connection-lost';
    const at = this.#settings.clock.date();
    for (const call of this.#ofPage(address)) {
      if (call.answeredAt !== undefined) this.#await(call, { after: GONE_FOR, run: () => this.#end(call, reason, at) });
    }
  }

  /** Forgets every call. */
  close(): void {
    for (const calls of this.#calls.values()) for (const call of calls.values()) call.deadline?.cancel();
    this.#calls.clear();
    this.#talking.clear();
    this.#size = 0;
  }

  #invited(caller: string, { call: id, to, media, expires }: CallMessage & { readonly type: 'invite' }, arrived: boolean): void {
    const known = this.#calls.get(caller)?.get(id);
    if (known) {
      known.reached ||= arrived;
      return;
    }
    const calls = this.#calls.get(caller) ?? new Map<string, Followed>();
    // An invite goes to a person; one for a single device is what a page sends that looks for its partner.
    if (deviceOf(to) !== undefined) return;
    if (this.#size >= MAX_FOLLOWED || calls.size >= MAX_FOLLOWED_OF_ONE) {
      if (this.unfollowed++ === 0) this.#settings.full?.();
      return;
    }
    const invitedAt = this.#settings.clock.date();
    const call: Followed = {
      id,
      caller,
      to,
      media,
      invitedAt,
      reached: arrived,
      accepted: new Set(),
      answeredAt: undefined,
      winner: undefined,
      deadline: undefined,
    };
    this.#calls.set(caller, calls.set(id, call));
    this.#size++;
    const run = () => this.#end(call, call.reached ? 'no-answer' : 'unreachable');
    this.#await(call, { after: expires * 1000 + GRACE, run });
  }

  #answered(call: Followed, winner: string): void {
    if (call.answeredAt !== undefined) return;
    call.answeredAt = this.#settings.clock.date();
    call.winner = winner;
    this.#awaitLast(call);
    for (const address of [call.caller, winner]) this.#talking.set(address, (this.#talking.get(address) ?? new Set()).add(call));
    // Where both have called each other one call has become of two, and the other one leaves no trace.
    for (const other of this.#calls.get(winner)?.values() ?? []) {
      if (other.answeredAt === undefined && other.to === peerOf(call.caller)) this.#forget(other);
    }
  }

  #end(call: Followed, reason: string, at = this.#settings.clock.date()): void {
    this.#forget(call);
    const { id, caller, to, media, invitedAt, answeredAt } = call;
    const iso = (time: number) => new Date(time).toISOString();
    this.#settings.ended({
      id,
      from: peerOf(caller),
      to,
      media,
      invitedAt: iso(invitedAt),
      ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
      endedAt: iso(at),
      reason,
      duration: answeredAt === undefined ? 0 : Math.max(Math.round((at - answeredAt) / 1000), 0),
    });
  }

  #forget(call: Followed): void {
    const calls = this.#calls.get(call.caller);
    if (!calls?.delete(call.id)) return;
    this.#size--;
    call.deadline?.cancel();
    if (calls.size === 0) this.#calls.delete(call.caller);
    for (const address of [call.caller, call.winner ?? call.caller]) {
      const talking = this.#talking.get(address);
      if (talking?.delete(call) && talking.size === 0) this.#talking.delete(address);
    }
  }

  #ofPage(address: string): readonly Followed[] {
    return [...(this.#talking.get(address) ?? [])];
  }

  /** An answered call that is on ends by itself only after very long. */
  #awaitLast(call: Followed): void {
    if (call.answeredAt === undefined) return;
    const after = call.answeredAt + LONGEST_CALL - this.#settings.clock.date();
    this.#await(call, { after, run: () => this.#end(call, 'connection-lost') });
  }

  /** Sets what will happen to a call if nothing else does. */
  #await(call: Followed, next: { readonly after: number; readonly run: () => void }): void {
    call.deadline?.cancel();
    call.deadline = this.#settings.deadlines.add(next.after, next.run);
  }
}
