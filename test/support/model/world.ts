/**
 * A world for the call engine without a browser: pages of several people, a relay that delays, drops, doubles,
 * reorders and restarts, cameras that may be refused, and peer connections that connect when both sides hold the
 * same offer and answer. Everything runs on virtual time and on one seed.
 */
import { CallEngine } from '../../../components/call/engine.js';
import { isLive, isTalking } from '../../../components/call/phases.js';
import type { CallRecord } from '../../../components/call/record.js';
import type { LinkPort, MediaPort, PeerListener, PeerPort } from '../../../components/call/ports.js';
import type { CallNotice } from '../../../components/call/session.js';
import { deviceOf, parseFromPage, parseFromRelay, peerOf } from '../../../relay/protocol/index.js';
import type { CallMessage, Candidate, Description, MediaKind, Presence, StampedCallMessage } from '../../../relay/protocol/index.js';
import { VirtualTime } from './time.js';

/** How bad the way through the relay is. */
export interface Weather {
  readonly seed: number;
  /** Longest delay of one message, in milliseconds. */
  readonly delay: number;
  /** Share of messages that are lost, and that come twice. */
  readonly loss: number;
  readonly doubling: number;
}

/** Which capture a page's person has. */
export type Devices = 'both' | 'microphone' | 'none' | 'denied';

/** How a call ended on one page. */
export interface EndRecord {
  readonly id: string;
  readonly reason: string;
  readonly direction: 'outgoing' | 'incoming';
  /** Whether a message of the other side caused it, or this side's person, clock or devices. */
  readonly cause: 'message' | 'own';
  readonly duration: number;
}

type Tracks = { readonly audio: boolean; readonly video: boolean };

/** A small seeded random number generator (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Everybody and everything between them. */
export class World {
  readonly time = new VirtualTime();
  readonly pages = new Map<string, Page>();
  readonly random: () => number;
  readonly connections = new Map<string, FakePeer>();
  weather: Weather;
  #ids = 0;
  #epoch = 0;
  up = true;
  mediaUp = true;

  constructor(weather: Weather) {
    this.weather = weather;
    this.random = randomOf(weather.seed);
  }

  page(address: string, devices: Devices = 'both'): Page {
    const page = new Page(this, address, devices);
    this.pages.set(address, page);
    this.#tellWatchers(peerOf(address));
    return page;
  }

  /** A UUID whose order is random, as in life. */
  newId(): string {
    const hex = Math.floor(this.random() * 0xffffffff)
      .toString(16)
      .padStart(8, '0');
    return `${hex}-0000-4000-8000-${(this.#ids++).toString(16).padStart(12, '0')}`;
  }

  /** Through the relay: checked, stamped and delivered as the real one does, by way of the real parser. */
  carry(from: Page, message: CallMessage): void {
    const text = JSON.stringify(message);
    const { refusal } = parseFromPage(text);
    if (refusal) throw new Error(`A page sent what the relay refuses: ${refusal.message}`);
    this.#travel(() => this.#route(from, message, text));
  }

  /** The relay goes, with all that is on its way, and comes back. */
  restart(away: number): void {
    this.#epoch++;
    this.up = false;
    for (const page of this.pages.values()) page.setOnline(false);
    this.time.after(away, () => {
      this.up = true;
      for (const page of this.pages.values()) this.time.after(this.random() * 2000, () => page.setOnline(true));
    });
  }

  /** No packet gets through between any two pages, for a while. */
  cutMedia(milliseconds: number): void {
    if (!this.mediaUp) return;
    this.mediaUp = false;
    for (const connection of this.connections.values()) connection.starve();
    this.time.after(milliseconds, () => {
      this.mediaUp = true;
      for (const connection of this.connections.values()) connection.revive();
    });
  }

  presenceOf(address: string): Presence {
    const there = [...this.pages.values()].filter((page) => page.isPresent && matches(page, address));
    if (there.length === 0) return 'offline';
    return there.some((page) => page.isBusy) ? 'busy' : 'online';
  }

  /** A page came, went, or changed its word. */
  changed(page: Page): void {
    this.#tellWatchers(page.peer);
  }

  #tellWatchers(peer: string): void {
    for (const page of this.pages.values()) {
      for (const [address] of page.watching) if (peerOf(address) === peer) this.tell(page, address);
    }
  }

  tell(page: Page, address: string): void {
    // Presence is stated by the relay itself: late at times, never lost nor out of order while the link is up.
    const epoch = this.#epoch;
    this.time.after(
      this.random() * Math.min(this.weather.delay, 200),
      () => epoch === this.#epoch && page.online && page.see(address, this.presenceOf(address)),
    );
  }

  #route(from: Page, message: CallMessage, text: string): void {
    const receivers = [...this.pages.values()].filter((page) => page !== from && page.online && matches(page, message.to));
    if (receivers.length === 0 && message.type !== 'ack') {
      this.#travel(() => from.online && from.engine.relaySaid({ type: 'unreachable', to: message.to, call: message.call, n: message.n }));
    }
    const stamped = `${text.slice(0, -1)},"from":"${from.address}"}`;
    for (const page of receivers) this.#travel(() => page.online && page.hear(stamped));
  }

  #travel(arrive: () => void): void {
    const { delay, loss, doubling } = this.weather;
    const epoch = this.#epoch;
    if (this.random() < loss) return;
    for (let copies = this.random() < doubling ? 2 : 1; copies > 0; copies--) {
      this.time.after(this.random() * delay, () => epoch === this.#epoch && arrive());
    }
  }
}

const matches = (page: Page, address: string): boolean =>
  page.peer === peerOf(address) && (deviceOf(address) === undefined || page.address === address);

/** What comes back of something that is written down. */
const copyOf = <Written>(written: Written): Written => written && (JSON.parse(JSON.stringify(written)) as Written);

/** One page of one person. */
export class Page {
  readonly address: string;
  readonly peer: string;
  engine: CallEngine<Tracks, string>;
  /** Whether it was loaded anew, and so may ring again for a call that it had forgotten. */
  reloaded = false;
  /** What the page has written down of its call. */
  kept: CallRecord | undefined;
  readonly #spent = new Map<string, number>();
  readonly notices: CallNotice[] = [];
  readonly ends: EndRecord[] = [];
  readonly media: FakeMedia;
  readonly watching = new Map<string, Set<(presence: Presence) => void>>();
  /** Whether a call is shown, and how long that takes. */
  ringsAfter: number | undefined = 30;
  /** After how many milliseconds of ringing the person takes the call by himself. */
  takesAfter: number | undefined;
  isBusy = false;
  /** Whether paths are prepared while it rings. */
  early = true;
  online = true;
  #world: World;
  #cause: 'message' | 'own' = 'own';
  #unsteadyUntil = 0;
  #missedFrom = 0;
  /** Whether its next page is still on the way. */
  #loading = false;
  #proofs: (() => void)[] = [];

  constructor(world: World, address: string, devices: Devices) {
    this.#world = world;
    this.address = address;
    this.peer = peerOf(address);
    this.media = new FakeMedia(world, devices, (event) => this.#caused('own', () => this.engine.media(event)));
    this.engine = this.#newEngine();
  }

  #newEngine(): CallEngine<Tracks, string> {
    const world = this.#world;
    return new CallEngine<Tracks, string>(
      {
        clock: {
          now: () => world.time.now(),
          wall: () => world.time.wall(),
          after: (ms, callback) => world.time.after(ms, () => this.#caused('own', callback)),
        },
        newId: () => world.newId(),
        spent: { of: (call) => this.#spent.get(call) ?? 0, keep: (call, n) => void this.#spent.set(call, n) },
        keep: (record) => (this.kept = copyOf(record)),
        early: () => this.early,
        media: this.media,
        makePeer: (listener, polite) => new FakePeer(world, this, this.#guarded(listener), polite),
        link: this.#link(),
      },
      { changed: ({ state }) => this.#changed(isLive(state)), notice: (notice) => this.#note(notice) },
    );
  }

  /** The person goes to another page of the site, which takes up what this one leaves to it, after a click if `ask`, or gives up what rings. */
  move(away: number, ask: boolean, takes = true): void {
    this.reload(away, ask, copyOf(this.engine.handover), takes);
  }

  /** The person loads the page anew; what it had written down is taken up again, after a click if `ask`. */
  reload(away: number, ask: boolean, record: CallRecord | undefined = this.kept, takes = true): void {
    this.reloaded = true;
    this.#proofs = [];
    this.engine.close();
    this.watching.clear();
    this.setOnline(false);
    this.engine = this.#newEngine();
    this.isBusy = false;
    this.#loading = true;
    this.#world.time.after(away, () => {
      this.#loading = false;
      this.setOnline(true);
      if (!record) return;
      if (!takes && record.rings) return this.act((engine) => engine.giveUp(record));
      this.act((engine) => engine.comeBack(record, ask));
      if (ask) this.#world.time.after(3000, () => this.act((engine) => engine.accept({ media: 'video' })));
    });
  }

  /** Whether the others see this page: for five seconds more after it dropped. */
  get isPresent(): boolean {
    return this.online || this.#world.time.now() < this.#missedFrom;
  }

  get state(): string {
    return this.engine.snapshot.state;
  }

  /** What the person does. */
  act(action: (engine: CallEngine<Tracks, string>) => void): void {
    this.#caused('own', () => action(this.engine));
  }

  hear(text: string): void {
    const { message, refusal } = parseFromRelay(text);
    if (!message) throw new Error(refusal!.message);
    this.#caused('message', () => this.engine.receive(message as StampedCallMessage));
  }

  /** Asks the relay for a sign of life, now or when it is back. */
  prove(done: () => void): void {
    this.#proofs.push(done);
    this.#awaitPong();
  }

  #awaitPong(): void {
    this.#world.time.after(20 + this.#world.random() * 100, () => {
      if (this.online) for (const done of this.#proofs.splice(0)) this.#caused('own', done);
    });
  }

  see(address: string, presence: Presence): void {
    for (const listener of this.watching.get(address) ?? []) this.#caused('own', () => listener(presence));
  }

  setOnline(online: boolean): void {
    if (this.online === online || (online && (!this.#world.up || this.#loading))) return;
    this.online = online;
    if (!online && this.#world.up) {
      this.#missedFrom = this.#world.time.now() + 5000;
      this.#world.time.after(5001, () => this.online || this.#world.changed(this));
    }
    if (online) this.#unsteadyUntil = this.#world.time.now() + 8000;
    if (online) this.#world.changed(this);
    this.#caused('own', () => this.engine.linkChanged(online));
    if (!online) return;
    for (const address of this.watching.keys()) this.#world.tell(this, address);
    this.#awaitPong();
  }

  #link(): LinkPort {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the port's getters need the page
    const page = this;
    return {
      get online() {
        return page.online;
      },
      get steady() {
        return page.online && page.#world.time.now() >= page.#unsteadyUntil;
      },
      address: page.address,
      send: (message) => void (page.online && page.#world.carry(page, message)),
      prove: (done) => page.prove(done),
      watch: (address, listener) => {
        const listeners = page.watching.get(address) ?? new Set();
        page.watching.set(address, listeners.add(listener));
        if (page.online) page.#world.tell(page, address);
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0) page.watching.delete(address);
        };
      },
    };
  }

  #guarded(listener: PeerListener): PeerListener {
    return {
      event: (event) => this.#caused('own', () => listener.event(event)),
      message: (text) => this.#caused('message', () => listener.message(text)),
      changed: () => listener.changed(),
    };
  }

  #caused(cause: 'message' | 'own', action: () => void): void {
    const before = this.#cause;
    this.#cause = cause;
    try {
      action();
    } finally {
      this.#cause = before;
    }
  }

  #changed(busy: boolean): void {
    if (busy === this.isBusy) return;
    this.isBusy = busy;
    this.#world.changed(this);
  }

  #note(notice: CallNotice): void {
    this.notices.push(notice);
    if (notice.type === 'ended') {
      const { call, reason, duration } = notice;
      this.ends.push({ id: call.id, reason, direction: call.direction, cause: this.#cause, duration });
    }
    if (notice.type === 'incoming' && this.takesAfter !== undefined) {
      this.#world.time.after(this.takesAfter, () =>
        this.act((engine) => engine.snapshot.call?.id === notice.call.id && engine.accept({ media: 'video' })),
      );
    }
    if (notice.type === 'incoming' && this.ringsAfter !== undefined) {
      this.#world.time.after(this.ringsAfter, () => this.act((engine) => engine.rings('sound')));
    }
  }
}

/** Microphone and camera of a page. */
export class FakeMedia implements MediaPort<Tracks, string> {
  tracks: Tracks = { audio: false, video: false };
  devices: Devices;
  readonly #world: World;
  readonly #listener: (event: Parameters<CallEngine<Tracks, string>['media']>[0]) => void;
  #run = 0;
  #shares = 0;

  constructor(world: World, devices: Devices, listener: (event: Parameters<CallEngine<Tracks, string>['media']>[0]) => void) {
    this.#world = world;
    this.devices = devices;
    this.#listener = listener;
  }

  get stream(): string | null {
    return this.tracks.audio || this.tracks.video ? 'local' : null;
  }

  get isOpen(): boolean {
    return this.tracks.audio || this.tracks.video || this.screen !== null;
  }

  /** What is being opened. */
  #wanted = { microphone: false, camera: false };
  #muted = false;

  capture({ microphone, camera, muted = false }: { microphone: boolean; camera: boolean; muted?: boolean }): void {
    this.tracks = { audio: microphone && this.tracks.audio, video: camera && this.tracks.video };
    this.#wanted = { microphone: false, camera: false };
    this.#muted = muted;
    this.#add({ microphone, camera });
  }

  #add({ microphone, camera }: { microphone: boolean; camera: boolean }): void {
    const run = ++this.#run;
    this.#wanted = {
      microphone: (microphone || this.#wanted.microphone) && !this.tracks.audio,
      camera: (camera || this.#wanted.camera) && !this.tracks.video,
    };
    if (!this.#wanted.microphone && !this.#wanted.camera) return this.#tell();
    this.#world.time.after(this.#world.random() * 300, () => run === this.#run && this.#open());
  }

  setMicrophone(on: boolean): void {
    this.#muted = !on;
    if (this.#wanted.microphone) return;
    this.tracks = { ...this.tracks, audio: on && this.devices !== 'none' };
    this.#tell();
  }

  setCamera(on: boolean): void {
    this.wantsCamera = on;
    if (on) return this.#add({ microphone: false, camera: true });
    this.#wanted.camera = false;
    if (this.#wanted.microphone) return;
    this.#run++;
    this.tracks = { ...this.tracks, video: false };
    this.#tell();
  }

  screen: string | null = null;
  /** Whether the person has turned the camera on in this call. */
  wantsCamera = false;

  setScreen(on: boolean): void {
    const run = ++this.#shares;
    const share = (): void => {
      if (run !== this.#shares) return;
      this.screen = on ? 'screen' : null;
      this.#tell();
    };
    if (on) this.#world.time.after(this.#world.random() * 2000, share);
    else share();
  }

  switchCamera(): void {}

  release(): void {
    this.#run++;
    this.#shares++;
    this.screen = null;
    this.wantsCamera = false;
    this.tracks = { audio: false, video: false };
    this.#wanted = { microphone: false, camera: false };
  }

  #open(): void {
    const { microphone, camera } = this.#wanted;
    this.#wanted = { microphone: false, camera: false };
    if (this.devices === 'denied') return this.#listener({ type: 'capture-failed', code: 'media-denied' });
    if (this.devices === 'none' || (this.devices === 'microphone' && !microphone)) {
      return this.#listener({ type: 'capture-failed', code: 'media-unavailable' });
    }
    const video = camera && this.devices === 'both';
    this.tracks = { audio: (microphone && !this.#muted) || this.tracks.audio, video: video || this.tracks.video };
    this.#tell();
  }

  #tell(): void {
    this.#listener({ type: 'captured', microphone: this.tracks.audio, camera: this.tracks.video, screen: this.screen !== null });
  }
}

/** A peer connection that connects once both ends hold the same offer and answer. */
export class FakePeer implements PeerPort<Tracks, string> {
  remoteStream: string | null = null;
  readonly remoteScreen = null;
  closed = false;
  /** How many lanes both sides have agreed upon. */
  lanes = 1;
  readonly page: Page;
  readonly #polite: boolean;
  #wanted = 1;
  readonly #world: World;
  readonly #listener: PeerListener;
  readonly #name: string;
  #other: FakePeer | undefined;
  #lost = false;
  /** Whether nobody has accepted yet, so that nothing is sent. */
  #holds = false;

  constructor(world: World, page: Page, listener: PeerListener, polite: boolean) {
    this.#polite = polite;
    this.#world = world;
    this.page = page;
    this.#listener = listener;
    this.#name = `pc-${world.connections.size}`;
    world.connections.set(this.#name, this);
  }

  offer(media: MediaKind): void {
    this.#later(() => {
      this.lanes = Math.max(this.#wanted, media === 'video' ? 2 : 1);
      this.#listener.event({ type: 'offered', description: { type: 'offer', sdp: this.#name }, candidates: [] });
      this.#trickle();
    });
  }

  makeReady(): void {}

  prepare(description: Description): void {
    this.#holds = true;
    const narrow = this.#world.random() < 0.8;
    if (this.#world.random() < 0.2) return this.#later(() => this.#unprepared(), 3000);
    this.#later(() => {
      this.lanes = this.#world.connections.get(description.sdp)?.lanes ?? 1;
      const answer = { type: 'answer', sdp: `${description.sdp} ${this.#name}` } as const;
      this.#listener.event({ type: 'prepared', description: answer, candidates: [], narrow });
      this.#trickle();
    }, 300);
  }

  #unprepared(): void {
    this.close();
    this.#listener.event({ type: 'unprepared' });
  }

  begin(): void {
    this.#holds = false;
    if (!this.remoteStream || this.closed || this.#lost || this.#other?.closed) return;
    this.#listener.event({ type: 'path', state: 'connected' });
    this.#flow();
  }

  answer(description: Description, _candidates: readonly Candidate[]): void {
    this.#later(() => {
      this.lanes = this.#world.connections.get(description.sdp)?.lanes ?? 1;
      this.#listener.event({ type: 'answered', description: { type: 'answer', sdp: `${description.sdp} ${this.#name}` }, candidates: [] });
      this.#trickle();
    });
  }

  connect(description: Description, _candidates: readonly Candidate[] = [], ahead = false): void {
    this.#holds = ahead;
    const [, name = ''] = description.sdp.split(' ');
    const other = this.#world.connections.get(name);
    if (!other) return this.#later(() => this.#listener.event({ type: 'broken', detail: 'unknown answer' }));
    this.#other = other;
    other.#other = this;
    this.#later(() => other.closed || this.#join(other), 100);
  }

  describe(description: Description): void {
    if (description.type !== 'offer') return;
    this.lanes = Math.max(this.lanes, Number(description.sdp.split(' ')[1]));
    this.#later(() => this.#listener.event({ type: 'described', description: { type: 'answer', sdp: 'again' } }));
  }

  addCandidates(): void {}

  restartIce(): void {
    this.#later(() => this.#listener.event({ type: 'described', description: { type: 'offer', sdp: `again ${this.lanes}` } }));
  }

  widen(lanes: number): void {
    this.#wanted = Math.max(this.#wanted, lanes);
    this.#grow();
  }

  #grow(): void {
    if (this.#polite || !this.#other || this.lanes >= this.#wanted) return;
    this.lanes = this.#wanted;
    this.restartIce();
  }

  setTracks(): void {}

  send(text: string): boolean {
    const other = this.#other;
    if (!this.remoteStream || this.closed || !other || !this.#world.mediaUp) return false;
    this.#world.time.after(5, () => other.closed || !this.#world.mediaUp || other.#listener.message(text));
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    const joined = this.remoteStream !== null;
    this.remoteStream = null;
    const other = this.#other;
    if (!joined || !other) return;
    // What closed says so, where anything gets through; what hears nothing notices after a while.
    if (this.#world.mediaUp) this.#world.time.after(20, () => other.closed || other.#listener.event({ type: 'parted' }));
    else this.#world.time.after(6000, () => other.closed || other.#lose());
  }

  /** The path goes: noticed after five seconds, given up after fifteen. */
  starve(): void {
    if (!this.remoteStream || this.closed) return;
    this.#world.time.after(1200 + this.#world.random() * 1200, () => this.#miss());
    this.#world.time.after(5000 + this.#world.random() * 1000, () => this.#world.mediaUp || this.#lose());
  }

  /** The path is there again, for those that have not given up. */
  revive(): void {
    if (!this.#lost || this.closed || !this.#other || this.#other.closed) return;
    this.#later(() => this.#regain(), 500);
  }

  #miss(): void {
    if (this.closed || this.#lost || this.#world.mediaUp || !this.remoteStream) return;
    this.#listener.event({ type: 'quiet' });
  }

  #lose(): void {
    if (this.closed || this.#lost || !this.remoteStream) return;
    this.#lost = true;
    this.#listener.event({ type: 'path', state: 'disconnected' });
    this.#world.time.after(10_000, () => {
      if (!this.#lost || this.closed) return;
      this.#lost = false;
      this.remoteStream = null;
      this.#listener.event({ type: 'path', state: 'failed' });
    });
  }

  #regain(): void {
    if (!this.#lost || !this.#world.mediaUp) return;
    this.#lost = false;
    this.#listener.event({ type: 'path', state: 'connected' });
    if (!this.#holds) this.#listener.event({ type: 'flowing', kind: 'audio' });
  }

  #join(other: FakePeer): void {
    if (!this.#world.mediaUp)
      return void this.#world.time.after(15_000, () => this.closed || this.#listener.event({ type: 'path', state: 'failed' }));
    for (const side of [this, other]) {
      side.remoteStream = 'remote';
      side.#grow();
      side.#listener.event({ type: 'path', state: 'connected' });
    }
    this.#flow();
  }

  /** Media goes both ways as soon as both sides send. */
  #flow(): void {
    const other = this.#other;
    if (!other || this.#holds || other.#holds) return;
    for (const side of [this, other]) {
      side.#later(() => side.#listener.event({ type: 'flowing', kind: 'audio' }), 20);
      side.#later(() => side.#listener.event({ type: 'flowing', kind: 'video' }), 60);
    }
  }

  #trickle(): void {
    this.#later(() => this.#listener.event({ type: 'gathered', candidates: [{ candidate: 'candidate:1' }] }), 40);
  }

  #later(callback: () => void, within = 20): void {
    this.#world.time.after(this.#world.random() * within, () => this.closed || callback());
  }
}

/** Whether a page is in a call in which media flows. */
export const talks = (page: Page): boolean => isTalking(page.engine.snapshot.state);
