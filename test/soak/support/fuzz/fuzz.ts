/** Fuzzing a relay that runs: frames and requests by the million, two honest pages beside them, and what came of it. */
import type { TestContext } from 'node:test';
import { SECRET } from '../../../relay/support/tokens.js';
import { noOutcome, runAsking, runSession } from './connections.js';
import type { Outcome } from './connections.js';
import { startWatchedRelay } from './relay-process.js';
import type { WatchedRelay } from './relay-process.js';
import { askingOf } from './requests.js';
import { scriptOf } from './scripts.js';
import { startWitness } from './witness.js';
import type { Witness } from './witness.js';

/** How much, and of what. */
export interface FuzzPlan {
  readonly frames: number;
  readonly requests: number;
  readonly seed: number;
  /** The number of the first session and of the first connection with requests: to come back to something that was found. */
  readonly from?: number;
  /** Whether the relay asks for tokens. */
  readonly tokens?: boolean;
  /** Frames and requests before the memory that counts is looked at: code that has run once holds memory for good. */
  readonly warmUp?: { readonly frames: number; readonly requests: number };
  /** Seconds that the relay is left alone before each look at its memory. */
  readonly rest: number;
  /** What must not grow by 20 MB: resident memory says something only of the built program, and after code has run for long. */
  readonly measure: 'rss' | 'heapUsed';
}

/** What came of it. */
export interface FuzzReport {
  readonly outcome: Outcome;
  readonly witness: Witness;
  /** Messages that the relay has read, as it counted them, and those of them that were malformed. */
  readonly read: number;
  readonly malformed: number;
  /** Memory of a fresh relay, after the warm-up, and after all, with garbage collected, in bytes; and how many seconds after the last connection. */
  readonly fresh: NodeJS.MemoryUsage;
  readonly before: NodeJS.MemoryUsage;
  readonly after: NodeJS.MemoryUsage;
  readonly settled: number;
  /** What the relay wrote about itself. */
  readonly said: readonly string[];
  /** How the relay ended before it was told to, or undefined. */
  readonly died: string | undefined;
  readonly exitCode: number | null;
  /** Sessions that were open when it died. */
  readonly open: readonly number[];
  readonly seconds: number;
}

/** Connections at a time, so that they meet each other. */
const AT_ONCE = { sessions: 64, askings: 32 };
/** Seconds after which nobody waits any longer for connections that are open still. */
const ALONE_WITHIN = 60;

/** One relay that is fuzzed. */
class Fuzzer {
  readonly #plan: FuzzPlan;
  readonly #relay: WatchedRelay;
  readonly #secrets = new Map<string, string>();
  readonly open = new Set<number>();
  #session: number;
  #asking: number;

  constructor(plan: FuzzPlan, relay: WatchedRelay) {
    this.#plan = plan;
    this.#relay = relay;
    this.#session = this.#asking = plan.from ?? 0;
  }

  /** Runs until so much was sent in all, or the relay has died. */
  async run(frames: number, requests: number, outcome: Outcome): Promise<void> {
    const { ended } = this.#relay;
    const alive = (): boolean => ended === undefined && this.#relay.ended === undefined;
    const workers = (count: number, work: () => Promise<void>, more: () => boolean) =>
      Array.from({ length: count }, async () => {
        while (more() && alive()) await work();
      });
    await Promise.all([
      ...workers(
        AT_ONCE.sessions,
        () => this.#runSession(outcome),
        () => outcome.frames < frames,
      ),
      ...workers(
        AT_ONCE.askings,
        () => this.#runAsking(outcome),
        () => outcome.requests < requests,
      ),
    ]);
  }

  async #runSession(outcome: Outcome): Promise<void> {
    const index = this.#session++;
    const { seed, tokens = false } = this.#plan;
    const script = scriptOf({ seed, tokens }, index, (address) => this.#secrets.get(address));
    this.open.add(index);
    await runSession(this.#relay.port, index, script, outcome, (welcome) => {
      const { peer, device, resume } = JSON.parse(welcome) as Record<'peer' | 'device' | 'resume', string>;
      if (`${peer}/${device}` === script.address) this.#secrets.set(script.address, resume);
    });
    if (this.#relay.ended === undefined) this.open.delete(index);
  }

  async #runAsking(outcome: Outcome): Promise<void> {
    const index = this.#asking++;
    await runAsking(this.#relay.port, index, askingOf(this.#plan.seed, index), outcome);
  }
}

/**
 * Waits until the relay holds the witness alone, and then for some seconds in which nothing but the witness disturbs it:
 * V8 gives back what it held for busier times when it has not been busy for a while, and each collection that it is told
 * to make puts that off. Answers with what the relay then holds.
 */
async function settle(relay: WatchedRelay, rest: number): Promise<{ memory: NodeJS.MemoryUsage; settled: number }> {
  const started = performance.now();
  const passed = () => (performance.now() - started) / 1000;
  while ((await relay.count('connections')) > 2 && passed() < ALONE_WITHIN) await new Promise((resolve) => setTimeout(resolve, 250));
  await new Promise((resolve) => setTimeout(resolve, rest * 1000));
  return { memory: await relay.memory(), settled: passed() };
}

/** Does it all. The relay and the witness end with the test. */
export async function fuzz(t: TestContext, plan: FuzzPlan): Promise<FuzzReport> {
  const started = performance.now();
  const { tokens = false, warmUp = { frames: 0, requests: 0 } } = plan;
  const args = tokens ? ['--origins', '*', '--guests', 'p0,p1,witness-b'] : [];
  const relay = await startWatchedRelay(t, plan.measure === 'rss' ? 'built' : 'source', args, tokens ? { AUTH_SECRET: SECRET } : {});
  const witness = await startWitness(relay.port, tokens);
  const fuzzer = new Fuzzer(plan, relay);

  const fresh = await relay.memory();
  await fuzzer.run(warmUp.frames, warmUp.requests, noOutcome());
  const { memory: before } = relay.ended === undefined ? await settle(relay, plan.rest) : { memory: process.memoryUsage() };
  const outcome = noOutcome();
  await fuzzer.run(plan.frames, plan.requests, outcome);
  const died = relay.ended;
  const base = { outcome, witness, said: relay.said, died, fresh, before, open: [...fuzzer.open] };
  const seconds = () => (performance.now() - started) / 1000;
  if (died !== undefined) return { ...base, read: NaN, malformed: NaN, after: before, settled: 0, exitCode: null, seconds: seconds() };
  const { memory: after, settled } = await settle(relay, plan.rest);
  const read = await relay.count('messages_received_total');
  const malformed = await relay.count('messages_received_total', /malformed/);
  await witness.stop();
  return { ...base, read, malformed, after, settled, died: relay.ended, exitCode: await relay.stop(), seconds: seconds() };
}
