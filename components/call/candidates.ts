/**
 * The candidates of one connection (RFC 8838). Ours are collected and told in batches, theirs are taken in; of each side no more
 * than the protocol allows for one description.
 */
import { MAX_CANDIDATE, MAX_CANDIDATES } from '../../relay/protocol/index.js';
import type { Candidate } from '../../relay/protocol/index.js';
import { withoutOrigins } from './origins.js';

/** Milliseconds for which later candidates are collected into one message. */
const COLLECTED_FOR = 20;

/** See the top of this file. */
export class Candidates {
  readonly #tell: (candidates: readonly Candidate[]) => void;
  #gathered: Candidate[] = [];
  #told = 0;
  #taken = 0;
  /** Whether the other side knows our description: it can do nothing with candidates that come before it. */
  #isIntroduced = false;
  #batch: ReturnType<typeof setTimeout> | undefined;

  /** @param tell gets each batch that does not ride with a description */
  constructor(tell: (candidates: readonly Candidate[]) => void) {
    this.#tell = tell;
  }

  /** Whether some are gathered that have not been told. */
  get areWaiting(): boolean {
    return this.#gathered.length > 0;
  }

  /** Takes one of ours: `onicecandidate` of the connection. */
  gather(found: RTCIceCandidate | null): void {
    const text = found?.candidate;
    if (!text || text.length > MAX_CANDIDATE || this.#told + this.#gathered.length >= MAX_CANDIDATES) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = found;
    this.#gathered.push({
      candidate: withoutOrigins(text),
      ...(sdpMid !== null && { sdpMid }),
      ...(sdpMLineIndex !== null && { sdpMLineIndex }),
      ...(usernameFragment && { usernameFragment }),
    });
    if (!this.#isIntroduced) return;
    this.#batch ??= setTimeout(() => {
      this.#batch = undefined;
      if (this.areWaiting) this.#tell(this.#take());
    }, COLLECTED_FOR);
  }

  /** Those that ride with our first description; whatever is found later is told in batches. */
  introduce(): readonly Candidate[] {
    this.#isIntroduced = true;
    return this.#take();
  }

  /** Waits until all of ours are gathered, or the first where that is enough; for so many milliseconds at most. */
  async settle(connection: RTCPeerConnection, milliseconds: number, first = false): Promise<void> {
    if (connection.iceGatheringState === 'complete' || (first && this.areWaiting)) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve, milliseconds);
      if (first) connection.addEventListener('icecandidate', () => this.areWaiting && resolve());
      connection.addEventListener('icegatheringstatechange', () => connection.iceGatheringState === 'complete' && resolve());
    });
  }

  /** We gather anew: as many may be told again. */
  gatherAnew(): void {
    this.#told = 0;
  }

  /** The other side describes itself anew: as many may be taken again. */
  hearAnew(): void {
    this.#taken = 0;
  }

  /** Takes those of the other side. One that the browser does not understand, or that belongs to an offer that was passed over, is left out. */
  take(connection: RTCPeerConnection | undefined, candidates: readonly Candidate[]): void {
    const room = Math.max(0, MAX_CANDIDATES - this.#taken);
    this.#taken += candidates.length;
    for (const candidate of candidates.slice(0, room)) connection?.addIceCandidate(candidate).catch(() => {});
  }

  /** Tells nothing any more of what was gathered so far. */
  drop(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    this.#gathered = [];
  }

  #take(): Candidate[] {
    this.#told += this.#gathered.length;
    return this.#gathered.splice(0);
  }
}
