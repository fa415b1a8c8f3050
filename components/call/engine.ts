/**
 * The call engine of one page at one relay: which call is on, which is turned away, which of two crossing calls
 * goes on. Each call decides for itself by its machine; requests come in, frozen snapshots and notices go out.
 */
import { deviceOf, peerOf } from '../../relay/protocol/index.js';
import type { Alert, ContentOf, MediaKind, RelayMessage, StampedCallMessage } from '../../relay/protocol/index.js';
import { Call } from './call.js';
import type { CallTrouble } from './errors.js';
import type { MediaEvent } from './events.js';
import { NOTHING, incoming, outgoing, returned } from './call-state.js';
import { isDecided } from './machine.js';
import type { CallState } from './call-state.js';
import { isLive, isTalking } from './phases.js';
import type { CallInfo, Phase } from './phases.js';
import type { Ports } from './ports.js';
import type { CallRecord } from './record.js';
import type { CallNotice } from './session.js';
import { AT_REST, shownOf } from './snapshot.js';
import type { EngineSnapshot } from './snapshot.js';
import { Strangers } from './strangers.js';

/** Who is told of every change. */
export interface EngineObserver<Stream> {
  changed(snapshot: EngineSnapshot<Stream>): void;
  notice(notice: CallNotice): void;
}

/** Most calls kept at once, those that were turned away included; an invite beyond them is left to its sender to repeat. */
export const MAX_CALLS = 32;
/** Most calls of one person that are kept at a time. */
export const MAX_CALLS_OF_ONE = 4;

/** All calls of one page at one relay; at most one of them is on. */
export class CallEngine<Tracks, Stream> {
  readonly #ports: Ports<Tracks, Stream>;
  readonly #observer: EngineObserver<Stream>;
  readonly #calls = new Map<string, Call<Tracks, Stream>>();
  readonly #strangers = new Strangers();
  #current: Call<Tracks, Stream> | undefined;
  #shown: EngineSnapshot<Stream> = AT_REST;
  /** While one of two crossing calls takes the other's place, which is to be seen as one step. */
  #merging = false;

  /** This person's name for the other side. */
  name: string | undefined;

  constructor(ports: Ports<Tracks, Stream>, observer: EngineObserver<Stream>) {
    this.#ports = ports;
    this.#observer = observer;
  }

  get snapshot(): EngineSnapshot<Stream> {
    return this.#shown;
  }

  /** What the next page would need to take up the call; undefined where there is none to take up. */
  get record(): CallRecord | undefined {
    return this.#current?.record;
  }

  /** What a next page that follows at once needs; undefined where there is nothing that it could take up. */
  get handover(): CallRecord | undefined {
    return this.#current?.handover;
  }

  /** Calls kept in memory, ended ones that still have something to say included. */
  get size(): number {
    return this.#calls.size;
  }

  get #self(): Pick<CallState, 'me' | 'myName'> {
    return { me: this.#ports.link.address ?? '', myName: this.name };
  }

  /** Places a call, unless one is on. `ringTimeout` in seconds. */
  call(peer: string, { media, ringTimeout, name }: { media: MediaKind; ringTimeout: number; name?: string }): void {
    if (this.#current && isLive(this.#current.state.phase)) return;
    const state = outgoing({ ...this.#self, media, name, ringFor: ringTimeout, early: this.#ports.early?.('outgoing') });
    this.#open(new Call(this.#ports.newId(), peer, state, this.#ports, this.#callObserver)).dispatch({ type: 'dial' });
  }

  /**
   * Takes up the call that the last page was in, or had placed; `ask` if the person must first allow microphone and camera, which are
   * opened at once for one that rings.
   */
  comeBack(record: CallRecord, ask: boolean): void {
    if (!this.#current) this.#open(this.#restored(record)).dispatch({ type: 'return', ask, early: !record.startedAt });
  }

  /** Calls off a call that the last page had placed, and that this one does not take up. */
  giveUp(record: CallRecord): void {
    const call = this.#restored(record);
    call.silent = true;
    this.#calls.set(call.id, call);
    call.dispatch({ type: 'hang-up' });
  }

  #restored(record: CallRecord): Call<Tracks, Stream> {
    const { clock, early } = this.#ports;
    const state = returned(record, clock.wall(), { ...this.#self, early: early?.('outgoing') });
    const call = new Call(record.id, record.peer, state, this.#ports, this.#callObserver);
    call.restore(record);
    return call;
  }

  rings(alert: Alert): void {
    this.#current?.dispatch({ type: 'rings', alert, early: this.#ports.early?.('incoming') });
  }

  /** Opens the camera while a video call rings here; nothing of it is sent before somebody accepts. */
  preview(): void {
    const state = this.#current?.state;
    if (state?.phase === 'incoming' && state.media === 'video') this.#ports.media.capture({ microphone: false, camera: true });
  }

  accept({ media }: { media: MediaKind }): void {
    this.#current?.dispatch({ type: 'take', media });
  }

  decline(): void {
    this.#current?.dispatch({ type: 'decline' });
  }

  hangUp(): void {
    this.#current?.dispatch({ type: 'hang-up' });
  }

  leave(): void {
    this.#current?.dispatch({ type: 'leave' });
  }

  /** The page is going away and its call is kept for the next one: the other side sees the connection close. */
  part(): void {
    this.#current?.dispose();
  }

  /** The page is put aside while it rings: a browser keeps none that has a connection, or a camera. */
  rest(): void {
    this.#current?.disconnect();
    this.#ports.media.release();
  }

  /** The page is shown again after so many seconds, in which its clocks may have stood still. */
  ringOn(seconds: number): void {
    const call = this.#current;
    call?.dispatch(seconds > call.state.ringFor ? { type: 'over', timer: 'ring' } : { type: 'return', ask: false });
  }

  /** Tells both sides whether the network is too slow for this side's picture, which is then held back. */
  hold(on: boolean): void {
    this.#current?.dispatch({ type: 'hold', on });
  }

  /** Turns the microphone on or off; one that is still being opened is opened without sound. Answers false where no call has it. */
  setMicrophone(on: boolean): boolean {
    const has = !!this.#current?.wish({ microphone: on });
    if (has) this.#ports.media.setMicrophone(on);
    return has;
  }

  /** Turns the camera on or off; one that is still being opened is let go. Answers false where no call may have it. */
  setCamera(on: boolean): boolean {
    const call = this.#current;
    // A voice call opens no camera before there is somebody to see it.
    const has = !!call && (call.state.media === 'video' || isTalking(call.state.phase)) && call.wish({ camera: on });
    if (has) this.#ports.media.setCamera(on);
    return has;
  }

  /** Shares the screen, or shares it no more. Must be called while the browser still sees the person's gesture. */
  setScreen(on: boolean): void {
    const state = this.#current?.state;
    if (state?.captured && isTalking(state.phase)) this.#ports.media.setScreen(on);
  }

  /** Tells the other side that the call is recorded here, or no longer. */
  setRecording(on: boolean): void {
    const call = this.#current;
    if (call?.state.phase === 'connected' || call?.state.phase === 'reconnecting') call.dispatch({ type: 'record', on });
  }

  switchCamera(): void {
    if (this.#current?.state.local.camera) this.#ports.media.switchCamera();
  }

  /** The first picture of the other side is there. The connection's own figures tell of it too, but later. */
  pictureCame(): void {
    if (this.#current?.state.phase === 'connecting') this.#current.dispatch({ type: 'flowing', kind: 'video' });
  }

  /** Takes in what capture reports. */
  media(event: MediaEvent): void {
    const call = this.#current;
    if (!call || !isLive(call.state.phase)) return this.#ports.media.release();
    if (event.type === 'captured') call.attachTracks();
    call.dispatch(event);
  }

  /** What was written to the other side may have arrived: the connection of a call that is over is kept for nothing else. */
  tidy(): void {
    this.#current?.tidy();
  }

  /** The link to the relay came or went. */
  linkChanged(online: boolean): void {
    for (const call of [...this.#calls.values()]) call.linkChanged(online);
  }

  /** Takes in what the relay itself says about a call. */
  relaySaid(message: Extract<RelayMessage, { type: 'unreachable' | 'error' }>): void {
    if (message.type === 'unreachable') return this.#calls.get(message.call)?.unreachable();
    const call = message.re?.call === undefined ? undefined : this.#calls.get(message.re.call);
    if (message.re?.type === 'invite') call?.dispatch({ type: 'refused', code: message.code, detail: message.message });
  }

  /** Takes in a message of another page. */
  receive(message: StampedCallMessage): void {
    const { from } = message;
    const call = this.#calls.get(message.call);
    if (call) return call.receive(from, message);
    const now = this.#ports.clock.now();
    // A page that comes back to a call that is over here learns so; there is nobody to wait for.
    if (message.type === 'resume') {
      if (this.#strangers.answers.take(now))
        this.#ports.link.send({ type: 'hangup', reason: 'left', to: from, call: message.call, n: 0, ack: message.n });
      return;
    }
    if (this.#strangers.isOver(message.call, now)) return this.#assure(message);
    // An invite is the first word of its call: one that is not would wait for ever for what came before it.
    if (message.type === 'invite') return message.n === 1 && this.#hasRoom(peerOf(from)) ? this.#invited(message) : undefined;
    if (message.type === 'candidates' || message.type === 'media') return this.#strangers.keep(from, message, now);
    if (message.type !== 'cancel' || message.winner === deviceOf(this.#ports.link.address ?? '')) return;
    // The call is over before its invite arrived: it shall never ring.
    this.#strangers.bury(message.call, now);
    this.#assure(message);
    if (message.reason !== 'cancelled' && message.reason !== 'no-answer') return;
    const peer = peerOf(from);
    // What kind of call it was, and the name, were in the invite.
    this.#tellOfMissed({ id: message.call, peer, name: peer, media: 'audio', direction: 'incoming', startedAt: null }, true);
  }

  /** Tells of a call of which the person saw nothing; `vague` of one of which hardly anything is known. */
  #tellOfMissed(call: CallInfo, vague?: true): void {
    if (this.#strangers.missed.take(this.#ports.clock.now())) this.#observer.notice({ type: 'missed', call, ...(vague && { vague }) });
  }

  /** Ends everything at once, without a word. */
  close(): void {
    for (const call of this.#calls.values()) call.dispose();
    this.#calls.clear();
    this.#current = undefined;
    this.#ports.media.release();
  }

  /** The same, and shows that there is no call: another page has seen to it. */
  forget(): void {
    this.close();
    this.#refresh();
  }

  #keep(): void {
    this.#ports.keep?.(this.#current?.record);
  }

  /** Whether a further call can be kept; an invite for which there is no room is left to its sender to repeat. */
  #hasRoom(peer: string): boolean {
    let ofOne = 0;
    for (const call of this.#calls.values()) if (call.peer === peer) ofOne++;
    return this.#calls.size < MAX_CALLS && ofOne < MAX_CALLS_OF_ONE;
  }

  #invited(message: StampedCallMessage & ContentOf<'invite'>): void {
    const { from } = message;
    const state = incoming(this.#self);
    const call = new Call(message.call, peerOf(from), state, this.#ports, this.#callObserver);
    const current = this.#current;
    const engaged = current !== undefined && isLive(current.state.phase);
    const glare = engaged && isPlacing(current.state.phase) && current.peer === call.peer;
    // Of two crossing calls the lesser goes on; a call that has not been said yet always yields.
    const yields = glare && (!current.state.invited || message.call < current.id);
    call.silent = engaged && !yields;
    this.#calls.set(call.id, call);
    // For the person it is the same call: what was turned off stays so.
    const { microphone, camera } = current?.local ?? NOTHING;
    if (yields) this.#yield(current, call);
    else if (!engaged) this.#show(call);
    const early = this.#strangers.takeEarly(call.id, from);
    this.#merging = yields;
    for (const each of [message, ...early]) call.receive(from, each);
    this.#merging = false;
    if (yields) {
      call.dispatch({ type: 'take', media: current.state.media });
      if (!microphone) this.setMicrophone(false);
      if (!camera && current.state.media === 'video') this.setCamera(false);
    } else if (engaged && !glare) {
      this.#tellOfMissed(call.info);
      call.dispatch({ type: 'engaged' });
    }
  }

  /** The greater of two crossing calls becomes the lesser one: for the person it is the same call. */
  #yield(current: Call<Tracks, Stream>, call: Call<Tracks, Stream>): void {
    current.silent = true;
    this.#current = call;
    current.dispatch({ type: 'withdraw' });
  }

  #open(call: Call<Tracks, Stream>): Call<Tracks, Stream> {
    this.#calls.set(call.id, call);
    this.#show(call);
    return call;
  }

  /** Makes a call the one that the person sees; what was on show before had ended. */
  #show(call: Call<Tracks, Stream>): void {
    const before = this.#current;
    this.#current = call;
    if (!before) return;
    before.silent = true;
    this.#refresh();
    before.dispatch({ type: 'over', timer: 'rest' });
  }

  readonly #callObserver = {
    stepped: (call: Call<Tracks, Stream>, previous: CallState): void => {
      if (call !== this.#current || this.#merging) return;
      this.#keep();
      this.#follow(call, previous);
    },
    connected: (call: Call<Tracks, Stream>): void => {
      if (call === this.#current) this.#observer.notice({ type: 'connected', call: call.info });
    },
    counted: (call: Call<Tracks, Stream>): void => {
      if (call === this.#current) this.#keep();
    },
    trouble: (call: Call<Tracks, Stream>, { code, detail }: CallTrouble): void => {
      if (call === this.#current) this.#observer.notice({ type: 'error', code, detail });
    },
    owns: (call: Call<Tracks, Stream>): boolean => call === this.#current,
    over: (call: Call<Tracks, Stream>): void => {
      call.dispose();
      this.#calls.delete(call.id);
      this.#strangers.bury(call.id, this.#ports.clock.now(), call.verdict);
      if (call !== this.#current) return;
      this.#current = undefined;
      this.#refresh();
    },
  };

  #follow(call: Call<Tracks, Stream>, previous: CallState): void {
    const { phase, reason } = call.state;
    this.#refresh();
    if (phase === previous.phase && this.#current === call) return;
    if (phase === 'ended') this.#observer.notice({ type: 'ended', call: call.info, reason: reason!, duration: call.duration });
    if (isDecided(call.state)) this.#answerCrossing(call);
  }

  /** Invites of the same person that were passed over for this call are answered once it is decided. */
  #answerCrossing(decided: Call<Tracks, Stream>): void {
    const { phase, partner } = decided.state;
    for (const call of [...this.#calls.values()]) {
      if (!call.silent || call.peer !== decided.peer || call.state.phase !== 'incoming') continue;
      if (phase === 'ended') call.dispatch({ type: 'decline' });
      // A device that took our call withdraws its own by itself; any other one hears that we are busy.
      else if (call.state.partner !== partner) call.dispatch({ type: 'engaged' });
    }
  }

  #refresh(): void {
    const before = this.#shown;
    const call = this.#current;
    this.#shown = call && call.state.phase !== 'idle' ? shownOf(call, this.#ports.media) : AT_REST;
    this.#observer.changed(this.#shown);
    const { state, call: info } = this.#shown;
    if (state === before.state && info?.id === before.call?.id) return;
    this.#observer.notice({ type: 'state', state, previous: before.state, reason: this.#shown.reason, call: info });
    if (state === 'incoming') this.#observer.notice({ type: 'incoming', call: info! });
  }

  /** Answers a message of a call that is over, so that its sender stops repeating it. */
  #assure({ from, call, n }: StampedCallMessage): void {
    if (n === 0 || !this.#strangers.answers.take(this.#ports.clock.now())) return;
    const verdict = this.#strangers.verdictOn(call);
    this.#ports.link.send({ ...(verdict ?? { type: 'ack' }), to: from, call, n: 0, ack: n });
  }
}

const isPlacing = (phase: Phase): boolean => phase === 'calling' || phase === 'ringing';
