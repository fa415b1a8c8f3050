/** What several rules expect. */
import { Failure } from './rule.js';
import type { Visitor } from './visitor.js';
import { ensureFormed } from './world.js';

/** Waits for an error, and fails unless it says what it is about. */
export async function expectError(visitor: Visitor, code: string, re: Readonly<Record<string, unknown>>): Promise<void> {
  const error = await visitor.hear('error', { code });
  ensureFormed(error);
  const about = (error['re'] ?? {}) as Record<string, unknown>;
  for (const [field, value] of Object.entries(re)) {
    if (about[field] !== value) throw new Failure(`an error whose \`re\` is ${JSON.stringify(error['re'])}`);
  }
}

/** The peer ID that `welcome` gave to a page. */
export const peerOf = (visitor: Visitor): string => String(visitor.welcome['peer']);
