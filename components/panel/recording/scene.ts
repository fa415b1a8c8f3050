/** What a recording shows of a call as the panel has it. */
import type { MediaState } from '../../call/phases.js';
import type { Scene, Side } from '../../recording/painter.js';
import { hueOf, initials } from '../view.js';
import type { PanelView } from '../view.js';

/** The hues of faces, as `styles/hues.ts` has them. */
const HUES = [222, 262, 188, 334, 158, 22];

/** The call as it is now. */
export function sceneOf({ snapshot, words }: PanelView, displayName: string | undefined): Scene {
  const { call, local, remote, localStream, remoteStream, localScreen, remoteScreen, me } = snapshot;
  // A guest has an ID that nobody has chosen.
  const mine = displayName || (me && !me.startsWith('guest-') ? me : words.chat.you);
  return {
    them: side(call?.name ?? '', remote, remoteStream, remote.screen ? remoteScreen : null),
    me: side(mine, local, localStream, localScreen),
  };
}

function side(name: string, sends: MediaState, stream: MediaStream | null, screen: MediaStream | null): Side {
  const hue = HUES[Number(hueOf(name).slice(-1))]!;
  return { name, initials: initials(name), hue, picture: sends.camera && !sends.paused ? stream : null, sound: stream, screen };
}
