/** Tells the operating system of a call: who it is with, and the keys of headsets, keyboards and lock screens that act on it. */
import { fill } from '../locales/index.js';
import type { PanelView } from './view.js';

/** What can be asked for from outside the page. */
const ACTIONS = ['hangup', 'togglemicrophone', 'togglecamera', 'enterpictureinpicture'] as const;

/** The call that the operating system knows of, at most one. */
const calls = new Map<SystemCall, PanelView>();

/** One panel's calls, as the operating system knows them; where two panels are in calls, the first one's. */
export class SystemCall {
  #page: MediaMetadata | null = null;
  #key = '';

  /** Follows a call that is on. */
  follow(view: PanelView): void {
    const { mediaSession } = navigator;
    if (!mediaSession || (calls.size && !calls.has(this))) return;
    if (!calls.size) {
      this.#page = mediaSession.metadata;
      for (const action of ACTIONS) handle(action, () => act(action, calls.get(this)));
    }
    calls.set(this, view);
    const { call, local } = view.snapshot;
    const key = [call!.id, call!.name, view.lang, local.microphone, local.camera].join();
    if (key === this.#key) return;
    this.#key = key;
    mediaSession.metadata = new MediaMetadata({ title: fill(view.words.callWith, { name: call!.name }), artist: document.title });
    mediaSession.playbackState = 'playing';
    const { setMicrophoneActive, setCameraActive } = mediaSession as Partial<MediaSession>;
    for (const [tell, on] of [
      [setMicrophoneActive, local.microphone],
      [setCameraActive, local.camera],
    ] as const) {
      // Only a page that is seen may say that its camera is on.
      void tell?.call(mediaSession, on)?.catch(() => {});
    }
  }

  /** Gives everything back to the page. May be called twice. */
  stop(): void {
    if (!calls.delete(this)) return;
    this.#key = '';
    for (const action of ACTIONS) handle(action, null);
    navigator.mediaSession.metadata = this.#page;
    navigator.mediaSession.playbackState = 'none';
  }
}

function act(action: (typeof ACTIONS)[number], view: PanelView | undefined): void {
  if (!view) return;
  const { ask, snapshot, pip } = view;
  if (action === 'hangup') void ask.hangUp();
  else if (action === 'togglemicrophone') void ask.setMicrophone(!snapshot.local.microphone);
  else if (action === 'togglecamera') void ask.setCamera(!snapshot.local.camera);
  else if (pip) view.togglePip(true);
}

/** Browsers throw at actions that they do not know. */
function handle(action: string, listener: (() => void) | null): void {
  try {
    navigator.mediaSession.setActionHandler(action as MediaSessionAction, listener);
  } catch {
    // Then there is no such key either.
  }
}
