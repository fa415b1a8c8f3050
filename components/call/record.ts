/** What a page writes down of its call, so that it can take it up again after it was loaded anew. Pure. */
import { DEVICE_ADDRESS_PATTERN, MAX_NAME, peerOf } from '../../relay/protocol/index.js';
import type { MediaKind } from '../../relay/protocol/index.js';
import type { MediaState } from './phases.js';

/** A UUID of version 4 (RFC 9562), as the protocol writes it. */
const CALL_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const PARTNER = new RegExp(DEVICE_ADDRESS_PATTERN);
/** The greatest numbers that the protocol has room for. */
const MAX_GEN = 0xffff;
const MAX_SERIAL = 0x7fffffff;

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

/** A record as it was written, or as somebody else wrote it. */
type Doubtful = { readonly [Field in keyof CallRecord]?: unknown };

/**
 * Reads a record back.
 *
 * @param text what was stored; pages of the same origin can write there, so it is looked at closely
 * @returns undefined where there is no record of a call
 */
export function readRecord(text: string | null): CallRecord | undefined {
  let record: Doubtful | null;
  try {
    record = JSON.parse(text ?? 'null') as Doubtful | null;
  } catch {
    return undefined;
  }
  const { id, peer, partner, direction, media, name = null, startedAt, gen, n, received, ...sends } = record ?? {};
  const [local, remote] = [mediaStateOf(sends.local), mediaStateOf(sends.remote)];
  const whose = isLike(CALL_ID, id) && isLike(PARTNER, partner) && peer === peerOf(partner);
  const words = (direction === 'outgoing' || direction === 'incoming') && (media === 'audio' || media === 'video');
  const named = name === null || (typeof name === 'string' && name.length <= MAX_NAME);
  const counted =
    isCount(startedAt, Number.MAX_SAFE_INTEGER) && isCount(gen, MAX_GEN) && isCount(n, MAX_SERIAL) && isCount(received, MAX_SERIAL);
  if (!whose || !words || !named || !counted || !local || !remote) return undefined;
  return { id, peer, partner, direction, media, name, startedAt, gen, n, received, local, remote };
}

const isLike = (pattern: RegExp, value: unknown): value is string => typeof value === 'string' && pattern.test(value);

const isCount = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

/** What a side sends, where a value says so; undefined for anything else. */
function mediaStateOf(value: unknown): MediaState | undefined {
  const { microphone, camera, screen, paused, recording } = (value ?? {}) as { readonly [Lane in keyof MediaState]?: unknown };
  if (typeof microphone !== 'boolean' || typeof camera !== 'boolean' || typeof screen !== 'boolean') return undefined;
  return { microphone, camera, screen, ...(paused === true && { paused }), ...(recording === true && { recording }) };
}
