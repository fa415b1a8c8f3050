/**
 * Page-wide sharing: one link and one call engine per relay and peer ID, however many elements name them.
 */
import { Capture, openDevices } from './call/capture.js';
import { CallEngine } from './call/engine.js';
import type { EngineSnapshot } from './call/engine.js';
import { Peer } from './call/peer.js';
import type { LocalTracks } from './call/peer.js';
import { isLive } from './call/phases.js';
import type { ClockPort } from './call/ports.js';
import type { CallNotice, CallSession, CallSnapshot, ConnectionOptions, MediaOptions, SessionListener } from './call/session.js';
import { Link } from './link/link.js';
import { Watching } from './link/watching.js';
import type { PresenceListener } from './link/watching.js';
import type { Alert, MediaKind, RelayMessage } from '../relay/protocol/index.js';

const clock: ClockPort = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** A random ID of this page: 128 bits, base64url. */
const newDevice = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

/** A UUID of version 4 (RFC 9562), also where the page is no secure context and `crypto.randomUUID` is missing. */
function newCallId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

class PageSession implements CallSession {
  users = 1;
  readonly key: string;
  readonly #listeners = new Set<SessionListener>();
  readonly #engine: CallEngine<LocalTracks, MediaStream>;
  readonly #link: Link;
  readonly #watching: Watching;
  readonly #capture: Capture;
  readonly #stopListening: () => void;
  #options: ConnectionOptions;
  #media: MediaOptions = {};
  #me: string | null = null;
  #snapshot: CallSnapshot;

  constructor(key: string, options: ConnectionOptions) {
    this.key = key;
    this.#options = options;
    this.#capture = new Capture(
      (event) => this.#engine.media(event),
      (constraints) => this.#openDevices(constraints),
    );
    this.#link = new Link(
      options,
      newDevice(),
      {
        status: (status) => this.#linkChanged(status),
        welcome: (peer) => {
          this.#me = peer;
          this.#watching.online();
          this.#engine.linkChanged(true);
          this.#refresh();
        },
        call: (message) => this.#engine.receive(message),
        relay: (message) => this.#relaySaid(message),
        trouble: (trouble) => this.#notice({ type: 'error', ...trouble }),
      },
      { clock, random: Math.random, open: (url, protocol) => new WebSocket(url, protocol) },
    );
    this.#watching = new Watching((message) => this.#link.send(message));
    this.#engine = new CallEngine(
      {
        clock,
        newId: newCallId,
        media: this.#capture,
        makePeer: (listener, polite) => new Peer(listener, () => this.#peerOptions(), polite),
        link: this.#linkPort(),
      },
      { changed: (snapshot) => this.#engineChanged(snapshot), notice: (notice) => this.#notice(notice) },
    );
    this.#engine.name = options.displayName;
    this.#snapshot = this.#take(this.#engine.snapshot);
    this.#stopListening = listenToWaking(() => this.#link.prove());
    this.#link.start();
  }

  get snapshot(): CallSnapshot {
    return this.#snapshot;
  }

  subscribe(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  call(peer: string, options: { media: MediaKind; ringTimeout: number }): void {
    this.#link.prove();
    this.#engine.call(peer, options);
  }

  rings(alert: Alert): void {
    this.#engine.rings(alert);
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

  switchCamera(): void {
    this.#engine.switchCamera();
  }

  watch(peer: string, listener: PresenceListener): () => void {
    return this.#watching.watch(peer, listener);
  }

  configureMedia(options: MediaOptions): void {
    this.#media = options;
    this.#capture.configure(options);
  }

  configureConnection(options: ConnectionOptions): void {
    this.#options = options;
    this.#engine.name = options.displayName;
    this.#link.configure(options);
  }

  leave(): void {
    this.#engine.leave();
  }

  close(): void {
    this.#engine.hangUp();
    this.#stopListening();
    this.#engine.close();
    this.#link.close();
    this.#listeners.clear();
  }

  #linkPort(): ConstructorParameters<typeof CallEngine<LocalTracks, MediaStream>>[0]['link'] {
    const link = this.#link;
    const watching = this.#watching;
    return {
      get online() {
        return link.online;
      },
      get steady() {
        return link.steady;
      },
      get address() {
        return link.address;
      },
      send: (message) => void link.send(message),
      watch: (address, listener) => watching.watch(address, (presence) => presence !== 'unknown' && listener(presence)),
      setBusy: (busy) => link.setBusy(busy),
    };
  }

  async #openDevices(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (!this.#media.virtualCamera) return openDevices(constraints);
    const { openVirtualDevices } = await import('./virtual-camera.js');
    return openVirtualDevices(constraints);
  }

  #peerOptions(): { configuration: RTCConfiguration; maxBitrate?: number } {
    const { iceServers = this.#link.iceServers, icePolicy } = this.#options;
    const { maxBitrate } = this.#media;
    return {
      configuration: {
        iceServers: iceServers as RTCIceServer[],
        bundlePolicy: 'max-bundle',
        ...(icePolicy && { iceTransportPolicy: icePolicy }),
      },
      ...(maxBitrate !== undefined && { maxBitrate }),
    };
  }

  #relaySaid(message: RelayMessage): void {
    if (message.type === 'presence') this.#watching.heard(message);
    if (message.type === 'unreachable' || message.type === 'error') this.#engine.relaySaid(message);
  }

  #linkChanged(status: CallSnapshot['relayStatus']): void {
    if (status !== 'online') {
      this.#watching.offline();
      this.#engine.linkChanged(false);
    }
    this.#refresh();
    this.#notice({ type: 'relay-status', status });
  }

  #engineChanged(snapshot: EngineSnapshot<MediaStream>): void {
    this.#link.setBusy(isLive(snapshot.state));
    this.#refresh();
  }

  #take(engine: EngineSnapshot<MediaStream>): CallSnapshot {
    return Object.freeze({ ...engine, relayStatus: this.#link.status, me: this.#me });
  }

  #refresh(): void {
    this.#snapshot = this.#take(this.#engine.snapshot);
    for (const listener of [...this.#listeners]) listener.changed?.(this.#snapshot);
  }

  #notice(notice: CallNotice): void {
    for (const listener of [...this.#listeners]) listener.notice?.(notice);
  }
}

/** The moments at which a connection may have died unnoticed. Returns the function that stops listening. */
function listenToWaking(wake: () => void): () => void {
  const visible = (): void => void (document.visibilityState === 'visible' && wake());
  const moments = [
    [window, 'online', wake],
    [window, 'focus', wake],
    [window, 'pageshow', wake],
    [document, 'visibilitychange', visible],
  ] as const;
  for (const [target, type, listener] of moments) target.addEventListener(type, listener);
  return () => {
    for (const [target, type, listener] of moments) target.removeEventListener(type, listener);
  };
}

const sessions = new Map<string, PageSession>();

/**
 * Takes part in this page's session at a relay under a peer ID; the first to do so opens it, and its socket.
 * Each call wants one `closeSession`.
 */
export function openSession(options: ConnectionOptions): CallSession {
  const key = `${options.relay} ${options.me ?? ''}`;
  let session = sessions.get(key);
  if (session) session.users++;
  else sessions.set(key, (session = new PageSession(key, options)));
  return session;
}

/** Takes part no more. The last one to do so ends the call and leaves the relay. */
export function closeSession(session: CallSession): void {
  if (!(session instanceof PageSession) || session.users === 0 || --session.users > 0) return;
  sessions.delete(session.key);
  session.close();
}
