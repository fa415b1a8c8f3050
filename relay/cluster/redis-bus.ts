import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Bus, BusListener } from './bus.js';
import type { RedisPlace } from './redis-url.js';
import { newId } from './questions.js';

/** Milliseconds between two looks at the connections. */
const LOOK_EVERY = 250;
/** Milliseconds between two probes. */
const PROBE_EVERY = 5000;
/** Milliseconds for Redis to do anything, and for a probe to come back. */
const ANSWER_WITHIN = 3000;
/** Milliseconds without any answer after which a connection is made anew. */
const GIVE_UP_AFTER = 10_000;
/** Longest wait before another attempt to connect, in milliseconds. */
const MAX_RETRY = 1000;
/** Most commands, and most bytes of them, that wait for an answer of Redis. */
const MAX_UNANSWERED = 20_000;
const MAX_UNANSWERED_BYTES = 32 * 1024 * 1024;
/** Channels in one command, when all are listened to again. */
const CHANNELS_AT_ONCE = 500;

/** What a bus over Redis needs. */
export interface RedisBusSettings {
  readonly place: RedisPlace;
  readonly clock: Clock;
  readonly log: Log;
  /** Runs whenever Redis can be used anew, with a connection for other commands than those of the bus. */
  readonly onReady?: (redis: Redis, prefix: string) => Promise<void>;
}

interface Probe {
  readonly text: string;
  readonly sentAt: number;
  readonly heard: () => void;
}

/**
 * A bus over the Pub/Sub of Redis: one connection to speak, one to listen. Nothing waits in them without bound, and none
 * of both is trusted: a relay that does not hear its own probe takes itself for cut off, until it hears again.
 */
export class RedisBus implements Bus {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #prefix: string;
  readonly #speaker: Redis;
  readonly #ear: Redis;
  readonly #onReady: (redis: Redis, prefix: string) => Promise<void>;
  /** What is to be listened to, and what surely is. */
  readonly #wanted = new Set<string>();
  readonly #listening = new Set<string>();
  readonly #own = `probe:${newId()}`;
  /** When each connection was made that has not become ready yet. */
  readonly #greeted = new Map<Redis, number>();
  #listener: BusListener = { heard: () => undefined, joined: () => undefined };
  #earReady = false;
  #writable = false;
  #unanswered: { readonly at: number; readonly bytes: number }[] = [];
  #unansweredBytes = 0;
  #probes: Probe[] = [];
  #probedAt = -Infinity;
  #probeNumber = 0;
  #up = false;
  #downSince: number;
  #complained = false;
  #stop: (() => void) | undefined;
  #closed = false;
  #opened: () => void = () => undefined;
  /** Resolves when the bus is up for the first time. */
  readonly opened = new Promise<void>((resolve) => (this.#opened = resolve));
  /** Commands that were sent. */
  commands = 0;

  constructor({ place, clock, log, onReady = () => Promise.resolve() }: RedisBusSettings) {
    this.#clock = clock;
    this.#log = log;
    this.#onReady = onReady;
    this.#prefix = `video-call:${place.db}:`;
    this.#downSince = clock.now();
    const { tls, ...where } = place;
    const options: RedisOptions = {
      ...where,
      ...(tls && { tls: { servername: place.host } }),
      protocol: 2,
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      connectTimeout: ANSWER_WITHIN,
      disableClientInfo: true,
      retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), MAX_RETRY) * (0.5 + Math.random() / 2),
    };
    this.#speaker = this.#connect(options, 'speaks');
    this.#ear = this.#connect(options, 'listens');
    this.#wanted.add(this.#own);
  }

  get up(): boolean {
    return this.#up;
  }

  get downFor(): number {
    return this.#up ? 0 : this.#clock.now() - this.#downSince;
  }

  open(listener: BusListener): void {
    this.#listener = listener;
    this.#ear.on('message', (channel: string, text: string) => this.#heard(channel, text));
    this.#ear.on('ready', () => void this.#listenToAll());
    this.#ear.on('close', () => this.#deaf());
    this.#speaker.on('ready', () => this.#ready());
    this.#speaker.on('close', () => this.#goDown());
    for (const redis of [this.#speaker, this.#ear]) redis.connect().catch(() => undefined);
    this.#stop = this.#clock.every(LOOK_EVERY, () => this.#look());
  }

  async publish(channel: string, text: string): Promise<number> {
    const count = await this.#command(text.length, () => this.#speaker.publish(this.#prefix + channel, text));
    return Math.max(0, count - (this.#listening.has(channel) ? 1 : 0));
  }

  async subscribe(channel: string): Promise<void> {
    if (this.#wanted.has(channel) && this.#listening.has(channel)) return;
    this.#wanted.add(channel);
    if (this.#ear.status !== 'ready') throw new Error('Redis cannot be listened to at present.');
    this.commands++;
    await this.#ear.subscribe(this.#prefix + channel);
    if (this.#wanted.has(channel)) this.#listening.add(channel);
  }

  unsubscribe(channel: string): void {
    if (!this.#wanted.delete(channel)) return;
    // At once: whoever is not sure whether he listens himself must not take another one for himself.
    this.#listening.delete(channel);
    if (this.#ear.status !== 'ready') return;
    this.commands++;
    this.#ear.unsubscribe(this.#prefix + channel).catch(() => undefined);
  }

  probe(): Promise<void> {
    return new Promise((resolve, reject) => {
      const probe: Probe = { text: String(++this.#probeNumber), sentAt: this.#clock.now(), heard: resolve };
      this.#probes.push(probe);
      this.publish(this.#own, probe.text).catch((error: unknown) => {
        this.#probes = this.#probes.filter((other) => other !== probe);
        reject(error as Error);
      });
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop?.();
    this.#up = false;
    // What was said before is still said, but nobody waits for a Redis that stands still.
    if (this.#speaker.status === 'ready') {
      await new Promise<void>((resolve) => {
        const stop = this.#clock.every(ANSWER_WITHIN / 3, resolve);
        void this.#speaker.quit().then(
          () => resolve(),
          () => resolve(),
        );
        this.#speaker.once('end', stop);
      });
    }
    for (const redis of [this.#speaker, this.#ear]) redis.disconnect();
  }

  #connect(options: RedisOptions, does: string): Redis {
    const redis = new Redis({ ...options, connectionName: `video-call-relay-${does}` });
    redis.on('connect', () => this.#greeted.set(redis, this.#clock.now()));
    redis.on('error', (error: Error) => this.#complain(error));
    return redis;
  }

  /** Says once, and not with every attempt, that something is wrong. Errors of Redis name no secret. */
  #complain(error: Error): void {
    if (this.#complained || this.#closed) return;
    this.#complained = true;
    this.#log.warn({ err: error }, 'Redis cannot be used; pages of other relays cannot be reached');
  }

  async #command<T>(bytes: number, send: () => Promise<T>): Promise<T> {
    if (this.#speaker.status !== 'ready' || this.#closed) throw new Error('Redis cannot be reached at present.');
    if (this.#unanswered.length >= MAX_UNANSWERED || this.#unansweredBytes + bytes > MAX_UNANSWERED_BYTES) {
      throw new Error('Redis leaves too much unanswered.');
    }
    // Answers come in the order of the commands, so the first one is always the oldest.
    const unanswered = { at: this.#clock.now(), bytes };
    this.#unanswered.push(unanswered);
    this.#unansweredBytes += bytes;
    this.commands++;
    try {
      return await send();
    } finally {
      this.#unanswered.splice(this.#unanswered.indexOf(unanswered), 1);
      this.#unansweredBytes -= bytes;
    }
  }

  #heard(prefixed: string, text: string): void {
    const channel = prefixed.slice(this.#prefix.length);
    if (channel !== this.#own) return this.#listener.heard(channel, text);
    const index = this.#probes.findIndex((probe) => probe.text === text);
    for (const probe of this.#probes.splice(0, index + 1)) probe.heard();
    if (index >= 0) this.#goUp();
  }

  async #listenToAll(): Promise<void> {
    try {
      const channels = [...this.#wanted];
      for (let i = 0; i < channels.length; i += CHANNELS_AT_ONCE) {
        const some = channels.slice(i, i + CHANNELS_AT_ONCE);
        this.commands++;
        await this.#ear.subscribe(...some.map((channel) => this.#prefix + channel));
        for (const channel of some) if (this.#wanted.has(channel)) this.#listening.add(channel);
      }
      this.#earReady = true;
      this.#sound();
    } catch (error) {
      this.#complain(error as Error);
    }
  }

  #deaf(): void {
    this.#earReady = false;
    this.#listening.clear();
    this.#goDown();
  }

  #ready(): void {
    this.#writable = false;
    this.#sound();
    this.#onReady(this.#speaker, this.#prefix).catch((error: unknown) => this.#complain(error as Error));
  }

  /** Finds out whether this relay hears itself. */
  #sound(): void {
    if (!this.#earReady || this.#speaker.status !== 'ready') return;
    this.#probedAt = this.#clock.now();
    // A replica takes what is published, and brings it to nobody but those who listen to that same replica.
    const isReplica = this.#command(0, () => this.#speaker.role()).then(
      (role) => Array.isArray(role) && role[0] === 'slave',
      () => false,
    );
    void isReplica.then((replica) => {
      this.#writable = !replica;
      if (!replica) return this.probe().catch(() => undefined);
      this.#goDown(new Error('READONLY: this Redis is a replica.'));
      for (const redis of [this.#speaker, this.#ear]) redis.disconnect(true);
    });
  }

  #look(): void {
    const now = this.#clock.now();
    if (now - this.#probedAt >= (this.#up ? PROBE_EVERY : LOOK_EVERY * 4)) this.#sound();
    const oldest = this.#unanswered[0]?.at ?? Infinity;
    const unheard = this.#probes[0]?.sentAt ?? Infinity;
    if (now - Math.min(oldest, unheard) > ANSWER_WITHIN) this.#goDown(new Error('Redis does not answer.'));
    if (now - oldest > GIVE_UP_AFTER) this.#speaker.disconnect(true);
    for (const [redis, since] of this.#greeted) if (redis.status === 'connect' && now - since > GIVE_UP_AFTER) redis.disconnect(true);
    // Redis answers, and yet nothing is heard: this connection only looks alive.
    const deaf = now - unheard > ANSWER_WITHIN && now - oldest <= ANSWER_WITHIN;
    if (deaf || now - unheard > GIVE_UP_AFTER) {
      this.#probes = [];
      this.#ear.disconnect(true);
    }
  }

  #goUp(): void {
    if (this.#up || !this.#earReady || !this.#writable || this.#closed) return;
    this.#up = true;
    if (this.#complained) this.#log.info({}, 'Redis can be used again');
    this.#complained = false;
    this.#opened();
    this.#listener.joined();
  }

  #goDown(why?: Error): void {
    if (why) this.#complain(why);
    if (!this.#up) return;
    this.#up = false;
    this.#probes = [];
    this.#downSince = this.#clock.now();
    this.#complain(new Error('The connection to Redis was lost.'));
  }
}
