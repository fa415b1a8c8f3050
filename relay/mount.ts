import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';

import { pathOf, writeRefusal } from './upgrade.js';

/** A relay, as far as the server that it is mounted on needs to know it. */
export interface Mounted {
  /** Whether a path is the relay's to answer. */
  owns(path: string): boolean;
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A server of Node's own `http` or `https`. */
export type HttpServer = Server | HttpsServer;

interface Mount {
  readonly relays: Set<Mounted>;
  /** Takes everything back. */
  readonly unmount: () => void;
}

const mounts = new WeakMap<HttpServer, Mount>();

/**
 * Puts a relay beside whatever a server does already: requests and upgrades for the relay's own paths go to it,
 * all others where they went before. Listeners that are added to the server later see every request.
 *
 * @returns takes the relay away again
 */
export function mountOn(server: HttpServer, relay: Mounted): () => void {
  let mount = mounts.get(server);
  if (!mount) mounts.set(server, (mount = createMount(server)));
  mount.relays.add(relay);
  return () => {
    if (!mount.relays.delete(relay) || mount.relays.size > 0) return;
    mounts.delete(server);
    mount.unmount();
  };
}

function createMount(server: HttpServer): Mount {
  const relays = new Set<Mounted>();
  const others = server.listeners('request') as RequestListener[];
  const ownerOf = (request: IncomingMessage) => {
    const path = pathOf(request.url ?? '');
    for (const relay of relays) if (relay.owns(path)) return relay;
    return undefined;
  };

  const onRequest: RequestListener = (request, response) => {
    const owner = ownerOf(request) ?? (others.length === 0 ? first(relays) : undefined);
    if (owner) owner.request(request, response);
    else for (const listener of others) listener.call(server, request, response);
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const owner = ownerOf(request);
    if (owner) owner.upgrade(request, socket, head);
    // Somebody else's WebSocket, perhaps; but a socket that nobody answers would stay open for ever.
    else if (server.listenerCount('upgrade') === 1) writeRefusal(socket, { status: 404, message: 'There is nothing here.' });
  };

  server.removeAllListeners('request');
  server.on('request', onRequest);
  server.on('upgrade', onUpgrade);
  return {
    relays,
    unmount: () => {
      server.off('request', onRequest);
      server.off('upgrade', onUpgrade);
      for (const listener of others) server.on('request', listener);
    },
  };
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  for (const item of set) return item;
  return undefined;
}
