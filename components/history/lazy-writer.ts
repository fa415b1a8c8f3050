/** Writes the calls of a session down with what is loaded when the first of them happens; guests have no history: they are somebody else every time. */
import { GUEST_PREFIX } from '../../relay/protocol/address.js';
import type { ClockPort } from '../call/ports.js';
import type { CallNotice } from '../call/session.js';
import type { Writer } from './writer.js';

/** After how many milliseconds what could not be loaded is tried again. */
const AGAIN = 10_000;

/** Most that is remembered of what could not be written down, for want of the code: some calls. */
const MOST = 30;

/** The writer of one session. Nothing of it ever fails. */
export class LazyWriter {
  readonly #relay: string;
  readonly #clock: ClockPort;
  #writer: Promise<Writer> | undefined;
  /** What is to be written down as soon as somebody is there who can, in its order. */
  #heard: ((writer: Writer) => void)[] = [];
  /** Ends the wait for the next attempt. */
  #cancel: (() => void) | undefined;

  constructor(relay: string, clock: ClockPort) {
    this.#relay = relay;
    this.#clock = clock;
  }

  /**
   * Hears what happens.
   *
   * @param me the peer ID of whom it happens to; null where it is not known
   * @param keepsNothing whether nothing of it may be written
   * @param at when it happened, in milliseconds since the epoch
   */
  hear(me: string | null, notice: CallNotice, keepsNothing: boolean, at = this.#clock.wall()): void {
    const counts = notice.type === 'state' || notice.type === 'ended' || notice.type === 'missed';
    if (!counts || !me || me.startsWith(GUEST_PREFIX)) return;
    if (keepsNothing) {
      this.#heard = [];
      return this.#tell((writer) => writer.rest());
    }
    this.#heard = [...this.#heard.slice(-MOST), (writer: Writer) => writer.hear(me, notice, at)];
    this.#write();
  }

  #write(): void {
    this.#writer ??= this.#load();
    this.#tell((writer) => {
      for (const write of this.#heard.splice(0)) write(writer);
    });
  }

  #load(): Promise<Writer> {
    const loading = import('./writer.js').then(({ Writer }) => new Writer(this.#relay, this.#clock));
    loading.catch((cause: unknown) => {
      this.#writer = undefined;
      console.warn('A call could not be written down.', cause);
      this.#cancel?.();
      this.#cancel = this.#clock.after(AGAIN, () => this.#heard.length > 0 && this.#write());
    });
    return loading;
  }

  /** The page goes, and may not come back. */
  leave(): void {
    this.#tell((writer) => writer.leave());
  }

  #tell(what: (writer: Writer) => void): void {
    void this.#writer?.then(what, () => {});
  }
}
