/** What is said aloud, once per change, to a person who cannot see the panel. */
import { fill } from '../locales/index.js';
import type { PanelView } from './view.js';

/** The sentence for the present state; empty where there is nothing to say. */
export function spoken({ snapshot, words, elsewhere, trouble }: PanelView): string {
  const { state, call, alert, reason, remote } = snapshot;
  if (state === 'idle' || !call || elsewhere) return trouble;
  const name = { name: call.name };
  if (state === 'incoming') return fill(words.incoming[call.media], name);
  if (state === 'ended') {
    const end = reason ?? 'hung-up';
    return fill((call.direction === 'incoming' && words.endedIncoming[end]) || words.ended[end], name);
  }
  if (state === 'connected') {
    const facts = [call.media === 'video' && !remote.camera && !remote.screen && words.theirCameraOff, !remote.microphone && words.theyAreMuted];
    return [fill(words.callWith, name), ...facts].filter(Boolean).join('. ');
  }
  if (state === 'ringing' && alert === 'visual') return words.ringsSilently;
  return words.states[state];
}
