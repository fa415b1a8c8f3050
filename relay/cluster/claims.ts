import { deviceOf, peerOf } from '../protocol/index.js';
import type { JoinAs, Page } from '../seats.js';
import { newId } from './questions.js';

/** Most messages that are kept for a page until it has its address. */
const MAX_HELD = 64;

/** A page that is about to get an address, while the other relays are asked. */
export interface Claim {
  readonly id: string;
  readonly page: Page;
  readonly as: JoinAs;
  /** When it was made, in milliseconds since 1970. */
  readonly since: number;
  /** Messages that came already. */
  readonly held: string[];
  /** Whether a page of another relay got it meanwhile. */
  lost: boolean;
}

/**
 * The claims of one relay. Two relays that give the same address away in the same moment hear of each other's claim, at
 * least one of them does; the lesser ID has it.
 */
export class Claims {
  /** By peer. Never holds an empty list. */
  readonly #claims = new Map<string, Claim[]>();

  /** Claims an address for a page; undefined where another page of this relay is about to get it. */
  make(page: Page, as: JoinAs, since: number): Claim | undefined {
    const others = this.#claims.get(page.peer) ?? [];
    if (as !== 'take-over' && others.some((other) => collide(other, page.device, as))) return undefined;
    const claim: Claim = { id: newId(), page, as, since, held: [], lost: false };
    this.#claims.set(page.peer, [...others, claim]);
    return claim;
  }

  /** Ends a claim, whatever came of it. */
  drop(claim: Claim): void {
    const { peer } = claim.page;
    const left = this.of(peer).filter((other) => other !== claim);
    if (left.length > 0) this.#claims.set(peer, left);
    else this.#claims.delete(peer);
  }

  /** The claims to addresses of a peer. */
  of(peer: string): readonly Claim[] {
    return this.#claims.get(peer) ?? [];
  }

  /** Keeps a message for the pages that are about to get this address, until they have it. Answers how many those are. */
  deliver(to: string, text: string): number {
    const device = deviceOf(to);
    let count = 0;
    for (const { page, held } of this.of(peerOf(to))) {
      if ((device === undefined || device === page.device) && held.length < MAX_HELD) count += held.push(text) > 0 ? 1 : 0;
    }
    return count;
  }

  /** Decides between a claim of another relay and those of this one. Answers whether the other one has lost. */
  contest(peer: string, other: Pick<Claim, 'id' | 'as' | 'since'> & { readonly device: string }): boolean {
    let lost = false;
    for (const own of this.of(peer)) {
      if (!collide(own, other.device, other.as)) continue;
      if (yields(own, other)) own.lost = true;
      else lost = true;
    }
    return lost;
  }
}

/** A page that proved its address goes before all others, and its later connection before the earlier one. */
function yields(own: Claim, other: Pick<Claim, 'id' | 'as' | 'since'>): boolean {
  if (own.as !== 'take-over' || other.as !== 'take-over') return other.as === 'take-over' || (own.as !== 'take-over' && other.id < own.id);
  return own.since === other.since ? other.id < own.id : own.since < other.since;
}

function collide(claim: Claim, device: string, as: JoinAs): boolean {
  return claim.page.device === device || claim.as === 'new-peer' || as === 'new-peer';
}
