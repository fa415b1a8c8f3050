/** What a headless client hears and tells: its session, the events that come of it, and what is wrong with its options. */
import type { MediaKind } from '../../relay/protocol/index.js';
import type { Complaint, Places } from '../attributes.js';
import type { CallTrouble } from '../call/errors.js';
import type { CallInfo } from '../call/phases.js';
import type { CallNotice, CallSession, CallSnapshot, ConnectionOptions } from '../call/session.js';
import { AT_REST } from '../call/snapshot.js';
import { CallConnectedEvent, CallEndedEvent, CallErrorEvent, CallIncomingEvent, CallStateEvent, RelayStatusEvent } from '../events.js';
import { CallMessageEvent } from '../message-event.js';
import { changed, chosen, readClientOptions, siftOptions } from './options.js';
import type { CallClientOptions, CallClientSettings } from './options.js';
import { Ringing } from './ringing.js';

/** What a client stands on; tests put their own in its place. */
export interface ClientWorld {
  openSession(options: ConnectionOptions): CallSession;
  closeSession(session: CallSession): void;
  /** What keeps calls from being made here at all; `'no page'` on a server, where there is nothing to say about it. */
  hindrance(): CallTrouble | 'no page' | undefined;
  places(): Places;
  /** Calls back when the page goes away, with whether it may come back as it was. Returns the function that prevents it. */
  leaving(listener: (persisted: boolean) => void): () => void;
}

/** What a client shows before it is connected, and after it was closed. */
const NOTHING: CallSnapshot = Object.freeze({ ...AT_REST, relayStatus: 'offline', me: null });

/** Calls a listener, where it is one: if it fails that is the page's own affair, as with one of an event. */
export function safely<Args extends readonly unknown[]>(listener: ((...args: Args) => void) | undefined, ...args: Args): void {
  try {
    if (typeof listener === 'function') listener(...args);
  } catch (cause) {
    reportError(cause);
  }
}

/** One client's line to the call engine. */
export class Line {
  /** The session in use; undefined where there cannot be one, and after the end. */
  session: CallSession | undefined;
  settings: CallClientSettings;
  readonly #target: EventTarget;
  readonly #world: ClientWorld;
  readonly #ringing = new Ringing();
  readonly #listeners = new Set<(snapshot: CallSnapshot) => void>();
  readonly #complained = new Set<string>();
  #options: CallClientOptions;
  /** Why there is no session. */
  #trouble: CallTrouble | undefined;
  #announced: string | undefined;
  /** The call whose ringing the page has taken over. */
  #left: string | undefined;
  #stop = (): void => {};

  /** @param target where events are dispatched */
  constructor(target: EventTarget, options: CallClientOptions | undefined, world: ClientWorld) {
    this.#target = target;
    this.#world = world;
    this.#options = typeof options === 'object' ? { ...options } : {};
    const hindrance = world.hindrance();
    const complaints: Complaint[] = [];
    this.settings = hindrance === 'no page' ? readClientOptions({}, { script: '', page: '' }, []) : this.#read(options, complaints);
    if (hindrance === 'no page') return;
    const { connection } = this.settings;
    this.#trouble = hindrance ?? (connection ? undefined : { code: 'bad-attribute', detail: complaints.at(-1)!.message });
    // Whoever has just made a client listens to it from now on.
    queueMicrotask(() => {
      this.complain(complaints);
      if (hindrance) this.#report(hindrance);
    });
    if (connection && !this.#trouble) this.#open(connection);
  }

  #open(connection: ConnectionOptions): void {
    const session = (this.session = this.#world.openSession(connection));
    if (Object.keys(this.settings.media).length > 0) session.changeMedia(this.settings.media);
    session.chat?.takeNews(this);
    const unsubscribe = session.subscribe({
      changed: () => this.#changed(),
      notice: (notice) => this.#announce(notice),
      keepsNothing: () => !!this.settings.connection?.noHistory,
    });
    const stay = this.#world.leaving((persisted) => session.leave(persisted));
    this.#stop = () => (unsubscribe(), stay());
    // Elements of this page may have had the connection before.
    queueMicrotask(() => this.#catchUp());
  }

  get snapshot(): CallSnapshot {
    return this.session?.snapshot ?? NOTHING;
  }

  subscribe(listener: (snapshot: CallSnapshot) => void): () => void {
    const own = (snapshot: CallSnapshot): void => safely(listener, snapshot);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Says again, to whoever asks for a call, why there cannot be one. */
  explain(): void {
    if (!this.session && this.#trouble) this.#report(this.#trouble);
  }

  configure(changes: CallClientOptions): void {
    const { session } = this;
    if (!session) return;
    const complaints: Complaint[] = [];
    const fitting = siftOptions(changes, complaints);
    const options = { ...this.#options, ...fitting };
    const settings = this.#read(options, complaints);
    const { connection } = settings;
    const { relay, me } = this.settings.connection!;
    if (connection && (connection.relay !== relay || connection.me !== me)) {
      const message = 'In configure(), "relay" and "me" cannot be changed: close() this client and create another one.';
      return this.complain([{ attribute: 'me', value: changes, message }]);
    }
    this.complain(complaints);
    if (!connection) return;
    const before = this.settings;
    this.#options = options;
    this.settings = settings;
    // Whoever else is on the page may have set the rest.
    const anew = changed(before.connection!, connection);
    const media = { ...changed(before.media, settings.media), ...chosen(fitting, settings.media) };
    if (Object.keys(anew).length > 0) session.changeConnection(anew);
    if (Object.keys(media).length > 0) session.changeMedia(media);
  }

  close(): void {
    const { session } = this;
    if (!session) return;
    this.#world.closeSession(session);
    this.#stop();
    this.session = undefined;
    this.#ring();
    this.#tell();
    this.#listeners.clear();
  }

  /** Tells of values that cannot be used, of each once. */
  complain(complaints: readonly Complaint[]): void {
    for (const { attribute, value, message } of complaints) {
      // Of what is no text, whatever it is, the sentence must do.
      const key = typeof value === 'string' ? `${attribute}=${value}` : message;
      if (this.#complained.has(key)) continue;
      this.#complained.add(key);
      this.#report({ code: 'bad-attribute', detail: message });
    }
  }

  /** The kind of media that a request asks for; undefined, and complained about, where it is none. */
  kindIn(request: string, options: { readonly media?: unknown } | null | undefined, usual: MediaKind): MediaKind | undefined {
    const media = options?.media ?? usual;
    if (media === 'audio' || media === 'video') return media;
    const message = `In ${request}(), the argument "media" must be one of: audio, video.`;
    this.complain([{ attribute: 'media', value: media, message }]);
    return undefined;
  }

  #read(options: unknown, complaints: Complaint[]): CallClientSettings {
    return readClientOptions(options, this.#world.places(), complaints);
  }

  /** What elements that had the connection before have heard already. */
  #catchUp(): void {
    const { state, call, relayStatus } = this.snapshot;
    if (!this.session) return;
    if (relayStatus === 'online') this.#dispatch(new RelayStatusEvent(relayStatus));
    if (state === 'incoming' && call) this.#incoming(call);
    this.#changed();
  }

  #changed(): void {
    const { call } = this.snapshot;
    for (const entry of this.session?.chat?.takeNews(this) ?? []) {
      if (entry.kind === 'text' && call) this.#dispatch(new CallMessageEvent(entry.text, call.peer, entry.at));
    }
    this.#tell();
    // An incoming call rings once the page has been asked.
    if (this.snapshot.state !== 'incoming' || this.#announced === call?.id) this.#ring();
  }

  #ring(): void {
    this.#ringing.follow(this.session, this.settings, this.#left);
  }

  #tell(): void {
    const { snapshot } = this;
    for (const tell of [...this.#listeners]) tell(snapshot);
  }

  #announce(notice: CallNotice): void {
    switch (notice.type) {
      case 'incoming':
        return this.#incoming(notice.call);
      case 'state':
        return void this.#dispatch(new CallStateEvent(notice.state, notice.previous, notice.reason, notice.call));
      case 'connected':
        return void this.#dispatch(new CallConnectedEvent(notice.call));
      case 'ended':
        return void this.#dispatch(new CallEndedEvent(notice.call, notice.reason, notice.duration));
      case 'relay-status':
        return void this.#dispatch(new RelayStatusEvent(notice.status));
      case 'error':
        return this.#report(notice);
    }
  }

  #incoming(call: CallInfo): void {
    const { session } = this;
    if (!session || this.#announced === call.id) return;
    this.#announced = call.id;
    const ours = (): boolean => this.session === session && this.snapshot.call?.id === call.id && this.snapshot.state === 'incoming';
    const event = new CallIncomingEvent(
      call,
      (options?: { media?: MediaKind } | null) => {
        const media = ours() && this.kindIn('accept', options, call.media);
        if (media) session.accept({ media });
      },
      () => ours() && session.decline(),
    );
    if (!this.#dispatch(event)) this.#left = call.id;
    this.#ring();
  }

  #report({ code, detail, cause }: CallTrouble): void {
    console.warn(`createCallClient: ${code}: ${detail}`);
    this.#dispatch(new CallErrorEvent(code, detail, cause ?? detail));
  }

  #dispatch(event: Event): boolean {
    return this.#target.dispatchEvent(event);
  }
}
