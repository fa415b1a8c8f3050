/**
 * Three relays at one Redis, and calls between pages on two of them in each phase of a call, while one of the two is killed,
 * stands still for 20 s, or is told to end. Real relays, sockets, links and call engines; what no relay could touch is a
 * stand-in (`support/node-page.ts`). SOAK_ROUNDS times 4 calls in each phase and under each fault.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MortalRelay } from '../support/daemons.js';
import { startRedis, withoutRedis } from '../support/redis.js';
import type { Presence } from '../../relay/protocol/index.js';
import { Beholder } from './support/beholder.js';
import { percentile } from './support/figures.js';
import { startFleet } from './support/fleet.js';
import type { Fleet } from './support/fleet.js';
import { NodePage } from './support/node-page.js';

const ROUNDS = Number(process.env.SOAK_ROUNDS ?? 5);
const PHASES = ['ringing', 'accepting', 'connecting', 'connected', 'renegotiating', 'hanging up'] as const;
type PhaseName = (typeof PHASES)[number];
/** Milliseconds for which a relay stands still. */
const STANDSTILL = 20_000;
/** Milliseconds within which all that is shown of people must be so. */
const PRESENCE_WITHIN = 15_000;

/** What befalls a relay; resolves when it is well again, as far as it gets. */
const FAULTS: Readonly<Record<string, (relay: MortalRelay) => Promise<void>>> = {
  killed: async (relay) => {
    await relay.kill();
    await sleep(5000);
    await relay.revive();
  },
  'stopped for 20 s': async (relay) => {
    relay.stop();
    await sleep(STANDSTILL);
    relay.go();
  },
  drained: async (relay) => {
    await relay.end();
    await relay.revive();
  },
};

/** One call, its two pages on two relays. */
class Call {
  readonly phase: PhaseName;
  readonly caller: NodePage;
  readonly callee: NodePage;
  /** The page whose relay the fault befalls. */
  readonly #moves: NodePage;
  #open: () => void = () => undefined;
  #connected: readonly unknown[] = [];
  /** Milliseconds from the fault, or from what the person did later, until both sides agreed on where the call stands. */
  agreedAfter: number | undefined;
  readonly complaints: string[] = [];

  /** @param relays that of the caller and that of the callee; @param hit the one that the fault befalls */
  constructor(
    phase: PhaseName,
    name: string,
    fleet: Fleet,
    relays: readonly [MortalRelay, MortalRelay],
    hit: MortalRelay,
    channel: boolean,
  ) {
    this.phase = phase;
    const between = { channel, open: new Promise<void>((resolve) => (this.#open = resolve)) };
    // The wish counts for the first connection alone: later ones go wherever the balancer sends them.
    const picks = relays.map((wished) => {
      let first: MortalRelay | undefined = wished;
      return () => {
        const url = fleet.pick(first);
        first = undefined;
        return url;
      };
    });
    this.caller = new NodePage(`${name}-caller`, picks[0]!, between);
    this.callee = new NodePage(`${name}-callee`, picks[1]!, between);
    this.#moves = relays[0] === hit ? this.caller : this.callee;
  }

  get pages(): readonly [NodePage, NodePage] {
    return [this.caller, this.callee];
  }

  /** Brings the call to where the fault shall meet it. */
  async prepare(): Promise<void> {
    this.caller.engine.call(this.callee.peer, { media: 'video', ringTimeout: 60 });
    await this.#reach(() => this.caller.state === 'ringing' && this.callee.state === 'incoming');
    if (this.phase === 'ringing' || this.phase === 'accepting') return;
    this.callee.engine.accept({ media: 'video' });
    await this.#reach(() => this.pages.every(({ state }) => state === 'connecting'));
    if (this.phase === 'connecting') return;
    this.#open();
    await this.#reach(() => this.#isConnected);
    this.#connected = this.pages.map(({ connection }) => connection);
  }

  /** What its people do in the very moment of the fault, or a while later; resolves when the call has agreed on it. */
  async goOn(fault: number): Promise<void> {
    const { caller, callee } = this;
    const doer = Math.random() < 0.5 ? caller : callee;
    let goal = (): boolean => this.#isConnected;
    let done = fault;
    switch (this.phase) {
      case 'ringing':
        await sleep(500 + Math.random() * 4500);
        done = performance.now();
        callee.engine.accept({ media: 'video' });
        this.#open();
        break;
      case 'accepting':
        callee.engine.accept({ media: 'video' });
        this.#open();
        break;
      case 'connecting':
        await sleep(Math.random() * 3000);
        done = performance.now();
        this.#open();
        break;
      case 'connected':
        goal = () => this.#moves.welcomes.length > 1 && this.#isConnected;
        break;
      case 'renegotiating':
        doer.connection!.renegotiate();
        goal = () => doer.connection!.renegotiated && this.#isConnected;
        break;
      case 'hanging up':
        doer.engine.hangUp();
        goal = () => this.pages.every(({ ends }) => ends.length === 1);
    }
    const agreed = await this.#both(goal, 60_000);
    if (agreed === undefined) this.complaints.push(`ended up as ${this.pages.map(({ state }) => state).join(' and ')}`);
    else this.agreedAfter = agreed - done;
  }

  /** Ends the call if it is on, and looks back on all of it. */
  async finish(): Promise<void> {
    if (this.phase !== 'hanging up') this.caller.engine.hangUp();
    await this.#both(() => this.pages.every(({ ends }) => ends.length > 0), 30_000);
    const [mine, theirs] = this.pages.map(({ ends }) => ends.join());
    const say = (holds: boolean, complaint: string): void => void (holds || this.complaints.push(complaint));
    say(mine === theirs && / hung-up$/.test(mine!), `ended as ${mine} and ${theirs}`);
    say(this.callee.count('incoming') === 1, `rang ${this.callee.count('incoming')} times`);
    for (const page of this.pages) {
      // Without a data channel, whoever sees the end of the media before the word for it looks for the other side until then.
      if (this.phase !== 'hanging up') {
        say(page.connections === 1, `${page.peer} made ${page.connections} connections`);
        say(page.count('state', 'reconnecting') === 0, `${page.peer} was reconnecting`);
      }
      // Whoever has no call any more may learn that the relay could not be reached for a while.
      const errors = page.notices.flatMap((notice) =>
        notice.type === 'error' && notice.code !== 'relay-unreachable' ? [notice.code] : [],
      );
      say(errors.length === 0, `${page.peer} was told of ${errors.join()}`);
    }
  }

  /** Whether nothing has touched the connections of a call that was connected. */
  checkMedia(): void {
    if (this.phase !== 'connected' && this.phase !== 'renegotiating') return;
    const same = this.pages.every(({ connection, state }, index) => connection === this.#connected[index] && state === 'connected');
    if (!same || this.pages.some(({ connection }) => connection!.closed)) this.complaints.push('its media was touched');
  }

  get #isConnected(): boolean {
    return this.pages.every(({ state }) => state === 'connected');
  }

  async #reach(holds: () => boolean): Promise<void> {
    if ((await this.#both(holds)) === undefined) {
      const words = this.pages.map(({ online, state, ends }) => `${online ? 'online' : 'offline'}, ${state} ${ends.join()}`);
      throw new Error(`${this.caller.peer} got no further than ${words.join(' and ')}`);
    }
  }

  async #both(holds: () => boolean, within = 20_000): Promise<number | undefined> {
    return Promise.race(this.pages.map((page) => page.until(holds, within)));
  }
}

/** What came of the calls in one cell of the table. */
interface Cell {
  calls: number;
  agreed: number;
  readonly times: number[];
}

interface Round {
  readonly calls: readonly Call[];
  /** For how long anything wrong was shown of anybody, at most, in milliseconds; and of whom. */
  readonly wrong: number;
  readonly of: string;
  /** Who was shown to be gone and was not, and how many seconds after the fault. */
  readonly missed: readonly string[];
}

/** Lets one fault meet four calls in each phase: on the caller's relay and on the callee's, with a data channel and without. */
async function playRound(
  t: TestContext,
  fleet: Fleet,
  round: number,
  name: string,
  fault: (relay: MortalRelay) => Promise<void>,
): Promise<Round> {
  const at = (index: number): MortalRelay => fleet.relays[(round + index) % fleet.relays.length]!;
  const [hit, other, third] = [at(0), at(1), at(2)];
  const calls = PHASES.flatMap((phase) =>
    [true, false].flatMap((channel) =>
      (
        [
          [hit, other],
          [other, hit],
        ] as const
      ).map((relays, index) => {
        const id = `${name.slice(0, 1)}${round}-${phase.replace(' ', '-')}-${Number(channel)}${index}`;
        return new Call(phase, id, fleet, relays, hit, channel);
      }),
    ),
  );
  const gone = [0, 1, 2].map((index) => new NodePage(`${name.slice(0, 1)}${round}-gone-${index}`, () => fleet.pick(hit)));
  const truth = new Map<string, () => Presence>();
  for (const page of calls.flatMap(({ pages }) => pages)) truth.set(page.peer, () => page.presence);
  let struck = false;
  for (const { peer } of gone) truth.set(peer, () => (struck ? 'offline' : 'online'));
  const beholders = [other, third].map((relay, index) => {
    return new Beholder(new NodePage(`${name.slice(0, 1)}${round}-beholder-${index}`, () => fleet.pick(relay)), truth);
  });

  const close = (): void => {
    for (const page of [...calls.flatMap(({ pages }) => pages), ...gone, ...beholders.map(({ page }) => page)]) page.close();
  };
  t.after(close);
  const allRight = async (): Promise<void> => {
    for (const since = performance.now(); !beholders.every(({ right }) => right); await sleep(50)) {
      assert.ok(performance.now() - since < 30_000, 'everybody is seen as he is before the fault');
    }
  };
  await allRight();
  await Promise.all(calls.map((call) => call.prepare()));
  await allRight();
  for (const beholder of beholders) beholder.look();
  assert.ok(
    beholders.every(({ right }) => right),
    'all is as it should be before',
  );

  const moment = performance.now();
  const going = calls.map(async (call) => {
    if (call.phase === 'accepting' || call.phase === 'renegotiating' || call.phase === 'hanging up') await sleep(Math.random() * 20);
    return call.goOn(moment);
  });
  await sleep(10);
  struck = true;
  for (const page of gone) page.vanish();
  await fault(hit);
  await Promise.all(going);
  // What a relay does that went on after it had stood still, or has just come back, counts as well.
  await sleep(Math.max(8000, PRESENCE_WITHIN + 2000 - (performance.now() - moment)));
  for (const call of calls) call.checkMedia();
  await Promise.all(calls.map((call) => call.finish()));
  const finished = performance.now();
  while (!beholders.every(({ right }) => right) && performance.now() - finished < PRESENCE_WITHIN) await sleep(50);
  for (const beholder of beholders) beholder.rest();
  const settled = beholders.every(({ right }) => right);
  close();
  const worst = beholders.reduce((a, b) => (a.longest > b.longest ? a : b));
  return {
    calls,
    wrong: settled ? worst.longest : Infinity,
    of: worst.of,
    missed: beholders.flatMap(({ missed }) => missed.map(({ peer, at }) => `${peer} after ${seconds(at - moment)} s`)),
  };
}

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2);

for (const [name, fault] of Object.entries(FAULTS)) {
  test(
    `A relay of three is ${name} with ${ROUNDS * 4} calls in each phase: all end in agreement, and presence is right in time`,
    { skip: withoutRedis },
    async (t) => {
      const redis = await startRedis(t);
      const fleet = await startFleet(t, redis.url, 3);
      t.after(() => fleet.relays.forEach((relay) => relay.go()));
      const cells = new Map<PhaseName, Cell>(PHASES.map((phase) => [phase, { calls: 0, agreed: 0, times: [] }]));
      const complaints: string[] = [];
      const presence: number[] = [];
      let missed = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const played = await playRound(t, fleet, round, name, fault);
        presence.push(played.wrong);
        missed += played.missed.length;
        if (played.missed.length > 0) t.diagnostic(`round ${round}, shown to be gone and was not: ${played.missed.join(', ')}`);
        if (played.wrong > PRESENCE_WITHIN) complaints.push(`round ${round}: ${played.of} for ${seconds(played.wrong)} s`);
        for (const call of played.calls) {
          const cell = cells.get(call.phase)!;
          cell.calls++;
          if (call.complaints.length === 0) cell.agreed++;
          if (call.agreedAfter !== undefined) cell.times.push(call.agreedAfter);
          complaints.push(...call.complaints.map((complaint) => `${call.phase}, ${call.caller.peer}: ${complaint}`));
        }
      }
      t.diagnostic(`| ${name} while the call is | calls | agreed | after p50 s | after most s |`);
      for (const [phase, { calls, agreed, times }] of cells) {
        const figures = [percentile(times, 0.5), percentile(times, 1)].map(seconds);
        t.diagnostic(`| ${[phase, calls, agreed, ...figures].join(' | ')} |`);
      }
      t.diagnostic(
        `presence was wrong for at most ${presence.map(seconds).join(', ')} s in the rounds; ` +
          `${missed} times somebody was shown to be gone who was not`,
      );
      for (const complaint of complaints) t.diagnostic(complaint);
      assert.equal(complaints.length, 0);
    },
  );
}
