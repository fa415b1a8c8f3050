/** What a page writes down of its call, so that the next one can take it up. Pure. */
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, MAX_NAME, STAMP, peerOf } from '../../relay/protocol/index.js';
import type { Alert, MediaKind } from '../../relay/protocol/index.js';
import { checkOf } from '../../relay/protocol/shape.js';
import { MAX_DEVICES } from './outbox.js';
import type { MediaState } from './phases.js';
import { mediaOf } from './steps.js';

/** A call, as far as the next page needs to know it. Times are milliseconds since the epoch. */
export interface CallRecord {
  readonly id: string;
  readonly peer: string;
  /** The address of the other side's device; undefined as long as it rings there. */
  readonly partner?: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly media: MediaKind;
  readonly name: string | null;
  /** When both sides were connected; 0 where they are not yet. */
  readonly startedAt: number;
  /** The generation of the peer connection. */
  readonly gen: number;
  /** The last number that this side gave to a message, and the last that it received in order of its partner. */
  readonly n: number;
  readonly received: number;
  readonly local: MediaState;
  readonly remote: MediaState;
  /** Each device of the other side, by its address, and the last of its numbers that was received in order: as long as several may have to be spoken to. */
  readonly heard?: readonly { readonly from: string; readonly received: number }[];
  /** Of a call that rings there. */
  readonly rings?: Ringing;
}

/** How a call rings that this side has placed. */
export interface Ringing {
  /** Undefined as long as no device has said that it rings. */
  readonly alert?: Alert;
  /** When the page was left, and until when it rings. */
  readonly leftAt: number;
  readonly until: number;
  /** Whether nobody is to take it up, and it is only still to be given up. */
  readonly over?: boolean;
}

/** Milliseconds within which the next page takes up a call that rings: the other side rings on for little longer. */
export const TAKEN_UP_WITHIN = 10_000;

const { media, gen } = BETWEEN_PAGES.invite.properties;
const { alert } = BETWEEN_PAGES.ringing.properties;
const { call: id, n } = ENVELOPE.properties;
const { from } = STAMP.properties;
const sends = BETWEEN_PAGES.media;
const time = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const device = { type: 'object', properties: { from, received: n }, required: ['from', 'received'] } as const;
const heard = { type: 'array', items: device, maxItems: MAX_DEVICES } as const;
const needed = {
  id,
  peer: FROM_RELAY.welcome.properties.peer,
  direction: { type: 'string', enum: ['outgoing', 'incoming'] },
  media,
  startedAt: time,
  gen,
  n,
  received: n,
  local: sends,
  remote: sends,
} as const;
const rings = {
  type: 'object',
  properties: { alert, leftAt: time, until: time, over: { type: 'boolean' } },
  required: ['leftAt', 'until'],
} as const;
/** Each field as the protocol has room for it. */
const faultIn = checkOf({ type: 'object', properties: { ...needed, partner: from, heard, rings }, required: Object.keys(needed) });

/**
 * Reads a record back.
 *
 * @param text what was stored; pages of the same origin can write there, so it is looked at closely
 * @returns undefined where there is no record of a call
 */
export function readRecord(text: string | null): CallRecord | undefined {
  try {
    const record = JSON.parse(text ?? 'null') as CallRecord;
    if (faultIn(record) !== undefined) return undefined;
    const { id, peer, partner, direction, media, startedAt, gen, n, received, local, remote, heard, rings } = record;
    if (partner ? peerOf(partner) !== peer : !rings || direction !== 'outgoing') return undefined;
    if (heard?.some(({ from }) => peerOf(from) !== peer)) return undefined;
    // A name that cannot be one is no reason to lose the call.
    const name = typeof record.name === 'string' && record.name.length <= MAX_NAME ? record.name : null;
    const known = { id, peer, direction, media, name, startedAt, gen, n, received, local: mediaOf(local), remote: mediaOf(remote) };
    return { ...known, ...(heard && { heard }), ...(partner ? { partner } : { rings: rings! }) };
  } catch {
    return undefined;
  }
}

/** Whether a call is to be taken up at this time, in milliseconds since the epoch: one that rings only at once. */
export const isTimely = ({ rings }: CallRecord, now: number): boolean =>
  !rings || (!rings.over && now < rings.until && now - rings.leftAt < TAKEN_UP_WITHIN);
