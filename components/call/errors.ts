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

/** What has happened to a device. */
export type Mishap =
  /** It went away, and another one took its place. */
  | 'changed'
  /** It went away, and there is no other. */
  | 'gone'
  /** The page may no longer use it. */
  | 'denied'
  /** It is there, and the machine keeps it still: an incoming phone call, a switch on the keyboard. */
  | 'muted'
  /** It is there, and delivers nothing. */
  | 'silent'
  /** It was asked for a while ago, and is not there yet: the browser may be waiting for the person to allow it. */
  | 'asked';

/** Why a screen is not shared that the person wanted to share: it may not be, or it cannot be had. */
export type ScreenTrouble = 'denied' | 'failed';

/** One thing that the person should know of a device; with the name of the device that is used now, where it has one. */
export type DeviceNotice = { readonly name?: string } & (
  | { readonly device: 'microphone'; readonly what: Mishap }
  | { readonly device: 'camera'; readonly what: Exclude<Mishap, 'silent' | 'asked'> }
  | { readonly device: 'screen'; readonly what: ScreenTrouble }
);
