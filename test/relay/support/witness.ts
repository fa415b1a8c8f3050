/**
 * Two honest pages beside an attack. They talk all the time, in numbered messages of a call, and notice each that is
 * lost, doubled, out of order or late.
 */
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';

import { systemClock } from '../../../relay/clock.js';
import type { RelayOptions } from '../../../relay/index.js';
import { SUBPROTOCOL } from '../../../relay/protocol/index.js';
import { percentile } from '../../soak/support/figures.js';
import { CALL, startRelay } from './relay.js';
import type { TestRelay } from './relay.js';

/** Milliseconds between two messages of one page: many at first, then below the rate at which a relay begins to drop. */
const EVERY = 10;
const AT_FIRST = 100;

/** What the two have seen; times in milliseconds. */
export interface Testimony {
  readonly messages: number;
  readonly p50: number;
  readonly p99: number;
  readonly longest: number;
}

/** The two pages. */
export interface Witness {
  /** Ends the talk: waits for what is on its way, and says how long messages took. @throws where one was lost or late. */
  testify(within: number): Promise<Testimony>;
}

interface Half {
  readonly webSocket: WebSocket;
  readonly name: string;
  readonly partner: string;
  said: number;
  heard: number;
}

/**
 * Lets the two begin to talk over the relay at this URL. They are gone when the test ends.
 *
 * @param names what their IDs begin with
 */
export async function startWitness(t: TestContext, url: string, names = 'witness'): Promise<Witness> {
  const times: number[] = [];
  const sentAt = new Map<string, number>();
  const faults: string[] = [];
  let wake = (): void => undefined;

  const join = (name: string, partner: string): Promise<Half> =>
    new Promise((resolve, reject) => {
      const webSocket = new WebSocket(url, SUBPROTOCOL);
      t.after(() => webSocket.terminate());
      const half: Half = { webSocket, name, partner, said: 0, heard: 0 };
      webSocket.on('error', reject);
      webSocket.on('close', (code) => faults.push(`${name} was let go with ${code}`) && wake());
      webSocket.on('open', () => webSocket.send(JSON.stringify({ type: 'hello', peer: name, device: 'w' })));
      webSocket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string; from: string; n: number };
        if (message.type === 'welcome') return resolve(half);
        half.heard++;
        if (message.type !== 'media' || message.from !== `${partner}/w` || message.n !== half.heard)
          faults.push(`${name} heard ${JSON.stringify(message)} where message ${half.heard} should have come`);
        times.push(performance.now() - (sentAt.get(`${partner} ${message.n}`) ?? NaN));
        wake();
      });
    });
  const halves = await Promise.all([join(`${names}-a`, `${names}-b`), join(`${names}-b`, `${names}-a`)]);
  const [a, b] = halves;

  const speak = (): void => {
    for (const half of halves) {
      const n = ++half.said;
      sentAt.set(`${half.name} ${n}`, performance.now());
      const to = `${half.partner}/w`;
      half.webSocket.send(
        JSON.stringify({ type: 'media', to, call: CALL, n, ack: half.heard, microphone: true, camera: true, screen: false }),
      );
    }
  };
  speak();
  let ticks = 0;
  const timer = setInterval(() => {
    if (++ticks <= AT_FIRST || ticks % 3 === 0) speak();
  }, EVERY);
  t.after(() => clearInterval(timer));

  const testify = async (within: number): Promise<Testimony> => {
    for (let more = 0; more < 10; more++) speak();
    clearInterval(timer);
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      wake();
    }, 2 * within);
    while (faults.length === 0 && !late && (a.heard < b.said || b.heard < a.said)) await new Promise<void>((resolve) => (wake = resolve));
    clearTimeout(limit);
    assert.deepEqual(faults, []);
    assert.deepEqual([a.heard, b.heard], [b.said, a.said], 'every message of the witness has arrived');
    const [p50, p99, longest] = [percentile(times, 0.5), percentile(times, 0.99), percentile(times, 1)];
    assert.ok(longest <= within, `a message of the witness took ${longest.toFixed()} ms`);
    return { messages: times.length, p50, p99, longest };
  };
  return { testify };
}

/** What is common to all answers to strangers: they are short, and repeat nothing of what was sent. */
export function calm(answers: readonly string[], mark: string): void {
  for (const answer of answers) {
    assert.ok(answer.length <= 1024, `an answer of ${answer.length} characters: ${answer.slice(0, 200)}`);
    assert.ok(!answer.includes(mark), `an answer that repeats what was sent: ${answer.slice(0, 200)}`);
  }
}

/** Milliseconds within which each message of the witness arrives, on a machine that is busy with other tests as well. */
export const WITHIN = 2000;

/** A relay in this process whose clock is that of the machine, with a witness beside whatever is done to it. */
export async function underAttack(t: TestContext, attack: (relay: TestRelay) => Promise<void>, options: RelayOptions = {}): Promise<void> {
  const faults: unknown[] = [];
  const note = (error: unknown): void => void faults.push(error);
  process.on('uncaughtExceptionMonitor', note).on('unhandledRejection', note);
  t.after(() => process.off('uncaughtExceptionMonitor', note).off('unhandledRejection', note));
  const prototype = Object.getOwnPropertyNames(Object.prototype);

  const relay = await startRelay(t, { clock: systemClock, maxConnectionsPerIp: 10_000, connectRate: 10_000, ...options });
  const witness = await startWitness(t, `ws://127.0.0.1:${relay.address.port}/ws`);
  await attack(relay);
  const { messages, p99, longest } = await witness.testify(WITHIN);
  t.diagnostic(`witness: ${messages} messages, p99 ${p99.toFixed()} ms, longest ${longest.toFixed()} ms`);

  const response = await fetch(`http://127.0.0.1:${relay.address.port}/healthz`);
  assert.equal(response.status, 200);
  assert.deepEqual(faults, []);
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), prototype);
  assert.deepEqual(
    relay.log.lines.filter(([level]) => level === 'error'),
    [],
  );
}
