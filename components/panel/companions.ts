/** What the panel does beside drawing: each thing in a chunk of its own, loaded when a call first needs it. */
import type { Phase } from '../call/phases.js';
import type { PanelView } from './view.js';

/** Something that follows the calls of a panel: moves a picture, calls for attention, keeps the screen awake. */
export interface Companion {
  /** Follows what is shown. Called after every drawing; cheap where nothing has changed. */
  follow(view: PanelView): void;
  /** Lets everything go: the panel has left the page. It may follow again later. */
  stop(): void;
}

/** A companion and the moment from which it is needed. */
export interface CompanionKind {
  needed(view: PanelView): boolean;
  /** The moment from which it may be needed soon: it is loaded then, so that nobody waits for it. */
  soon?(view: PanelView): boolean;
  load(): Promise<MakeCompanion>;
}

/** The element as a companion sees it. */
export type CompanionHost = HTMLElement & { readonly shadowRoot: ShadowRoot | null; requestUpdate(): void };

type MakeCompanion = (panel: CompanionHost) => Companion;

/** The companions of one panel. One that cannot be loaded is missed by nobody but the console; the call goes on. */
export class Companions {
  readonly #kinds: readonly CompanionKind[];
  readonly #host: CompanionHost;
  readonly #here = new Map<CompanionKind, Companion | undefined>();
  /** What could not be loaded, and where the call stood then. */
  readonly #missed = new Map<CompanionKind, Phase>();
  /** What was loaded before it was needed; undefined while it is on its way, or could not be. */
  readonly #fetched = new Map<CompanionKind, MakeCompanion | undefined>();

  constructor(host: CompanionHost, kinds: readonly CompanionKind[]) {
    this.#host = host;
    this.#kinds = kinds;
  }

  /** @param view what has just been drawn */
  follow(view: PanelView): void {
    for (const kind of this.#kinds) {
      if (!this.#here.has(kind)) this.#summon(kind, view);
      attempt(() => this.#here.get(kind)?.follow(view));
    }
  }

  /** Lets everything go. */
  stop(): void {
    for (const companion of this.#here.values()) attempt(() => companion?.stop());
  }

  #summon(kind: CompanionKind, view: PanelView): void {
    const make = this.#fetched.get(kind);
    if (!kind.needed(view)) {
      this.#missed.delete(kind);
      if (kind.soon?.(view)) void this.#fetch(kind);
    } else if (make) {
      // Tried once: what fails here would fail with every drawing.
      this.#here.set(kind, undefined);
      attempt(() => this.#here.set(kind, make(this.#host)));
    } else if (this.#missed.get(kind) !== view.snapshot.state) void this.#load(kind, view.snapshot.state);
  }

  async #fetch(kind: CompanionKind): Promise<void> {
    if (this.#fetched.has(kind)) return;
    this.#fetched.set(kind, undefined);
    // What cannot be loaded now is tried again when it is needed, and told of then.
    this.#fetched.set(kind, await kind.load().catch(() => undefined));
  }

  async #load(kind: CompanionKind, state: Phase): Promise<void> {
    this.#here.set(kind, undefined);
    try {
      const make = await kind.load();
      this.#here.set(kind, make(this.#host));
      // By now there may be something else to see.
      this.#host.requestUpdate();
    } catch (cause) {
      // Tried again when it is needed the next time, or the call moves on, and not with every drawing.
      this.#missed.set(kind, state);
      this.#here.delete(kind);
      console.warn('A part of <video-call-panel> could not be loaded.', cause);
    }
  }
}

function attempt(act: () => void): void {
  try {
    act();
  } catch (cause) {
    console.warn('A part of <video-call-panel> failed.', cause);
  }
}
