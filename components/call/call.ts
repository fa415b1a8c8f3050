/** One call at work: its state, its outbox, its peer connection and its clocks, moved by the machine alone. */
import { ACK_AFTER, RESEND_AFTER, deviceOf, isCallMessage, parseFromPartner, peerOf } from '../../relay/protocol/index.js';
import type { CallMessage, ContentOf, Presence } from '../../relay/protocol/index.js';
import type { CallEvent, Effect, TimerName } from './events.js';
import type { CallTrouble } from './errors.js';
import { isDecided, step } from './machine.js';
import type { CallState } from './call-state.js';
import { lanesOf } from './lanes.js';
import { Outbox } from './outbox.js';
import { Pace } from './pace.js';
import { isLive, isTalking } from './phases.js';
import type { CallInfo, DeviceWish, MediaState } from './phases.js';
import type { PeerPort, Ports } from './ports.js';
import type { CallRecord } from './record.js';
import { isOpening } from './steps.js';
import { Timers } from './timers.js';

/** Milliseconds for which an ended call keeps saying so to a side that does not answer. */
export const LINGER = 30_000;
/** Milliseconds for which the connection of an ended call stays open at most for its last words. */
export const LAST_WORDS = 1000;
/** How many messages from the data channel are taken in a second, and at once: each may have all of the call drawn. */
export const DIRECT_PER_SECOND = 10;
export const DIRECT_AT_ONCE = 100;
/** How many messages are said again, in a second and at once, because the other side's page has been seen: well within what a relay takes. */
export const REPEATED_PER_SECOND = 10;
export const REPEATED_AT_ONCE = 60;

/** The clocks of the machine, and those of the delivery. */
type ClockName = TimerName | 'resend' | 'linger' | 'last-words' | `ack ${string}`;

/** What a call tells the engine. */
export interface CallObserver<Tracks, Stream> {
  /** After each step, also where nothing changed. */
  stepped(call: Call<Tracks, Stream>, previous: CallState): void;
  /** Both sides are together for the first time. */
  connected(call: Call<Tracks, Stream>): void;
  /** The numbering of the messages has moved on. */
  counted(call: Call<Tracks, Stream>): void;
  trouble(call: Call<Tracks, Stream>, trouble: CallTrouble): void;
  /** Whether this call may use microphone and camera: false once another call has them. */
  owns(call: Call<Tracks, Stream>): boolean;
  /** Nothing of this call is needed any more. */
  over(call: Call<Tracks, Stream>): void;
}

/** A call at work. */
export class Call<Tracks, Stream> {
  readonly id: string;
  /** The other side's peer ID. */
  readonly peer: string;
  /** Whether the person is not to see it: an invite that was turned away, or that yielded to another. */
  silent = false;
  readonly #ports: Ports<Tracks, Stream>;
  readonly #observer: CallObserver<Tracks, Stream>;
  readonly #outbox: Outbox;
  readonly #timers: Timers<ClockName>;
  readonly #queue: CallEvent[] = [];
  readonly #direct = new Pace(DIRECT_PER_SECOND, DIRECT_AT_ONCE);
  #state: CallState;
  #peerConnection: PeerPort<Tracks, Stream> | undefined;
  #lastStream: Stream | null = null;
  #lastScreen: Stream | null = null;
  #stepping = false;
  #disposed = false;
  #watched: { address: string; stop: () => void } | undefined;
  #presence: Presence | undefined;
  readonly #repeats = new Pace(REPEATED_PER_SECOND, REPEATED_AT_ONCE);
  #steady = true;
  #startedAt: number | null = null;
  /** Until when it rings, in milliseconds since the epoch. */
  #ringsUntil = 0;
  #verdict: ContentOf<'cancel'> | undefined;
  /** Whether the other side has ended the call and is to close the connection, once all it has said has arrived. */
  #awaitsParting = false;

  constructor(id: string, peer: string, state: CallState, ports: Ports<Tracks, Stream>, observer: CallObserver<Tracks, Stream>) {
    this.id = id;
    this.peer = peer;
    this.#state = state;
    this.#ports = ports;
    this.#timers = new Timers(ports.clock);
    this.#observer = observer;
    this.#outbox = new Outbox(id, ports.spent?.of(id));
  }

  get state(): CallState {
    return this.#state;
  }

  /** The call as pages see it. */
  get info(): CallInfo {
    const { name, media, direction } = this.#state;
    return Object.freeze({ id: this.id, peer: this.peer, name: name || this.peer, media, direction, startedAt: this.#startedAt });
  }

  /** What the next page needs to take this call up again; undefined unless it is connected. */
  get record(): CallRecord | undefined {
    return this.#startedAt === null ? undefined : this.handover;
  }

  /** What a next page that follows at once needs: also of a call that rings there, or has just been taken. */
  get handover(): CallRecord | undefined {
    const { phase, invited, accepted, partner, direction, media, name, gen, remote, alert } = this.#state;
    const rings = phase === 'calling' || phase === 'ringing';
    if (rings ? !invited : !isTalking(phase) || !accepted) return undefined;
    const known = { id: this.id, peer: this.peer, direction, media, name: name ?? null, startedAt: this.#startedAt ?? 0, gen };
    const { heard } = this.#outbox;
    const all = { ...known, ...this.#outbox.position(partner ?? this.peer), local: this.#intended, remote };
    if (rings) return { ...all, heard, rings: { ...(alert && { alert }), leftAt: this.#ports.clock.wall(), until: this.#ringsUntil } };
    return { ...all, ...(this.#startedAt === null && { heard }), partner: partner! };
  }

  /** What this side sends; while its devices are still being opened, what it is about to send. */
  get local(): MediaState {
    return this.#state.asking ? this.#state.local : this.#intended;
  }

  /** Turns a device on or off in what the person sees, where it is still being opened. Answers whether it is open, or about to be. */
  wish(wish: Partial<DeviceWish>): boolean {
    this.dispatch({ type: 'wish', ...wish });
    const { captured, phase } = this.#state;
    return isOpening(this.#state) || (captured && isLive(phase));
  }

  /** Until the devices are open again, what the last page had open is what the next one opens. */
  get #intended(): MediaState {
    const { captured, local, wished } = this.#state;
    return captured ? local : { ...local, ...wished };
  }

  /** Goes on where the last page was. */
  restore(record: CallRecord): void {
    const { partner, startedAt, n } = record;
    this.#startedAt = startedAt || null;
    for (const { from, received } of record.heard ?? []) this.#outbox.listenOn(from, received);
    if (partner) this.#outbox.restore(partner, record);
    else this.#outbox.speakOn(n);
  }

  get remoteStream(): Stream | null {
    return this.#lastStream ?? this.#peerConnection?.remoteStream ?? null;
  }

  /** The screen that the other side shares. */
  get remoteScreen(): Stream | null {
    return this.#state.remote.screen ? (this.#lastScreen ?? this.#peerConnection?.remoteScreen ?? null) : null;
  }

  /** What devices are told that come too late; only once the call has its winner or its end, and only the caller's. */
  get verdict(): ContentOf<'cancel'> | undefined {
    return this.#verdict;
  }

  /** Seconds since both sides were connected; 0 if they never were. */
  get duration(): number {
    return this.#startedAt === null ? 0 : Math.max(0, (this.#ports.clock.wall() - this.#startedAt) / 1000);
  }

  /** Lets something happen to the call. What it causes happens before this returns, in order. */
  dispatch(event: CallEvent): void {
    // Somebody may still hold on to a callback of a call that is no more.
    if (this.#disposed) return;
    this.#queue.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next; (next = this.#queue.shift());) this.#step(next);
    } finally {
      this.#stepping = false;
    }
  }

  /** Takes in a message for this call, over whichever lane it came. */
  receive(from: string, message: CallMessage): void {
    if (this.#disposed) return;
    const { partner, direction, me } = this.#state;
    const stranger = direction === 'incoming' && partner !== undefined ? from !== partner : peerOf(from) !== this.peer;
    if (stranger) return;
    if (this.#timers.has('absence')) this.dispatch({ type: 'present' });
    // A page that was loaded anew begins anew: what its last page may have said before is not waited for.
    if (message.type === 'resume') this.#outbox.skip(from, message.n - 1);
    const { deliver, owed } = this.#outbox.receive(from, message);
    // The end of the ringing overtakes: nothing that was said before it matters any more.
    const overtakes = message.type === 'cancel' ? message.winner !== deviceOf(me) : message.type === 'hangup' && message.n === 0;
    if (overtakes) this.dispatch({ type: 'heard', from, content: message });
    // The next page of the caller has not heard what its last one was told.
    if (isDecided(this.#state) && deliver.some(({ type }) => type === 'invite')) this.#repeat();
    for (const content of deliver) this.dispatch({ type: 'heard', from, content });
    const over = this.#state.phase === 'ended' || this.#state.phase === 'idle';
    if (over) this.#outbox.skip(from, message.n);
    // A page that comes back to a call that is over learns so at once, and why.
    const reason = this.#state.reason ?? 'left';
    if (over && message.type === 'resume') this.#transmit([{ ...this.#outbox.acknowledgement(from), type: 'hangup', reason }]);
    else if (owed && this.#verdict && from !== this.#state.partner)
      this.#transmit([{ ...this.#outbox.acknowledgement(from), ...this.#verdict }]);
    else if (owed) this.#owe(from, this.#state.phase !== 'ended' ? ACK_AFTER : this.#talks ? LAST_WORDS : 0);
    this.#observer.counted(this);
    this.tidy();
  }

  /** The relay says that nobody is at the address of the invite. */
  unreachable(): void {
    if (isDecided(this.#state)) return;
    if (this.#presence !== 'online' && this.#presence !== 'busy') this.#missed();
  }

  /** The link to the relay came or went. */
  linkChanged(online: boolean): void {
    if (!online) this.#steady = false;
    if (online) this.#transmit(this.#outbox.everything(this.#ports.clock.now()));
  }

  /** Hands what is captured now to the peer connection. */
  attachTracks(): void {
    this.#peerConnection?.setTracks(this.#ports.media.tracks);
  }

  /** Closes what is made ready while it rings, until the page `return`s. */
  disconnect(): void {
    this.#peerConnection?.close();
    this.#peerConnection = undefined;
  }

  /** Ends all of it at once, without a word. */
  dispose(): void {
    this.#disposed = true;
    this.#timers.stopAll();
    this.#watched?.stop();
    this.#watched = undefined;
    this.#peerConnection?.close();
  }

  #step(event: CallEvent): void {
    const previous = this.#state;
    const { state, effects } = step(previous, event);
    this.#state = state;
    const isFirst = state.phase === 'connected' && this.#startedAt === null;
    if (isFirst) this.#startedAt = this.#ports.clock.wall();
    const isTold =
      event.type === 'heard' && previous.phase !== 'ended' && state.phase === 'ended' && !effects.some(({ type }) => type === 'say');
    if (isTold) {
      this.#outbox.forget();
      this.#awaitsParting = state.accepted && event.content.type === 'hangup' && !previous.mend?.parted;
    }
    for (const effect of effects) this.#run(effect);
    if (isDecided(state)) this.#outbox.decide(this.#ports.clock.now());
    if (lanesOf(state) > lanesOf(previous)) this.#peerConnection?.widen(lanesOf(state));
    this.#watchOther();
    this.#observer.stepped(this, previous);
    if (isFirst) this.#observer.connected(this);
    this.tidy();
  }

  #run(effect: Effect): void {
    const { media, clock } = this.#ports;
    switch (effect.type) {
      case 'say': {
        const to = effect.to === 'partner' ? this.#state.partner : this.peer;
        if (effect.content.type === 'cancel') this.#verdict = effect.content;
        if (to === undefined) return;
        const message = this.#outbox.post(to, effect.content, clock.now());
        // A page may be loaded anew while it rings; a connected call has a record.
        if (!this.silent && this.#startedAt === null) this.#ports.spent?.keep(this.id, message.n);
        // What an earlier page may have said goes first: whoever has missed it can hear nothing else.
        return this.#transmit([...this.#outbox.due(clock.now()), message]);
      }
      case 'capture':
        return media.capture(effect);
      case 'release':
        return this.#observer.owns(this) ? media.release() : undefined;
      case 'offer':
        return this.#newConnection().offer(effect.media);
      case 'answer':
        return ((effect.ready && this.#peerConnection) || this.#newConnection()).answer(effect.description, effect.candidates);
      case 'make-ready':
        return this.#newConnection().makeReady(effect.description);
      case 'prepare':
        return this.#newConnection().prepare(effect.description, effect.candidates);
      case 'connect':
        return this.#peerConnection?.connect(effect.description, effect.candidates, effect.ahead);
      case 'begin':
        return this.#peerConnection?.begin();
      case 'describe':
        return this.#peerConnection?.describe(effect.description);
      case 'add-candidates':
        return this.#peerConnection?.addCandidates(effect.candidates);
      case 'restart-ice':
        return this.#peerConnection?.restartIce();
      case 'prove-link':
        return this.#ports.link.prove(() => this.dispatch({ type: 'proven' }));
      case 'close':
        return this.#linger();
      case 'start-timer':
        // A clock that runs is not turned back: being told of an absence again does not prolong the wait.
        if (this.#timers.has(effect.timer)) return;
        if (effect.timer === 'ring') this.#ringsUntil = clock.wall() + effect.seconds * 1000;
        return this.#timers.start(effect.timer, effect.seconds * 1000, () => this.dispatch({ type: 'over', timer: effect.timer }));
      case 'stop-timer':
        return this.#timers.stop(effect.timer);
      case 'trouble':
        return this.#observer.trouble(this, effect);
    }
  }

  /** Makes a connection in the place of the present one, whose last picture stays until the new one has its first. */
  #newConnection(): PeerPort<Tracks, Stream> {
    const hasPicture = this.#startedAt !== null;
    this.#lastStream = hasPicture ? this.remoteStream : null;
    this.#lastScreen = hasPicture ? this.remoteScreen : null;
    this.#peerConnection?.close();
    const isPresent = (): boolean => this.#peerConnection === connection;
    const connection = this.#ports.makePeer(
      {
        event: (event) => {
          if (!isPresent()) return;
          if (event.type === 'flowing') this.#lastStream = this.#lastScreen = null;
          if (event.type === 'parted') this.#awaitsParting = false;
          this.dispatch(event);
        },
        message: (text) => isPresent() && this.#hearPartner(text),
        changed: () => isPresent() && this.#observer.stepped(this, this.#state),
      },
      this.#state.direction === 'incoming',
      this.id,
    );
    this.#peerConnection = connection;
    connection.widen(lanesOf(this.#state));
    this.attachTracks();
    return connection;
  }

  #hearPartner(text: string): void {
    // Until somebody accepts here all of it comes over the relay as well, which bounds what a stranger may send.
    if (this.#state.phase === 'incoming') return;
    // What is too much comes over the relay as well, or is repeated if the call goes on.
    if (!this.#direct.take(this.#ports.clock.now())) return;
    const { message } = parseFromPartner(text);
    // Over a path that was prepared the accept itself comes as fast as the media after it.
    const from = this.#state.partner ?? this.#state.early?.device;
    if (message && isCallMessage(message) && message.call === this.id && from) this.receive(from, message);
  }

  /** Follows whether the other side is there: for as long as it rings, and when its page has gone. */
  #watchOther(): void {
    const { phase, direction, partner, mend } = this.#state;
    const ringing = phase === 'calling' || phase === 'ringing' || phase === 'incoming';
    const called = ringing && !this.silent ? (direction === 'outgoing' ? this.peer : partner) : undefined;
    const address = mend ? partner : called;
    if (address === this.#watched?.address) return;
    this.#watched?.stop();
    this.#watched = undefined;
    this.#presence = undefined;
    if (address === undefined) return;
    const watched = { address, stop: () => {} };
    this.#watched = watched;
    watched.stop = this.#ports.link.watch(address, (presence) => this.#watched === watched && this.#see(presence));
    // Who has lost his media and the relay at once is himself the one who is cut off, and knows nothing of the other.
    if (!this.#ports.link.online && !mend) this.dispatch({ type: 'absent', steady: false });
  }

  #see(presence: Presence): void {
    const before = this.#presence;
    this.#presence = presence;
    if (presence === 'offline') return this.#missed();
    this.dispatch({ type: 'present' });
    if (before === undefined) return;
    if (isDecided(this.#state)) return this.#repeat();
    // Each further word of presence may mean a further device, which has not heard of the call. That one becomes busy is mostly but one that rings.
    if (before === 'online' && presence === 'busy') this.#outbox.hasten();
    else this.#transmit(this.#outbox.broadcasts(this.#ports.clock.now()));
  }

  /** The page that is there now may be another one than that to which the last words went. */
  #repeat(): void {
    const now = this.#ports.clock.now();
    // What is too much is said again all the same, a little later.
    if (this.#repeats.take(now, this.#outbox.waiting)) this.#transmit(this.#outbox.everything(now));
  }

  /** Nobody is there, which is certain only while neither this link nor the relay has just been away. */
  #missed(): void {
    // While it is dialled, the other side may be a page that has not come back yet since the link was away.
    this.dispatch({ type: 'absent', steady: (this.#steady || !!this.#state.mend) && this.#ports.link.steady });
  }

  #transmit(messages: readonly CallMessage[]): void {
    if (this.#disposed) return;
    for (const message of messages) {
      if (message.to === this.#state.partner) this.#peerConnection?.send(JSON.stringify(message));
      this.#ports.link.send(message);
      this.#timers.stop(`ack ${message.to}`);
    }
    if (!this.#outbox.settled && !this.#timers.has('resend')) this.#timers.start('resend', RESEND_AFTER, () => this.#resend());
  }

  #resend(): void {
    this.#transmit(this.#outbox.due(this.#ports.clock.now()));
    if (this.#outbox.overfull) this.dispatch({ type: 'broken', detail: 'The other side has acknowledged nothing for too long.' });
    this.tidy();
  }

  /** Acknowledges after so many milliseconds, or sooner where that was owed already; what waits for last words is owed no sooner. */
  #owe(to: string, delay: number): void {
    const acknowledge = () => this.#transmit([this.#outbox.acknowledgement(to)]);
    if (delay === 0) acknowledge();
    else if (delay > ACK_AFTER || !this.#timers.has(`ack ${to}`)) this.#timers.start(`ack ${to}`, delay, acknowledge);
  }

  #linger(): void {
    this.#timers.start('linger', LINGER, () => this.#observer.over(this));
    this.#timers.start('last-words', LAST_WORDS, () => {
      this.tidy();
      this.#peerConnection?.close();
    });
  }

  /** Whether something that was written here, once somebody had accepted, has not arrived, and still may. */
  get #talks(): boolean {
    return this.#state.accepted && this.#timers.has('last-words') && !!this.#ports.talks?.();
  }

  /** Lets the call go as soon as it is over, shown no more, and heard of by the other side. */
  tidy(): void {
    const { phase, reason, partner, accepted } = this.#state;
    if (reason === null) return;
    // Until it is acknowledged, whoever has ended the call keeps the connection open: for what this side has written, too.
    if (accepted && !this.#talks && this.#timers.has(`ack ${partner}`)) this.#owe(partner!, 0);
    if (!this.#outbox.settled) return;
    if (!this.#awaitsParting && !this.#talks) this.#peerConnection?.close();
    this.#timers.stop('resend');
    if (phase === 'idle' || (this.silent && phase === 'ended')) this.#observer.over(this);
  }
}
