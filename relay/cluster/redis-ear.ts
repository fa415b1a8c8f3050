import type { Redis } from 'ioredis';

import type { Corks } from '../corks.js';

/** Channels in one command, when all are listened to again. */
const CHANNELS_AT_ONCE = 500;

/** The connection on which a relay listens to Redis: what it wants to hear, and what it surely does. */
export class RedisEar {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #corks: Corks;
  readonly #wanted = new Set<string>();
  readonly #listening = new Set<string>();
  /** Whether everything that is wanted has been listened to since the connection was made. */
  ready = false;
  /** Commands that were sent. */
  commands = 0;

  /** @param prefix what stands before the name of each channel in Redis */
  constructor(redis: Redis, prefix: string, corks: Corks) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#corks = corks;
  }

  /** Whether a channel is surely listened to. */
  hears(channel: string): boolean {
    return this.#listening.has(channel);
  }

  /** Calls back with what is said on the channels. */
  open(heard: (channel: string, text: string) => void): void {
    this.#redis.on('message', (prefixed: string, text: string) => heard(prefixed.slice(this.#prefix.length), text));
  }

  /** Listens to a channel; rejects where that cannot be now, and does it with the next `listenToAll`. */
  async subscribe(channel: string): Promise<void> {
    if (this.#wanted.has(channel) && this.#listening.has(channel)) return;
    this.#wanted.add(channel);
    if (this.#redis.status !== 'ready') throw new Error('Redis cannot be listened to at present.');
    await this.#subscribe([channel]);
  }

  /** Listens to it no more. */
  unsubscribe(channel: string): void {
    if (!this.#wanted.delete(channel)) return;
    // At once: whoever is not sure whether he listens himself must not take another one for himself.
    this.#listening.delete(channel);
    if (this.#redis.status !== 'ready') return;
    this.#command();
    this.#redis.unsubscribe(this.#prefix + channel).catch(() => undefined);
  }

  /** Listens to all that is wanted, over a connection that is new. */
  async listenToAll(): Promise<void> {
    const channels = [...this.#wanted];
    for (let i = 0; i < channels.length; i += CHANNELS_AT_ONCE) {
      // Those who have left meanwhile are not listened for.
      const some = channels.slice(i, i + CHANNELS_AT_ONCE).filter((channel) => this.#wanted.has(channel));
      if (some.length > 0) await this.#subscribe(some);
    }
    this.ready = true;
  }

  /** The connection is gone: nothing is heard. */
  lost(): void {
    this.ready = false;
    this.#listening.clear();
  }

  async #subscribe(channels: readonly string[]): Promise<void> {
    this.#command();
    await this.#redis.subscribe(...channels.map((channel) => this.#prefix + channel));
    for (const channel of channels) if (this.#wanted.has(channel)) this.#listening.add(channel);
  }

  #command(): void {
    this.commands++;
    this.#corks.cork(this.#redis.stream);
  }
}
