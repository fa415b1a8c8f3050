import { renew } from './admission.js';
import type { Client } from './client.js';
import type { Deadline } from './deadlines.js';
import { KeysUnavailable } from './keys.js';
import { PAGE_WATCH_RATE, TokenBucket } from './limits.js';
import { HELLO_WITHIN, MAX_WATCHED, ROSTER_EVERY, ROSTER_FEW, ROSTER_SOON } from './protocol/index.js';
import type { PageMessage } from './protocol/index.js';
import type { Services } from './services.js';
import { Watches } from './watches.js';

/** What an admitted page asks of the relay itself. */
export type Request = Exclude<PageMessage, { readonly type: 'hello' | 'ping' }>;

/** Answers what one page asks of the relay, and keeps what it asked for. Made with the first question: many pages have none. */
export class Requests {
  readonly #client: Client;
  readonly #services: Services;
  #watches: Watches | undefined;
  /** How much it has begun to watch. */
  #asked: TokenBucket | undefined;
  #rosterAt = -Infinity;
  /** Milliseconds after the last question for the roster within which another one is too many. */
  #rosterGap = 0;
  /** The check of a fresh token that is going on. */
  #renewal: Deadline | undefined;

  constructor(client: Client, services: Services) {
    this.#client = client;
    this.#services = services;
  }

  /** Answers, at once or later. */
  answer(message: Request): void {
    const { switchboard, iceFor } = this.#services;
    const client = this.#client;
    switch (message.type) {
      case 'watch':
        return this.#watch(message.addresses);
      case 'unwatch':
        return this.#watches?.remove(message.addresses);
      case 'status':
        return switchboard.setStatus(client, message.presence);
      case 'roster':
        return void this.#tellRoster();
      case 'ice-servers':
        return client.say({ type: 'ice-servers', ...iceFor(client.peer, client.network) });
      case 'token':
        return void this.#renew(message.token);
    }
  }

  /** The page is gone: nothing is watched or checked for it any more. */
  close(): void {
    this.#renewal?.cancel();
    this.#renewal = undefined;
    this.#watches?.close();
  }

  /** Goes on with a fresh token. One that does not do changes nothing: the page stays for as long as it may already. */
  async #renew(token: string): Promise<void> {
    const { authorize, deadlines, log } = this.#services;
    const client = this.#client;
    const about = { type: 'token' };
    const later = () => client.refuse('rate-limited', 'Tokens cannot be checked at present. Try again later.', about);
    if (this.#renewal) return client.refuse('rate-limited', 'The last token is still being checked.', about);
    const renewal = deadlines.add(HELLO_WITHIN * 1000, () => {
      this.#renewal = undefined;
      log.error({}, 'a token was not checked in time');
      later();
    });
    this.#renewal = renewal;
    try {
      const grant = await renew(authorize, { peer: client.peer, name: client.name, token });
      if (this.#renewal !== renewal) return;
      if ('refused' in grant) return client.refuse(grant.refused, grant.message, about);
      client.lease.renew(grant);
      client.say({ type: 'token', ...client.lease.told });
      this.#watches?.review();
    } catch (error) {
      log[error instanceof KeysUnavailable ? 'debug' : 'error']({ err: error }, 'a token could not be checked');
      if (this.#renewal === renewal) later();
    } finally {
      renewal.cancel();
      if (this.#renewal === renewal) this.#renewal = undefined;
    }
  }

  #watch(addresses: readonly string[]): void {
    const { switchboard, watchRate, clock } = this.#services;
    const [now, count] = [clock.now(), addresses.length];
    this.#asked ??= new TokenBucket(PAGE_WATCH_RATE, now);
    // The page's own share comes first: what it asks for beyond that takes nothing from others of its network.
    const own = this.#asked.take(now, count);
    if (!own || !watchRate.allows(this.#client.network, now, count)) {
      // What others of its network have used up is no fault of this page.
      if (own) this.#asked.give(count);
      return this.#client.refuse('rate-limited', 'Too many addresses were watched from here lately. Ask again later.', { type: 'watch' });
    }
    this.#watches ??= new Watches(this.#client, switchboard);
    if (this.#watches.add(addresses)) return;
    this.#client.refuse('forbidden', `A page watches at most ${MAX_WATCHED} addresses.`, { type: 'watch' });
  }

  async #tellRoster(): Promise<void> {
    const { switchboard, roster, connections, clock, log } = this.#services;
    const client = this.#client;
    const { calls } = client.lease;
    if (!roster) return client.refuse('forbidden', 'This relay keeps no roster.', { type: 'roster' });
    if (clock.now() - this.#rosterAt < this.#rosterGap) {
      return client.refuse('rate-limited', 'The roster was asked for too soon after the last one.', { type: 'roster' });
    }
    this.#rosterAt = clock.now();
    this.#rosterGap = ROSTER_EVERY * 1000;
    // Whoever may see a few is looked for among those, and not among everybody.
    const among = calls === '*' ? undefined : new Set([client.peer, ...calls]);
    try {
      const { people, of } = await switchboard.roster((peer) => client.sees(peer), among);
      // By what an answer costs, however few this page may see, and by how many could ask for one.
      const few = of <= ROSTER_FEW && connections() <= ROSTER_FEW;
      // Half of it: of two questions, the first may have been longer on its way.
      if (few) this.#rosterGap = ROSTER_SOON / 2;
      client.say({ type: 'roster', peers: people, ...(few && { again: ROSTER_SOON }) });
    } catch (error) {
      log.warn({ err: error }, 'the roster could not be read');
    }
  }
}
