/** What the page and its browser permit: a secure context, WebRTC, the permissions policy, sound. */
import { areGrave, missingFeatures } from '../policy.js';
import { found } from './findings.js';
import type { Found } from './findings.js';
import { whenOver, within } from './within.js';

/** Milliseconds that a browser has to say whether sound may be played. */
const SOUND_WITHIN = 2500;

/** Whether the page is a secure one, and the browser can make calls. */
export function checkBrowser(): readonly [Found, Found] {
  const able = typeof RTCPeerConnection === 'function' && typeof WebSocket === 'function';
  return [found('secure-context', isSecureContext ? 'ok' : 'insecure-context'), found('browser', able ? 'ok' : 'unsupported-browser')];
}

/** Whether the document may use what calls use; `about` names what it may not. */
export async function checkPermissions(): Promise<Found> {
  const missing = await missingFeatures();
  if (missing.length === 0) return found('permissions', 'ok');
  const grave = areGrave(missing);
  const code = window === top ? (grave ? 'page-blocks' : 'page-lacks') : grave ? 'frame-blocks' : 'frame-lacks';
  return found('permissions', code, { about: missing.join('; ') });
}

/** Whether the page may sound now: played is a stream without any sound in it. */
export async function checkSound(signal: AbortSignal): Promise<Found> {
  const policy = (navigator as { getAutoplayPolicy?(type: string): string }).getAutoplayPolicy?.('mediaelement');
  if (policy) return found('sound', policy === 'allowed' ? 'ok' : 'sound-after-click');
  // Whoever has clicked has done what would be advised, also in a browser that wants a click for each sound.
  if (navigator.userActivation?.hasBeenActive) return found('sound', 'ok');
  const refused = await within(signal, SOUND_WITHIN, async (over) => {
    // A track that nothing ever comes from, without a microphone and without Web Audio, which browsers warn of before a gesture.
    const connection = new RTCPeerConnection();
    const { track } = connection.addTransceiver('audio').receiver;
    const player = new Audio();
    player.srcObject = new MediaStream([track]);
    whenOver(over, () => {
      player.pause();
      player.srcObject = null;
      connection.close();
    });
    return player.play().then(
      () => false,
      (cause: unknown) => (cause as Error).name === 'NotAllowedError',
    );
  });
  return found('sound', refused ? 'sound-after-click' : 'ok');
}
