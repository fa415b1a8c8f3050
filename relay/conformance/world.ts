/** What a rule has to look with: connections to one relay, opened no faster than a relay should mind. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { parseFromRelay } from '../protocol/index.js';
import type { Answer, Oddity, Target } from './handshake.js';
import { shakeHands } from './handshake.js';
import { newDevice } from './people.js';
import type { Claims, People, Someone } from './people.js';
import { Failure, Skip, ensure } from './rule.js';
import { Refusal, openVisitor } from './visitor.js';
import type { Visitor } from './visitor.js';

/** What the first look at a relay has told. */
export interface Manner {
  /** Whether a page without a token is let in under a name of its choice, as a guest, or not at all. */
  readonly lets: 'anybody' | 'guests' | 'nobody';
}

/** Milliseconds between two new connections: no relay should take the kit for a flood. */
const APART = 50;
/** How often a connection that is one too many is tried again, and after how long, in milliseconds. */
const AGAIN = 3;
const AGAIN_AFTER = 2000;

/** Opens connections one after another. */
export class Gate {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves when it is this one's turn. */
  turn(): Promise<void> {
    const turn = this.#last.then(() => undefined);
    this.#last = turn.then(() => pause(APART));
    return turn;
  }
}

/** What belongs to a whole run. */
export interface Run {
  readonly target: Target;
  readonly people: People;
  readonly gate: Gate;
}

/** What one rule has; all that it opened is closed with it. */
export class World {
  readonly #run: Run;
  readonly manner: Manner;
  readonly #visitors: Visitor[] = [];
  readonly #who = new Map<Visitor, Someone>();
  /** A call ID of this rule's own. */
  readonly call = randomUUID();

  constructor(run: Run, manner: Manner) {
    this.#run = run;
    this.manner = manner;
  }

  get people(): People {
    return this.#run.people;
  }

  /** Whether the relay asks for tokens. */
  get asksForTokens(): boolean {
    return this.manner.lets !== 'anybody';
  }

  /** Somebody who may connect and call: number 0 is the first, and so on. */
  someone(number: number, claims?: Claims): Someone {
    return this.#run.people.someone(number, claims);
  }

  /** Connects without a word. @throws Skip where the relay takes no more connections from here */
  async connect(): Promise<Visitor> {
    const { target, gate } = this.#run;
    for (let tried = 0; ; tried++) {
      await gate.turn();
      try {
        const visitor = await openVisitor(target.url, { headers: { ...target.headers }, rejectUnauthorized: !target.insecure });
        this.#visitors.push(visitor);
        return visitor;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        if (error.status !== 429 && error.status !== 503) throw new Failure(error.message);
        if (tried >= AGAIN) throw new Skip(`${error.message}; it may take only so many from one address`);
        await pause(AGAIN_AFTER);
      }
    }
  }

  /** Connects and says hello; answers when the relay has welcomed it. */
  async join({ peer, name, token }: Someone, hello: Readonly<Record<string, unknown>> = {}): Promise<Visitor> {
    const visitor = await this.connect();
    visitor.say({ type: 'hello', peer, device: newDevice(), name, ...(token && { token }), ...hello });
    visitor.welcome = await visitor.hear('welcome');
    this.#who.set(visitor, { peer, name, ...(token && { token }) });
    return visitor;
  }

  /** One more page of somebody who is there. */
  again(visitor: Visitor, hello?: Readonly<Record<string, unknown>>): Promise<Visitor> {
    return this.join(this.#who.get(visitor)!, hello);
  }

  /** A handshake of the rule's own making. */
  async shakeHands(oddity: Oddity): Promise<Answer> {
    await this.#run.gate.turn();
    return shakeHands(this.#run.target, oddity);
  }

  /** The path of the relay. */
  get path(): string {
    return this.#run.target.url.pathname;
  }

  /** A message between pages, of this rule's call. */
  message(to: string, content: Readonly<Record<string, unknown>> & { readonly type: string }): Record<string, unknown> {
    return { to, call: this.call, n: 1, ack: 0, ...content };
  }

  /** Closes what the rule has opened. */
  close(): void {
    for (const visitor of this.#visitors) visitor.leave();
    // Whoever does not answer is not waited for.
    const late = [...this.#visitors];
    setTimeout(() => late.forEach((visitor) => visitor.cut()), 1000).unref();
  }
}

/** Fails unless a message is as the protocol says. */
export function ensureFormed(message: object): void {
  const { refusal } = parseFromRelay(JSON.stringify(message));
  ensure(!refusal, () => `a message that is not as the protocol says: ${refusal?.message}`);
}
