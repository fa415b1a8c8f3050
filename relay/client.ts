import type { Lease } from './lease.js';
import type { ErrorCode, RelayMessage } from './protocol/index.js';
import type { Watcher } from './watches.js';

/** What a message says about itself, for answers that refer to it. */
export type Reference = { readonly type?: string; readonly call?: string; readonly n?: number };

/** A page that was admitted, and how to answer it. */
export interface Client extends Watcher {
  /** Its IPv4 address, or IPv6 network (/64). */
  readonly network: string;
  /** What it may do. */
  readonly lease: Lease;
  /** Says something as the relay. */
  say(message: RelayMessage): void;
  /** Says that a message was not taken, and why. */
  refuse(code: ErrorCode, sentence: string, re: Reference): void;
}
