/**
 * `video-call-elements/call`: calls for pages that draw their own. Importing it does nothing, also on a server; HEADLESS.md
 * describes it.
 */
import { hindrance, places } from '../environment.js';
import { closeSession, openSession } from '../sessions.js';
import { CallClient } from './client.js';
import type { ClientWorld } from './line.js';
import type { CallClientOptions } from './options.js';

export type { CallClient } from './client.js';
export type { CallClientOptions } from './options.js';
export type { QualityListener } from './quality.js';
export type { CallClientEventMap } from './typed-target.js';
export type { Alert, EndReason, MediaKind, Person, Presence } from '../../relay/protocol/index.js';
export type { NamedDevice } from '../call/choices.js';
export type { CallErrorCode, DeviceNotice } from '../call/errors.js';
export type { CallInfo, MediaState, Phase } from '../call/phases.js';
export type { CallSnapshot, RelayStatus } from '../call/session.js';
export type { ChatEntry, FileEntry, TextEntry } from '../chat/entries.js';
export type { Chat, ChatSnapshot } from '../chat/face.js';
export type { Judgement, Quality, QualityReason } from '../quality/judgement.js';
export type { Reading } from '../quality/reading.js';

const page: ClientWorld = {
  openSession,
  closeSession,
  hindrance: () => (typeof document === 'undefined' ? 'no page' : hindrance()),
  places,
  leaving(listener) {
    const leave = ({ persisted }: PageTransitionEvent): void => listener(persisted);
    addEventListener('pagehide', leave);
    return () => removeEventListener('pagehide', leave);
  },
};

/**
 * Makes a client: connects to the relay, and says by events what happens. It shares its connection with whatever on the
 * page has the same relay and `me`, elements too. Never throws: what is wrong with the options is told by `call-error`, at once after
 * this returns. On a server it does nothing.
 */
export const createCallClient = (options?: CallClientOptions): CallClient => new CallClient(options, page);
