/** What is said aloud, once per change, to a person who cannot see the panel. */
import { fill } from '../locales/index.js';
import { endOf, notesOf, progressOf, whyReconnecting } from './view.js';
import type { PanelView } from './view.js';

/** What may interrupt: somebody calls. */
export const alarm = ({ snapshot: { state, call }, words, elsewhere }: PanelView): string =>
  state === 'incoming' && call && !elsewhere ? fill(words.incoming[call.media], { name: call.name }) : '';

/** What is said when there is a pause; empty where there is nothing to say. */
export function spoken(view: PanelView): string {
  const { snapshot, words, elsewhere, trouble } = view;
  const { state, call, local, remote, localStream, notices } = snapshot;
  if (state === 'idle' || !call || elsewhere) return trouble;
  const name = { name: call.name };
  if (state === 'incoming') return '';
  if (state === 'ended') return fill(endOf(view, call), name);
  if (state === 'connected') {
    const facts = [
      !!local.recording && words.recording.you,
      !!remote.recording && fill(words.recording.they, name),
      remote.screen && fill(words.theyShare, name),
      local.screen && words.youShare,
      call.media === 'video' && !remote.camera && `${call.name}: ${words.theirCameraOff}`,
      !!remote.paused && fill(words.slow.theirs, name),
      !remote.microphone && `${call.name}: ${words.theyAreMuted}`,
      // Where it was done by a key, no control has said it. One that is gone is told of by a note.
      !local.microphone &&
        !!localStream?.getAudioTracks().length &&
        !notices.some(({ device }) => device === 'microphone') &&
        words.mutedHint,
    ];
    return sentences([fill(words.callWith, name), ...facts, ...notesOf(view), trouble]);
  }
  if (state === 'reconnecting') return whyReconnecting(view, call.name);
  return progressOf(view);
}

/** One after the other, each once, and with no full stop after a full stop. */
const sentences = (all: readonly (string | false)[]): string =>
  [...new Set(all)]
    .filter(Boolean)
    .join('. ')
    .replace(/([.!?。！？])\. /g, '$1 ');
