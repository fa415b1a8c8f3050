/** One call engine on a desk: every port is a hand-driven stand-in that keeps what it was asked to do. */
import { CallEngine } from '../../../components/call/engine.js';
import type { PeerEvent } from '../../../components/call/events.js';
import type { LinkPort, MediaPort, PeerListener, PeerPort } from '../../../components/call/ports.js';
import type { CallRecord } from '../../../components/call/record.js';
import type { CallNotice } from '../../../components/call/session.js';
import type { EngineSnapshot } from '../../../components/call/snapshot.js';
import type { CallContent, CallMessage, Presence, StampedCallMessage } from '../../../relay/protocol/index.js';
import { VirtualTime } from '../model/time.js';
import { ANSWER, OFFER, candidate } from './scenes.js';

type Tracks = { readonly audio: boolean; readonly video: boolean };

/** The way to the relay: what is sent is kept, and presence is what the test says. */
class DeskLink implements LinkPort {
  online = true;
  steady = true;
  address: string | undefined;
  readonly sent: CallMessage[] = [];
  readonly watched = new Map<string, (presence: Presence) => void>();
  /** Who waits for the link to be proven. */
  readonly proofs: (() => void)[] = [];

  constructor(address: string) {
    this.address = address;
  }

  send(message: CallMessage): void {
    if (this.online) this.sent.push(message);
  }

  watch(address: string, listener: (presence: Presence) => void): () => void {
    this.watched.set(address, listener);
    return () => this.watched.delete(address);
  }

  prove(done: () => void): void {
    this.proofs.push(done);
  }

  /** The relay answers. */
  proven(): void {
    for (const done of this.proofs.splice(0)) done();
  }
}

/** Microphone and camera that answer when the test says so. */
class DeskMedia implements MediaPort<Tracks, string> {
  tracks: Tracks = { audio: false, video: false };
  readonly asked: string[] = [];
  screen: string | null = null;

  get stream(): string | null {
    return this.tracks.audio || this.tracks.video ? 'local' : null;
  }

  capture({ microphone, camera, muted }: { microphone: boolean; camera: boolean; muted?: boolean }): void {
    this.asked.push(`capture ${microphone} ${camera}${muted ? ' muted' : ''}`);
  }

  setMicrophone(on: boolean): void {
    this.asked.push(`microphone ${on}`);
  }

  setCamera(on: boolean): void {
    this.asked.push(`camera ${on}`);
  }

  setScreen(on: boolean): void {
    this.asked.push(`screen ${on}`);
  }

  switchCamera(): void {
    this.asked.push('switch');
  }

  release(): void {
    this.tracks = { audio: false, video: false };
    this.asked.push('release');
  }
}

/** A peer connection that reports what the test says. */
export class DeskPeer implements PeerPort<Tracks, string> {
  remoteStream: string | null = null;
  remoteScreen: string | null = null;
  /** How many lanes were asked for last. */
  lanes = 0;
  closed = false;
  /** Whether the data channel is open. */
  channel = false;
  readonly asked: string[] = [];
  readonly sent: CallMessage[] = [];
  tracks: Tracks | undefined;

  constructor(
    readonly listener: PeerListener,
    readonly polite: boolean,
  ) {}

  report(event: PeerEvent): void {
    this.listener.event(event);
  }

  offer(media: string): void {
    this.asked.push(`offer ${media}`);
  }

  answer(): void {
    this.asked.push('answer');
  }

  makeReady(): void {
    this.asked.push('make-ready');
  }

  prepare(): void {
    this.asked.push('prepare');
  }

  connect(_description: unknown, _candidates: unknown, ahead = false): void {
    this.asked.push(ahead ? 'connect ahead' : 'connect');
  }

  begin(): void {
    this.asked.push('begin');
  }

  describe(): void {
    this.asked.push('describe');
  }

  addCandidates(candidates: readonly unknown[]): void {
    this.asked.push(`candidates ${candidates.length}`);
  }

  restartIce(): void {
    this.asked.push('restart-ice');
  }

  widen(lanes: number): void {
    this.lanes = lanes;
  }

  setTracks(tracks: Tracks): void {
    this.tracks = tracks;
  }

  send(text: string): boolean {
    if (this.channel) this.sent.push(JSON.parse(text) as CallMessage);
    return this.channel;
  }

  close(): void {
    this.closed = true;
    this.channel = false;
  }
}

/** The engine of one page, and everything around it. */
export class Desk {
  readonly time = new VirtualTime();
  readonly link: DeskLink;
  readonly media = new DeskMedia();
  readonly peers: DeskPeer[] = [];
  readonly notices: CallNotice[] = [];
  readonly snapshots: EngineSnapshot<string>[] = [];
  /** Whether paths may be prepared while it rings. */
  early = false;
  /** Whether something that was written has not arrived. */
  talks = false;
  /** What is written down for the next page. */
  kept: CallRecord | undefined;
  readonly engine: CallEngine<Tracks, string>;
  /** The IDs of the next calls that are placed here. */
  readonly ids: string[] = [callId(5), callId(6), callId(7)];
  /** The numbers spent on calls that ring. */
  readonly spent = new Map<string, number>();
  readonly #counters = new Map<string, number>();

  constructor(address = 'alice/a1') {
    this.link = new DeskLink(address);
    this.engine = new CallEngine<Tracks, string>(
      {
        link: this.link,
        media: this.media,
        clock: this.time,
        newId: () => this.ids.shift()!,
        early: () => this.early,
        talks: () => this.talks,
        keep: (record) => (this.kept = record),
        spent: { of: (call) => this.spent.get(call) ?? 0, keep: (call, n) => void this.spent.set(call, n) },
        makePeer: (listener, polite) => {
          const peer = new DeskPeer(listener, polite);
          this.peers.push(peer);
          return peer;
        },
      },
      { changed: (snapshot) => this.snapshots.push(snapshot), notice: (notice) => this.notices.push(notice) },
    );
  }

  get state(): string {
    return this.engine.snapshot.state;
  }

  /** The newest peer connection. */
  get peer(): DeskPeer {
    return this.peers.at(-1)!;
  }

  /** What happened, in words. */
  get told(): string[] {
    return this.notices.map((notice) => {
      if (notice.type === 'state') return `${notice.previous} → ${notice.state}`;
      if (notice.type === 'ended') return `ended ${notice.reason} after ${notice.duration}`;
      return notice.type === 'error' ? `error ${notice.code}` : notice.type;
    });
  }

  /** Takes what has been sent since the last look, in words: whom it is for, its number, what it is. */
  takeSent(): string[] {
    return this.link.sent.splice(0).map(wordsOfMessage);
  }

  /** A message of another page arrives. Each device's words of a call are numbered by themselves, unless a number is given. */
  hear(from: string, call: string, content: CallContent, envelope: { n?: number; ack?: number } = {}): void {
    this.engine.receive(this.stamped(from, call, content, envelope));
  }

  /** The same, on its way. */
  stamped(from: string, call: string, content: CallContent, { n, ack = 0 }: { n?: number; ack?: number } = {}): StampedCallMessage {
    const lane = `${call} ${from}`;
    const next = (this.#counters.get(lane) ?? 0) + 1;
    if (n === undefined && content.type !== 'ack') this.#counters.set(lane, next);
    return { ...content, to: this.link.address!, call, n: n ?? (content.type === 'ack' ? 0 : next), ack, from } as StampedCallMessage;
  }

  /** Microphone and camera open. */
  openDevices(): void {
    this.media.tracks = { audio: true, video: true };
    this.engine.media({ type: 'captured', microphone: true, camera: true });
  }

  /** Places a call that is on its way: the invite is sent. */
  dial(peer = 'bob'): string {
    const id = this.ids[0]!;
    this.engine.call(peer, { media: 'video', ringTimeout: 30 });
    this.openDevices();
    this.peer.report({ type: 'offered', description: OFFER, candidates: [] });
    return id;
  }

  /** A call comes in. */
  ring(call = callId(9), from = 'bob/b1'): string {
    this.hear(from, call, {
      type: 'invite',
      media: 'video',
      name: 'Bob',
      expires: 30,
      description: OFFER,
      candidates: [candidate('b')],
      gen: 0,
    });
    return call;
  }

  /** Somebody takes our call. */
  taken(call: string, from = 'bob/b1', ack = 1): void {
    this.hear(from, call, { type: 'accept', media: 'video', name: 'Bob', description: ANSWER, gen: 0 }, { ack });
  }

  /** We take the call that rings. */
  take(): void {
    this.engine.accept({ media: 'video' });
    this.openDevices();
    this.peer.report({ type: 'answered', description: ANSWER, candidates: [] });
  }

  /** The other side's picture arrives. */
  flow(): void {
    this.peer.remoteStream = 'remote';
    this.peer.report({ type: 'path', state: 'connected' });
    this.peer.report({ type: 'flowing', kind: 'video' });
  }

  /** Acknowledges all that has been said so far in a call. */
  settle(call: string, from = 'bob/b1'): void {
    this.hear(from, call, { type: 'ack' }, { ack: 1000 });
  }
}

/** A call ID whose order is that of its number. */
export const callId = (order: number): string => `${order}0000000-0000-4000-8000-000000000000`;

function wordsOfMessage({ to, n, ack, ...content }: CallMessage): string {
  const detail = 'reason' in content ? ` ${content.reason}` : '';
  const winner = 'winner' in content && content.winner !== undefined ? ` winner ${content.winner}` : '';
  return content.type === 'ack' ? `${to} ack ${ack}` : `${to} ${n} ${content.type}${detail}${winner}${n === 0 ? ` ack ${ack}` : ''}`;
}
