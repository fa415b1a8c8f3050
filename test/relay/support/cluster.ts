/** Several relays at one Redis, within this process. */
import { ClusterSwitchboard } from '../../../relay/cluster/switchboard.js';
import { RedisBus } from '../../../relay/cluster/redis-bus.js';
import { readRedisUrl } from '../../../relay/cluster/redis-url.js';
import { systemClock } from '../../../relay/clock.js';
import type { Clock } from '../../../relay/clock.js';
import { Deadlines } from '../../../relay/deadlines.js';
import type { JoinAs, Page, Switchboard } from '../../../relay/switchboard.js';
import { StoppedClock, keepLog } from './relay.js';
import type { Rig } from './switchboard-contract.js';

/** A switchboard and its bus. */
export interface Node {
  readonly switchboard: ClusterSwitchboard;
  readonly bus: RedisBus;
  readonly log: ReturnType<typeof keepLog>;
}

/** Joins a switchboard to the others at a Redis. */
export async function openNode(url: string, deadlines = new Deadlines(systemClock), clock: Clock = systemClock): Promise<Node> {
  const log = keepLog();
  const bus = new RedisBus({ place: readRedisUrl(url)!, clock: systemClock, log });
  const switchboard = new ClusterSwitchboard({ bus, deadlines, clock });
  await bus.opened;
  return { switchboard, bus, log };
}

/** Resolves when what the relays have to say to each other has been said: questions, answers, and what follows from them. */
export async function settle(nodes: readonly Node[]): Promise<void> {
  for (let round = 0; round < 6; round++) await Promise.all(nodes.map(({ bus }) => bus.probe()));
}

/** Some relays as one switchboard, for the contract: pages come to them in turn. */
export async function clusterRig(url: string, size: number): Promise<Rig> {
  const clock = new StoppedClock();
  const nodes = await Promise.all(Array.from({ length: size }, () => openNode(url, new Deadlines(clock))));
  return {
    switchboard: new Spread(nodes.map(({ switchboard }) => switchboard)),
    pass: (seconds) => clock.pass(seconds),
    settled: () => settle(nodes),
  };
}

class Spread implements Switchboard {
  readonly #nodes: readonly Switchboard[];
  readonly #places = new Map<Page, Switchboard>();
  #turn = 0;

  constructor(nodes: readonly Switchboard[]) {
    this.#nodes = nodes;
  }

  join(page: Page, as: JoinAs, most?: number) {
    return this.#placeOf(page).join(page, as, most);
  }

  leave(page: Page, forGood: boolean): void {
    this.#placeOf(page).leave(page, forGood);
  }

  deliver(to: string, text: string) {
    return this.#sender().deliver(to, text);
  }

  setStatus(page: Page, presence: 'online' | 'busy'): void {
    this.#placeOf(page).setStatus(page, presence);
  }

  watch(address: string, watcher: Page): void {
    this.#placeOf(watcher).watch(address, watcher);
  }

  unwatch(address: string, watcher: Page): void {
    this.#placeOf(watcher).unwatch(address, watcher);
  }

  roster(...asked: Parameters<Switchboard['roster']>): ReturnType<Switchboard['roster']> {
    return this.#next().roster(...asked);
  }

  async close(): Promise<void> {
    await Promise.all(this.#nodes.map(async (node) => node.close()));
  }

  /** Messages keep their order where they come from one page, and so from one relay. */
  #sender(): Switchboard {
    return this.#nodes[0]!;
  }

  #next(): Switchboard {
    return this.#nodes[this.#turn++ % this.#nodes.length]!;
  }

  #placeOf(page: Page): Switchboard {
    let place = this.#places.get(page);
    if (!place) this.#places.set(page, (place = this.#next()));
    return place;
  }
}
