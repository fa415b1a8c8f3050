/** What PeerJS needs of a server to make a call, and nothing more: it hands on what is for somebody else. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** Such a server, on this machine alone. */
export interface PeerSwitchboard {
  readonly port: number;
  close(): void;
}

/** Opens one on a free port. */
export async function openPeerSwitchboard(): Promise<PeerSwitchboard> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const there = new Map<string, WebSocket>();
  server.on('connection', (socket, request) => {
    const id = new URL(request.url!, 'http://localhost').searchParams.get('id')!;
    there.set(id, socket);
    socket.send('{"type":"OPEN"}');
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { readonly dst?: string };
      if (message.dst !== undefined) there.get(message.dst)?.send(JSON.stringify({ ...message, src: id }));
    });
  });
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of there.values()) socket.terminate();
      server.close();
    },
  };
}
