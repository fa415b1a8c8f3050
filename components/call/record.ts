/** What a page writes down of its call, so that the next one can take it up. Pure. */
import { BETWEEN_PAGES, ENVELOPE, MAX_NAME, STAMP, isPeerId, peerOf } from '../../relay/protocol/index.js';
import type { Alert, MediaKind } from '../../relay/protocol/index.js';
import { checkOf } from '../../relay/protocol/shape.js';
import { MAX_DEVICES } from './outbox.js';
import type { MediaState } from './phases.js';
import { mediaOf } from './steps.js';

/** A call that has its two sides, as far as the next page needs to know it. */
export interface CallRecord {
  readonly id: string;
  readonly peer: string;
  /** The address of the other side's device. */
  readonly partner: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly media: MediaKind;
  readonly name: string | null;
  /** When both sides were connected, in milliseconds since the epoch; null where they are not yet. */
  readonly startedAt: number | null;
  /** The generation of the peer connection. */
  readonly gen: number;
  /** The last number that this side gave to a message, and the last that it received in order. */
  readonly n: number;
  readonly received: number;
  readonly local: MediaState;
  readonly remote: MediaState;
}

/** A call that this side has placed and that rings there, as far as the next page needs to know it. */
export interface RingingRecord {
  readonly id: string;
  readonly peer: string;
  readonly media: MediaKind;
  readonly name: string | null;
  /** How it rings; undefined as long as no device has said so. */
  readonly alert?: Alert | undefined;
  /** The generation of the peer connection. */
  readonly gen: number;
  /** Up to which number each device of the other side was heard. */
  readonly heard: readonly Heard[];
  /** When the page was left, and until when it rings, in milliseconds since the epoch. */
  readonly leftAt: number;
  readonly ringsUntil: number;
  readonly local: MediaState;
}

/** A device, by its address, and the last of its numbers that was received in order. */
export interface Heard {
  readonly from: string;
  readonly received: number;
}

/** Milliseconds within which the next page takes up a call that rings: the other side rings on for little longer. */
export const TAKEN_UP_WITHIN = 10_000;

const { media, gen } = BETWEEN_PAGES.invite.properties;
const { alert } = BETWEEN_PAGES.ringing.properties;
const { call: id, n } = ENVELOPE.properties;
const sends = BETWEEN_PAGES.media;
const { from } = STAMP.properties;
const time = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
/** Each field as the protocol has room for it. */
const both = { id, media, gen, local: sends } as const;
const talking = {
  ...both,
  partner: from,
  direction: { type: 'string', enum: ['outgoing', 'incoming'] },
  startedAt: time,
  n,
  received: n,
  remote: sends,
} as const;
const heard = {
  type: 'array',
  items: { type: 'object', properties: { from, received: n }, required: ['from', 'received'] },
  maxItems: MAX_DEVICES,
} as const;
const ringing = { ...both, heard, leftAt: time, ringsUntil: time } as const;
const faultInTalking = checkOf({ type: 'object', properties: talking, required: Object.keys(talking) });
const faultInRinging = checkOf({ type: 'object', properties: { ...ringing, alert }, required: Object.keys(ringing) });

/**
 * Reads a record back.
 *
 * @param text what was stored; pages of the same origin can write there, so it is looked at closely
 * @param now milliseconds since the epoch
 * @returns undefined where there is no record of a call, or one that rang and does so no longer
 */
export function readRecord(text: string | null, now: number): CallRecord | RingingRecord | undefined {
  try {
    const record = JSON.parse(text ?? 'null') as CallRecord | RingingRecord;
    // A name that cannot be one is no reason to lose the call.
    const name = typeof record.name === 'string' && record.name.length <= MAX_NAME ? record.name : null;
    return 'heard' in record ? ringingOf(record, name, now) : talkingOf(record, name);
  } catch {
    return undefined;
  }
}

function talkingOf(record: CallRecord, name: string | null): CallRecord | undefined {
  const { id, peer, partner, direction, media, startedAt, gen, n, received, local, remote } = record;
  if (faultInTalking({ ...record, startedAt: startedAt === null ? 0 : startedAt }) !== undefined || peer !== peerOf(partner))
    return undefined;
  return { id, peer, partner, direction, media, name, startedAt, gen, n, received, local: mediaOf(local), remote: mediaOf(remote) };
}

function ringingOf(record: RingingRecord, name: string | null, now: number): RingingRecord | undefined {
  const { id, peer, media, alert, gen, heard, leftAt, ringsUntil, local } = record;
  if (faultInRinging(record) !== undefined || !isPeerId(peer) || heard.some(({ from }) => peerOf(from) !== peer)) return undefined;
  if (now >= ringsUntil || now - leftAt >= TAKEN_UP_WITHIN) return undefined;
  const each = heard.map(({ from, received }) => ({ from, received }));
  return { id, peer, media, name, ...(alert && { alert }), gen, heard: each, leftAt, ringsUntil, local: mediaOf(local) };
}
