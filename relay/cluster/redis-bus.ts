import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import { Corks } from '../corks.js';
import type { Bus, BusListener } from './bus.js';
import { RedisEar } from './redis-ear.js';
import { RedisSpeaker } from './redis-speaker.js';
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
  /** One to speak, one to listen. */
  readonly #connections: readonly [Redis, Redis];
  readonly #speaker: RedisSpeaker;
  readonly #ear: RedisEar;
  readonly #onReady: (redis: Redis, prefix: string) => Promise<void>;
  readonly #own = `probe:${newId()}`;
  /** When each connection was made that has not become ready yet. */
  readonly #greeted = new Map<Redis, number>();
  #listener: BusListener = { heard: () => undefined, joined: () => undefined };
  #writable = false;
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
    const [speaks, listens] = [this.#connect(options, 'speaks'), this.#connect(options, 'listens')];
    this.#connections = [speaks, listens];
    // One for both, so that what is listened to and what is said leave in the order in which they were asked for.
    const corks = new Corks();
    this.#speaker = new RedisSpeaker(speaks, clock, corks);
    this.#ear = new RedisEar(listens, this.#prefix, corks);
    this.#ear.subscribe(this.#own).catch(() => undefined);
  }

  /** Commands that were sent. */
  get commands(): number {
    return this.#speaker.commands + this.#ear.commands;
  }

  get up(): boolean {
    return this.#up;
  }

  get downFor(): number {
    return this.#up ? 0 : this.#clock.now() - this.#downSince;
  }

  open(listener: BusListener): void {
    this.#listener = listener;
    const [speaks, listens] = this.#connections;
    this.#ear.open((channel, text) => this.#heard(channel, text));
    listens.on('ready', () => void this.#listenToAll());
    listens.on('close', () => {
      this.#ear.lost();
      this.#goDown();
    });
    speaks.on('ready', () => this.#ready());
    speaks.on('close', () => this.#goDown());
    for (const redis of this.#connections) redis.connect().catch(() => undefined);
    this.#stop = this.#clock.every(LOOK_EVERY, () => this.#look());
  }

  async publish(channel: string, text: string): Promise<number> {
    const count = await this.#speaker.say(text.length, (redis) => redis.publish(this.#prefix + channel, text));
    return Math.max(0, count - (this.#ear.hears(channel) ? 1 : 0));
  }

  subscribe(channel: string): Promise<void> {
    return this.#ear.subscribe(channel);
  }

  unsubscribe(channel: string): void {
    this.#ear.unsubscribe(channel);
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
    const [speaks] = this.#connections;
    if (speaks.status === 'ready') {
      await new Promise<void>((resolve) => {
        const stop = this.#clock.every(ANSWER_WITHIN / 3, resolve);
        void speaks.quit().then(
          () => resolve(),
          () => resolve(),
        );
        speaks.once('end', stop);
      });
    }
    for (const redis of this.#connections) redis.disconnect();
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

  #heard(channel: string, text: string): void {
    if (channel !== this.#own) return this.#listener.heard(channel, text);
    const index = this.#probes.findIndex((probe) => probe.text === text);
    for (const probe of this.#probes.splice(0, index + 1)) probe.heard();
    if (index >= 0) this.#goUp();
  }

  async #listenToAll(): Promise<void> {
    try {
      await this.#ear.listenToAll();
      this.#sound();
    } catch (error) {
      this.#complain(error as Error);
    }
  }

  #ready(): void {
    this.#writable = false;
    this.#sound();
    this.#onReady(this.#connections[0], this.#prefix).catch((error: unknown) => this.#complain(error as Error));
  }

  /** Finds out whether this relay hears itself. */
  #sound(): void {
    if (!this.#ear.ready || !this.#speaker.ready || this.#closed) return;
    this.#probedAt = this.#clock.now();
    // A replica takes what is published, and brings it to nobody but those who listen to that same replica.
    const isReplica = this.#speaker
      .say(0, (redis) => redis.role())
      .then(
        (role) => Array.isArray(role) && role[0] === 'slave',
        () => false,
      );
    void isReplica.then((replica) => {
      this.#writable = !replica;
      if (!replica) return this.probe().catch(() => undefined);
      this.#goDown(new Error('READONLY: this Redis is a replica.'));
      for (const redis of this.#connections) redis.disconnect(true);
    });
  }

  #look(): void {
    const now = this.#clock.now();
    if (now - this.#probedAt >= (this.#up ? PROBE_EVERY : LOOK_EVERY * 4)) this.#sound();
    const oldest = this.#speaker.waitsSince;
    const [speaks, listens] = this.#connections;
    const unheard = this.#probes[0]?.sentAt ?? Infinity;
    if (now - Math.min(oldest, unheard) > ANSWER_WITHIN) this.#goDown(new Error('Redis does not answer.'));
    if (now - oldest > GIVE_UP_AFTER) speaks.disconnect(true);
    for (const [redis, since] of this.#greeted) if (redis.status === 'connect' && now - since > GIVE_UP_AFTER) redis.disconnect(true);
    // Redis answers, and yet nothing is heard: this connection only looks alive.
    const deaf = now - unheard > ANSWER_WITHIN && now - oldest <= ANSWER_WITHIN;
    if (deaf || now - unheard > GIVE_UP_AFTER) {
      this.#probes = [];
      listens.disconnect(true);
    }
  }

  #goUp(): void {
    if (this.#up || !this.#ear.ready || !this.#writable || this.#closed) return;
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
