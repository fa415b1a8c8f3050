/** A relay for one test: from the source, in this process, on a free port. */
import { createRelay } from '../../relay/index.js';

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

/** Starts a relay on a free port of this machine; without a STUN server, since tests stay on this machine. */
export async function startRelay(options: RelayOptions = {}): Promise<RunningRelay> {
  const { host = '127.0.0.1' } = options;
  const relay = createRelay({ host, port: 0, stun: [], logLevel: 'silent', ...options });
  const { port } = await relay.listen();
  return {
    origin: `http://${host}:${port}`,
    socketUrl: `ws://${host}:${port}/ws`,
    close: () => relay.close(),
  };
}
