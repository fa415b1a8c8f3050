/** A relay for one test: from the source, in this process, on a free port. With TEST_RELAYS=2 it is two that are joined by a Redis. */
import type { TestContext } from 'node:test';
import { createRelay } from '../../relay/index.js';
import { openBalancer } from './balancer.js';
import { startRedis } from './redis.js';

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

/** Several relays behind one address, which take WebSockets in turn, so that people who call each other are on different ones. */
async function startRelays(count: number, options: RelayOptions): Promise<RunningRelay> {
  const ends: (() => unknown)[] = [];
  const after: Pick<TestContext, 'after'> = { after: (end) => void ends.unshift(end as () => unknown) };
  const redis = await startRedis(after);
  const relays = await Promise.all(Array.from({ length: count }, () => startOne({ ...options, redis: redis.url })));
  after.after(async () => {
    await Promise.all(relays.map((relay) => relay.close()));
  });
  const { host = '127.0.0.1' } = options;
  const { port } = await openBalancer(
    after,
    relays.map((relay) => relay.port),
    { host, inTurn: /^GET \S*\/ws[ ?]/ },
  );
  return {
    ...placeOf(host, port),
    close: async () => {
      for (const end of ends) await end();
    },
  };
}

const placeOf = (host: string, port: number) => ({ origin: `http://${host}:${port}`, socketUrl: `ws://${host}:${port}/ws` });
