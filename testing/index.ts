/** `video-call-elements/testing`: a peer without a browser, for the tests of a site and for monitors. TESTING.md describes it. */
export { connectPeer } from './peer.js';
export type { TestCallOptions, TestPeer, TestPeerOptions } from './peer.js';
export type { TestCall } from './call.js';
export { WaitError } from './log.js';
export type { Deadline } from './log.js';
export type { Alert, EndReason, MediaKind, Presence } from '../relay/protocol/index.js';
export type { Phase } from '../components/call/phases.js';
