/** A call engine that does what a test says: it records what is asked of it, and shows and tells what it is given. */
import type { Reading } from '../../components/quality/reading.js';
import type { Alert, MediaKind, Person, Presence } from '../../relay/protocol/index.js';
import { CallController } from '../../components/call-controller.js';
import type { DeviceChoices } from '../../components/call/choices.js';
import { FakeChat } from './fake-chat.js';
import type { CallInfo, Phase } from '../../components/call/phases.js';
import type {
  CallNotice,
  CallSession,
  CallSnapshot,
  Changes,
  ConnectionOptions,
  MediaOptions,
  SessionListener,
} from '../../components/call/session.js';

const SILENT = { microphone: false, camera: false, screen: false };

/** What a session shows while nothing happens. */
export const AT_REST: CallSnapshot = {
  state: 'idle',
  call: null,
  reason: null,
  alert: null,
  away: false,
  rejoin: false,
  notices: [],
  local: SILENT,
  remote: SILENT,
  localStream: null,
  remoteStream: null,
  localScreen: null,
  remoteScreen: null,
  relayStatus: 'online',
  me: 'alice',
};

/** A call with bob, or with what is given. */
export const callWith = (fields: Partial<CallInfo> = {}): CallInfo => ({
  id: crypto.randomUUID(),
  peer: 'bob',
  name: 'Bob',
  media: 'video',
  direction: 'outgoing',
  startedAt: null,
  ...fields,
});

/** One request that an element made of its session. */
export type Request = readonly [name: string, ...args: unknown[]];

export class FakeSession implements CallSession {
  snapshot: CallSnapshot = AT_REST;
  /** How many elements use this session now. */
  users = 0;
  /** Everything that was asked, in order, apart from listening. */
  readonly requests: Request[] = [];
  chat: FakeChat | undefined;
  readonly #listeners = new Set<SessionListener>();
  readonly #watchers = new Map<string, Set<(presence: Presence | 'unknown', name?: string) => void>>();

  constructor(public options: ConnectionOptions) {}

  /** The requests of one name. */
  asked(name: string): unknown[][] {
    return this.requests.filter(([asked]) => asked === name).map(([, ...args]) => args);
  }

  /** Moves to another snapshot, and tells of a change of state as the engine does. */
  show(fields: Partial<CallSnapshot>): void {
    const previous = this.snapshot.state;
    this.snapshot = Object.freeze({ ...this.snapshot, ...fields });
    for (const listener of [...this.#listeners]) listener.changed?.(this.snapshot);
    const { state, reason, call } = this.snapshot;
    if (state !== previous) this.tell({ type: 'state', state, previous, reason, call });
    if (state === 'incoming' && previous !== 'incoming' && call) this.tell({ type: 'incoming', call });
  }

  /** Tells everybody who listens. */
  tell(notice: CallNotice): void {
    for (const listener of [...this.#listeners]) listener.notice?.(notice);
  }

  /** Lets a peer come or go. */
  setPresence(peer: string, presence: Presence | 'unknown', name?: string): void {
    this.#watchers.get(peer)?.forEach((listener) => listener(presence, name));
  }

  /** Whether anybody follows the presence of a peer. */
  isWatched(peer: string): boolean {
    return !!this.#watchers.get(peer)?.size;
  }

  /** A call from bob, or from what is given. */
  bringIn(fields: Partial<CallInfo> = {}): CallInfo {
    const call = callWith({ direction: 'incoming', ...fields });
    this.show({ state: 'incoming', call });
    return call;
  }

  /** A call that is on. */
  connect(fields: Partial<CallInfo> = {}, more: Partial<CallSnapshot> = {}): CallInfo {
    const call = callWith({ startedAt: Date.now(), ...fields });
    const sends = { microphone: true, camera: call.media === 'video', screen: false };
    this.show({ state: 'connected', call, local: sends, remote: sends, ...more });
    return call;
  }

  subscribe(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call(peer: string, options: { media: MediaKind; ringTimeout: number; name?: string }): void {
    this.requests.push(['call', peer, options]);
    this.show({ state: 'calling', call: callWith({ peer, name: peer, media: options.media }), reason: null });
  }

  rings(alert: Alert): void {
    this.requests.push(['rings', alert]);
    this.show({ alert });
  }

  preview(): void {
    this.requests.push(['preview']);
  }

  accept(options: { media: MediaKind }): void {
    this.requests.push(['accept', options]);
  }

  decline(): void {
    this.requests.push(['decline']);
  }

  letGo(): void {
    this.requests.push(['letGo']);
    const { state } = this.snapshot;
    if (state === 'idle' || state === 'ended') return;
    this.end(state === 'incoming' ? 'left' : 'hung-up');
  }

  hangUp(): void {
    this.requests.push(['hangUp']);
    this.end('hung-up');
  }

  /** Ends the call, as the engine does. */
  end(reason: NonNullable<CallSnapshot['reason']>, duration = 0): void {
    const { call } = this.snapshot;
    this.show({ state: 'ended' satisfies Phase, reason, local: SILENT, remote: SILENT, localStream: null, remoteStream: null });
    if (call) this.tell({ type: 'ended', call, reason, duration });
  }

  pictureCame(): void {
    this.requests.push(['pictureCame']);
  }

  setMicrophone(on: boolean): boolean {
    this.requests.push(['setMicrophone', on]);
    this.show({ local: { ...this.snapshot.local, microphone: on } });
    return true;
  }

  setCamera(on: boolean): boolean {
    this.requests.push(['setCamera', on]);
    this.show({ local: { ...this.snapshot.local, camera: on } });
    return true;
  }

  shareScreen(on: boolean): void {
    this.requests.push(['shareScreen', on]);
  }

  setRecording(on: boolean): void {
    this.requests.push(['setRecording', on]);
    this.show({ local: { ...this.snapshot.local, recording: on } });
  }

  switchCamera(): void {
    this.requests.push(['switchCamera']);
  }

  chooseDevices(choices: DeviceChoices): void {
    this.requests.push(['chooseDevices', choices]);
  }

  /** The chat, as soon as somebody has opened it or said something. */
  startChat(): FakeChat {
    return (this.chat ??= new FakeChat(this.snapshot.call!.id, () => this.show({})));
  }

  async openChat(): Promise<FakeChat | undefined> {
    if (!this.snapshot.call) return undefined;
    const chat = this.startChat();
    this.show({});
    return chat;
  }

  closeChat(): void {
    this.chat = undefined;
    this.requests.push(['closeChat']);
  }

  readonly #meters = new Set<(reading: Reading) => void>();

  /** How many want to know how the connection does. */
  get measuring(): number {
    return this.#meters.size;
  }

  measure(listener: (reading: Reading) => void): () => void {
    this.#meters.add(listener);
    return () => this.#meters.delete(listener);
  }

  /** A second of the connection has passed. */
  passSecond(reading: Reading): void {
    for (const listener of [...this.#meters]) listener(reading);
  }

  watch(peer: string, listener: (presence: Presence | 'unknown', name?: string) => void): () => void {
    const watchers = this.#watchers.get(peer) ?? new Set();
    this.#watchers.set(peer, watchers.add(listener));
    return () => watchers.delete(listener);
  }

  /** Who is there; null for a relay without a list. */
  people: readonly Person[] | null = [];

  async roster(): Promise<readonly Person[] | null> {
    this.requests.push(['roster']);
    return this.people;
  }

  configureMedia(options: MediaOptions): void {
    this.requests.push(['configureMedia', options]);
  }

  configureConnection(options: ConnectionOptions): void {
    this.options = options;
    this.requests.push(['configureConnection', options]);
  }

  changeMedia(changes: Changes<MediaOptions>): void {
    this.requests.push(['changeMedia', changes]);
  }

  changeConnection(changes: Changes<ConnectionOptions>): void {
    this.options = { ...this.options, ...(changes as Partial<ConnectionOptions>) };
    this.requests.push(['changeConnection', changes]);
  }

  leave(persisted?: boolean): void {
    this.requests.push(['leave', persisted]);
  }
}

/** All sessions that elements have opened since `useFakeSessions`. */
export class FakeSessions {
  readonly all: FakeSession[] = [];

  /** The session of a peer ID; the guests' without one. */
  of(me?: string): FakeSession | undefined {
    return this.all.find((session) => session.options.me === me && session.users > 0);
  }

  openSession(options: ConnectionOptions): CallSession {
    let session = this.all.find(({ options: { relay, me }, users }) => relay === options.relay && me === options.me && users > 0);
    if (!session) this.all.push((session = new FakeSession(options)));
    session.users++;
    return session;
  }

  closeSession(session: CallSession): void {
    (session as FakeSession).users--;
  }
}

/** Puts fake sessions in the place of the call engine. */
export function useFakeSessions(): FakeSessions {
  const sessions = new FakeSessions();
  CallController.sessions = async () => ({
    openSession: (options) => sessions.openSession(options),
    closeSession: (session) => sessions.closeSession(session),
  });
  return sessions;
}
