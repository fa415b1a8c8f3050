/** What the panel does about devices, each part loaded when it is first needed. */
import { isTalking } from '../call/phases.js';
import type { CompanionKind } from './companions.js';
import { chosenDevices } from './device-choices.js';

/** The view of the devices, the chosen loudspeaker, and the word to a person who speaks while muted. */
export const deviceCompanions: readonly CompanionKind[] = [
  {
    needed: ({ devices }) => devices === 'on',
    load: async () => (await import('./devices/sheet.js')).devicesSheet,
  },
  {
    needed: ({ snapshot }) => isTalking(snapshot.state) && !!chosenDevices().speaker,
    load: async () => (await import('./speaker.js')).speaker,
  },
  {
    // A microphone that is being opened is not one that the person has turned off.
    needed: ({ snapshot: { state, local, localStream }, virtual }) =>
      state === 'connected' && !local.microphone && !!localStream?.getAudioTracks().length && !virtual,
    load: async () => (await import('./muted.js')).muted,
  },
];
