/** Everything that can go wrong for a person, as a code; the words for it are in `locales/`. */

/** The codes of `call-error`. Each has a sentence that a person can act on, in every language of the widget. */
export const CALL_ERROR_CODES = [
  'insecure-context',
  'unsupported-browser',
  'media-denied',
  'media-unavailable',
  'media-busy',
  'relay-unreachable',
  'unauthorized',
  'forbidden',
  'rate-limited',
  'bad-attribute',
  'protocol',
] as const;
/** A code of `call-error`. */
export type CallErrorCode = (typeof CALL_ERROR_CODES)[number];

/** A trouble as the engine reports it: a code, a sentence for developers, and what caused it. */
export interface CallTrouble {
  readonly code: CallErrorCode;
  /** In English, for the console and for `cause`; people are shown the sentence of their language instead. */
  readonly detail: string;
  readonly cause?: unknown;
}
