/** Whether a microphone that is on delivers any sound at all. Pure. */

/** Milliseconds of complete silence after which a microphone counts as silent. */
export const SILENT_MICROPHONE = 5000;

/**
 * Listens to one microphone from when it is turned on. A room that is quiet has some sound, and a person who has once
 * been heard may say nothing for as long as he likes: only a microphone that has never made a sound is silent.
 */
export class SoundCheck {
  #since: number | undefined;
  #energy = 0;
  #sounds: boolean | undefined;

  /**
   * @param energy the `totalAudioEnergy` of the microphone (W3C WebRTC statistics), which only grows while it is the same one
   * @param now milliseconds
   * @returns whether there is sound, once that is known and whenever it changes
   */
  hear(energy: number, now: number): boolean | undefined {
    if (this.#sounds) return undefined;
    if (this.#since === undefined || energy < this.#energy) {
      this.#since = now;
      this.#energy = energy;
    } else if (energy > this.#energy) return (this.#sounds = true);
    else if (this.#sounds === undefined && now - this.#since >= SILENT_MICROPHONE) return (this.#sounds = false);
    return undefined;
  }
}
