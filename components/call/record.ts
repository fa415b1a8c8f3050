/** What a page writes down of its call, so that it can take it up again after it was loaded anew. Pure. */
import { BETWEEN_PAGES, ENVELOPE, MAX_NAME, STAMP, peerOf } from '../../relay/protocol/index.js';
import type { MediaKind } from '../../relay/protocol/index.js';
import { checkOf } from '../../relay/protocol/shape.js';
import type { MediaState } from './phases.js';
import { mediaOf } from './steps.js';

/** A connected call, as far as its next page needs to know it. */
export interface CallRecord {
  readonly id: string;
  readonly peer: string;
  /** The address of the other side's device. */
  readonly partner: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly media: MediaKind;
  readonly name: string | null;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The generation of the peer connection. */
  readonly gen: number;
  /** The last number that this side gave to a message, and the last that it received in order. */
  readonly n: number;
  readonly received: number;
  readonly local: MediaState;
  readonly remote: MediaState;
}

const { media, gen } = BETWEEN_PAGES.invite.properties;
const { call: id, n } = ENVELOPE.properties;
const sends = BETWEEN_PAGES.media;
/** Each field as the protocol has room for it. */
const fields = {
  id,
  partner: STAMP.properties.from,
  direction: { type: 'string', enum: ['outgoing', 'incoming'] },
  media,
  startedAt: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  gen,
  n,
  received: n,
  local: sends,
  remote: sends,
} as const;
const faultIn = checkOf({ type: 'object', properties: fields, required: Object.keys(fields) });

/**
 * Reads a record back.
 *
 * @param text what was stored; pages of the same origin can write there, so it is looked at closely
 * @returns undefined where there is no record of a call
 */
export function readRecord(text: string | null): CallRecord | undefined {
  try {
    const record = JSON.parse(text ?? 'null') as CallRecord;
    if (faultIn(record) !== undefined || record.peer !== peerOf(record.partner)) return undefined;
    const { id, peer, partner, direction, media, startedAt, gen, n, received, local, remote } = record;
    // A name that cannot be one is no reason to lose the call.
    const name = typeof record.name === 'string' && record.name.length <= MAX_NAME ? record.name : null;
    return { id, peer, partner, direction, media, name, startedAt, gen, n, received, local: mediaOf(local), remote: mediaOf(remote) };
  } catch {
    return undefined;
  }
}
