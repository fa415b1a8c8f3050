/**
 * Page-wide sharing: one link and one call engine per relay and peer ID, however many elements name them.
 */
import { readRelay } from './attributes.js';
import { newCallId } from './call/call-id.js';
import { pageClock as clock } from './call/clock.js';
import { Capture } from './call/capture.js';
import type { DeviceChoices } from './call/choices.js';
import { isGranted, openDevices, watchDevices } from './call/devices.js';
import { CallEngine } from './call/engine.js';
import type { EngineSnapshot } from './call/engine.js';
import { Peer } from './call/peer.js';
import type { LocalTracks } from './call/lanes.js';
import type { PeerOptions } from './call/peer.js';
import type { CallErrorCode } from './call/errors.js';
import { isLive, isTalking } from './call/phases.js';
import { readRecord } from './call/record.js';
import type { CallRecord } from './call/record.js';
import { openScreen } from './call/screen.js';
import type { ChatWithNews } from './chat/face.js';
import { ChatLanes } from './chat/lanes.js';
import type { CallNotice, CallSession, CallSnapshot, Changes, ConnectionOptions, MediaOptions, SessionListener } from './call/session.js';
import { places } from './environment.js';
import { CallCertificate } from './link/certificate.js';
import { Identity } from './link/identity.js';
import { Link } from './link/link.js';
import type { Welcome } from './link/link.js';
import { linkPort } from './link/port.js';
import { RosterQuestions } from './link/roster.js';
import type { WhoIsThere } from './link/roster.js';
import { listenToWaking } from './waking.js';
import { Conditions } from './quality/conditions.js';
import type { ReadingListener } from './quality/meter.js';
import { LazyWriter } from './history/lazy-writer.js';
import { VERSION } from './version.js';
import { Watching } from './link/watching.js';
import type { PresenceListener } from './link/watching.js';
import type { Alert, IceServer, MediaKind, RelayMessage } from '../relay/protocol/index.js';

class PageSession implements CallSession {
  users = 1;
  readonly key: string;
  readonly #listeners = new Set<SessionListener>();
  readonly #engine: CallEngine<LocalTracks, MediaStream>;
  readonly #link: Link;
  readonly #watching: Watching;
  readonly #chats: ChatLanes;
  readonly #roster: RosterQuestions;
  readonly #capture: Capture;
  readonly #identity: Identity;
  readonly #certificate = new CallCertificate();
  readonly #stopListening: () => void;
  readonly #conditions: Conditions;
  #peer: Peer | undefined;
  /** The browser's connection of the call that is on. */
  #connection: RTCPeerConnection | undefined;
  readonly #writer: LazyWriter;
  #stopWatching: (() => void) | undefined;
  #options: ConnectionOptions;
  #media: MediaOptions = {};
  #me: string | null = null;
  /** Lets the connection be made that waits for the relay's first word. */
  #onWelcome = (): void => {};
  readonly #firstWelcome = new Promise<void>((resolve) => (this.#onWelcome = resolve));
  #relayTrouble: CallErrorCode | undefined;
  /** The name under which the relay knows this page, from its token for example. */
  #known: string | undefined;
  #snapshot: CallSnapshot;
  /** Whether the last page's devices may be opened again without a question to the person. */
  #granted = false;
  /** Whether the page has gone, and left its call to the next one. */
  #parted = false;
  #keptNothing = false;

  constructor(key: string, options: ConnectionOptions) {
    this.key = key;
    this.#options = options;
    this.#identity = new Identity(key);
    this.#capture = new Capture(
      (event) => this.#engine.media(event),
      (constraints) => this.#openDevices(constraints),
      openScreen,
    );
    this.#link = new Link(
      options,
      this.#identity.device,
      {
        status: (status) => this.#linkChanged(status),
        welcome: (welcome) => this.#welcomed(welcome),
        call: (message) => this.#engine.receive(message),
        relay: (message) => this.#relaySaid(message),
        trouble: (trouble) => {
          this.#relayTrouble = trouble.code;
          this.#notice({ type: 'error', ...trouble });
        },
      },
      {
        clock,
        random: Math.random,
        open: (url, protocol) => new WebSocket(url, protocol),
        usual: readRelay(undefined, places(), []),
      },
    );
    this.#chats = new ChatLanes(key, { clock, changed: () => this.#refresh(), keeps: () => !this.#options.noResume });
    this.#watching = new Watching((message) => this.#link.send(message), clock);
    this.#roster = new RosterQuestions((message) => this.#link.send(message), clock);
    this.#writer = new LazyWriter(options.relay, clock);
    this.#conditions = new Conditions({
      clock,
      device: navigator,
      retune: () => this.#peer?.retune(),
      hold: (on) => this.#engine.hold(on),
    });
    this.#engine = new CallEngine(
      {
        clock,
        newId: newCallId,
        keep: (record) => this.#keep(this.#options.noResume ? undefined : record),
        spent: this.#identity.spent,
        media: this.#capture,
        early: (direction) => (direction === 'outgoing' ? this.#options.earlyIce !== 'none' : !!this.#early),
        makePeer: (listener, polite, call) =>
          (this.#peer = new Peer(
            listener,
            () => this.#peerOptions(),
            polite,
            (connection) => this.#connected(call, connection),
          )),
        link: linkPort(this.#link, this.#watching),
      },
      { changed: (snapshot) => this.#engineChanged(snapshot), notice: (notice) => this.#notice(notice) },
    );
    this.#engine.name = options.displayName;
    this.#snapshot = this.#take(this.#engine.snapshot);
    this.#stopListening = listenToWaking(() => this.#wake());
    void this.#begin();
  }

  async #begin(): Promise<void> {
    await this.#identity.recover();
    // All that takes time comes before the link: from then on whoever asks for the call must find it here.
    await this.#askWhatIsGranted();
    this.#link.identify(this.#identity.device, this.#identity.resume);
    this.#link.start();
  }

  #welcomed(welcome: Welcome): void {
    this.#me = welcome.peer;
    this.#onWelcome();
    this.#relayTrouble = undefined;
    this.#known = welcome.name;
    this.#engine.name = this.#options.displayName ?? this.#known;
    // A call is taken up by whoever was in it, and by nobody who has signed in since in the same tab.
    const isSame = welcome.device === this.#identity.device && welcome.peer === this.#identity.resume?.peer;
    const record = isSame && !this.#options.noResume ? readRecord(this.#identity.call) : undefined;
    this.#identity.keepWelcome(welcome);
    this.#watching.online();
    this.#roster.online(welcome.roster);
    this.#engine.linkChanged(true);
    this.#refresh();
    if (this.#engine.snapshot.state !== 'idle') return;
    if (record) return this.#comeBack(record);
    this.#identity.keepCall(undefined);
    this.#chats.follow(undefined, false);
    this.#certificate.forget();
  }

  #keep(record: CallRecord | undefined): void {
    this.#identity.keepCall(record && JSON.stringify(record));
    if (record) this.#certificate.keep(this.#identity.device);
  }

  async #askWhatIsGranted(): Promise<void> {
    const record = readRecord(this.#identity.call);
    if (!record) return;
    await this.#certificate.recall(this.#identity.device);
    const needed = record.local.camera ? (['audio', 'video'] as const) : (['audio'] as const);
    this.#granted = (await Promise.all(needed.map(isGranted))).every(Boolean);
  }

  /** Takes up the call that the last page was in: at once where nobody has to be asked for the devices. */
  #comeBack(record: CallRecord): void {
    this.#engine.comeBack(record, !this.#granted && !this.#media.virtualCamera);
  }

  /** A page that had gone and is shown again, as it was, is the next page of its own call. */
  #wake(): void {
    this.#link.prove();
    this.#capture.wake();
    // What has stopped playing meanwhile plays on.
    this.#refresh();
    if (!this.#parted) return;
    this.#parted = false;
    const record = readRecord(this.#identity.call);
    this.#engine.close();
    if (record) void this.#askWhatIsGranted().then(() => this.#comeBack(record));
  }

  get snapshot(): CallSnapshot {
    return this.#snapshot;
  }

  subscribe(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#keptNothing = this.#keepsNothing;
      this.#listeners.delete(listener);
    };
  }

  /** Whoever goes last has said so for the end of the call, too. */
  get #keepsNothing(): boolean {
    return this.#listeners.size > 0 ? [...this.#listeners].some((listener) => listener.keepsNothing?.()) : this.#keptNothing;
  }

  call(peer: string, options: { media: MediaKind; ringTimeout: number; name?: string }): void {
    this.#link.prove();
    // What was kept for the call of the last page is not for this one.
    if (!isLive(this.#engine.snapshot.state)) this.#certificate.forget();
    this.#engine.call(peer, options);
  }

  rings(alert: Alert): void {
    this.#engine.rings(alert);
  }

  preview(): void {
    const call = this.#engine.snapshot.call?.id;
    const open = (may: boolean): void => void (may && this.#engine.snapshot.call?.id === call && this.#engine.preview());
    if (this.#media.virtualCamera) open(true);
    else void isGranted('video').then(open);
  }

  accept(options: { media: MediaKind }): void {
    this.#engine.accept(options);
  }

  decline(): void {
    this.#engine.decline();
  }

  hangUp(): void {
    this.#engine.hangUp();
  }

  setMicrophone(on: boolean): void {
    this.#engine.setMicrophone(on);
  }

  setCamera(on: boolean): void {
    this.#engine.setCamera(on);
  }

  shareScreen(on: boolean): void {
    this.#engine.setScreen(on);
  }

  setRecording(on: boolean): void {
    this.#engine.setRecording(on);
  }

  switchCamera(): void {
    this.#engine.switchCamera();
  }

  chooseDevices({ microphone, camera }: DeviceChoices): void {
    // What the page wants to be sent is not the person's choice.
    if (this.#media.virtualCamera) return;
    if (microphone !== undefined) this.#capture.choose('audio', microphone?.deviceId ?? '');
    if (camera !== undefined) this.#capture.choose('video', camera?.deviceId ?? '');
  }

  get chat(): ChatWithNews | undefined {
    return this.#chats.room;
  }

  async openChat(): Promise<ChatWithNews | undefined> {
    const { call, state } = this.#engine.snapshot;
    return call && isLive(state) ? this.#chats.open(call.id) : undefined;
  }

  closeChat(): void {
    this.#chats.close();
  }

  measure(listener: ReadingListener): () => void {
    return this.#conditions.measure(listener);
  }

  watch(peer: string, listener: PresenceListener): () => void {
    return this.#watching.watch(peer, listener);
  }

  roster(): Promise<WhoIsThere> {
    return this.#roster.ask();
  }

  get rosterAgain(): number | undefined {
    return this.#roster.again;
  }

  configureMedia(options: MediaOptions): void {
    this.#media = options;
    this.#capture.configure(options);
    this.#conditions.follow(this.#snapshot.local, options);
  }

  configureConnection(options: ConnectionOptions): void {
    this.#options = options;
    this.#engine.name = options.displayName ?? this.#known;
    this.#link.configure(options);
  }

  changeMedia(changes: Changes<MediaOptions>): void {
    this.configureMedia(merged(this.#media, changes));
  }

  changeConnection(changes: Changes<ConnectionOptions>): void {
    this.configureConnection(merged(this.#options, changes));
  }

  leave(): void {
    // A reload cannot be told from the end of the page: a call that could be taken up again is left to the next page,
    // and the other side, which sees the connection close, waits for it for a few seconds.
    this.#writer.leave();
    this.#parted = !this.#options.noResume && !!this.#engine.record && this.#identity.isKept;
    if (this.#parted) this.#engine.part();
    else this.#engine.leave();
  }

  close(): void {
    this.#engine.hangUp();
    this.#stopListening();
    this.#watchDevices(false);
    this.#engine.close();
    this.#chats.close();
    this.#link.close();
    this.#identity.close();
    this.#listeners.clear();
  }

  async #openDevices(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (!this.#media.virtualCamera) return openDevices(constraints);
    const { openVirtualDevices } = await import('./virtual-camera.js');
    return openVirtualDevices(constraints);
  }

  /** Which ways a path may take that is prepared while it rings here: without TURN, none that would give away nothing. */
  get #early(): 'relay' | 'all' | undefined {
    const { iceServers = this.#link.iceServers, earlyIce = 'relay' } = this.#options;
    return earlyIce === 'all' || (earlyIce === 'relay' && iceServers.some(isTurn)) ? earlyIce : undefined;
  }

  async #peerOptions(): Promise<PeerOptions> {
    const certificate = await this.#certificate.get();
    // Whoever calls before the relay has said which servers there are would call without any.
    if (!this.#options.iceServers && !this.#me) await this.#firstWelcome;
    const { iceServers = this.#link.iceServers, icePolicy } = this.#options;
    return {
      configuration: {
        iceServers: iceServers as RTCIceServer[],
        bundlePolicy: 'max-bundle',
        ...(certificate && { certificates: [certificate] }),
        ...(icePolicy && { iceTransportPolicy: icePolicy }),
      },
      early: this.#early,
      lanes: this.#conditions.lanes,
      voiceless: this.#media.virtualCamera,
    };
  }

  #connected(call: string, connection: RTCPeerConnection): void {
    this.#connection = connection;
    this.#judge();
    this.#chats.connect(call, connection);
  }

  /** A path that is prepared while it rings says nothing of how the call will be. */
  #judge(): void {
    this.#conditions.connect(isTalking(this.#engine.snapshot.state) ? this.#connection : undefined);
  }

  #relaySaid(message: RelayMessage): void {
    if (message.type === 'presence') this.#watching.heard(message);
    if (message.type === 'roster') this.#roster.heard(message.peers, message.again);
    if (message.type === 'error' && message.re?.type === 'watch' && message.code === 'rate-limited') this.#watching.refused();
    if (message.type === 'unreachable' || message.type === 'error') this.#engine.relaySaid(message);
  }

  #linkChanged(status: CallSnapshot['relayStatus']): void {
    if (status !== 'online') {
      this.#watching.offline();
      this.#roster.offline();
      this.#engine.linkChanged(false);
    }
    this.#refresh();
    this.#notice({ type: 'relay-status', status });
  }

  #engineChanged(snapshot: EngineSnapshot<MediaStream>): void {
    const live = isLive(snapshot.state);
    this.#chats.follow(snapshot.call?.id, live);
    this.#link.setBusy(live);
    if (!live) {
      this.#certificate.forget();
      this.#connection = undefined;
    }
    this.#judge();
    if (live !== !!this.#stopWatching) {
      this.#watchDevices(live);
      if (live) void this.#conditions.adapt();
    }
    this.#refresh();
    this.#conditions.follow(snapshot.local, this.#media);
  }

  /** Follows, for as long as a call is on, what happens to the devices of this page. */
  #watchDevices(on: boolean): void {
    this.#stopWatching?.();
    this.#stopWatching = on
      ? watchDevices({
          permitted: (kind, state) => this.#capture.permitted(kind, state),
          changed: () => {
            this.#capture.changed();
            // The browser may have paused what sounded through a headset that is gone.
            this.#refresh();
          },
        })
      : undefined;
  }

  #take(engine: EngineSnapshot<MediaStream>): CallSnapshot {
    return Object.freeze({ ...engine, relayStatus: this.#link.status, relayTrouble: this.#relayTrouble, me: this.#me });
  }

  #refresh(): void {
    this.#snapshot = this.#take(this.#engine.snapshot);
    for (const listener of [...this.#listeners]) listener.changed?.(this.#snapshot);
  }

  #notice(notice: CallNotice): void {
    this.#writer.hear(this.#me, notice, this.#keepsNothing);
    for (const listener of [...this.#listeners]) listener.notice?.(notice);
  }
}

/** Options with some of them changed; whatever is undefined then is left out. */
export const merged = <Options extends object>(options: Options, changes: Changes<Options>): Options =>
  Object.fromEntries(Object.entries({ ...options, ...changes }).filter(([, value]) => value !== undefined)) as Options;

const isTurn = ({ urls }: IceServer): boolean => urls.some((url) => /^turns?:/.test(url));

/**
 * Where the sessions of a page are kept: on the page itself, so that scripts that were built apart (the elements and the headless
 * client, or two bundles) share them. Each version has a place of its own: what sessions can do changes between them.
 */
export function keptBy(version: string): Map<string, PageSession> {
  const place = Symbol.for(`video-call-elements: sessions of ${version}`);
  const page = globalThis as { [place: symbol]: Map<string, PageSession> | undefined };
  return (page[place] ??= new Map<string, PageSession>());
}

const kept = (): Map<string, PageSession> => keptBy(VERSION);

/**
 * Takes part in this page's session at a relay under a peer ID; the first to do so opens it, and its socket.
 * Each call wants one `closeSession`.
 */
export function openSession(options: ConnectionOptions): CallSession {
  const key = `${options.relay} ${options.me ?? ''}`;
  const sessions = kept();
  let session = sessions.get(key);
  if (session) session.users++;
  else sessions.set(key, (session = new PageSession(key, options)));
  return session;
}

/** Takes part no more. The last one to do so ends the call and leaves the relay. */
export function closeSession(session: CallSession): void {
  const sessions = kept();
  const { key } = session as PageSession;
  const own = sessions.get(key);
  if (!own || own !== session || --own.users > 0) return;
  sessions.delete(key);
  own.close();
}
