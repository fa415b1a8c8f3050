/** Chance that can be had again: everything that the fuzzer does follows from one seed. */
import { randomOf } from '../../../support/model/world.js';

/** Draws that follow from a seed. */
export interface Chance {
  /** A whole number from 0 to one less than `below`. */
  below(below: number): number;
  /** Whether something happens that does so in this share of cases. */
  happens(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of these, each as often as its weight says. */
  weighted<T>(from: readonly (readonly [weight: number, what: T])[]): T;
}

/** The draws for the `index`-th thing of a run; they do not depend on what came before it. */
export function chanceOf(seed: number, index: number): Chance {
  const next = randomOf(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35));
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    below,
    happens: (share) => next() < share,
    pick: (from) => from[below(from.length)]!,
    weighted: (from) => {
      let left = next() * from.reduce((sum, [weight]) => sum + weight, 0);
      return (from.find(([weight]) => (left -= weight) < 0) ?? from[0]!)[1];
    },
  };
}
