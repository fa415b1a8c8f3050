/**
 * The only bridge between the call engine and the elements: requests go down to the session, snapshots come
 * back as renderings, notices come back as DOM events.
 */
import type { ReactiveController } from 'lit';
import { RING_TIMEOUT } from '../relay/protocol/bounds.js';
import type { MediaKind, Presence } from '../relay/protocol/index.js';
import type { Complaint } from './attributes.js';
import type { CallTrouble } from './call/errors.js';
import { NOTICE_FOR } from './call/notices.js';
import { isLive } from './call/phases.js';
import type { CallNotice, CallSession, CallSnapshot, ConnectionOptions } from './call/session.js';
import { AT_REST } from './call/snapshot.js';
import { isPoliced } from './environment.js';
import {
  CallConnectedEvent,
  CallEndedEvent,
  CallErrorEvent,
  CallIncomingEvent,
  CallRequestEvent,
  CallStateEvent,
  RelayStatusEvent,
} from './events.js';
import { Speech } from './locales/speech.js';
import type { Speaker } from './locales/speech.js';
import { UNLOADED } from './loading.js';
import { isPresent, join, panels, part, placedBy, presenter, updateAll } from './page.js';
import type { Member } from './page.js';

/** Where sessions come from. */
export interface Sessions {
  openSession(options: ConnectionOptions): CallSession;
  closeSession(session: CallSession): void;
}

/** What has been loaded is there at once from then on: a panel that takes the place of another must not come after its end. */
const loaded = new WeakMap<() => Promise<Sessions>, Sessions>();

/** What an element shows before it has a session. */
const NOTHING: CallSnapshot = Object.freeze({ ...AT_REST, relayStatus: 'connecting', me: null });

/** One element's line to the call engine. */
export class CallController implements ReactiveController, Member {
  /** Loads the engine when the first session is opened; tests put their own in its place. */
  static sessions: () => Promise<Sessions> = () => import('./sessions.js');

  /** The session in use, once it is open. */
  session?: CallSession;
  /** The options that the element wants to be connected with. */
  wish?: ConnectionOptions;
  #trouble = '';
  #hushing?: ReturnType<typeof setTimeout>;
  /** Whether what was missing then is there now. */
  #isThere: (() => boolean) | undefined;
  /** Whether the person asked for a call and it could not even be tried. */
  refused = false;
  /** How long the last call was connected, in seconds. */
  duration = 0;
  /** How long the calls of this element ring, in seconds. */
  ringTimeout: number = RING_TIMEOUT.default;
  /** The presence of the peer that is watched, and its name where it has told one. */
  presence: Presence | 'unknown' = 'unknown';
  peerName?: string;

  /** The call that the page shows by itself, because it prevented `call-incoming`. */
  #shownByPage?: string;
  #announced?: string;
  /** How many calls are about to be placed, and how often somebody wanted those no more. */
  #placing = 0;
  #withdrawn = 0;
  #used?: ConnectionOptions;
  #close?: () => void;
  #opening: Promise<void> = Promise.resolve();
  #attempt = 0;
  #complained = new Set<string>();
  #watched?: { readonly peer: string; readonly session: CallSession; readonly stop: () => void };

  constructor(
    readonly host: Speaker,
    readonly role: 'panel' | 'button',
    /** Hears of calls that this element presents and the page leaves to it: those that come in, and for a button those taken up again. */
    readonly onIncoming: () => void = () => {},
    /** What the element says. */
    readonly speech = new Speech(host),
  ) {
    host.addController(this);
  }

  /** The last thing that went wrong, as a sentence for the person; gone when it has been read in a call that goes on, with the next call, or where what was missing is there. */
  get trouble(): string {
    return this.#isThere?.() ? '' : this.#trouble;
  }

  get snapshot(): CallSnapshot {
    return this.session?.snapshot ?? NOTHING;
  }

  /** Whether this element, of all that share its session, shows and sounds the call. */
  get presents(): boolean {
    return !!this.session && presenter(this.session) === this;
  }

  /** Whether the page shows the present call by itself. */
  get shownByPage(): boolean {
    return !!this.#shownByPage && this.#shownByPage === this.snapshot.call?.id && this.snapshot.state === 'incoming';
  }

  hostConnected(): void {
    join(this);
    this.#updateOthers();
    this.#settle();
  }

  hostDisconnected(): void {
    // An element that is only moved is back within the same task, and keeps its call.
    setTimeout(() => {
      if (this.host.isConnected || !isPresent(this)) return;
      const { session } = this;
      part(this);
      this.#settle();
      this.#updateOthers();
      // A panel in its place presents from now on what this one did.
      if (session?.snapshot.state === 'incoming') void presenter(session)?.takeOver();
    });
  }

  /** Says how to be connected, or with undefined that it cannot be. A live call is never torn down for it. */
  connect(options: ConnectionOptions | undefined): void {
    if (JSON.stringify(options) === JSON.stringify(this.wish)) return;
    this.wish = options;
    this.#settle();
    this.#updateOthers();
  }

  /** Has all elements look anew at what they share, where that can have changed: of a button none but itself wants to know. */
  #updateOthers(): void {
    if (this.role === 'panel') updateAll();
    else this.host.requestUpdate();
  }

  /** The session, as soon as it is there; undefined where there cannot be one. */
  async ready(): Promise<CallSession | undefined> {
    await this.host.updateComplete;
    if (!this.session) this.#settle();
    await this.#opening;
    return this.session;
  }

  /** Whether this element is in the page, from where alone it can call. Reports it where it is not. */
  isHere(): boolean {
    const { isConnected, localName } = this.host;
    if (!isConnected) this.report({ code: 'bad-attribute', detail: `<${localName}> can only call from within the page: append it first.` });
    return isConnected;
  }

  /** Whether calls can be shown: without a word nobody could see one, or end it. Reports it where they cannot. */
  async canShow(): Promise<boolean> {
    const can = await this.speech.ready();
    if (!can) this.report({ code: 'relay-unreachable', detail: UNLOADED }, () => !!this.speech.words);
    return can;
  }

  /** Follows the presence of a peer; undefined stops it. */
  watch(peer: string | undefined): void {
    const { session } = this;
    if (peer === this.#watched?.peer && session === this.#watched?.session) return;
    this.#watched?.stop();
    this.#watched = undefined;
    this.peerName = undefined;
    this.#hear('unknown');
    if (peer && session) {
      let stopped = false;
      const stop = session.watch(peer, (presence, name) => !stopped && this.#hear(presence, name));
      this.#watched = { peer, session, stop: () => ((stopped = true), stop()) };
    }
  }

  /** Asks the page, in the name of `asking`, whether a call may be placed. */
  static permits(asking: HTMLElement, peer: string, media: MediaKind): boolean {
    return asking.dispatchEvent(new CallRequestEvent(peer, media));
  }

  /** Places a call that this element then presents, to somebody whose name may be known. Answers whether it was placed. */
  async place(peer: string, media: MediaKind, name?: string): Promise<boolean> {
    const withdrawn = this.#withdrawn;
    this.#placing++;
    const session = (await this.canShow()) ? await this.ready() : undefined;
    this.#placing--;
    this.refused = !session;
    this.host.requestUpdate();
    if (withdrawn !== this.#withdrawn || !session || isLive(session.snapshot.state)) return false;
    placedBy(session, this);
    session.call(peer, { media, ringTimeout: this.ringTimeout, ...(name && { name }) });
    return true;
  }

  /** Wants the calls no more that are about to be placed. Answers whether there are any. */
  withdraw(): boolean {
    this.#withdrawn++;
    return this.#placing > 0;
  }

  /** The person has read what went wrong. */
  dismiss(): void {
    this.#forgive();
    this.host.requestUpdate();
  }

  /** Reports attributes that cannot be used: each bad value once. */
  complain(complaints: readonly Complaint[]): void {
    for (const { attribute, value, message } of [...complaints, ...this.speech.complaints]) {
      const key = `${attribute}=${JSON.stringify(value)}`;
      if (this.#complained.has(key)) continue;
      this.#complained.add(key);
      this.report({ code: 'bad-attribute', detail: message });
    }
  }

  /** Reports, once, what keeps this browser or page from making calls at all. */
  hinder(trouble: CallTrouble): void {
    if (this.#complained.has(trouble.code)) return;
    this.#complained.add(trouble.code);
    this.report(trouble);
  }

  /** Makes a trouble known: to the person, to the page and on the console. It is over where what was missing is there. */
  report(trouble: CallTrouble, isThere?: () => boolean): void {
    this.#isThere = isThere;
    if (trouble.code === 'media-denied' && isPoliced()) void this.#reportDenied(trouble);
    else this.#tell(trouble, trouble.detail === UNLOADED ? UNLOADED : this.speech.words?.errors[trouble.code]);
  }

  /** Where page or frame hold the devices back, the person can do nothing, and their owner is told what to write. */
  async #reportDenied(trouble: CallTrouble): Promise<void> {
    const why = await import('./policy.js').then(({ withheld }) => withheld(this.speech.lang)).catch(() => undefined);
    const usual = this.speech.words?.errors[trouble.code];
    this.#tell({ ...trouble, ...why }, why ? (why.certain ? why.sentence : `${usual ?? ''} ${why.sentence}`) : usual);
  }

  #tell({ code, detail, cause }: CallTrouble, sentence = detail): void {
    this.#trouble = sentence;
    clearTimeout(this.#hushing);
    this.#hushing = setTimeout(() => this.#hush(), NOTICE_FOR * 1000);
    console.warn(`<${this.host.localName}> ${code}: ${detail}`);
    this.host.dispatchEvent(
      new CallErrorEvent(code, code === 'bad-attribute' && sentence !== detail ? `${sentence} ${detail}` : sentence, cause ?? detail),
    );
    this.host.requestUpdate();
  }

  #forgive(): void {
    this.#trouble = '';
    this.#isThere = undefined;
    this.refused = false;
  }

  /** In a call that goes on a sentence is in the way once it has been read. */
  #hush(): void {
    if (!isLive(this.snapshot.state)) return;
    this.#forgive();
    this.host.requestUpdate();
  }

  #hear(presence: Presence | 'unknown', name?: string): void {
    // Whoever has gone keeps the name; a page that is there has its own, or none, and not that of one before it.
    const known = presence === 'online' || presence === 'busy' ? name : this.peerName;
    if (this.presence === presence && this.peerName === known) return;
    this.peerName = known;
    this.presence = presence;
    this.host.requestUpdate();
  }

  /** Presents a call that another element has presented up to now: the page may want to show that one by itself, too. */
  async takeOver(): Promise<void> {
    if (this.role === 'panel') return this.#incoming();
    const { session } = this;
    await this.host.updateComplete;
    const [used, wish] = [this.#used, this.wish];
    // A button that was somebody only by that panel cannot make another one for the call.
    if (used && wish && used.relay === wish.relay && used.me === wish.me) this.#incoming();
    else if (session?.snapshot.state === 'incoming') session.letGo();
  }

  /** Brings the session in line with the wish, where no call forbids it. */
  #settle(): void {
    const gone = !isPresent(this);
    const wish = gone ? undefined : this.wish;
    const used = this.#used;
    if (used && wish && used.relay === wish.relay && used.me === wish.me) {
      if (used !== wish) this.session?.configureConnection(wish);
      this.#used = wish;
      return;
    }
    if (this.session && !gone && this.snapshot.state !== 'idle') return;
    this.#release();
    if (wish) this.#opening = this.#open(wish, ++this.#attempt);
  }

  async #open(options: ConnectionOptions, attempt: number): Promise<void> {
    const load = CallController.sessions;
    let sessions = loaded.get(load);
    this.#used = options;
    try {
      if (!sessions) loaded.set(load, (sessions = await load()));
    } catch (cause) {
      if (attempt !== this.#attempt) return;
      this.#used = undefined;
      return this.report({ code: 'relay-unreachable', detail: 'The code of the call engine could not be loaded.', cause });
    }
    if (attempt !== this.#attempt) return;
    const session = (this.session = sessions.openSession(this.#used));
    const stop = session.subscribe({
      changed: () => this.host.requestUpdate(),
      notice: (notice) => this.#announce(notice),
      keepsNothing: () => !!(this.wish ?? this.#used)?.noHistory,
    });
    this.#close = () => (stop(), sessions.closeSession(session));
    // The session may be older than this panel, opened by an element that knew less: a button without a name.
    if (this.role === 'panel') session.configureConnection(this.#used);
    this.#updateOthers();
    // A panel may come when the call is already ringing, made by a button that heard of it.
    if (session.snapshot.state === 'incoming') this.#incoming();
    this.#showAlone();
  }

  #release(): void {
    this.#attempt++;
    this.watch(undefined);
    const { session } = this;
    const last = this.role === 'panel' && !panels().some((panel) => panel !== this && panel.session === session);
    // Without a panel nobody could see the call, or end it. This one still tells its page how it ended.
    if (session && last && isLive(session.snapshot.state)) {
      placedBy(session, this);
      // One that comes in is left to whoever else has the session.
      if (session.snapshot.state !== 'incoming' || session.users < 2) session.letGo();
    }
    this.#used = this.session = undefined;
    this.#close?.();
    this.#close = undefined;
  }

  #announce(notice: CallNotice): void {
    if (notice.type === 'relay-status') {
      // A relay that is back brings no code that is missing.
      if (notice.status === 'online' && !this.#isThere) this.#forgive();
      if (this.role === 'panel') this.host.dispatchEvent(new RelayStatusEvent(notice.status));
      return;
    }
    if (notice.type === 'ended') this.duration = notice.duration;
    if (notice.type === 'state') {
      // What could not be opened is told as a call is placed or taken, and read while it rings or when both are together.
      const isMended = notice.state === 'connected' && notice.previous === 'reconnecting';
      if (/^(idle|calling|incoming)$/.test(notice.state) || isMended) this.#forgive();
      if (this.session && (notice.state === 'idle' || notice.state === 'incoming')) placedBy(this.session, undefined);
      // Attributes that changed during the call count from here on.
      if (notice.state === 'idle') queueMicrotask(() => this.#settle());
      this.#showAlone();
    }
    if (notice.type === 'incoming' ? this.role === 'button' || this.presents : this.presents) this.#present(notice);
  }

  /** A call that a page takes up again has no panel yet where there is nothing but a button: nobody could see it, or end it. */
  #showAlone(): void {
    if (this.role === 'button' && this.presents && isLive(this.snapshot.state)) this.onIncoming();
  }

  #present(notice: Exclude<CallNotice, { type: 'relay-status' }>): void {
    const { host } = this;
    switch (notice.type) {
      case 'incoming':
        return this.#incoming();
      case 'state':
        host.dispatchEvent(new CallStateEvent(notice.state, notice.previous, notice.reason, notice.call));
        return;
      case 'connected':
        host.dispatchEvent(new CallConnectedEvent(notice.call));
        return;
      case 'ended':
        host.dispatchEvent(new CallEndedEvent(notice.call, notice.reason, notice.duration));
        return;
      case 'error':
        return this.report(notice);
    }
  }

  #incoming(): void {
    const { session, role } = this;
    const call = session?.snapshot.call;
    if (!session || !call) return;
    if (role === 'button') return this.onIncoming();
    if (!this.presents || this.#announced === call.id) return;
    this.#announced = call.id;
    const ours = () => session.snapshot.call?.id === call.id && session.snapshot.state === 'incoming';
    const event = new CallIncomingEvent(
      call,
      (options) => ours() && session.accept({ media: options?.media ?? call.media }),
      () => ours() && session.decline(),
    );
    if (this.host.dispatchEvent(event)) return this.onIncoming();
    this.#shownByPage = call.id;
    if (ours()) session.rings('visual');
  }
}
