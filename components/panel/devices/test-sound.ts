/** A few notes through one loudspeaker, so that a person hears which it is. */
import { RINGTONE, SAMPLE_RATE, samplesOf } from '../../sound/tones.js';

/** A player that can be sent to a loudspeaker (W3C Audio Output Devices). */
type Player = HTMLAudioElement & { setSinkId?(id: string): Promise<void> };

/** Whether sound can be sent to a loudspeaker of the person's choice. */
export const canChooseSpeaker = (): boolean => 'setSinkId' in HTMLMediaElement.prototype;

/**
 * Plays the notes once.
 *
 * @param deviceId the loudspeaker; empty for the machine's own
 * @param ended called once, when they have been played, stopped or refused
 * @returns the function that stops them
 */
export function playTestSound(deviceId: string, ended: () => void): () => void {
  const context = new AudioContext();
  const samples = samplesOf(RINGTONE);
  const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
  buffer.copyToChannel(samples, 0);
  const notes = new AudioBufferSourceNode(context, { buffer });
  const output = context.createMediaStreamDestination();
  notes.connect(new GainNode(context, { gain: 0.5 })).connect(output);
  const player: Player = Object.assign(new Audio(), { srcObject: output.stream });
  let over = false;
  const stop = (): void => {
    if (over) return;
    over = true;
    player.srcObject = null;
    void context.close().catch(() => {});
    ended();
  };
  notes.onended = stop;
  const start = async (): Promise<void> => {
    await player.setSinkId?.(deviceId);
    await Promise.all([context.resume(), player.play()]);
    if (!over) notes.start();
  };
  start().catch(stop);
  return stop;
}
