import { createHmac, randomUUID } from 'node:crypto';

import type { Clock } from './clock.js';
import type { Deadlines } from './deadlines.js';
import type { Log } from './log.js';
import type { CallRecord } from './records.js';

/** Most records that wait; a record beyond is dropped. */
export const MAX_WAITING = 1000;
/** So many of these places are for calls that were answered: those without an answer cost whoever makes them nothing. */
export const FOR_ANSWERED = 500;
/** Records that are on their way at the same time. */
const AT_ONCE = 4;
/** Milliseconds after which a record is sent again; after the last one it is given up. */
export const AGAIN_AFTER = [1000, 5000, 30_000, 120_000, 600_000] as const;
/** Milliseconds that a receiver has for its answer. */
const ANSWER_WITHIN = 10_000;
/** Milliseconds that a relay which ends waits for records that are on their way. */
const LAST_WITHIN = 2000;

/** Fewest bytes of the secret, as Standard Webhooks has it. */
export const LEAST_WEBHOOK_SECRET = 24;

/** Where records go. */
export interface WebhookSettings {
  readonly url: string;
  /** Shared with the receiver; `whsec_` and Base64, or any text. */
  readonly secret: string;
  readonly clock: Pick<Clock, 'date'>;
  readonly deadlines: Deadlines;
  readonly log: Log;
  /** Another way out, for tests. */
  readonly fetch?: typeof fetch;
}

interface Parcel {
  readonly id: string;
  readonly body: string;
  tries: number;
}

/**
 * Sends call records to a URL by POST, signed as Standard Webhooks has it: `webhook-signature` is `v1,` and the Base64
 * of the HMAC-SHA256 over `webhook-id`, `webhook-timestamp` and the body, with dots between. What is not answered with
 * 2xx is sent again, with the same `webhook-id`, for about thirteen minutes.
 */
export class Webhook {
  readonly #settings: WebhookSettings;
  readonly #waiting: Parcel[] = [];
  readonly #moving = new Set<Promise<void>>();
  /** Parcels that are sent again later. */
  #resting = 0;
  #closed = false;
  /** Ends what is on its way. */
  readonly #ending = new AbortController();
  delivered = 0;
  dropped = 0;

  constructor(settings: WebhookSettings) {
    this.#settings = settings;
  }

  /** Records that are not delivered yet. */
  get waiting(): number {
    return this.#waiting.length + this.#moving.size + this.#resting;
  }

  /** Sends a record, now or as soon as it can. */
  send(record: CallRecord): void {
    const timestamp = new Date(this.#settings.clock.date()).toISOString();
    const body = JSON.stringify({ type: 'call.ended', timestamp, data: record });
    const parcel = { id: `msg_${randomUUID()}`, body, tries: 0 };
    const room = record.answeredAt === undefined ? MAX_WAITING - FOR_ANSWERED : MAX_WAITING;
    if (this.#closed || this.waiting >= room) return this.#drop(parcel, 'too many are waiting');
    this.#waiting.push(parcel);
    this.#go();
  }

  /** Waits a moment for what is on its way, and gives up the rest. */
  async close(): Promise<void> {
    this.#closed = true;
    const moving = Promise.all(this.#moving);
    await Promise.race([moving, new Promise((resolve) => setTimeout(resolve, LAST_WITHIN).unref())]);
    const left = this.waiting;
    this.dropped += left;
    this.#ending.abort();
    if (left > 0) this.#settings.log.warn({ records: left }, 'call records were not delivered before the end');
  }

  #go(): void {
    while (this.#moving.size < AT_ONCE && this.#waiting.length > 0) {
      const parcel = this.#waiting.shift()!;
      const move = this.#post(parcel).then((problem) => {
        this.#moving.delete(move);
        this.#done(parcel, problem);
      });
      this.#moving.add(move);
    }
  }

  #done(parcel: Parcel, problem: string | undefined): void {
    if (problem === undefined) this.delivered++;
    else this.#again(parcel, problem);
    if (!this.#closed) this.#go();
  }

  #again(parcel: Parcel, problem: string): void {
    // It is counted with all others that are left.
    if (this.#closed) return void this.#waiting.push(parcel);
    const after = AGAIN_AFTER[parcel.tries++];
    if (after === undefined) return this.#drop(parcel, problem);
    this.#settings.log.debug({ id: parcel.id, tries: parcel.tries, problem }, 'a call record will be sent again');
    this.#resting++;
    this.#settings.deadlines.add(after, () => {
      this.#resting--;
      this.#waiting.push(parcel);
      if (!this.#closed) this.#go();
    });
  }

  #drop({ id, tries }: Parcel, problem: string): void {
    this.dropped++;
    this.#settings.log.warn({ id, tries, problem }, 'a call record was given up');
  }

  /** Answers with what went wrong, if anything did. */
  async #post({ id, body }: Parcel): Promise<string | undefined> {
    const { url, secret, clock, fetch: send = fetch } = this.#settings;
    const timestamp = String(Math.floor(clock.date() / 1000));
    try {
      const response = await send(url, {
        method: 'POST',
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(ANSWER_WITHIN), this.#ending.signal]),
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': sign(secret, id, timestamp, body),
        },
        body,
      });
      await response.body?.cancel();
      return response.ok ? undefined : `status ${response.status}`;
    } catch (error) {
      const { name, cause } = error as Error;
      return (cause as NodeJS.ErrnoException | undefined)?.code ?? name;
    }
  }
}

/** The signature of a message as Standard Webhooks has it. */
export function sign(secret: string, id: string, timestamp: string, body: string): string {
  return `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}

/** The bytes of a secret: `whsec_` and Base64, or any text. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
}
