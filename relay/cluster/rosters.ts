import type { Deadlines } from '../deadlines.js';
import { GUEST_PREFIX, ROSTER_FEW } from '../protocol/index.js';
import type { Seats, Status } from '../seats.js';
import { MAX_ROSTER } from '../switchboard.js';
import type { Roster } from '../switchboard.js';
import type { Bus } from './bus.js';
import { CHANNEL } from './bus.js';
import { Questions } from './questions.js';
import { ROSTER_PART, write } from './words.js';
import type { ToldPerson, WordOf } from './words.js';

/** Most people of whom one relay tells another. */
export const MAX_PEOPLE_OF_ONE = 10_000;

/** Milliseconds for which the answers of the others are kept where they tell of many: then each page asks every two seconds at most. */
export const KEPT_FOR = 1000;

/** What is needed to put rosters together. */
export interface RosterSettings {
  readonly bus: Bus;
  readonly deadlines: Deadlines;
  readonly seats: Seats;
  /** The ID of this relay. */
  readonly relay: string;
}

/** The rosters of all relays as one. Many who ask in the same moment cost one question; where many are there, in the same second. */
export class Rosters {
  readonly #settings: RosterSettings;
  readonly #questions: Questions<WordOf<'people'>>;
  #asking: Promise<readonly ToldPerson[]> | undefined;

  constructor(settings: RosterSettings) {
    this.#settings = settings;
    this.#questions = new Questions(settings.bus, settings.deadlines);
  }

  /** Everybody who may be shown, of all or of those in `among`; those of this relay first. */
  async all(shows: (peer: string) => boolean, among?: ReadonlySet<string>): Promise<Roster> {
    const others = await (this.#asking ??= this.#ask());
    let of = others.length;
    const counted = (peer: string): boolean => {
      of++;
      return shows(peer);
    };
    const people = new Map<string, ToldPerson>();
    for (const person of [...this.#own(counted, among), ...others]) {
      if ((among && !among.has(person.peer)) || !shows(person.peer)) continue;
      const known = people.get(person.peer);
      if (known) people.set(person.peer, both(known, person));
      else if (people.size < MAX_ROSTER) people.set(person.peer, person);
    }
    const told = ({ peer, name, presence }: ToldPerson) => ({ peer, presence, ...(name !== undefined && { name }) });
    return { people: [...people.values()].map(told), of };
  }

  /** Answers another relay, in parts. */
  answer({ relay, id }: WordOf<'who'>): void {
    const people = [...this.#own(() => true)];
    const { bus, relay: self } = this.#settings;
    do {
      const part = people.splice(0, ROSTER_PART);
      const words = write(self, { type: 'people', re: id, people: part, more: people.length > 0 });
      bus.publish(CHANNEL.relay(relay), words).catch(() => undefined);
    } while (people.length > 0);
  }

  /** Takes a part of another relay's answer. */
  take(word: WordOf<'people'>): void {
    this.#questions.answer(word.re, word.relay, word, !word.more);
  }

  /** Waits for no answer any more. */
  close(): void {
    this.#questions.close();
  }

  async #ask(): Promise<readonly ToldPerson[]> {
    const { relay, deadlines } = this.#settings;
    const { answers } = await this.#questions.ask(CHANNEL.all, (id) => write(relay, { type: 'who', id }));
    const people = answers.flatMap(({ people }) => people);
    const forget = (): void => (this.#asking = undefined);
    if (people.length > ROSTER_FEW) deadlines.add(KEPT_FOR, forget);
    else forget();
    return people;
  }

  *#own(shows: (peer: string) => boolean, among?: ReadonlySet<string>): Iterable<ToldPerson> {
    const { seats } = this.#settings;
    let left = MAX_PEOPLE_OF_ONE;
    for (const peer of among ?? seats.peers()) {
      // Guests are passers-by: they would crowd out the people whom one looks for.
      if (peer.startsWith(GUEST_PREFIX) || !seats.devices(peer) || !shows(peer)) continue;
      if (left-- === 0) return;
      const name = seats.name(peer);
      const since = Math.max(...[...(seats.devices(peer)?.values() ?? [])].map((seat) => seat.since));
      yield { peer, presence: seats.presence(peer) as Status, since, ...(name !== undefined && { name }) };
    }
  }
}

/** One person on two relays: busy where he is busy on one, by the name of the page that came last. */
function both(one: ToldPerson, two: ToldPerson): ToldPerson {
  const [old, fresh] = one.since <= two.since ? [one, two] : [two, one];
  const { name } = fresh;
  return {
    peer: one.peer,
    presence: old.presence === 'busy' ? 'busy' : fresh.presence,
    since: fresh.since,
    ...(name !== undefined && { name }),
  };
}
