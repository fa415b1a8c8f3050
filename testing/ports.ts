/** What the call engine of the pages stands on in Node: no devices, and connections that never connect. */
import type { MediaPort, PeerListener, PeerPort } from '../components/call/ports.js';
import type { MediaEvent } from '../components/call/events.js';
import type { Description, MediaKind } from '../relay/protocol/index.js';
import { answerWithoutMedia, offerWithoutMedia } from './sdp.js';

/** Microphone and camera that say that they are open, and are nothing. */
export class NoDevices implements MediaPort<null, null> {
  readonly tracks = null;
  readonly stream = null;
  readonly screen = null;
  readonly #listener: (event: MediaEvent) => void;

  constructor(listener: (event: MediaEvent) => void) {
    this.#listener = listener;
  }

  capture({ microphone, camera }: { microphone: boolean; camera: boolean }): void {
    queueMicrotask(() => this.#listener({ type: 'captured', microphone, camera }));
  }

  setMicrophone(): void {}
  setCamera(): void {}
  setScreen(): void {}
  switchCamera(): void {}
  release(): void {}
}

/** A peer connection as far as words go: it offers and answers, and there is no path to it. */
export class NoConnection implements PeerPort<null, null> {
  readonly remoteStream = null;
  readonly remoteScreen = null;
  readonly #listener: PeerListener;
  #closed = false;

  constructor(listener: PeerListener) {
    this.#listener = listener;
  }

  offer(media: MediaKind): void {
    this.#soon(() =>
      this.#listener.event({ type: 'offered', description: { type: 'offer', sdp: offerWithoutMedia(media) }, candidates: [] }),
    );
  }

  answer({ sdp }: Description): void {
    this.#soon(() =>
      this.#listener.event({ type: 'answered', description: { type: 'answer', sdp: answerWithoutMedia(sdp) }, candidates: [] }),
    );
  }

  prepare(): void {
    this.#soon(() => this.#listener.event({ type: 'unprepared' }));
  }

  makeReady(): void {}
  connect(): void {}
  begin(): void {}
  describe(): void {}
  addCandidates(): void {}
  restartIce(): void {}
  widen(): void {}
  setTracks(): void {}

  send(): boolean {
    return false;
  }

  close(): void {
    this.#closed = true;
  }

  #soon(run: () => void): void {
    queueMicrotask(() => {
      if (this.#closed) return;
      try {
        run();
      } catch (cause) {
        this.#listener.event({ type: 'broken', detail: String(cause) });
      }
    });
  }
}
