/** A page's presence at one relay under one peer ID: a link, a call engine, and all that goes with its calls. */
import { readRelay } from './attributes.js';
import { pageClock as clock } from './call/clock.js';
import type { DeviceChoices } from './call/choices.js';
import { DevicesFirst } from './call/devices-first.js';
import { CallEngine } from './call/engine.js';
import { newCallId } from './call/ids.js';
import { Peer } from './call/peer.js';
import type { LocalTracks } from './call/lanes.js';
import type { PeerOptions } from './call/peer.js';
import type { CallErrorCode } from './call/errors.js';
import { isLive, isTalking } from './call/phases.js';
import type { ChatWithNews } from './chat/face.js';
import { ChatLanes } from './chat/lanes.js';
import type { CallNotice, CallSession, CallSnapshot, Changes, ConnectionOptions, MediaOptions, SessionListener } from './call/session.js';
import type { EngineSnapshot } from './call/snapshot.js';
import { places } from './environment.js';
import { KeptCall } from './kept-call.js';
import { Identity } from './link/identity.js';
import { Link } from './link/link.js';
import type { Welcome } from './link/link.js';
import { linkPort } from './link/port.js';
import { RosterQuestions } from './link/roster.js';
import type { WhoIsThere } from './link/roster.js';
import { PageDevices } from './page-devices.js';
import { PeerSettings } from './peer-settings.js';
import { goesOn } from './going-on.js';
import { listenToWaking } from './waking.js';
import { Conditions } from './quality/conditions.js';
import type { ReadingListener } from './quality/meter.js';
import { LazyWriter } from './history/lazy-writer.js';
import { Watching } from './link/watching.js';
import type { PresenceListener } from './link/watching.js';
import type { Alert, MediaKind, RelayMessage } from '../relay/protocol/index.js';

/** See the top of this file. */
export class PageSession implements CallSession {
  /** How many take part in it. */
  users = 1;
  readonly key: string;
  readonly #listeners = new Set<SessionListener>();
  readonly #engine: CallEngine<LocalTracks, MediaStream>;
  readonly #link: Link;
  readonly #watching: Watching;
  readonly #chats: ChatLanes;
  readonly #roster: RosterQuestions;
  readonly #devices: PageDevices;
  readonly #identity: Identity;
  readonly #peers: PeerSettings;
  readonly #kept: KeptCall;
  readonly #stopListening: () => void;
  readonly #conditions: Conditions;
  #peer: Peer | undefined;
  /** The browser's connection of the call that is on. */
  #connection: RTCPeerConnection | undefined;
  readonly #writer: LazyWriter;
  #options: ConnectionOptions;
  #me: string | null = null;
  #relayTrouble: CallErrorCode | undefined;
  /** The name under which the relay knows this page, from its token for example. */
  #known: string | undefined;
  readonly #devicesFirst = new DevicesFirst(clock);
  #snapshot: CallSnapshot;
  /** Whether the page has gone, and left its call to the next one. */
  #parted = false;
  /** When the page went, kept by its browser, while it rang here; 0 for never. */
  #rangAt = 0;
  #keptNothing = false;

  constructor(key: string, options: ConnectionOptions) {
    this.key = key;
    this.#options = options;
    this.#identity = new Identity(key);
    this.#devices = new PageDevices(
      (event) => {
        this.#devicesFirst.goOn();
        this.#engine.media(event);
      },
      () => this.#refresh(),
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
    this.#peers = new PeerSettings(
      () => this.#options,
      () => this.#link.iceServers,
    );
    this.#kept = new KeptCall(this.#identity, this.#peers, this.#devices, {
      refuses: () => !!this.#options.noResume,
      comeBack: (record, ask) => this.#engine.comeBack(record, ask),
      callOff: (record) => this.#engine.giveUp(record),
      givenUp: (call, at) => {
        this.#writer.hear(this.#me, { type: 'ended', call, reason: 'cancelled', duration: 0 }, this.#keepsNothing, at);
      },
    });
    this.#chats = new ChatLanes(key, {
      clock,
      changed: () => (this.#engine.tidy(), this.#refresh()),
      keeps: () => !this.#options.noResume,
    });
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
        keep: (record) => this.#kept.keep(this.#options.noResume ? undefined : record),
        spent: this.#identity.spent,
        talks: () => this.#chats.isBusy,
        media: this.#devices.capture,
        early: (direction) => (direction === 'outgoing' ? this.#options.earlyIce !== 'none' : !!this.#peers.early),
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
    // A call that was placed here meanwhile takes the place of the one that the last page had placed.
    if (this.#engine.snapshot.state !== 'idle') this.#kept.setAside();
    // All that takes time comes before the link: from then on whoever asks for the call must find it here.
    await this.#kept.recall();
    this.#link.identify(this.#identity.device, this.#identity.resume);
    this.#link.start();
  }

  #welcomed(welcome: Welcome): void {
    this.#me = welcome.peer;
    this.#peers.welcomed();
    this.#relayTrouble = undefined;
    this.#known = welcome.name;
    this.#engine.name = this.#options.displayName ?? this.#known;
    // A call is taken up by whoever was in it, and by nobody who has signed in since in the same tab.
    const isSame = welcome.device === this.#identity.device && welcome.peer === this.#identity.resume?.peer;
    const isWanted = isSame && this.#kept.isWanted;
    this.#identity.keepWelcome(welcome);
    if (!isWanted) this.#kept.giveUp(isSame);
    this.#watching.online();
    this.#roster.online(welcome.roster);
    this.#engine.linkChanged(true);
    this.#refresh();
    if (this.#engine.snapshot.state !== 'idle') return;
    if (isWanted) return this.#kept.takeUp();
    this.#kept.forget();
    this.#chats.follow(undefined, false);
  }

  /** A page that had gone and is shown again, as it was, is the next page of its own call. */
  #wake(): void {
    this.#link.prove();
    this.#devices.capture.wake();
    // What has stopped playing meanwhile plays on.
    this.#refresh();
    // What a page left that was shown meanwhile has no place beside a call of ours.
    if (!this.#parted && this.#engine.snapshot.state !== 'idle') this.#kept.setAside();
    if (this.#rangAt) this.#engine.ringOn((clock.wall() - this.#rangAt) / 1000);
    this.#rangAt = 0;
    if (!this.#parted) return;
    this.#parted = false;
    this.#engine.close();
    if (this.#kept.isWanted) return this.#kept.takeUpAgain();
    // A page that was shown meanwhile has ended it, or it is too late.
    this.#engine.forget();
    this.#kept.setAside();
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
    if (!isLive(this.#engine.snapshot.state)) {
      this.#peers.certificate.forget();
      this.#kept.setAside();
    }
    this.#engine.call(peer, options);
  }

  rings(alert: Alert): void {
    this.#engine.rings(alert);
    void this.#conditions.adapt();
  }

  preview(): void {
    const call = this.#engine.snapshot.call?.id;
    const open = (may: boolean): void => {
      this.#devicesFirst.goOn();
      if (may && this.#engine.snapshot.call?.id === call) this.#engine.preview();
    };
    if (this.#devices.areVirtual) open(true);
    else void this.#devices.areGranted(['video']).then(open);
  }

  accept(options: { media: MediaKind }): void {
    void this.#conditions.adapt();
    const { state, call, alert } = this.#engine.snapshot;
    // A page that answers by itself shall not be seen to ring.
    if (state !== 'incoming' || !alert) return this.#engine.accept(options);
    const camera = options.media === 'video' && call!.media === 'video';
    this.#devicesFirst.ask(
      () => this.#devices.capture.capture({ microphone: true, camera }),
      () => this.#engine.snapshot.call?.id === call!.id && this.#engine.accept(options),
    );
  }

  decline(): void {
    this.#engine.decline();
  }

  hangUp(): void {
    this.#devicesFirst.goOn();
    this.#engine.hangUp();
  }

  pictureCame(): void {
    this.#engine.pictureCame();
  }

  setMicrophone(on: boolean): boolean {
    this.#devicesFirst.goOn();
    return this.#engine.setMicrophone(on);
  }

  setCamera(on: boolean): boolean {
    this.#devicesFirst.goOn();
    return this.#engine.setCamera(on);
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

  chooseDevices(choices: DeviceChoices): void {
    this.#devices.choose(choices);
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
    this.#engine.tidy();
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
    this.#devices.configure(options);
    this.#conditions.follow(this.#snapshot.local, options);
  }

  configureConnection(options: ConnectionOptions): void {
    this.#options = options;
    this.#engine.name = options.displayName ?? this.#known;
    this.#link.configure(options);
  }

  changeMedia(changes: Changes<MediaOptions>): void {
    this.configureMedia(merged(this.#devices.options, changes));
  }

  changeConnection(changes: Changes<ConnectionOptions>): void {
    this.configureConnection(merged(this.#options, changes));
  }

  leave(persisted = false): void {
    // A reload cannot be told from the end of the page: a call that could be taken up again is left to the next page,
    // and the other side, which sees the connection close, waits for it for a few seconds.
    this.#writer.leave();
    const { state, call } = this.#engine.snapshot;
    const ringsOn = persisted && state === 'incoming';
    this.#rangAt = ringsOn ? clock.wall() : 0;
    const handed = goesOn() ? this.#engine.handover : this.#engine.record;
    this.#parted = this.#kept.leave(handed);
    if (ringsOn) {
      // Unless the person comes back in time; a browser may throw away what it keeps.
      this.#writer.hear(this.#me, { type: 'missed', call: call!, vague: true }, this.#keepsNothing);
      this.#engine.rest();
    } else if (this.#parted) this.#engine.part();
    else {
      const { handover } = this.#engine;
      // A headless client says it as well, and the elements of another bundle.
      if (isLive(state)) this.#engine.leave();
      this.#kept.leaveAside(handover);
    }
    if (persisted) this.#link.rest();
  }

  letGo(): void {
    if (this.#engine.snapshot.state === 'incoming') this.#engine.leave();
    else this.hangUp();
  }

  close(): void {
    this.letGo();
    this.#stopListening();
    this.#devices.watch(false);
    this.#engine.close();
    this.#chats.close();
    this.#link.close();
    this.#identity.close();
    this.#listeners.clear();
  }

  async #peerOptions(): Promise<PeerOptions> {
    const connection = await this.#peers.connection();
    return { ...connection, lanes: this.#conditions.lanes, voiceless: this.#devices.areVirtual };
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
      this.#peers.certificate.forget();
      this.#connection = undefined;
    }
    this.#judge();
    const isNew = this.#devices.watch(live) && live && snapshot.state !== 'incoming';
    // What could not be loaded as the call was placed, with the relay away, can be by now.
    const isTogether = snapshot.state === 'connected' && this.#snapshot.state !== 'connected';
    if (isNew || isTogether) void this.#conditions.adapt();
    this.#refresh();
    this.#conditions.follow(snapshot.local, this.#devices.options);
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
