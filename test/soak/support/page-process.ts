/**
 * A process full of pages that do nothing but stay connected, as most pages do: hello, pings, and coming back by the
 * policy of real pages. The parent says what to open, and asks how they fare.
 */
import { WebSocket } from 'ws';
import { waitBeforeRetry } from '../../../components/link/backoff.js';
import { WELCOME_WITHIN } from '../../../components/link/link.js';
import { PING_EVERY, PONG_WITHIN, SUBPROTOCOL, parseFromRelay } from '../../../relay/protocol/index.js';

/** What the parent says. */
export type Order =
  /** Opens so many pages on each relay, so many a second. */
  | {
      readonly type: 'open';
      readonly name: string;
      readonly ports: readonly number[];
      readonly each: number;
      readonly perSecond: number;
      readonly source: string;
    }
  /** Answers a report of what happened since the last `forget`. */
  | { readonly type: 'report' }
  | { readonly type: 'forget' };

/** How the pages of a process fare. */
export interface Report {
  readonly online: number;
  /** Milliseconds from the loss of a connection to the next welcome. */
  readonly returns: readonly number[];
  /** Attempts that came to nothing, by what was said. */
  readonly refused: Readonly<Record<string, number>>;
  /** Pages that will not come back. */
  readonly given: number;
}

/** Milliseconds between two questions to a relay how it is, as a balancer asks. */
const ASK_EVERY = 1000;

let ports: readonly number[] = [];
let well: readonly number[] = [];
let source = '127.0.0.1';
let online = 0;
let given = 0;
let returns: number[] = [];
let refused: Record<string, number> = {};

const refuse = (what: string): void => void (refused[what] = (refused[what] ?? 0) + 1);

/** Where a balancer sends a page: to a relay that is well, or to any where none says so. */
function somewhere(): number {
  const choice = well.length > 0 ? well : ports;
  return choice[Math.floor(Math.random() * choice.length)]!;
}

class LightPage {
  readonly #peer: string;
  #resume: string | undefined;
  #socket: WebSocket | undefined;
  #welcomed = false;
  #failures = 0;
  #lostAt: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(peer: string, port: number) {
    this.#peer = peer;
    this.#connect(port);
  }

  #connect(port: number): void {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, SUBPROTOCOL, { localAddress: source, perMessageDeflate: false });
    this.#socket = socket;
    this.#wait(WELCOME_WITHIN, () => this.#lost(1006, 'no welcome in time'));
    socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', peer: this.#peer, device: 'd', resume: this.#resume })));
    socket.on('message', (data) => this.#hear(String(data as Buffer)));
    socket.on('unexpected-response', (_, { statusCode }) => this.#lost(1006, `HTTP ${statusCode}`));
    socket.on('error', (error: NodeJS.ErrnoException) => this.#lost(1006, error.code ?? error.message));
    socket.on('close', (code) => this.#lost(code, `close ${code}`));
  }

  #hear(text: string): void {
    const { message } = parseFromRelay(text);
    if (message?.type === 'welcome') {
      this.#resume = message.resume;
      this.#welcomed = true;
      this.#failures = 0;
      online++;
      if (this.#lostAt !== undefined) returns.push(performance.now() - this.#lostAt);
      this.#lostAt = undefined;
    }
    if (message?.type === 'welcome' || message?.type === 'pong') this.#wait(PING_EVERY * 1000, () => this.#ping());
  }

  #ping(): void {
    this.#socket!.send('{"type":"ping"}');
    this.#wait(PONG_WITHIN * 1000, () => this.#lost(1006, 'no pong'));
  }

  #lost(code: number, said: string): void {
    const socket = this.#socket;
    if (!socket) return;
    this.#socket = undefined;
    socket.removeAllListeners().on('error', () => undefined);
    if (socket.readyState !== WebSocket.CLOSED) socket.terminate();
    this.#lostAt ??= performance.now();
    if (this.#welcomed) online--;
    else {
      this.#failures++;
      refuse(said);
    }
    this.#welcomed = false;
    const wait = waitBeforeRetry({ code, failures: this.#failures, renewable: false, refusals: 0 }, Math.random());
    if (wait === null) given++;
    else this.#wait(wait, () => this.#connect(somewhere()));
  }

  #wait(milliseconds: number, run: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(run, milliseconds);
  }
}

async function ask(): Promise<void> {
  const asked = ports.map(async (port) => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ASK_EVERY) }).catch(() => undefined);
    return answer?.ok ? port : undefined;
  });
  well = (await Promise.all(asked)).filter((port) => port !== undefined);
}

function open({ name, each, perSecond }: Extract<Order, { type: 'open' }>): void {
  let opened = 0;
  const timer = setInterval(() => {
    for (let some = Math.ceil(perSecond / 20); some > 0 && opened < each * ports.length; some--) {
      new LightPage(`${name}-${opened}`, ports[opened++ % ports.length]!);
    }
    if (opened >= each * ports.length) clearInterval(timer);
  }, 50);
}

process.on('message', (order: Order) => {
  if (order.type === 'open') {
    ({ ports, source } = order);
    well = ports;
    setInterval(() => void ask(), ASK_EVERY);
    open(order);
  } else if (order.type === 'forget') [returns, refused] = [[], {}];
  else process.send!({ online, returns, refused, given } satisfies Report);
});
process.on('disconnect', () => process.exit());
