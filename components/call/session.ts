/**
 * The face of the call engine towards the elements: requests go in, frozen snapshots and notices come out.
 * No element sets state; what an element shows is what the last snapshot says.
 */
import type { Alert, EndReason, IceServer, MediaKind, Person, Presence } from '../../relay/protocol/index.js';
import type { ChatWithNews } from '../chat/face.js';
import type { Reading } from '../quality/reading.js';
import type { DeviceChoices, NamedDevice } from './choices.js';
import type { CallErrorCode, CallTrouble } from './errors.js';
import type { CallEnd, CallInfo, Phase } from './phases.js';
import type { EngineSnapshot } from './snapshot.js';

/** Whether the relay can be reached. */
export type RelayStatus = 'connecting' | 'online' | 'offline';

/** Everything an element needs to draw itself; a new frozen object at every change. */
export interface CallSnapshot extends EngineSnapshot<MediaStream> {
  readonly relayStatus: RelayStatus;
  /** Why the relay is not to be had, once that is known. */
  readonly relayTrouble?: CallErrorCode | undefined;
  /** This page's peer ID, once the relay has confirmed or issued it. */
  readonly me: string | null;
}

/** What happened, once each, in order; the elements make DOM events of it. */
export type CallNotice =
  | { readonly type: 'incoming'; readonly call: CallInfo }
  | {
      readonly type: 'state';
      readonly state: Phase;
      readonly previous: Phase;
      readonly reason: EndReason | null;
      readonly call: CallInfo | null;
    }
  | { readonly type: 'connected'; readonly call: CallInfo }
  | ({ readonly type: 'ended' } & CallEnd)
  /**
   * A call that the person could not see: it came in while another one was on, or was over when this page heard of it;
   * `vague` where its kind and the name were never heard, or its end may be another one.
   */
  | { readonly type: 'missed'; readonly call: CallInfo; readonly vague?: true }
  | ({ readonly type: 'error' } & CallTrouble)
  | { readonly type: 'relay-status'; readonly status: RelayStatus };

/** One who listens to a session, and is called after the snapshot has changed. */
export interface SessionListener {
  changed?(snapshot: CallSnapshot): void;
  notice?(notice: CallNotice): void;
  /** Whether nothing may be written into the history of this device now: one who says so is enough. */
  keepsNothing?(): boolean;
}

/** How a session reaches its relay. */
export interface ConnectionOptions {
  /** `ws:` or `wss:` URL of the relay, already made whole. */
  readonly relay: string;
  /** This page's peer ID; without one the relay issues a guest ID. */
  readonly me?: string;
  /** Name shown to the other side. */
  readonly displayName?: string;
  /** A JSON Web Token. One that is new is sent to the relay at once. */
  readonly token?: string;
  /** URL that answers a token, as plain text or as `{"token": …}`; asked anew for every connection, and before the token expires. */
  readonly tokenSrc?: string;
  /** Instead of the ICE servers that the relay hands out. */
  readonly iceServers?: readonly IceServer[];
  readonly icePolicy?: 'all' | 'relay';
  /** Which ways a path may take that is prepared while it rings: `relay`, through TURN alone, where not named. */
  readonly earlyIce?: 'none' | 'relay' | 'all';
  /** End the call when the page is loaded anew, instead of taking it up again. */
  readonly noResume?: boolean;
  /** Write nothing of the calls into the history of this device, as long as one element of the session says so. */
  readonly noHistory?: boolean;
}

/** How a session captures media; taken into account at the next capture. */
export interface MediaOptions {
  /** Send an animated picture and silence instead of camera and microphone. */
  readonly virtualCamera?: boolean;
  /** Most lines of the picture that is sent: 360, 540, 720 or 1080. */
  readonly maxLines?: number;
  /** Most kbit/s that are sent of the camera's picture, and of the screen's. */
  readonly maxBitrate?: number;
  /** Send little, whatever the network carries: 360 lines, 15 pictures per second, 300 kbit/s. */
  readonly dataSaver?: boolean;
  /** What the person has chosen, taken where it is there. */
  readonly microphone?: NamedDevice;
  readonly camera?: NamedDevice;
}

/** Some of the options; those that are undefined are taken back. */
export type Changes<Options> = { readonly [Name in keyof Options]?: Options[Name] | undefined };

/** A page's presence at one relay under one peer ID, shared by all elements that name both. */
export interface CallSession {
  readonly snapshot: CallSnapshot;
  /** Starts listening. Returns the function that stops it. */
  subscribe(listener: SessionListener): () => void;
  /** Calls a peer. Ignored while a call is on. `ringTimeout` in seconds; `name` is the peer's, where it is known already. */
  call(peer: string, options: { media: MediaKind; ringTimeout: number; name?: string }): void;
  /** Says that the incoming call is being shown, and whether it can be heard; the caller is told that it rings. */
  rings(alert: Alert): void;
  /** Opens the camera for the incoming video call, where nobody has to be asked; nothing is sent before somebody accepts. */
  preview(): void;
  /** Takes the incoming call; `audio` takes a video call without sending a picture. */
  accept(options: { media: MediaKind }): void;
  decline(): void;
  /** Ends the call, in whatever state it is. */
  hangUp(): void;
  /** How many elements and clients of the page have this session. */
  readonly users: number;
  /** Nobody sees the call here any more: one that comes in rings on at this person's other devices, any other one ends. */
  letGo(): void;
  /** Says that the first picture of the other side is there, which whoever shows it knows first. */
  pictureCame(): void;
  /** Both answer whether there is a call that has the device, or is about to open it. */
  setMicrophone(on: boolean): boolean;
  setCamera(on: boolean): boolean;
  /** Shares the screen, or shares it no more. Must be called in the handler of a person's gesture. */
  shareScreen(on: boolean): void;
  /** Says to the other side that this side records the call, or no longer; ignored before it is connected. */
  setRecording(on: boolean): void;
  /** Takes the next camera of this device. */
  switchCamera(): void;
  /** Puts this microphone or camera in the place of the one that is open; nothing happens where none is. */
  chooseDevices(choices: Pick<DeviceChoices, 'microphone' | 'camera'>): void;
  /** The chat of the call, or of the last one, once anything was written in it or it was opened. */
  readonly chat: ChatWithNews | undefined;
  /** Loads the chat of the call that is on; undefined where there is none, or it cannot be loaded. */
  openChat(): Promise<ChatWithNews | undefined>;
  /** Forgets the chat of a call that is over. */
  closeChat(): void;
  /** Tells, once a second while a call is connected, how its connection does. Returns the function that ends it. */
  measure(listener: (reading: Reading) => void): () => void;
  /** Follows the presence of a peer; `unknown` until the relay has told, and while it cannot be reached. */
  watch(peer: string, listener: (presence: Presence | 'unknown', name?: string) => void): () => void;
  /** Asks the relay who is there; null where it keeps no list, undefined where it cannot be asked now. */
  roster(): Promise<readonly Person[] | null | undefined>;
  /** After how many milliseconds the relay wants to be asked again; undefined where it did not say. */
  readonly rosterAgain?: number | undefined;
  /** New options for the next capture. */
  configureMedia(options: MediaOptions): void;
  /** New connection options of the same relay and peer; used from the next connection on, a call goes on. */
  configureConnection(options: ConnectionOptions): void;
  /** Changes some of the options for the next capture, whoever has set the others; undefined takes one back. */
  changeMedia(changes: Changes<MediaOptions>): void;
  /** Changes some of the connection options as `configureConnection` does all, but `relay` and `me`; undefined takes one back. */
  changeConnection(changes: Changes<ConnectionOptions>): void;
  /**
   * The page is going away: says so to the other side while there still is time. One that is `persisted` (HTML, `pagehide`) may be
   * shown again as it is, and is not to be called until then.
   */
  leave(persisted?: boolean): void;
}
