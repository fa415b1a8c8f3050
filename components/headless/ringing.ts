/** What a headless client does while it rings, here or there: tells the caller, and sounds where the page has asked for it. */
import type { CallSession } from '../call/session.js';

/** What sounds, as `ring` takes it. */
export interface Sounds {
  readonly ringtone: string;
  readonly ringback: string;
}

/** Something that sounds, or tries to. */
type Sounding = { stop(): void };

/** At most one call rings at a time. */
export class Ringing {
  #of = '';
  #sounding: Sounding | undefined;

  /** Follows the call; `left` is the ID of one whose ringing the page has taken over. */
  follow(session: CallSession | undefined, sounds: Sounds, left: string | undefined): void {
    const { state, call } = session?.snapshot ?? {};
    const rings = (state === 'incoming' && call?.id !== left) || state === 'ringing' ? `${state} ${call?.id}` : '';
    if (rings === this.#of) return;
    this.#of = rings;
    this.#sounding?.stop();
    this.#sounding = undefined;
    if (!session || !call || !rings) return;
    const source = state === 'incoming' ? sounds.ringtone : sounds.ringback;
    // Whether it is heard is found out first: the caller is told how it rings.
    if (source !== 'none') void this.#sound(rings, source, session, call.id);
    else if (state === 'incoming') session.rings('visual');
  }

  async #sound(rings: string, source: string, session: CallSession, call: string): Promise<void> {
    const ringing = (): boolean => this.#of === rings;
    try {
      if (rings.startsWith('incoming')) {
        const { ringFor } = await import('../panel/ring-for.js');
        if (ringing()) this.#sounding = ringFor(session, call, { ringtone: source, ringback: '', requestUpdate() {} });
      } else {
        const [{ ring }, { RINGBACK }] = await Promise.all([import('../sound/ring.js'), import('../sound/tones.js')]);
        if (ringing()) this.#sounding = ring(source, RINGBACK);
      }
    } catch (cause) {
      console.warn('createCallClient: the code that rings could not be loaded.', cause);
      if (ringing() && rings.startsWith('incoming')) session.rings('visual');
    }
  }
}
