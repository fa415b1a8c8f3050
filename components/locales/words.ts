/**
 * The words of the widget, as typed tables.
 *
 * Not `@lit/localize`: it holds one locale per copy of its module, can be configured once, and would collide
 * with a host page that uses it too. Here every element speaks its own `lang`, two on one page may differ,
 * and a table is plain data in a chunk of its own, loaded when it is needed and replaced word by word by a page.
 */
import type { EndReason, MediaKind, Presence } from '../../relay/protocol/index.js';
import type { CallErrorCode, Mishap, ScreenTrouble } from '../call/errors.js';
import type { Phase } from '../call/phases.js';
import type { FileState, FileTrouble } from '../chat/entries.js';
import type { Quality } from '../quality/judgement.js';

/** Every word of the widget in one language. `{name}`, `{time}` and `{count}` are filled in. */
export interface Words {
  readonly call: string;
  readonly presence: Readonly<Record<Presence | 'unknown', string>>;
  readonly states: Readonly<Record<Exclude<Phase, 'idle'>, string>>;
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
  readonly callBack: string;
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
    readonly camera: Readonly<Record<Exclude<Mishap, 'silent' | 'asked'>, string>>;
    readonly screen: Readonly<Record<ScreenTrouble, string>>;
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

  readonly silence: string;
  /** In the title of a page in the background, and on the desktop. */
  readonly isCalling: string;
  /** In the page, while the call is in a window of its own; and the button that brings it back. */
  readonly inWindow: string;
  readonly bringBack: string;

  readonly ended: Readonly<Record<EndReason, string>>;
  /** Where an incoming call needs another sentence. */
  readonly endedIncoming: Readonly<Partial<Record<EndReason, string>>>;
  readonly errors: Readonly<Record<CallErrorCode, string>>;

  readonly devices: string;
  readonly deviceKinds: Readonly<Record<'microphone' | 'camera' | 'speaker', string>>;
  readonly microphoneLevel: string;
  readonly testSpeaker: string;
  readonly devicesAsk: string;
  readonly devicesAllow: string;
  readonly devicesVirtual: string;
  readonly mutedHint: string;
  readonly speakerGone: string;
  readonly chat: {
    readonly title: string;
    readonly close: string;
    readonly message: string;
    readonly send: string;
    readonly attach: string;
    readonly drop: string;
    readonly empty: string;
    /** Before a message, for whoever hears it read. */
    readonly you: string;
    readonly unread: string;
    readonly sent: string;
    readonly arrived: string;
    readonly offline: string;
    readonly tooLong: string;
    /** What can be done with a file; `save` is for one that has arrived. */
    readonly receive: string;
    readonly again: string;
    readonly refuse: string;
    readonly stop: string;
    readonly save: string;
    readonly states: Readonly<Record<Exclude<FileState, 'moving'>, string>>;
    readonly troubles: Readonly<Record<FileTrouble, string>>;
  };
  readonly roster: {
    /** The name of the list. */
    readonly people: string;
    readonly search: string;
    /** How many were found, by the plural rules of the language; `{count}` is filled in. */
    readonly found: PluralForms;
    readonly notFound: string;
    /** The two ways to call somebody; `{name}` is filled in. */
    readonly video: string;
    readonly audio: string;
    /** Nobody else is there. */
    readonly empty: string;
    /** The relay was started without a list. */
    readonly none: string;
  };
  readonly yourPicture: string;
  readonly swapPictures: string;
  readonly hidePicture: string;
  readonly showPicture: string;
  readonly minimise: string;
  readonly expand: string;
  readonly more: string;
  readonly shareScreen: string;
  readonly stopSharing: string;
  readonly youShare: string;
  readonly theyShare: string;

  /** Why nobody else can be called now. */
  readonly inAnotherCall: string;

  /** How the call goes. */
  readonly quality: {
    /** The name of the indicator; `{quality}` is one of the words. */
    readonly connection: string;
    readonly words: Readonly<Record<Quality, string>>;
    /**
     * It goes badly: the other side arrives badly here, this side there, or both; the other picture stands still, for whatever
     * reason; or this device is too slow.
     */
    readonly incoming: string;
    readonly outgoing: string;
    readonly both: string;
    readonly freezes: string;
    readonly cpu: string;
  };
  /** A picture that is held back, because the network of the one who sends it is too slow. */
  readonly slow: { readonly theirs: string; readonly yours: string };
  /** What opens the diagnosis: before a call, and after one that has failed. */
  readonly diagnosis: Readonly<Record<'check' | 'why', string>>;
  /** The calls of the past. */
  readonly history: {
    /** The name of the list. */
    readonly title: string;
    /** Who called whom. */
    readonly incoming: string;
    readonly outgoing: string;
    /** What came of it. */
    readonly missed: string;
    readonly declined: string;
    readonly noAnswer: string;
    readonly cancelled: string;
    /** There was no call yet. */
    readonly empty: string;
    readonly clear: string;
    /** Asked before everything is removed. */
    readonly sure: string;
    /** Removes the calls of one row; `{name}` is filled in. */
    readonly remove: string;
    /** How many missed calls nobody has seen yet; `{count}` is filled in. */
    readonly news: string;
  };
  /** Recording a call on this device. */
  readonly recording: {
    readonly start: string;
    readonly stop: string;
    /** The mark that both sides see. */
    readonly mark: string;
    readonly you: string;
    /** `{name}` records. */
    readonly they: string;
    /** In the call, once a recording has ended. */
    readonly later: string;
    /** There is a recording of a call with `{name}`. */
    readonly kept: string;
    readonly save: string;
    readonly remove: string;
    /** It is being saved, as long as the browser tells, or by the browser alone. */
    readonly saved: string;
    /** Whether to delete it. */
    readonly sure: string;
    /** It was saved, it was deleted. */
    readonly done: string;
    readonly gone: string;
    /** It cannot be, or could not go on: for want of anything, for want of room. */
    readonly failed: string;
    readonly full: string;
  };
}

/** A sentence in every form that the plural of a language has. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

/** Some of the words, in place of the widget's own. */
export type WordChanges<Table = Words> = {
  readonly [Key in keyof Table]?: Table[Key] extends string | undefined ? string : WordChanges<Table[Key]>;
};
