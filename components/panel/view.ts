/** What the views of the panel are drawn from, and the pieces that several of them use. */
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Layout } from '../attributes.js';
import type { MediaKind, Presence } from '../../relay/protocol/index.js';
import type { DeviceChoices } from '../call/choices.js';
import type { DeviceNotice } from '../call/errors.js';
import type { CallInfo } from '../call/phases.js';
import type { CallSession, CallSnapshot } from '../call/session.js';
import type { ChatWithNews } from '../chat/face.js';
import { phone } from '../icons/phone.js';
import { fill } from '../locales/index.js';
import type { Words } from '../locales/index.js';
import type { RecordDoor } from './record-door.js';
import type { IncomingRing } from './ringer.js';

/** What a person can ask for by pressing something; each answers whether it was asked of the engine. */
export interface PanelActions {
  call(peer: string, options?: { media?: MediaKind }): Promise<boolean>;
  accept(options?: { media?: MediaKind }): Promise<boolean>;
  decline(): Promise<boolean>;
  hangUp(): Promise<boolean>;
  setMicrophone(on: boolean): Promise<boolean>;
  setCamera(on: boolean): Promise<boolean>;
  shareScreen(on: boolean): Promise<boolean>;
  record(on: boolean): Promise<boolean>;
  switchCamera(): Promise<boolean>;
  chooseDevices(choices: DeviceChoices): Promise<boolean>;
}

/** What the views know of the chat. */
export interface ChatView {
  readonly room: ChatWithNews | undefined;
  readonly open: boolean;
  /** Whether the page wants none to be shown. */
  readonly hidden: boolean;
  toggle(): void;
  /** Somebody drags something over the call, or drops it. */
  readonly drag: (event: DragEvent) => void;
}

/** Everything that a view of the panel shows. */
export interface PanelView {
  readonly snapshot: CallSnapshot;
  readonly words: Words;
  readonly lang: string;
  /** The peer of the panel's own call button, its name and presence. */
  readonly peer: { readonly id: string; readonly name: string; readonly presence: Presence | 'unknown' } | undefined;
  readonly layout: Layout;
  /** The root that the card is in: the panel's own, or that of the window which shows the call. */
  readonly root: ShadowRoot;
  /** Whether the call is in a window of its own. */
  readonly windowed: boolean;
  /** The incoming call, where this panel rings for it. */
  readonly ring: Omit<IncomingRing, 'stop'> | undefined;
  /** Whether keys do what controls do. */
  readonly shortcuts: boolean;
  /** Whether another panel presents the call. */
  readonly elsewhere: boolean;
  /** Whether the browser refused to sound until a gesture. */
  readonly silenced: boolean;
  readonly trouble: string;
  /** How long the last call was connected, in seconds. */
  readonly duration: number;
  /** Whether the device has several cameras. */
  readonly cameras: boolean;
  /** Whether this device and the page let the screen be shared, and whether it is. */
  readonly sharing: 'no' | 'off' | 'on';
  /** Whether this browser and the page let the call be recorded, and whether this side does. */
  readonly record: 'no' | 'off' | 'on';
  readonly recorder: RecordDoor;
  /** Whether devices can be chosen, and whether their view is open. */
  readonly devices: 'no' | 'off' | 'on';
  /** Whether the person may find out why calls do not get through, and whether that is shown. */
  readonly diagnosis: 'no' | 'off' | 'on';
  /** Whether the page sends an animated picture instead of camera and microphone. */
  readonly virtual: boolean;
  /** What the panel itself has to tell in the call, as sentences. */
  readonly hints: readonly string[];
  readonly pip: boolean;
  readonly fullscreen: 'no' | 'off' | 'on';
  readonly chat: ChatView;
  /** Where it is measured how the call goes, and whether the page wants nothing of it to be shown. */
  readonly quality: { readonly session: Pick<CallSession, 'measure'> | undefined; readonly hidden: boolean };
  readonly ask: PanelActions;
  toggleDevices(): void;
  toggleDiagnosis(): void;
  /** Lifts the call out of the page, or puts it back; with `away`, only until the page is in front again. */
  togglePip(away?: boolean): void;
  toggleFullscreen(): void;
  unsilence(): void;
  /** The other side's picture is there. */
  pictureCame(): void;
  /** Somebody is at the end of a call, or leaves it. */
  readonly attend: (event: Event) => void;
  close(): void;
}

/** A sentence whose `{name}` is the other side's, kept apart from the sentence's own direction. */
export function withName(sentence: string, name: string): unknown {
  const [before, after] = sentence.split('{name}');
  return after === undefined ? sentence : html`${before}<bdi>${name}</bdi>${after}`;
}

/** Whether the call ended for want of the other side's devices: whose failed is told by whether anything was said of one's own. */
export const isTheirs = ({ snapshot, trouble }: PanelView): boolean => /^media-/.test(snapshot.reason ?? '') && !trouble;

/** What a call was that came in and was not taken; nothing of any other. Whoever has gone while it still rang was missed. */
export function missedOf({ words, snapshot: { reason, alert } }: PanelView, { direction }: CallInfo): string | undefined {
  if (direction === 'outgoing') return undefined;
  return words.endedIncoming[reason === 'left' && alert ? 'cancelled' : (reason ?? 'hung-up')];
}

/** Why a call ended, seen from this side. */
export function endOf(view: PanelView, call: CallInfo): string {
  const { words, snapshot } = view;
  const { relayStatus, relayTrouble = 'relay-unreachable' } = snapshot;
  const reason = snapshot.reason ?? 'hung-up';
  if (isTheirs(view)) return words.theirDevices;
  if (reason === 'unreachable' && relayStatus !== 'online') return words.errors[relayTrouble];
  return missedOf(view, call) ?? words.ended[reason];
}

/** What a call that nobody has answered is at; where it cannot leave this page and the reason is known, that. */
export function progressOf({ snapshot, words }: PanelView): string {
  const { state, alert, relayStatus, relayTrouble } = snapshot;
  const known = relayTrouble ?? (relayStatus === 'offline' ? 'relay-unreachable' : undefined);
  if (state === 'calling' && relayStatus !== 'online' && known) return words.errors[known];
  if (state === 'ringing' && alert === 'visual') return words.ringsSilently;
  return state === 'idle' ? '' : words.states[state];
}

/** The letters that stand for a person without a picture. */
export function initials(name: string): string {
  const parts = name.split(/[\s._@:+=-]+/).filter(Boolean);
  return [parts[0], parts.slice(1).pop()]
    .map((part) => [...(part ?? '')][0] ?? '')
    .join('')
    .toUpperCase();
}

/** One of six colours as a class, always the same for the same name. */
export const hueOf = (name: string) => `hue-${[...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 997, 7) % 6}`;

/** The round face of a person. */
export const face = (name: string) => html`<div class="face ${hueOf(name)}" aria-hidden="true"><span>${initials(name)}</span></div>`;

/** A round control. Its words are its accessible name, shown below it where there is room. */
export function control(
  part: string,
  icon: TemplateResult,
  label: string,
  press: (event: Event) => unknown,
  {
    kind = '',
    slot = part,
    description,
    key,
    expands,
  }: { kind?: string; slot?: string; description?: string; key?: string | false; expands?: boolean } = {},
) {
  return html`<button
    part="control ${part}-button"
    class="control ${kind}"
    title=${key ? `${label} (${key})` : label}
    aria-description=${description ?? nothing}
    aria-keyshortcuts=${key || nothing}
    aria-expanded=${expands ? 'false' : nothing}
    @click=${press}
  >
    <span class="disc"><slot name="${slot}-icon">${icon}</slot></span
    ><span class="word">${label}</span>
  </button>`;
}

/** A button with its word in it. */
export const pill = (
  part: string,
  label: string,
  press: (event: MouseEvent) => unknown,
  { kind = '', icon }: { kind?: string; icon?: TemplateResult } = {},
) => html`<button part="${part}-button" class="pill ${kind}" @click=${press}>${icon}${label}</button>`;

/** What happened to a device of this side, as a sentence. */
export function aboutDevice({ notices, anotherDevice }: Words, notice: DeviceNotice): string {
  const sentences: Readonly<Record<string, string>> = notices[notice.device];
  return fill(sentences[notice.what]!, { name: notice.name || anotherDevice });
}

/** Everything that the person is told of devices now, as sentences, the oldest first. */
export const notesOf = ({ snapshot, words, hints }: PanelView): readonly string[] => [
  ...snapshot.notices.map((notice) => aboutDevice(words, notice)),
  ...(snapshot.local.paused ? [words.slow.yours] : []),
  ...hints,
];

/** What is waited for while the call is `reconnecting`. */
export function whyReconnecting({ snapshot, words }: PanelView, name: string): string {
  return snapshot.away ? fill(words.waitingFor, { name }) : words.states.reconnecting;
}

/** The button that calls. */
export const callPill = (label: string, press: () => unknown) =>
  pill('call', label, press, { kind: 'go', icon: html`<slot name="call-icon">${phone}</slot>` });
