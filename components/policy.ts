/** What the page, or the frame around it, does not let a document use (W3C Permissions Policy). */
import type { Policed } from './environment.js';
import { loadDiagnosisWords } from './locales/diagnosis/index.js';
import { tableFor } from './locales/tables.js';

/** The features of a page that calls use. */
const FEATURES = ['microphone', 'camera', 'display-capture', 'autoplay', 'fullscreen'] as const;

/** The features that this document may not use. */
export async function missingFeatures(): Promise<readonly string[]> {
  const policy = (document as Policed).featurePolicy;
  if (policy) {
    const known = policy.features();
    return FEATURES.filter((name) => known.includes(name) && !policy.allowsFeature(name));
  }
  // Browsers that do not tell say of a frame that may not ask that it was refused.
  if (window === top || !isSecureContext) return [];
  const states = await Promise.all(
    (['microphone', 'camera'] as const).map((name) => navigator.permissions.query({ name: name as PermissionName }).catch(() => undefined)),
  );
  return states.every((status) => status?.state === 'denied') ? ['microphone', 'camera'] : [];
}

/** Whether among these features are some without which there is no call. */
export const areGrave = (missing: readonly string[]): boolean => missing.includes('microphone') || missing.includes('camera');

/** Why devices were denied, where no person can change it. */
export interface Withheld {
  /** In the language asked for, naming the very features that are missing. */
  readonly sentence: string;
  /** In English, for the console. */
  readonly detail: string;
  /** Whether the browser tells so, and it cannot have been the person. */
  readonly certain: boolean;
}

/** Why this document is given no device, if its page or frame forbids it; undefined where it is the person or the browser. */
export async function withheld(lang: string): Promise<Withheld | undefined> {
  const missing = await missingFeatures();
  if (!areGrave(missing)) return undefined;
  const framed = window !== top;
  const { codes } = await loadDiagnosisWords(tableFor(lang));
  return {
    certain: 'featurePolicy' in document,
    sentence: codes[framed ? 'frame-blocks' : 'page-blocks'].replace('{features}', missing.join('; ')),
    detail: framed
      ? `The <iframe> of this page, and each one around that, needs allow="${missing.join('; ')}".`
      : `The header Permissions-Policy of this page forbids ${missing.join(', ')}; write ${missing.map((name) => `${name}=(self)`).join(', ')}.`,
  };
}
