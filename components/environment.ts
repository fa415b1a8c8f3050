/** The page and browser around the elements. */
import type { Places } from './attributes.js';
import type { CallTrouble } from './call/errors.js';

/** What keeps this page or browser from making calls, or undefined when nothing does. */
export function hindrance(): CallTrouble | undefined {
  if (!isSecureContext || !navigator.mediaDevices) {
    return { code: 'insecure-context', detail: 'Microphone and camera are only available to pages that are loaded over https.' };
  }
  if (typeof RTCPeerConnection !== 'function') return { code: 'unsupported-browser', detail: 'This browser has no WebRTC.' };
  return undefined;
}

/** Where relative addresses start from. Every chunk of the widget comes from the same origin as its script. */
export const places = (): Places => ({ script: import.meta.url, page: document.baseURI });
