/** The lost connections of one link: what each means after those before it, and which of them the person is told of. Pure. */
import { CLOSE } from '../../relay/protocol/index.js';
import type { CallErrorCode, CallTrouble } from '../call/errors.js';
import { isRefusal } from './backoff.js';
import type { Loss } from './backoff.js';
import type { NoToken } from './token.js';

/** Milliseconds after `welcome` within which the end of a connection counts as being thrown out. */
export const RELAPSE_WITHIN = 5000;

const USUAL = ' That is where the script came from; if your relay is elsewhere, write its address on the element: relay="wss://…".';

/** A connection that has ended, or could not begin. */
export interface Ending extends Pick<Loss, 'renewable' | 'busy'> {
  /** The close code (RFC 6455 section 7.4), 1006 where there was none. */
  readonly code: number;
  /** Why there was no token to open one with. */
  readonly noToken?: NoToken | undefined;
  /** Milliseconds since its `welcome`; undefined where it had none. */
  readonly upFor?: number | undefined;
}

/** What a link remembers of the connections that it has lost. */
export class Losses {
  /** Attempts in a row without a `welcome`. */
  #failures = 0;
  /** Connections in a row that ended soon after `welcome`. */
  #relapses = 0;
  /** Tokens in a row that were refused before a `welcome`, by the relay, or by the site that was to give one. */
  #refusals = 0;
  #wasWelcome = false;
  /** Whether the person knows that there is no token for this page. */
  #refusalTold = false;
  /** Whether it has been said already that the relay cannot be reached. */
  #unreachableTold = false;

  /** The relay has let this page in. */
  welcomed(): void {
    this.#failures = 0;
    this.#wasWelcome = true;
    this.renew();
  }

  /** There is another token, of which nothing is known yet. */
  renew(): void {
    this.pardon();
    this.#refusalTold = this.#unreachableTold = false;
  }

  /** It may not have been the token that was refused. */
  pardon(): void {
    this.#refusals = 0;
  }

  /** Counts one, and says what it means. */
  add({ code, noToken, upFor, renewable, busy }: Ending): Loss {
    if (upFor === undefined) this.#failures++;
    else this.#relapses = upFor < RELAPSE_WITHIN ? this.#relapses + 1 : 0;
    const isRefused = noToken?.code === 'unauthorized';
    // A site that gives no token has refused as surely as a relay that has refused two; one that has just given some may only be busy.
    if (isRefused) this.#refusals += this.#wasWelcome ? 1 : 2;
    else if (code === CLOSE.unauthorized && upFor === undefined) this.#refusals++;
    // Thrown out once soon after it was let in, a page comes back at once; again and again, ever more rarely.
    const failures = Math.max(this.#failures, this.#relapses - 1);
    return { code: isRefused ? CLOSE.unauthorized : code, failures, renewable, refusals: this.#refusals, busy };
  }

  /** What is to be told of the last one; undefined where it passes, or has been told already. `usual` where nobody has named the relay. */
  trouble(loss: Loss, relay: string, usual: boolean, noToken?: NoToken): CallTrouble | undefined {
    const { code, busy } = loss;
    const trouble = (code: CallErrorCode, detail: string): CallTrouble => ({ code, detail: noToken?.message ?? detail, cause: noToken });
    if (code === CLOSE.unauthorized) {
      // Once, until a token is taken or another one is given.
      if (this.#refusalTold || !isRefusal(loss)) return undefined;
      this.#refusalTold = true;
      return trouble('unauthorized', 'The relay did not accept the token.');
    }
    if (code === CLOSE.forbidden) return trouble('forbidden', 'The relay does not let this page in.');
    if (code === CLOSE.replaced) return trouble('forbidden', 'This page was opened elsewhere under the same device ID.');
    if (code === CLOSE.flooding) return trouble('rate-limited', 'The relay got too many messages from this page.');
    // A call that is on goes on without the relay: its person need not know.
    if (this.#failures < 2 || this.#unreachableTold || busy) return undefined;
    this.#unreachableTold = true;
    return trouble(
      'relay-unreachable',
      `The relay at ${relay} cannot be reached.${usual ? USUAL : ''} If it runs, see whether the address is right, with its path, and whether its --origins name this page's origin.`,
    );
  }
}
