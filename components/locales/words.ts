/**
 * The words of the widget, as typed tables.
 *
 * Not `@lit/localize`: it holds one locale per copy of its module, can be configured once, and would collide
 * with a host page that uses it too. Here every element speaks its own `lang`, two on one page may differ,
 * and a table is plain data that can be loaded late and replaced word by word.
 */
import type { EndReason, MediaKind, Presence } from '../../relay/protocol/index.js';
import type { CallErrorCode, Mishap } from '../call/errors.js';
import type { Phase } from '../call/phases.js';

/** The words of a button alone, small enough to load with it. */
export interface ButtonWords {
  readonly call: string;
  readonly presence: Readonly<Record<Presence | 'unknown', string>>;
  readonly states: Readonly<Record<Exclude<Phase, 'idle'>, string>>;
}

/** Every word of the widget in one language. `{name}` and `{time}` are filled in. */
export interface Words extends ButtonWords {
  readonly accept: string;
  readonly acceptAudio: string;
  readonly decline: string;
  readonly cancel: string;
  readonly hangUp: string;
  readonly mute: string;
  readonly unmute: string;
  readonly cameraOff: string;
  readonly cameraOn: string;
  readonly switchCamera: string;
  readonly pip: string;
  readonly fullscreen: string;
  readonly exitFullscreen: string;
  readonly callAgain: string;
  readonly close: string;
  readonly tapForSound: string;
  readonly incoming: Readonly<Record<MediaKind, string>>;
  readonly callWith: string;
  /** The other side's device rings, but silently. */
  readonly ringsSilently: string;
  /** The page was loaded anew in a call: the button that takes it up again, and why it is there. */
  readonly rejoin: string;
  readonly rejoinHint: string;
  /** The other side's page has gone, and may be back. */
  readonly waitingFor: string;
  /** What happened to one's own devices in a call; `{name}` is that of the device that is used now. */
  readonly notices: {
    readonly microphone: Readonly<Record<Mishap, string>>;
    readonly camera: Readonly<Record<Exclude<Mishap, 'silent'>, string>>;
  };
  /** The name of a device that has none. */
  readonly anotherDevice: string;
  readonly theirCameraOff: string;
  /** A visitor without a name. */
  readonly guest: string;
  /** The call ended because the other side had no devices, or did not allow them. */
  readonly theirDevices: string;
  readonly theyAreMuted: string;
  readonly ready: string;
  readonly connectingRelay: string;
  readonly offline: string;
  /** Another panel of this page shows the call. */
  readonly elsewhere: string;
  readonly duration: string;
  readonly ended: Readonly<Record<EndReason, string>>;
  /** Where an incoming call needs another sentence. */
  readonly endedIncoming: Readonly<Partial<Record<EndReason, string>>>;
  readonly errors: Readonly<Record<CallErrorCode, string>>;

  readonly yourPicture: string;
  readonly swapPictures: string;
  readonly hidePicture: string;
  readonly showPicture: string;
  readonly minimise: string;
  readonly expand: string;
}
