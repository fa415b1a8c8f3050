/**
 * Reliable order for the messages of one call, whatever the way there does to them: numbers what this device says,
 * keeps it until it is acknowledged, and turns what arrives (late, twice, out of order) into each device's words in
 * the order they were said. Pure: it never looks at a clock and sends nothing itself.
 */
import { MAX_UNACKNOWLEDGED, RESEND_AFTER, deviceOf, peerOf } from '../../relay/protocol/index.js';
import type { CallContent, CallMessage } from '../../relay/protocol/index.js';

/** Most messages of one sender that wait for an earlier one. */
export const MAX_HELD = 64;
/** Most devices of the other side that one call listens to. */
export const MAX_DEVICES = 32;
/** Greatest number of a message that is believed to have been said while a call rang. */
export const MAX_SPENT = 64;
/** Milliseconds for which messages to all devices of a peer are repeated once the call has been decided. */
export const BROADCAST_AFTER_DECISION = 30_000;

interface Kept {
  readonly to: string;
  readonly n: number;
  readonly content: CallContent;
  sentAt: number;
  times: number;
}

interface Heard {
  /** Highest number received with none missing before it. */
  received: number;
  /** Highest of our numbers that this device has acknowledged. */
  acked: number;
  readonly held: Map<number, CallContent>;
}

/** What an arriving message brought. */
export interface Arrival {
  /** What can be acted on now, in the order it was said. */
  readonly deliver: readonly CallContent[];
  /** Whether the sender waits for an acknowledgement. */
  readonly owed: boolean;
}

/** The numbering, keeping and ordering of one call's messages. Times are milliseconds of any one clock. */
export class Outbox {
  readonly #call: string;
  readonly #heard = new Map<string, Heard>();
  #kept: Kept[] = [];
  #last = 0;
  #decidedAt: number | undefined;
  #spent: number;

  /**
   * @param call the UUID of the call
   * @param spent the last number that an earlier page of this device gave to a message of this call
   */
  constructor(call: string, spent = 0) {
    this.#call = call;
    this.#spent = spent;
  }

  /** Goes on where another outbox of the same call was left: after a reload. */
  restore(from: string, { n, received }: { n: number; received: number }): void {
    this.#last = n;
    this.#heard.set(from, { received, acked: n, held: new Map() });
  }

  /** Listens on where that of another page was left. */
  listenOn(from: string, received: number): void {
    this.#heard.set(from, { received, acked: 0, held: new Map() });
  }

  /** Goes on after the last number of that one, within reason, and says it all to whoever has not heard it. */
  speakOn(n: number): void {
    this.#spent = Math.max(this.#spent, Math.min(n, MAX_SPENT));
  }

  /** Each device of the other side, by its address, and the last of its numbers that was received in order. */
  get heard(): { from: string; received: number }[] {
    return [...this.#heard].map(([from, { received }]) => ({ from, received }));
  }

  /** How far the numbering has come: ours, and that of a device of the other side. */
  position(from: string): { n: number; received: number } {
    return { n: Math.max(this.#last, this.#spent), received: this.#heard.get(from)?.received ?? 0 };
  }

  /** How many messages wait for an acknowledgement. */
  get waiting(): number {
    return this.#kept.length;
  }

  /** Whether nothing waits. */
  get settled(): boolean {
    return this.waiting === 0;
  }

  /** Whether more waits than the protocol allows to be kept: the other side has been gone for too long. */
  get overfull(): boolean {
    return this.waiting > MAX_UNACKNOWLEDGED;
  }

  /** Numbers a message and keeps it. `to` is the address of one device, or a bare peer ID for all its devices. */
  post(to: string, content: CallContent, now: number): CallMessage {
    // Whoever has not got all of an earlier page's messages waits for them, and hears this in the place of each.
    while (this.#last < this.#spent) this.#kept.push({ to, n: ++this.#last, content, sentAt: -Infinity, times: 0 });
    const kept = { to, n: ++this.#last, content, sentAt: now, times: 1 };
    this.#kept.push(kept);
    return this.#seal(kept);
  }

  /** Takes in a message of another device, and what it acknowledges. */
  receive(from: string, message: CallMessage): Arrival {
    const heard = this.#hear(from);
    if (!heard) return { deliver: [], owed: false };
    const { n } = message;
    this.#acknowledge(heard, message.ack, n > heard.received);
    if (message.type === 'ack' || n === 0) return { deliver: [], owed: false };
    // The next one is always let in: it is what those that are held wait for.
    const room = n === heard.received + 1 || heard.held.size < MAX_HELD;
    if (n > heard.received && room) heard.held.set(n, message);
    const deliver: CallContent[] = [];
    for (let next; (next = heard.held.get(heard.received + 1));) {
      heard.held.delete(++heard.received);
      deliver.push(next);
    }
    return { deliver, owed: true };
  }

  /** Takes everything up to a number as received: a call that is over waits for nothing. */
  skip(from: string, n: number): void {
    const heard = this.#hear(from);
    if (!heard || n <= heard.received) return;
    heard.received = n;
    for (const held of heard.held.keys()) if (held <= n) heard.held.delete(held);
  }

  /** Keeps nothing any more: the other side has ended the call and waits for nothing that was said before. */
  forget(): void {
    this.#kept = [];
  }

  /** The bare acknowledgement of all that a device has said in order. */
  acknowledgement(to: string): CallMessage {
    return { type: 'ack', to, call: this.#call, n: 0, ack: this.#heard.get(to)?.received ?? 0 };
  }

  /** What has waited for its acknowledgement long enough to be sent again at this time. */
  due(now: number): CallMessage[] {
    if (this.#decidedAt !== undefined && now - this.#decidedAt > BROADCAST_AFTER_DECISION) this.#drop((kept) => isBroadcast(kept.to));
    return this.#again(now, (kept) => now - kept.sentAt >= this.#patience(kept));
  }

  /** Everything that waits: for when the way to the other side is there again. */
  everything(now: number): CallMessage[] {
    return this.#again(now, () => true);
  }

  /** Everything said so far to all devices of the peer: for when another of its devices may have appeared. */
  broadcasts(now: number): CallMessage[] {
    return this.#again(now, (kept) => isBroadcast(kept.to));
  }

  /** Repeats what is said to all devices of the peer as often as at first: for when another of them may have appeared, and probably has not. */
  hasten(): void {
    for (const kept of this.#kept) if (isBroadcast(kept.to)) kept.times = 1;
  }

  /** The call has its winner or its end: messages to all devices are needed only by those that are known. */
  decide(now: number): void {
    this.#decidedAt ??= now;
    this.#drop((kept) => this.#arrived(kept));
  }

  #hear(from: string): Heard | undefined {
    let heard = this.#heard.get(from);
    if (!heard && this.#heard.size < MAX_DEVICES) this.#heard.set(from, (heard = { received: 0, acked: 0, held: new Map() }));
    return heard;
  }

  /** Whoever something new and acknowledges less than before is the next page of its device, which has not heard the rest. */
  #acknowledge(heard: Heard, ack: number, isNew: boolean): void {
    // What is known to be spent is said again before all else, for those that have not heard it.
    if (ack > Math.max(this.#last, this.#spent) && ack - this.#last <= MAX_UNACKNOWLEDGED) this.#goOnFrom(ack);
    heard.acked = Math.min(this.#last, isNew ? ack : Math.max(heard.acked, ack));
    this.#drop((kept) => this.#arrived(kept));
  }

  /**
   * The other side has heard more than was said here: the last page of this device said it, before it was loaded anew. What
   * has been said since was taken for a repetition, and is said again under the numbers that come next.
   */
  #goOnFrom(ack: number): void {
    this.#kept = this.#kept.map((kept, index) => ({ ...kept, n: ack + index + 1, sentAt: -Infinity }));
    this.#last = ack + this.#kept.length;
  }

  #arrived(kept: Kept): boolean {
    if (isBroadcast(kept.to)) return this.#decidedAt !== undefined && this.#hasEverybody(kept);
    return (this.#heard.get(kept.to)?.acked ?? 0) >= kept.n;
  }

  /** Whether there are devices of this peer, and all of them have acknowledged. */
  #hasEverybody(kept: Kept): boolean {
    const devices = [...this.#heard].filter(([address]) => peerOf(address) === kept.to);
    return devices.length > 0 && devices.every(([, heard]) => heard.acked >= kept.n);
  }

  /** A broadcast that all known devices have is repeated ever more rarely, for those that are not known yet. */
  #patience(kept: Kept): number {
    return RESEND_AFTER * (isBroadcast(kept.to) && this.#hasEverybody(kept) ? 2 ** Math.min(kept.times, 4) : 1);
  }

  #drop(gone: (kept: Kept) => boolean): void {
    this.#kept = this.#kept.filter((kept) => !gone(kept));
  }

  #again(now: number, which: (kept: Kept) => boolean): CallMessage[] {
    const again = this.#kept.filter(which);
    for (const kept of again) {
      kept.sentAt = now;
      kept.times++;
    }
    return again.map((kept) => this.#seal(kept));
  }

  #seal({ to, n, content }: Kept): CallMessage {
    return { ...content, to, call: this.#call, n, ack: this.#heard.get(to)?.received ?? 0 } as CallMessage;
  }
}

const isBroadcast = (address: string): boolean => deviceOf(address) === undefined;
