/** The page and browser around the elements. */
import type { Places } from './attributes.js';
import type { CallTrouble } from './call/errors.js';

/** What keeps this page or browser from making calls, or undefined when nothing does. */
export function hindrance(): CallTrouble | undefined {
  if (!isSecureContext || !navigator.mediaDevices) {
    const also = self === top ? '' : ' This page stands in a frame, and each page around it must be, too.';
    return {
      code: 'insecure-context',
      detail: `Microphone and camera are only available to pages that are loaded over https.${also}`,
    };
  }
  if (typeof RTCPeerConnection !== 'function') return { code: 'unsupported-browser', detail: 'This browser has no WebRTC.' };
  return undefined;
}

/** What Chromium tells of the policy of a document (W3C Permissions Policy). */
export type Policed = Document & { readonly featurePolicy?: { allowsFeature(name: string): boolean; features(): readonly string[] } };

/** Whether it may be the page or a frame around it, and not the person, that gives no device. */
export const isPoliced = (): boolean =>
  self !== top || ['microphone', 'camera'].some((name) => (document as Policed).featurePolicy?.allowsFeature(name) === false);

/** Where relative addresses start from. Every chunk of the widget comes from the same origin as its script. */
export const places = (): Places => ({ script: import.meta.url, page: document.baseURI });
