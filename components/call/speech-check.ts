/** Whether somebody speaks, by how loud a microphone is. Pure. */

/** Milliseconds of voice, within the last `WITHIN`, that count as speaking: less is a cough, a key, a door. */
export const VOICE_FOR = 450;
/** Milliseconds over which voice is counted: people pause between words. */
export const WITHIN = 1500;
/** Milliseconds for which it is not said again that somebody speaks. */
export const SAID_EVERY = 10_000;
/** The least loudness, from 0 to 1, that can be a voice close to the microphone: about -40 dB. */
export const LEAST_VOICE = 0.01;
/** How many times louder than the room a voice is. */
const ABOVE_ROOM = 3;

/** Listens to one microphone, look by look. */
export class SpeechCheck {
  #room = 0;
  #voice: { readonly at: number; readonly milliseconds: number }[] = [];
  #before: number | undefined;
  #saidAt = -Infinity;

  /**
   * @param loudness root mean square of the samples since the last look, from 0 to 1
   * @param now milliseconds
   * @returns whether it is to be said now that somebody speaks
   */
  hear(loudness: number, now: number): boolean {
    // A page in the background looks seldom; more than a part of a second is not known to have been voice.
    const milliseconds = Math.min(now - (this.#before ?? now), 200);
    this.#before = now;
    const isVoice = loudness > Math.max(LEAST_VOICE, this.#room * ABOVE_ROOM);
    // A fan that starts is a voice for some seconds, and then the room.
    this.#room += (loudness - this.#room) * (loudness < this.#room ? 0.2 : 0.01);
    this.#voice = this.#voice.filter(({ at }) => now - at < WITHIN);
    if (isVoice) this.#voice.push({ at: now, milliseconds });
    const voiced = this.#voice.reduce((sum, each) => sum + each.milliseconds, 0);
    if (voiced < VOICE_FOR || now - this.#saidAt < SAID_EVERY) return false;
    this.#saidAt = now;
    return true;
  }
}
