/** Sounds what the state of the call asks for, and tells the caller once whether it can be heard. */
import type { CallSession } from '../call/session.js';
import { ring } from '../sound/ring.js';
import type { Ring } from '../sound/ring.js';
import { RINGBACK, RINGTONE } from '../sound/tones.js';

/** The sounds that a panel was given: URL, `none`, or empty for the widget's own. */
export interface RingSounds {
  readonly ringtone: string;
  readonly ringback: string;
}

/** At most one tone at a time, for at most one call. */
export class Ringer {
  #tone = '';
  #ring?: Ring;

  /**
   * Follows the call. To be called when what the person sees has been drawn.
   *
   * @param session the session to present; undefined where another element does, or nobody
   */
  follow(session: CallSession | undefined, sounds: RingSounds): void {
    const { state, call } = session?.snapshot ?? {};
    const tone = state === 'incoming' || state === 'ringing' ? `${state} ${call?.id}` : '';
    if (tone === this.#tone) return;
    this.#tone = tone;
    this.#ring?.stop();
    this.#ring = undefined;
    if (!session || !tone) return;
    if (state === 'ringing') {
      this.#ring = ring(sounds.ringback, RINGBACK);
      return;
    }
    const ringing = (this.#ring = ring(sounds.ringtone, RINGTONE));
    void ringing.alert.then((alert) => this.#ring === ringing && session.rings(alert));
  }
}
