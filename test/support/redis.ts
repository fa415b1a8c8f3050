/** A Redis server for one test, which may be treated badly. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Redis } from 'ioredis';
import { findRedis } from './browsers.mjs';
import { freePort, run } from './daemons.js';

/** Why tests that need a Redis are skipped, or false where there is one. */
export const withoutRedis: string | false = findRedis().path ? false : findRedis().reason;

/** A Redis that runs in a process of its own. */
export interface RedisServer {
  readonly port: number;
  /** The ID of its process, another one after each start. */
  readonly pid: number;
  /** For the option `redis`. */
  readonly url: string;
  /** A connection of the test's own. */
  readonly client: Redis;
  /** Ends it at once (SIGKILL); nothing is kept. */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  revive(): Promise<void>;
  /** Lets it stand still (SIGSTOP). */
  stop(): void;
  /** Lets it go on (SIGCONT). */
  go(): void;
}

/** Starts a Redis on a free port, which ends with the test. */
export async function startRedis(t: Pick<TestContext, 'after'>): Promise<RedisServer> {
  const directory = mkdtempSync(join(tmpdir(), 'video-call-redis-'));
  t.after(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', directory];
  const start = () => run(t, findRedis().path!, args, /Ready to accept connections/);
  let program = await start();
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50, maxRetriesPerRequest: null, protocol: 2 });
  client.on('error', () => undefined);
  t.after(() => client.disconnect());
  return {
    port,
    get pid() {
      return program.pid!;
    },
    url: `redis://127.0.0.1:${port}`,
    client,
    async kill() {
      const ended = once(program, 'exit');
      program.kill('SIGKILL');
      await ended;
    },
    revive: async () => void (program = await start()),
    stop: () => void program.kill('SIGSTOP'),
    go: () => void program.kill('SIGCONT'),
  };
}
