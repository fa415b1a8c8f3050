/** What a rule of the conformance kit is: a promise of PROTOCOL.md, and how to see from outside whether a relay keeps it. */
import type { World } from './world.js';

/** What a relay must let the kit do before a rule can be looked at; where it does not, the rule is skipped with the reason. */
export type Need = 'people' | 'tokens' | 'secret';

/** One promise of a relay. */
export interface Rule {
  /** A name of a few words with dashes, unique in the kit. */
  readonly id: string;
  /** The heading of PROTOCOL.md under which it stands. */
  readonly section: string;
  /** What is expected, as a sentence. */
  readonly says: string;
  /** What it takes: people who may connect and call each other, a relay that asks for tokens, the secret of such a relay. */
  readonly needs?: readonly Need[];
  /** Whether it mostly waits; such rules begin first. */
  readonly slow?: boolean;
  /**
   * Looks.
   *
   * @throws Failure where it is broken, Skip where it cannot be seen here
   */
  run(world: World): Promise<void>;
}

/** A rule is broken; the message says what came instead, as the end of a sentence that begins with “came:”. */
export class Failure extends Error {}

/** A rule cannot be looked at here; the message says why. */
export class Skip extends Error {}

/** Fails unless something holds. */
export function ensure(holds: unknown, came: string | (() => string)): asserts holds {
  if (!holds) throw new Failure(typeof came === 'string' ? came : came());
}
