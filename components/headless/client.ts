/** Calls for pages that draw their own: the engine of the elements, with their events and words, and nothing to be seen. */
import { isPeerId } from '../../relay/protocol/address.js';
import type { Alert, MediaKind, Person, Presence } from '../../relay/protocol/index.js';
import { readPeer } from '../attributes.js';
import type { Complaint } from '../attributes.js';
import type { NamedDevice } from '../call/choices.js';
import { isLive, isTalking } from '../call/phases.js';
import type { CallSession, CallSnapshot } from '../call/session.js';
import type { Chat } from '../chat/face.js';
import { CallRequestEvent, PresenceChangeEvent } from '../events.js';
import { Line, safely } from './line.js';
import type { ClientWorld } from './line.js';
import { siftOptions } from './options.js';
import type { CallClientOptions } from './options.js';
import type { QualityListener } from './quality.js';
import { TypedTarget } from './typed-target.js';

/**
 * One line to the call engine, without anything to be seen. Requests answer at once whether they make sense now; what comes of
 * them is told by events, and by `snapshot`. None of them throws.
 */
export class CallClient extends TypedTarget {
  readonly #line: Line;
  readonly #watches = new Set<() => void>();

  /** @internal */
  constructor(options: CallClientOptions | undefined, world: ClientWorld) {
    super();
    this.#line = new Line(this, options, world);
  }

  /** Everything there is to draw: a frozen object, a new one at every change. */
  get snapshot(): CallSnapshot {
    return this.#line.snapshot;
  }

  /** Calls back after every change of `snapshot`. Returns the function that ends it. Fits `useSyncExternalStore` and its like. */
  readonly subscribe = (listener: (snapshot: CallSnapshot) => void): (() => void) => this.#line.subscribe(listener);

  /** Calls a peer, unless a listener of `call-request` vetoes it. Answers whether the call was placed. */
  call(peer: string, options?: { media?: MediaKind; name?: string } | null): boolean {
    const complaints: Complaint[] = [];
    // Whatever is no text, or an empty one, is no peer ID either.
    const callee = readPeer('peer', (typeof peer === 'string' && peer) || ' ', complaints);
    this.#line.complain(complaints.map((each) => ({ ...each, message: each.message.replace('The attribute', 'In call(), the argument') })));
    const kind = this.#line.kindIn('call', options, 'video');
    if (!callee || !kind || !this.dispatchEvent(new CallRequestEvent(callee, kind))) return false;
    this.#line.explain();
    const { ringTimeout } = this.#line.settings;
    const name = typeof options?.name === 'string' && options.name;
    return this.#ask(!isLive(this.snapshot.state), (session) => session.call(callee, { media: kind, ringTimeout, ...(name && { name }) }));
  }

  /** Takes the incoming call; `{ media: 'audio' }` takes a video call without the camera. Also enters a call again after a reload, where `rejoin` asks for it. */
  accept(options?: { media?: MediaKind } | null): boolean {
    const { state, rejoin, call } = this.snapshot;
    const media = this.#line.kindIn('accept', options, call?.media ?? 'video');
    return !!media && this.#ask(state === 'incoming' || rejoin, (session) => session.accept({ media }));
  }

  /** Opens the camera while a video call comes in, as `localStream`, where nobody has to be asked for it; nothing is sent before `accept()`. */
  preview(): boolean {
    const { state, call } = this.snapshot;
    return this.#ask(state === 'incoming' && call?.media === 'video', (session) => session.preview());
  }

  /** Refuses the incoming call, on all devices of this person. */
  decline(): boolean {
    return this.#ask(this.snapshot.state === 'incoming', (session) => session.decline());
  }

  /** Ends the call, in whatever state it is. */
  hangUp(): boolean {
    return this.#ask(isLive(this.snapshot.state), (session) => session.hangUp());
  }

  /** Says to the caller that the incoming call rings here, and whether it is heard: for pages that veto `call-incoming` to ring by themselves. */
  rings(alert: Alert): boolean {
    return this.#ask(this.snapshot.state === 'incoming', (session) => session.rings(alert === 'sound' ? 'sound' : 'visual'));
  }

  /** Turns the microphone on or off. Answers false where there is no call, and before an incoming one is accepted. */
  setMicrophone(on: boolean): boolean {
    return !!this.#line.session?.setMicrophone(!!on);
  }

  /** Turns the camera on or off. Answers false where there is no call, and before an incoming one is accepted. */
  setCamera(on: boolean): boolean {
    return !!this.#line.session?.setCamera(!!on);
  }

  /** Takes the next camera of this device. */
  switchCamera(): boolean {
    return this.#ask(isLive(this.snapshot.state), (session) => session.switchCamera());
  }

  /** Shares the screen, or shares it no more. Browsers allow it only in the handler of a click or a key. */
  shareScreen(on: boolean): boolean {
    return this.#ask(isTalking(this.snapshot.state), (session) => session.shareScreen(!!on));
  }

  /** Takes these devices now and in later calls, as `enumerateDevices()` lists them; null is the browser's choice. */
  chooseDevices(choices?: { microphone?: NamedDevice | null; camera?: NamedDevice | null } | null): boolean {
    const named = { microphone: choices?.microphone, camera: choices?.camera };
    const given = Object.fromEntries(Object.entries(named).filter(([, device]) => device !== undefined));
    this.configure(given);
    // What is no device has been complained about.
    const { microphone, camera } = siftOptions(given, []);
    return this.#ask(isLive(this.snapshot.state), (session) => session.chooseDevices({ microphone, camera }));
  }

  /** Tells the other side that this page records the call, or no longer: whoever records must. */
  setRecording(on: boolean): boolean {
    return this.#ask(isTalking(this.snapshot.state), (session) => session.setRecording(!!on));
  }

  /** The chat of the call, or of the last one, with its texts and files, once anything was written or `openChat` was called. */
  get chat(): Chat | undefined {
    return this.#line.session?.chat;
  }

  /** Opens the chat of the call that is on; undefined where there is none. */
  async openChat(): Promise<Chat | undefined> {
    return this.#line.session?.openChat();
  }

  /** Writes a message of at most 16 KiB. Answers whether it is sent, now or as soon as it can be. */
  async sendMessage(text: string): Promise<boolean> {
    const chat = this.chat ?? (await this.openChat());
    return typeof text === 'string' && !!chat?.send(text);
  }

  /** Follows whether a peer is there, by `presence-change` and by the listener, which also hears the name. Returns the function that ends it. */
  watch(peer: string, listener?: (presence: Presence | 'unknown', name?: string) => void): () => void {
    if (typeof peer !== 'string' || !isPeerId(peer)) {
      this.#line.complain([{ attribute: 'watch', value: peer, message: 'In watch(), the argument "peer" must be a peer ID.' }]);
      return () => {};
    }
    let known: Presence | 'unknown' = 'unknown';
    let ended = false;
    const stop = this.#line.session?.watch(peer, (presence, name) => {
      if (ended) return;
      safely(listener, presence, name);
      if (presence === known) return;
      known = presence;
      this.dispatchEvent(new PresenceChangeEvent(peer, presence));
    });
    return this.#until(() => {
      ended = true;
      stop?.();
    });
  }

  /** Asks the relay who is there; null where it keeps no list, undefined where it cannot be asked now. */
  async roster(): Promise<readonly Person[] | null | undefined> {
    return this.#line.session?.roster();
  }

  /** Measures calls, once a second while one is connected, and judges them as the panel does. Returns the function that ends it. */
  watchQuality(listener: QualityListener): () => void {
    let stop = (): void => {};
    let ended = false;
    import('./quality.js').then(
      ({ followQuality }) => {
        const { session } = this.#line;
        if (!ended && session) stop = followQuality(session, (judgement, reading) => safely(listener, judgement, reading));
      },
      (cause: unknown) => console.warn('createCallClient: how the call goes cannot be measured.', cause),
    );
    return this.#until(() => {
      ended = true;
      stop();
    });
  }

  /** Changes options from now on: the token, the name, what is sent. A call goes on. `relay` and `me` cannot be changed. */
  configure(changes: CallClientOptions): void {
    this.#line.configure(changes);
  }

  /**
   * Leaves. The last who has the connection, client or element, ends the call and closes it; its end is told before this
   * returns. Afterwards nothing is told, and every request answers false. May be called twice.
   */
  close(): void {
    for (const end of [...this.#watches]) end();
    this.#line.close();
  }

  /** Ends something with `close` at the latest. Returns the function that ends it now. */
  #until(stop: () => void): () => void {
    const end = (): void => {
      if (this.#watches.delete(end)) stop();
    };
    this.#watches.add(end);
    return end;
  }

  #ask(sensible: boolean, request: (session: CallSession) => void): boolean {
    const { session } = this.#line;
    if (!session || !sensible) return false;
    request(session);
    return true;
  }
}
