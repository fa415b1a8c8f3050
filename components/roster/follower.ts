/** Keeps a list of people fresh while somebody can see it: asks the relay now and then, and watches those in sight. */
import type { CallSession } from '../call/session.js';
import type { WhoIsThere } from '../link/roster.js';
import type { Presence } from '../../relay/protocol/index.js';

/** Milliseconds between two questions where the relay does not say. A long list is long to send. */
const ASK_EVERY = 4000;
const ASK_LONG_EVERY = 15_000;
const LONG = 200;
/** Most people who are watched: the relay lets a page watch a hundred, and its buttons need some. */
const MOST_WATCHED = 60;

interface Watch {
  readonly stop: () => void;
  presence: Presence | 'unknown';
}

/** Follows the people of one session at a time. */
export class Follower {
  /** Who was there at last. */
  who: WhoIsThere;
  readonly #changed: () => void;
  readonly #watched = new Map<string, Watch>();
  #session: CallSession | undefined;
  #online = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #round = 0;

  /** @param changed called when there is something new to show */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Follows a session, as it is now; undefined follows none. Cheap where nothing has changed. */
  follow(session: CallSession | undefined): void {
    const online = session?.snapshot.relayStatus === 'online';
    if (session === this.#session && online === this.#online) return;
    if (session !== this.#session) this.#forget();
    this.#session = session;
    this.#online = online;
    this.#round++;
    clearTimeout(this.#timer);
    if (session) document.addEventListener('visibilitychange', this.#look);
    else document.removeEventListener('visibilitychange', this.#look);
    if (online) void this.#ask(this.#round);
  }

  /** Whether a person is there, fresher than the list where it is known. */
  presenceOf(peer: string, listed: Presence): Presence {
    const presence = this.#watched.get(peer)?.presence ?? 'unknown';
    return presence === 'unknown' ? listed : presence;
  }

  /** A person has come into sight, or out of it. */
  sight(peer: string, inSight: boolean): void {
    const watched = this.#watched.get(peer);
    if (inSight === !!watched || !this.#session || (inSight && this.#watched.size >= MOST_WATCHED)) return;
    if (watched) {
      watched.stop();
      this.#watched.delete(peer);
      return;
    }
    const watch: Watch = { presence: 'unknown', stop: () => stop() };
    this.#watched.set(peer, watch);
    const stop = this.#session.watch(peer, (presence) => {
      if (watch.presence === presence) return;
      watch.presence = presence;
      if (this.#watched.get(peer) === watch) this.#changed();
    });
  }

  readonly #look = () => {
    clearTimeout(this.#timer);
    if (this.#online && !document.hidden) void this.#ask(++this.#round);
  };

  #forget(): void {
    for (const { stop } of this.#watched.values()) stop();
    this.#watched.clear();
    this.who = undefined;
  }

  async #ask(round: number): Promise<void> {
    const who = await this.#session!.roster();
    if (round !== this.#round) return;
    // The same people in the same order are no news.
    if (who === undefined || JSON.stringify(who) !== JSON.stringify(this.who)) {
      if (who !== undefined) this.who = who;
      this.#changed();
    }
    if (document.hidden || who === null) return;
    const again = this.#session!.rosterAgain ?? ((who?.length ?? 0) > LONG ? ASK_LONG_EVERY : ASK_EVERY);
    this.#timer = setTimeout(() => void this.#ask(round), again);
  }
}
