/** Two honest pages that talk all the time beside everything else, and notice whatever does not arrive. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { SUBPROTOCOL } from '../../../../relay/protocol/index.js';
import { CALL } from '../../../relay/support/relay.js';
import { tokenOf } from '../../../relay/support/tokens.js';

/** What the two have noticed. */
export interface Witness {
  /** Messages that were sent, and those that the other page has got, in order. */
  readonly sent: number;
  readonly got: number;
  /** Milliseconds from each message to its acknowledgement. */
  readonly times: readonly number[];
  /** Whatever must not be, in words. */
  readonly complaints: readonly string[];
  /** Says the last word, waits until it is acknowledged, and leaves. */
  stop(): Promise<void>;
}

/** Milliseconds between an acknowledgement and the next message. */
const PAUSE = 10;
/** Milliseconds for a message and its acknowledgement; more counts as lost. */
const LOST_AFTER = 30_000;

interface Page {
  readonly socket: WebSocket;
  readonly address: string;
}

async function join(port: number, peer: string, tokens: boolean, complain: (what: string) => void): Promise<Page> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, SUBPROTOCOL);
  await once(socket, 'open');
  const token = tokens ? tokenOf({ sub: peer, exp: 4_000_000_000 }) : undefined;
  socket.send(JSON.stringify({ type: 'hello', peer, device: 'w1', token }));
  const [first] = (await once(socket, 'message')) as [Buffer];
  const { device } = JSON.parse(String(first)) as { device: string };
  socket.on('close', (code, reason) => code !== 1000 && complain(`${peer} was closed: ${code} ${String(reason)}`));
  return { socket, address: `${peer}/${device}` };
}

/** Lets two pages of a relay talk until they are told to stop. */
export async function startWitness(port: number, tokens = false): Promise<Witness> {
  const state = { sent: 0, got: 0, said: 0, stopping: false };
  const times: number[] = [];
  const complaints: string[] = [];
  const complain = (what: string): void => void complaints.push(what);
  const [alice, bob] = [await join(port, 'witness-a', tokens, complain), await join(port, 'witness-b', tokens, complain)];
  let settled: () => void = () => undefined;
  const rest = new Promise<void>((resolve) => (settled = resolve));
  let watchdog: NodeJS.Timeout | undefined;

  const say = (): void => {
    state.sent++;
    state.said = performance.now();
    clearTimeout(watchdog);
    watchdog = setTimeout(() => (complain(`message ${state.sent} was lost`), settled()), LOST_AFTER);
    const content = { microphone: true, camera: state.sent % 2 === 0, screen: false };
    alice.socket.send(JSON.stringify({ type: 'media', to: bob.address, call: CALL, n: state.sent, ack: 0, ...content }));
  };
  // Others write to these two as well, and that must do no harm.
  const hear = (from: Page, take: (message: Record<string, unknown>) => void) => (data: unknown) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>;
    if (message['from'] === from.address) take(message);
    else if (message['from'] === undefined && message['type'] !== 'presence') complain(`the relay said ${String(data)}`);
  };
  bob.socket.on(
    'message',
    hear(alice, ({ n }) => {
      if (n !== state.got + 1) complain(`message ${String(n)} came after ${state.got}`);
      state.got = Number(n);
      bob.socket.send(JSON.stringify({ type: 'ack', to: alice.address, call: CALL, n: 0, ack: n }));
    }),
  );
  alice.socket.on(
    'message',
    hear(bob, ({ ack }) => {
      if (ack !== state.sent) complain(`acknowledged ${String(ack)} of ${state.sent}`);
      times.push(performance.now() - state.said);
      if (state.stopping) settled();
      else setTimeout(say, PAUSE);
    }),
  );
  say();
  return {
    get sent() {
      return state.sent;
    },
    get got() {
      return state.got;
    },
    times,
    complaints,
    async stop() {
      state.stopping = true;
      await rest;
      clearTimeout(watchdog);
      for (const { socket } of [alice, bob]) socket.close(1000);
    },
  };
}
