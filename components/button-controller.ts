/**
 * What stands behind a button: which panel it belongs to, the line it shares with it, and the panel it makes
 * for itself where the page has none. Loaded after the button has been painted.
 */
import type { ReactiveController } from 'lit';
import type { MediaKind, Presence } from '../relay/protocol/index.js';
import type { Complaint } from './attributes.js';
import { readConnection, readPeer, readWord } from './attributes.js';
import { CallController } from './call-controller.js';
import { isLive } from './call/phases.js';
import type { Phase } from './call/phases.js';
import type { CallSession, ConnectionOptions } from './call/session.js';
import { hindrance, places } from './environment.js';
import { PresenceChangeEvent } from './events.js';
import { mayComeBack } from './left-call.js';
import { UNLOADED, retry } from './loading.js';
import { placeOf } from './locales/speech.js';
import type { Speech } from './locales/speech.js';
import { panels, selfMade } from './page.js';
import type { Member } from './page.js';
import { registerPanel } from './register.js';
import type { ConnectedElement } from './connected-element.js';
import type { VideoCallPanel } from './video-call-panel.js';

const CONNECTION = [
  'relay',
  'me',
  'displayName',
  'token',
  'tokenSrc',
  'iceServers',
  'icePolicy',
  'earlyIce',
  'noResume',
  'noHistory',
  'words',
] as const;

/** An element that calls: one peer, or with `dial` many. */
export interface Caller extends ConnectedElement {
  readonly peer?: string;
  readonly media?: string;
  readonly panel?: string;
  readonly lazy?: boolean;
}

/** The part of a button that knows about calls. */
export class ButtonController implements ReactiveController {
  readonly #host: Caller;
  readonly #line: CallController;
  #peer: string | undefined;
  #complaints: Complaint[] = [];
  #told: Presence | 'unknown' = 'unknown';
  /** Whether it connects though it is lazy: it was pressed, or a call may go on. */
  #awake = false;
  /** The panel that this button made for itself. */
  #made: VideoCallPanel | undefined;

  constructor(
    host: Caller,
    /** What the element says. */
    readonly speech: Speech,
  ) {
    this.#host = host;
    this.#line = new CallController(host, 'button', () => void this.#show(), speech);
    host.addController(this);
  }

  /** Whether the peer is there. */
  get presence(): Presence | 'unknown' {
    return this.#line.presence;
  }

  /** The peer's display name, or its ID. */
  get name(): string {
    return this.#line.peerName ?? this.#peer ?? '';
  }

  /** Where the call with this button's peer stands. */
  get state(): Phase {
    const { call, state } = this.#line.snapshot;
    return call && call.peer === this.#peer ? state : 'idle';
  }

  /** Where a call with somebody else stands, while there is one and so this button cannot call. */
  get engaged(): Exclude<Phase, 'idle' | 'ended'> | undefined {
    const { state } = this.#line.snapshot;
    return this.state !== 'idle' || state === 'idle' || state === 'ended' ? undefined : state;
  }

  /** The session in use, once it is open. */
  get session(): CallSession | undefined {
    return this.#line.session;
  }

  /** How this element wants to be connected: as its panel is, or by itself. */
  get wish(): ConnectionOptions | undefined {
    return this.#line.wish;
  }

  /** The last thing that went wrong, as a sentence for the person. */
  get trouble(): string {
    return this.#line.trouble;
  }

  hostDisconnected(): void {
    setTimeout(() => this.#discard());
  }

  hostUpdate(): void {
    const host = this.#host;
    this.#peer = readPeer('peer', host.peer, (this.#complaints = []));
    readWord('media', host.media, ['audio', 'video'], this.#complaints);
    // One that leaves the page, with its panel before it, takes no line of its own.
    if (host.isConnected && this.#connects()) this.#bind();
    this.#line.watch(this.#peer);
  }

  /** Whether it connects. A lazy one does not before it is pressed, unless the last page has left a call to whoever this is by now. */
  #connects(): boolean {
    if (!this.#host.lazy || this.#awake) return true;
    const own = readConnection(this.#host, places(), []);
    return (this.#awake = !!own && mayComeBack(own));
  }

  hostUpdated(): void {
    const { presence } = this.#line;
    this.#line.complain(this.#complaints);
    if (presence === this.#told) return;
    this.#told = presence;
    this.#host.dispatchEvent(new PresenceChangeEvent(String(this.#host.peer ?? ''), presence));
  }

  /** Calls the peer, if the page permits. Answers whether the call was placed. */
  async call(): Promise<boolean> {
    const host = this.#host;
    const peer = this.#peer;
    // What goes wrong from here on is why.
    this.#line.dismiss();
    if (!this.#line.isHere()) return false;
    if (!peer) {
      const { message } = this.#complaints.find(({ attribute }) => attribute === 'peer') ?? {};
      this.#line.report({ code: 'bad-attribute', detail: message ?? 'The attribute "peer" must say whom this button calls.' });
      return false;
    }
    return this.dial(peer, host.media === 'audio' ? 'audio' : 'video');
  }

  /** Calls anybody, if the page permits. Answers whether the call was placed. */
  async dial(peer: string, media: MediaKind, name?: string): Promise<boolean> {
    const host = this.#host;
    if (isLive(this.#line.snapshot.state) || !CallController.permits(host, peer, media) || !(await this.#line.canShow())) return false;
    this.#awake = true;
    host.requestUpdate();
    await this.#line.ready();
    const panel = await this.#show();
    return panel ? panel.place(peer, media, name ?? this.#line.peerName) : false;
  }

  /** Loads the panel; what this button says of its absence is then no longer so. */
  readonly #register = () => registerPanel().then(() => this.#host.requestUpdate());

  /** Takes the line of the panel it belongs to, or one of its own. */
  #bind(): void {
    const panel = this.#panel();
    // The panel that is awaited may be gone by then.
    if (panel === 'awaited') return void (customElements.get('video-call-panel') || this.#register().catch(() => {}));
    const trouble = hindrance();
    const options = panel ? this.#asIn(panel) : readConnection(this.#host, places(), this.#complaints);
    this.#line.connect(trouble ? undefined : options);
    if (trouble && !panel) this.#line.hinder(trouble);
    // Whoever is in no page has no language and no direction.
    if (this.#made && this.#host.isConnected) this.#equip(this.#made);
  }

  /** How a panel is connected; where this element wants nothing to be kept, that counts beside it. */
  #asIn({ wish }: Member): ConnectionOptions | undefined {
    return wish && this.#host.noHistory ? { ...wish, noHistory: true } : wish;
  }

  /** The page's panel for this button; undefined when it is on its own. */
  #panel(): Member | 'awaited' | undefined {
    const host = this.#host;
    if (host.relay || host.me || host.token || host.tokenSrc) return undefined;
    if (host.panel) {
      const root = host.getRootNode() as Document | ShadowRoot;
      const named = root.getElementById?.(host.panel) ?? document.getElementById(host.panel);
      return panels().find((panel) => panel.host === named) ?? 'awaited';
    }
    const first = panels().find((panel) => !selfMade.has(panel.host));
    return first ?? (document.querySelector('video-call-panel:not(:defined)') ? 'awaited' : undefined);
  }

  /** A panel that can show a call of this line: the one it belongs to, one of the same person, or one of its own. */
  async #show(): Promise<Member | undefined> {
    const ofLine = () => {
      const bound = this.#panel();
      if (bound) return bound;
      const { session } = this.#line;
      return panels().find((panel) => panel.host === this.#made || (session && panel.session === session));
    };
    try {
      await this.#register();
    } catch (cause) {
      this.#line.report({ code: 'relay-unreachable', detail: UNLOADED, cause }, () => !!customElements.get('video-call-panel'));
      retry(this.#register);
      return undefined;
    }
    if (!this.#host.isConnected) return undefined;
    let panel = ofLine();
    if (panel === 'awaited') {
      this.#line.report({ code: 'bad-attribute', detail: 'The attribute "panel" must be the id of a <video-call-panel>.' });
      return undefined;
    }
    if (!panel) {
      this.#made ??= document.createElement('video-call-panel');
      selfMade.add(this.#made);
      this.#equip(this.#made);
      document.body.append(this.#made);
      panel = panels().find(({ host }) => host === this.#made);
    }
    return panel;
  }

  #equip(panel: VideoCallPanel): void {
    for (const name of CONNECTION) Object.assign(panel, { [name]: this.#host[name] });
    const { lang, dir } = placeOf(this.#host);
    panel.lang = lang;
    if (panel.dir !== dir) panel.dir = dir;
  }

  /** Removes the panel that was made for a button that is gone, once no call is on. */
  #discard(): void {
    const panel = this.#made;
    if (!panel || this.#host.isConnected) return;
    if (panel.state === 'idle') {
      panel.remove();
      this.#made = undefined;
    } else {
      panel.addEventListener('call-state', () => queueMicrotask(() => this.#discard()), { once: true });
    }
  }
}
