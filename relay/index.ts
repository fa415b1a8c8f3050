/** The relay of video-call-elements, for programs. */
export { createRelay } from './relay.js';
export type { Relay, RelayAddress } from './relay.js';
export { OptionsError } from './settings.js';
export type { AuthOptions } from './auth-settings.js';
export type { RelayOptions } from './settings.js';
export type { Authorize, Claim, Verdict } from './auth.js';
export type { Clock } from './clock.js';
export type { Log, LogLevel } from './log.js';
export type { CallRecord } from './records.js';
export type { HttpServer } from './mount.js';
