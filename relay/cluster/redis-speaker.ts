import type { Redis } from 'ioredis';

import type { Clock } from '../clock.js';
import type { Corks } from '../corks.js';

/** Most commands, and most bytes of them, that wait for an answer of Redis. */
const MAX_UNANSWERED = 20_000;
const MAX_UNANSWERED_BYTES = 32 * 1024 * 1024;

interface Unanswered {
  readonly at: number;
  readonly bytes: number;
}

/**
 * The connection on which a relay speaks to Redis. What is said within one turn of the event loop is written together,
 * and no more waits for an answer than is bounded here.
 */
export class RedisSpeaker {
  readonly #redis: Redis;
  readonly #clock: Clock;
  readonly #corks: Corks;
  /** In the order of the commands, which is that of the answers. */
  readonly #unanswered = new Set<Unanswered>();
  #bytes = 0;
  /** Commands that were sent. */
  commands = 0;

  constructor(redis: Redis, clock: Clock, corks: Corks) {
    this.#redis = redis;
    this.#clock = clock;
    this.#corks = corks;
  }

  /** Whether commands can be sent. */
  get ready(): boolean {
    return this.#redis.status === 'ready';
  }

  /** When the oldest command was sent that has no answer yet, in milliseconds of the clock; Infinity where all have one. */
  get waitsSince(): number {
    for (const { at } of this.#unanswered) return at;
    return Infinity;
  }

  /**
   * Sends a command of about so many bytes, and resolves with its answer. Rejects at once where it cannot be sent, or too
   * much is unanswered.
   */
  say<T>(bytes: number, send: (redis: Redis) => Promise<T>): Promise<T> {
    if (!this.ready) return Promise.reject(new Error('Redis cannot be reached at present.'));
    if (this.#unanswered.size >= MAX_UNANSWERED || this.#bytes + bytes > MAX_UNANSWERED_BYTES) {
      return Promise.reject(new Error('Redis leaves too much unanswered.'));
    }
    const unanswered = { at: this.#clock.now(), bytes };
    this.#unanswered.add(unanswered);
    this.#bytes += bytes;
    this.commands++;
    this.#corks.cork(this.#redis.stream);
    const answer = send(this.#redis);
    const answered = (): void => {
      this.#unanswered.delete(unanswered);
      this.#bytes -= bytes;
    };
    answer.then(answered, answered);
    return answer;
  }
}
