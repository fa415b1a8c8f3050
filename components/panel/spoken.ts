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
  const { state, call, local, remote } = snapshot;
  if (state === 'idle' || !call || elsewhere) return trouble;
  const name = { name: call.name };
  if (state === 'incoming') return '';
  if (state === 'ended') return fill(endOf(view, call), name);
  if (state === 'connected') {
    const facts = [
      remote.screen && fill(words.theyShare, name),
      local.screen && words.youShare,
      call.media === 'video' && !remote.camera && !remote.screen && words.theirCameraOff,
      !remote.microphone && words.theyAreMuted,
      // Where it was done by a key, no control has said it.
      !local.microphone && words.mutedHint,
    ];
    return [...new Set([fill(words.callWith, name), ...facts, ...notesOf(view)])].filter(Boolean).join('. ');
  }
  if (state === 'reconnecting') return whyReconnecting(view, call.name);
  return progressOf(view);
}
