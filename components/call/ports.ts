/**
 * What the engine needs from the world, and nothing more: a way to the relay, peer connections, capture and a
 * clock. In a page these are the browser's; in tests they are handed in.
 */
import type { CallMessage, Candidate, Description, MediaKind, Presence } from '../../relay/protocol/index.js';
import type { MediaEvent, PeerEvent } from './events.js';
import type { CallRecord } from './record.js';

/** The way to the relay. */
export interface LinkPort {
  /** Whether messages go out now. */
  readonly online: boolean;
  /** Whether what it says about presence can be relied on: not while it is away, nor shortly after. */
  readonly steady: boolean;
  /** The address of this page, `peer/device`, once the relay has confirmed it. */
  readonly address: string | undefined;
  /** Sends, if the link is online; what is lost is sent again by the outbox. */
  send(message: CallMessage): void;
  /** Follows the presence of an address. Returns the function that stops it. */
  watch(address: string, listener: (presence: Presence) => void): () => void;
  /** Finds out whether messages get through now, replaces the connection if not, and calls back once they do. */
  prove(done: () => void): void;
}

/** What a peer connection reports. */
export interface PeerListener {
  event(event: PeerEvent): void;
  /** A text arrived over the data channel. */
  message(text: string): void;
  /** The data channel opened, or the remote stream changed. */
  changed(): void;
}

/** One call's peer connection. Requests are answered by events; none of them throws. */
export interface PeerPort<Tracks, Stream> {
  readonly remoteStream: Stream | null;
  /** The screen that the other side shares, once it has shared one on this connection. */
  readonly remoteScreen: Stream | null;
  offer(media: MediaKind): void;
  answer(description: Description, candidates: readonly Candidate[]): void;
  /** Makes an answer that only `answer` is to tell, with the other side's candidates; where none can be made now, it is made then. */
  makeReady(description: Description): void;
  /** Answers an offer that is not accepted yet, by `prepared` or `unprepared`; nothing is sent before `begin`. */
  prepare(description: Description, candidates: readonly Candidate[]): void;
  /** Applies an answer; nothing is sent before `begin` where it comes `ahead` of the accept. */
  connect(description: Description, candidates: readonly Candidate[], ahead?: boolean): void;
  /** Sends from now on. */
  begin(): void;
  describe(description: Description): void;
  addCandidates(candidates: readonly Candidate[]): void;
  restartIce(): void;
  /** How many lanes are needed now. The side that yields to nobody adds what is missing; more never become fewer. */
  widen(lanes: number): void;
  /** What is to be sent from now on; may come before, during or after negotiation. */
  setTracks(tracks: Tracks): void;
  /** Sends over the data channel. Returns false where that is not open. */
  send(text: string): boolean;
  /** May be called twice. */
  close(): void;
}

/** Makes a peer connection for a call, named by its ID. `polite` yields when both sides renegotiate at once. */
export type MakePeer<Tracks, Stream> = (listener: PeerListener, polite: boolean, call: string) => PeerPort<Tracks, Stream>;

/** Capture of this side's microphone and camera. */
export interface MediaPort<Tracks, Stream> {
  /** What is captured now. */
  readonly tracks: Tracks;
  readonly stream: Stream | null;
  /** The screen that is shared now. */
  readonly screen: Stream | null;
  /** Opens what is asked for, unless it is open, and lets go what is not; a microphone without sound if `muted`; answered by `captured` or `capture-failed`. */
  capture(wanted: { microphone: boolean; camera: boolean; muted?: boolean }): void;
  /** Answered by `captured`; where the microphone is still being opened, only with what comes of that. */
  setMicrophone(on: boolean): void;
  /** The same for the camera; without another question to the person where both are still being opened. */
  setCamera(on: boolean): void;
  /** Asks the person what to share, or shares it no more; answered by `captured`. */
  setScreen(on: boolean): void;
  switchCamera(): void;
  /** Lets everything go at once, and whatever is still being opened as soon as it comes. */
  release(): void;
}

/** Takes what capture reports. */
export type MediaListener = (event: MediaEvent) => void;

/** Time. */
export interface ClockPort {
  /** Milliseconds that only ever grow. */
  now(): number;
  /** Milliseconds since the epoch. */
  wall(): number;
  /** Calls back once. Returns the function that prevents it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** How far the numbering of the call that rings has come, across a reload. */
export interface SpentNumbers {
  /** The last number that was given to a message of a call; 0 if none is known. */
  of(call: string): number;
  /** Keeps it, for the last few calls. */
  keep(call: string, n: number): void;
}

/** All that the engine stands on. */
export interface Ports<Tracks, Stream> {
  readonly link: LinkPort;
  readonly media: MediaPort<Tracks, Stream>;
  readonly makePeer: MakePeer<Tracks, Stream>;
  readonly clock: ClockPort;
  /** Whether a path may be prepared while such a call rings. */
  readonly early?: (direction: 'outgoing' | 'incoming') => boolean;
  /** Keeps what the next page needs to take the call up again; undefined forgets it. */
  readonly keep?: (record: CallRecord | undefined) => void;
  /** The numbers that this device has spent on a call that rings, which its next page must not use again. */
  readonly spent?: SpentNumbers;
  /** Whether something that is written to the other side has not arrived, for which the connection of a call that is over stays open. */
  readonly talks?: () => boolean;
  /** A new UUID of version 4. */
  readonly newId: () => string;
}
