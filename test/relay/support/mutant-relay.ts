/**
 * A relay with one fault: a proxy in front of a good one, which forges or leaves out what it is told to. What is not changed
 * passes as it is, with close codes and cuts.
 */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '../../../relay/protocol/index.js';
import type { Heard } from './relay.js';

/** A message with whatever fields; undefined leaves it out. */
type Changed = Readonly<Record<string, unknown>> | undefined;

/** What the proxy knows of one page. */
export interface MutantPage {
  /** Its `welcome`, once that has passed. */
  welcome?: Heard;
  /** Says something to the page as the relay would. */
  say(message: Readonly<Record<string, unknown>>): void;
}

/** What is wrong with a relay; all that is left out is right. */
export interface Fault {
  /** Changes what pages say. */
  toRelay?(message: Heard, page: MutantPage): Changed;
  /** Changes what the relay says. */
  toPage?(message: Heard, page: MutantPage): Changed;
  /** Changes the code with which the relay closes a connection. */
  closes?(code: number): number;
  /** Whether a page that is cut off leaves the relay as if it meant to. */
  readonly hasty?: boolean;
  /** Whether binary frames are passed over. */
  readonly patient?: boolean;
  /** Whether every handshake is good enough. */
  readonly lenient?: boolean;
}

/** A proxy that runs. */
export interface MutantRelay {
  readonly url: string;
  close(): Promise<void>;
}

function change(text: string, how: ((message: Heard, page: MutantPage) => Changed) | undefined, page: MutantPage): string | undefined {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return text;
  }
  const isMessage = typeof message === 'object' && message !== null && 'type' in message;
  if (!how || !isMessage) return text;
  const changed = how(message as Heard, page);
  return changed === message ? text : changed && JSON.stringify(changed);
}

function join(near: WebSocket, far: WebSocket, fault: Fault): void {
  const page: MutantPage = { say: (message) => near.send(JSON.stringify(message)) };
  const waiting: (() => void)[] = [];
  const pass = (send: () => void): void => void (far.readyState === WebSocket.OPEN ? send() : waiting.push(send));
  far.on('open', () => waiting.splice(0).forEach((send) => send()));
  near.on('message', (data: Buffer, binary) => {
    if (binary) return fault.patient ? undefined : pass(() => far.send(data, { binary }));
    const text = change(data.toString(), fault.toRelay?.bind(fault), page);
    if (text !== undefined) pass(() => far.send(text));
  });
  far.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Heard;
    if (message.type === 'welcome') page.welcome = message;
    const text = change(data.toString(), fault.toPage?.bind(fault), page);
    if (text !== undefined) near.send(text);
  });
  const sendable = (code: number): boolean => code !== 1005 && code !== 1006;
  near.on('close', (code) => {
    if (sendable(code)) pass(() => far.close(code));
    else if (fault.hasty) pass(() => far.close(1000));
    else far.terminate();
  });
  far.on('close', (code, reason) => (sendable(code) ? near.close(fault.closes?.(code) ?? code, reason) : near.terminate()));
  for (const socket of [near, far]) socket.on('error', () => undefined);
}

/** Puts a relay with a fault in front of the one at this URL. */
export async function openMutant(url: string, fault: Fault = {}): Promise<MutantRelay> {
  const server = createServer((_request, response) => response.writeHead(fault.lenient ? 200 : 426).end());
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false) });
  const refuses = ({ headers }: IncomingMessage): boolean => !fault.lenient && headers['sec-websocket-protocol'] === undefined;
  server.on('upgrade', (request, socket, head) => {
    if (refuses(request)) return socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (near) => join(near, new WebSocket(url, SUBPROTOCOL), fault));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`,
    close: () =>
      new Promise((resolve) => {
        for (const near of sockets.clients) near.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
