/** A relay for one test: from the source, in this process, on a free port. With TEST_RELAYS=2 it is two that are joined by a Redis. */
import type { TestContext } from 'node:test';
import { createRelay } from '../../relay/index.js';
import { openBalancer } from './balancer.js';
import { startRedis, withoutRedis } from './redis.js';

/** The options of `createRelay`. */
export type RelayOptions = NonNullable<Parameters<typeof createRelay>[0]>;

/** A relay that runs. */
export interface RunningRelay {
  /** Like `http://127.0.0.1:12345`. */
  readonly origin: string;
  /** Like `ws://127.0.0.1:12345/ws`. */
  readonly socketUrl: string;
  close(): Promise<void>;
}

const RELAYS = Number(process.env.TEST_RELAYS ?? 1);

/** Starts a relay on a free port of this machine; without a STUN server, since tests stay on this machine. */
export async function startRelay(options: RelayOptions = {}): Promise<RunningRelay> {
  return RELAYS > 1 ? startRelays(RELAYS, options) : startOne(options);
}

async function startOne(options: RelayOptions): Promise<RunningRelay & { readonly port: number }> {
  const { host = '127.0.0.1' } = options;
  const relay = createRelay({ host, port: 0, stun: [], logLevel: 'silent', ...options });
  const { port } = await relay.listen();
  return { port, ...placeOf(host, port), close: () => relay.close() };
}

/** Several relays behind one address, which take WebSockets in turn: two people who connect one after the other are on different ones. */
export async function startRelays(count: number, options: RelayOptions): Promise<RunningRelay> {
  if (withoutRedis !== false) throw new Error(`Several relays need a Redis to be joined by. ${withoutRedis}`);
  if (options.https || options.cert !== undefined) {
    throw new Error(
      'Several relays of a test speak plain HTTP behind one address: start a relay with https by startRelay, without TEST_RELAYS.',
    );
  }
  const ends: (() => unknown)[] = [];
  const after: Pick<TestContext, 'after'> = { after: (end) => void ends.unshift(end as () => unknown) };
  const close = async (): Promise<void> => {
    for (let end = ends.shift(); end; end = ends.shift()) await end();
  };
  try {
    const { host = '127.0.0.1' } = options;
    const { port } = await openBalancer(after, await startBehind(count, options, after), { host, inTurn: /^GET \S*\/ws[ ?]/ });
    return { ...placeOf(host, port), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The ports of relays that are joined by a Redis of their own, on this machine alone, whatever their balancer listens at. */
async function startBehind(count: number, options: RelayOptions, t: Pick<TestContext, 'after'>): Promise<number[]> {
  const redis = await startRedis(t);
  const inner = { ...options, host: '127.0.0.1', port: 0, redis: redis.url };
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startOne(inner)));
  const relays = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  t.after(async () => {
    await Promise.all(relays.map((relay) => relay.close()));
  });
  for (const start of starts) if (start.status === 'rejected') throw start.reason;
  return relays.map((relay) => relay.port);
}

const placeOf = (host: string, port: number) => ({ origin: `http://${host}:${port}`, socketUrl: `ws://${host}:${port}/ws` });
