/** Connections that are kept open to cost as much as they can, each in one of five ways, for as long as a test wants. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { CALL, handshake } from './relay.js';
import { frame, textFrame } from './raw.js';

/** How a connection costs. */
export const WAYS = ['fragments', 'no-hello', 'slow-header', 'deaf', 'pings'] as const;
export type Way = (typeof WAYS)[number];

/** A crowd of such connections. */
export interface HostileSockets {
  /** Connections that are open now. */
  readonly open: number;
  /** Connections that were made, in all: whoever is thrown out comes back. */
  readonly made: number;
  /** Waits until so many were open at the same time. */
  reach(): Promise<void>;
  /** Ends them all. */
  close(): void;
}

/** Fifteen fragments that fill a message nearly up, and never end it. */
const FRAGMENTS = Buffer.concat(
  Array.from({ length: 15 }, (_, at) => frame({ opcode: at === 0 ? 1 : 0, fin: false, payload: 'x'.repeat(4000) })),
);
const PINGS = Buffer.concat(Array<Buffer>(1000).fill(frame({ opcode: 9, payload: 'x'.repeat(125) })));
/** Milliseconds between two bytes of a header, or two texts to somebody who does not read. */
const DRIP = 250;

/** Milliseconds until one that was thrown out comes back. */
const BACK_AFTER = 1000;

/** Opens so many connections to a relay on this machine, with every way as often as any other. */
export function openHostileSockets(port: number, count: number, ways: readonly Way[] = WAYS): HostileSockets {
  const sockets = new Set<Socket>();
  let [made, closing] = [0, false];
  let reached = (): void => undefined;
  const full = new Promise<void>((resolve) => (reached = resolve));

  async function open(at: number): Promise<void> {
    const way = ways[at % ways.length]!;
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    made++;
    socket.on('close', () => {
      sockets.delete(socket);
      if (!closing) setTimeout(() => !closing && void open(at), BACK_AFTER);
    });
    await Promise.race([once(socket, 'connect').catch(() => undefined), new Promise((resolve) => socket.once('close', resolve))]);
    if (closing) return void socket.destroy();
    sockets.add(socket);
    if (sockets.size >= count) reached();
    act(way, socket, at, ways.length);
  }
  for (let at = 0; at < count; at++) void open(at);

  return {
    get open() {
      return sockets.size;
    },
    get made() {
      return made;
    },
    reach: () => full,
    close: () => {
      closing = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Does to the relay what one way is about. */
function act(way: Way, socket: Socket, at: number, step: number): void {
  const hello = textFrame({ type: 'hello', peer: `${way}-${at}`, device: 'd' });
  const drip = (bytes: Uint8Array | string): void => {
    const timer = setInterval(() => socket.writable && socket.write(bytes), DRIP);
    socket.on('close', () => clearInterval(timer));
  };
  if (way !== 'deaf') socket.resume();
  switch (way) {
    case 'slow-header':
      socket.write('GET /ws HTTP/1.1\r\nHost: relay.test\r\nX-A: ');
      return drip('a'.repeat(64));
    case 'no-hello':
      return void socket.write(handshake('/ws'));
    case 'fragments':
      return void socket.write(Buffer.concat([Buffer.from(handshake('/ws')), hello, FRAGMENTS]));
    case 'deaf':
      socket.pause();
      socket.write(Buffer.concat([Buffer.from(handshake('/ws')), hello]));
      // What the next one is told would fill its buffer, for it does not read either.
      return drip(
        textFrame({
          type: 'description',
          to: `deaf-${at + step}`,
          call: CALL,
          n: 1,
          ack: 0,
          gen: 0,
          description: { type: 'offer', sdp: 'v'.repeat(32_000) },
        }),
      );
    case 'pings':
      socket.write(Buffer.concat([Buffer.from(handshake('/ws')), hello]));
      socket.once('data', () => socket.write(PINGS));
  }
}
