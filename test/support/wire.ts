/**
 * The wire between one page and the relay, as a test wants it: messages on it can be held up, so that what two people do
 * crosses on the way exactly as it should, every time. Nothing is lost or reordered; frames are passed on as they are.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';

/** Where a message goes. */
export type Heading = 'to the relay' | 'to the page';

/** Messages that are held up. */
export interface Hold {
  /** The message that was waited for, once it has come and is held. */
  readonly caught: Promise<Record<string, unknown>>;
  /** Lets everything go on, in order. */
  release(): void;
}

/** A wire; see the top of this file. */
export interface Wire {
  /** For the `relay` attribute of the page's elements. */
  readonly url: string;
  /** Holds up the next message of this type and everything after it that goes the same way. */
  hold(heading: Heading, type: string): Hold;
  close(): Promise<void>;
}

type Frame = readonly [data: RawData, binary: boolean];

const typeOf = ([data, binary]: Frame): Record<string, unknown> => {
  try {
    return binary ? {} : (JSON.parse(String(data)) as Record<string, unknown>);
  } catch {
    return {};
  }
};

/** One way of the wire. */
class Lane {
  #wanted: string | undefined;
  #catch: (message: Record<string, unknown>) => void = () => {};
  #waiting: (() => void)[] | undefined;

  hold(type: string): Hold {
    if (this.#wanted !== undefined) throw new Error('This way of the wire is held already.');
    this.#wanted = type;
    const caught = new Promise<Record<string, unknown>>((resolve) => (this.#catch = resolve));
    return { caught, release: () => this.#release() };
  }

  pass(frame: Frame, deliver: () => void): void {
    const message = typeOf(frame);
    if (!this.#waiting && this.#wanted !== undefined && message.type === this.#wanted) {
      this.#waiting = [];
      this.#catch(message);
    }
    if (this.#waiting) this.#waiting.push(deliver);
    else deliver();
  }

  #release(): void {
    const waiting = this.#waiting ?? [];
    this.#wanted = this.#waiting = undefined;
    for (const deliver of waiting) deliver();
  }
}

const closeCode = (code: number): number => (code === 1005 || code === 1006 ? 1000 : code);

/** Lays a wire to the relay whose WebSocket has this address. */
export async function openWire(relay: string): Promise<Wire> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, handleProtocols: ([first]) => first ?? false });
  const lanes: Record<Heading, Lane> = { 'to the relay': new Lane(), 'to the page': new Lane() };

  sockets.on('connection', (page: WebSocket, { headers }) => {
    const far = new WebSocket(relay, page.protocol, { origin: headers.origin });
    const opened = new Promise((resolve) => far.once('open', resolve));
    const send = (socket: WebSocket, [data, binary]: Frame): void => {
      if (socket.readyState === WebSocket.OPEN) socket.send(data, { binary });
    };
    page.on('message', (...frame) => void opened.then(() => lanes['to the relay'].pass(frame, () => send(far, frame))));
    far.on('message', (...frame) => lanes['to the page'].pass(frame, () => send(page, frame)));
    page.on('close', (code) => (code === 1006 ? far.terminate() : far.close(closeCode(code))));
    far.on('close', (code) => (code === 1006 ? page.terminate() : page.close(closeCode(code))));
    for (const socket of [page, far]) socket.on('error', () => socket.terminate());
  });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    hold: (heading, type) => lanes[heading].hold(type),
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
