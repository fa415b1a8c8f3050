/** Sounds what the state of the call asks for, and tells the caller whether it can be heard. */
import type { CallSession } from '../call/session.js';
import { ring } from '../sound/ring.js';
import { RINGBACK, RINGTONE } from '../sound/tones.js';

/** A panel, as far as it sounds: URL, `none`, or empty for the widget's own. */
export interface RingPanel {
  readonly ringtone: string;
  readonly ringback: string;
  /** Whether the own camera is shown while somebody calls. */
  readonly preview?: boolean;
  /** What the person sees of the ringing has changed. */
  requestUpdate(): void;
}

/** An incoming call that rings. */
export interface IncomingRing {
  /** Whether it is this tab, of all that ring, that calls for attention; not before it is known whether it is heard. */
  readonly leads: boolean;
  /** Whether a ringtone is heard, from this tab or another. */
  readonly sounds: boolean;
  /** Whether the person has silenced it. */
  readonly silenced: boolean;
  /** Whether the browser lets no tone be heard before the person has touched the page; undefined where the person had before it rang. */
  readonly held: boolean | undefined;
  /** Silences the call in all tabs. It can still be answered. */
  silence(): void;
  stop(): void;
}

/** At most one tone at a time, for at most one call. */
export class Ringer {
  #tone = '';
  #ring?: { stop(): void };
  /** The incoming call that rings now. */
  incoming?: IncomingRing;

  /**
   * Follows the call. To be called when what the person sees has been drawn.
   *
   * @param session the session to present; undefined where another element does, or nobody
   */
  follow(session: CallSession | undefined, panel: RingPanel): void {
    const { state, call } = session?.snapshot ?? {};
    const tone = state === 'incoming' || state === 'ringing' ? `${state} ${call?.id}` : '';
    if (tone === this.#tone) return;
    this.#tone = tone;
    this.#ring?.stop();
    this.#ring = this.incoming = undefined;
    if (!session || !tone || !call) return;
    if (state === 'ringing') this.#ring = ring(panel.ringback, RINGBACK);
    else void this.#comesIn(session, call.id, panel);
  }

  async #comesIn(session: CallSession, call: string, panel: RingPanel): Promise<void> {
    const tone = this.#tone;
    try {
      const { ringFor } = await import('./incoming-call.js');
      if (tone !== this.#tone) return;
      this.#ring = this.incoming = ringFor(session, call, panel);
    } catch (cause) {
      // Whatever is missing, a call rings.
      console.warn('A part of <video-call-panel> could not be loaded.', cause);
      if (tone !== this.#tone) return;
      const alone = (this.#ring = ring(panel.ringtone, RINGTONE));
      void alone.alert.then((alert) => this.#ring === alone && session.rings(alert));
    }
  }
}
