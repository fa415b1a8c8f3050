/** The event of the connection's quality, apart from the others because it is loaded with what judges it. */
import type { Judgement, Quality, QualityReason } from './quality/judgement.js';
import type { Reading } from './quality/reading.js';

/** `call-quality`: the connection of the call has become better or worse, or is judged for the first time. */
export class CallQualityEvent extends Event implements Judgement {
  readonly quality: Quality;
  readonly reason: QualityReason | null;
  readonly incoming: Quality | null;
  readonly outgoing: Quality | null;
  readonly mos: number | null;

  constructor(
    { quality, reason, incoming, outgoing, mos }: Judgement,
    /** The word before; null at the first of a call. */
    readonly previous: Quality | null,
    /** The second that changed it: bitrates, losses, delays, the path. */
    readonly reading: Reading,
  ) {
    super('call-quality', { bubbles: true, composed: true });
    this.quality = quality;
    this.reason = reason;
    this.incoming = incoming;
    this.outgoing = outgoing;
    this.mos = mos;
  }
}
