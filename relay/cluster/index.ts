/** Many relays as one: the only part of the relay that knows Redis. */
import type { ResumeSecrets } from '../auth.js';
import type { Clock } from '../clock.js';
import type { Deadlines } from '../deadlines.js';
import type { Log } from '../log.js';
import type { StampedCallMessage } from '../protocol/index.js';
import type { Switchboard } from '../switchboard.js';
import { RedisBus } from './redis-bus.js';
import type { RedisPlace } from './redis-url.js';
import { shareKey } from './shared-key.js';
import { ClusterSwitchboard } from './switchboard.js';

export { readRedisUrl } from './redis-url.js';
export type { RedisPlace } from './redis-url.js';

/** How a relay fares with the others, in plain numbers. */
export interface ClusterVitals {
  /** 1 while this relay and the others hear each other. */
  readonly up: 0 | 1;
  /** Other relays that were heard lately. */
  readonly others: number;
  /** Commands that were sent to Redis. */
  readonly commands: number;
  /** Messages for pages of other relays that wait. */
  readonly waiting: number;
  /** Messages for pages of other relays that were given up although somebody may have been there. */
  readonly failed: number;
  /** Words of other relays that made no sense. */
  readonly dropped: number;
}

/** The switchboard of a relay that has others beside it. */
export interface Cluster {
  readonly switchboard: Switchboard;
  readonly vitals: ClusterVitals;
  /** For how many milliseconds the others have not been heard; 0 while they are. */
  readonly cutOffFor: number;
  /** Resolves when they are heard for the first time. */
  readonly joined: Promise<void>;
}

/** What a relay with others needs. */
export interface ClusterOptions {
  readonly place: RedisPlace;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly log: Log;
  /** Secrets whose key the relays agree on through Redis; undefined where they have one anyway. */
  readonly secrets?: ResumeSecrets | undefined;
  readonly delivered?: (message: StampedCallMessage) => void;
}

/** Joins a relay to the others at a Redis. It connects at once, and again whenever that is needed. */
export function joinCluster({ place, deadlines, clock, log, secrets, delivered }: ClusterOptions): Cluster {
  const bus = new RedisBus({
    place,
    clock,
    log,
    ...(secrets && { onReady: (redis, prefix) => shareKey(redis, prefix, secrets) }),
  });
  const switchboard = new ClusterSwitchboard({ bus, deadlines, clock, ...(delivered && { delivered }) });
  return {
    switchboard,
    joined: bus.opened,
    get vitals(): ClusterVitals {
      const { others, mail, dropped } = switchboard;
      return { up: bus.up ? 1 : 0, others, commands: bus.commands, waiting: mail.size, failed: mail.failed, dropped };
    },
    get cutOffFor(): number {
      return bus.downFor;
    },
  };
}
