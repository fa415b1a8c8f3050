/** What a server of Node takes from the package. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRelay, OptionsError } from 'video-call-elements/relay';
import type { Relay, RelayAddress } from 'video-call-elements/relay';
import { END_REASONS } from 'video-call-elements/protocol';

export async function start(): Promise<RelayAddress> {
  const relay: Relay = createRelay({ port: 0 });
  relay.attach(createServer());
  await readFile('/dev/null').catch((error: unknown) => error instanceof OptionsError || END_REASONS.includes('busy'));
  return relay.listen();
}

// @ts-expect-error -- a port is a number
createRelay({ port: 'http' });
