/** One call of a test peer, from either side. */
import type { Alert, EndReason, MediaKind } from '../relay/protocol/index.js';
import type { CallInfo, Phase } from '../components/call/phases.js';
import { Impossible } from './log.js';
import type { Deadline, Log } from './log.js';

/** What a call asks of its peer. */
export interface CallHands {
  readonly log: Log;
  accept(media: MediaKind): void;
  decline(): void;
  hangUp(): void;
  rings(alert: Alert): void;
}

/** A call as far as words go. Every wait has a deadline, and fails at once where what it waits for can never come. */
export class TestCall {
  /** UUID, the same on both sides. */
  readonly id: string;
  /** The other side's peer ID. */
  readonly peer: string;
  /** The other side's display name, or its peer ID. */
  readonly name: string;
  readonly media: MediaKind;
  readonly direction: 'outgoing' | 'incoming';
  readonly #hands: CallHands;
  readonly #began = performance.now();
  /** Every state so far, with the milliseconds from the call's beginning. */
  readonly #states = new Map<Phase, number>();
  #alert: Alert | null = null;
  #reason: EndReason | undefined;

  /** @internal */
  constructor({ id, peer, name, media, direction }: CallInfo, hands: CallHands) {
    this.id = id;
    this.peer = peer;
    this.name = name;
    this.media = media;
    this.direction = direction;
    this.#hands = hands;
  }

  /** Where the call stands. */
  get state(): Phase {
    return [...this.#states.keys()].at(-1) ?? 'idle';
  }

  /** How it ended; undefined while it has not. */
  get reason(): EndReason | undefined {
    return this.#reason;
  }

  /** Waits until a device of the other side says that it rings: how, and how many milliseconds after the call was begun. */
  ringing(deadline?: Deadline): Promise<{ readonly alert: Alert; readonly after: number }> {
    return this.#reaches(
      `${this.peer} to ring`,
      ['ringing'],
      () => ({ alert: this.#alert ?? 'visual', after: this.#states.get('ringing')! }),
      deadline,
    );
  }

  /**
   * Waits until the call is taken on one of the two sides: on the other where this one has called. There are no media, so it does
   * not get any further: unless somebody hangs up, it ends after 20 s with `connect-timeout`.
   */
  accepted(deadline?: Deadline): Promise<{ readonly after: number }> {
    return this.#reaches(`${this.peer} to take the call`, ['connecting'], () => ({ after: this.#states.get('connecting')! }), deadline);
  }

  /** Waits until the call is over, and answers why: `declined`, `busy`, `no-answer`, `hung-up` … */
  ended(deadline?: Deadline): Promise<EndReason> {
    return this.#hands.log.until(`the call with ${this.peer} to end`, () => this.#reason, deadline);
  }

  /** Waits until the call is over for this reason. */
  async endedWith(reason: EndReason, deadline?: Deadline): Promise<void> {
    await this.#hands.log.until(
      `the call with ${this.peer} to end with ${reason}`,
      () => {
        if (this.#reason !== undefined && this.#reason !== reason) throw new Impossible(`it ended with ${this.#reason}`);
        return this.#reason;
      },
      deadline,
    );
  }

  /** Tells the caller that the incoming call rings here; by itself it does not where the peer was told to be `quiet`. */
  rings(alert: Alert = 'visual'): void {
    if (this.state === 'incoming') this.#hands.rings(alert);
  }

  /** Takes the incoming call, as far as words go: the caller's page goes to `connecting`. */
  accept({ media = this.media }: { readonly media?: MediaKind } = {}): void {
    if (this.state === 'incoming') this.#hands.accept(media);
  }

  /** Refuses the incoming call. */
  decline(): void {
    if (this.state === 'incoming') this.#hands.decline();
  }

  /** Ends the call, in whatever state it is; before anybody has answered, the other side hears `cancelled`. May be called twice. */
  hangUp(): void {
    if (this.#reason === undefined) this.#hands.hangUp();
  }

  /** @internal The call has come to a state. */
  reached(state: Phase, reason: EndReason | null): void {
    this.#states.delete(state);
    this.#states.set(state, Math.round(performance.now() - this.#began));
    if (state === 'ended') this.#reason = reason ?? 'hung-up';
  }

  /** @internal The other side has said how it rings. */
  heard(alert: Alert | null): void {
    this.#alert = alert ?? this.#alert;
  }

  #reaches<Found>(what: string, states: readonly Phase[], found: () => Found, deadline?: Deadline): Promise<Found> {
    return this.#hands.log.until(
      what,
      () => {
        if (states.some((state) => this.#states.has(state))) return found();
        if (this.#reason !== undefined) throw new Impossible(`the call ended with ${this.#reason}`);
        return undefined;
      },
      deadline,
    );
  }
}
