/** The keys of a call: one letter each, and only where the person means the call. */
import type { CompanionHost } from './companions.js';
import type { PanelView } from './view.js';

const TYPED = 'input, textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=searchbox], [role=combobox]';

/** Listens for the keys of one panel's calls, in the window that shows them. */
export class Shortcuts {
  readonly #host: CompanionHost;
  #view!: PanelView;
  #at: Window | undefined;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  /** Follows a call that is on. */
  follow(view: PanelView): void {
    this.#view = view;
    const at = (view.shortcuts && view.root.ownerDocument.defaultView) || undefined;
    if (at === this.#at) return;
    this.stop();
    this.#at = at;
    at?.addEventListener('keydown', this.#pressed);
  }

  /** Listens no more. May be called twice. */
  stop(): void {
    this.#at?.removeEventListener('keydown', this.#pressed);
    this.#at = undefined;
  }

  readonly #pressed = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.repeat || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!this.#means(event)) return;
    const { ask, snapshot, fullscreen, toggleFullscreen } = this.#view;
    const { local } = snapshot;
    const acts: Record<string, (() => unknown) | false> = {
      m: () => ask.setMicrophone(!local.microphone),
      v: () => ask.setCamera(!local.camera),
      f: fullscreen !== 'no' && toggleFullscreen,
    };
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  };

  /** Whether a key is meant for the call: it has the focus, or it is all that is to be seen and nothing has. */
  #means(event: KeyboardEvent): boolean {
    const path = event.composedPath();
    const target = path[0];
    if ((target as Partial<Element>).closest?.(TYPED)) return false;
    const { root, layout, fullscreen, windowed } = this.#view;
    if (windowed || path.includes(this.#host)) return true;
    const { activeElement, body } = root.ownerDocument;
    return (layout === 'fullscreen' || fullscreen === 'on') && (!activeElement || activeElement === body);
  }
}
