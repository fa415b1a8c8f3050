/** Where a call is shown: in the page, over the whole screen, or in a window of its own that stays in front. */
import { isTalking } from '../call/phases.js';
import type { CompanionHost } from './companions.js';
import type { PanelView } from './view.js';
import type { CallWindow } from './window.js';

/** The Document Picture-in-Picture API, as far as it is used. */
interface WindowMaker {
  readonly documentPictureInPicture: { requestWindow(options: { width: number; height: number }): Promise<Window & typeof globalThis> };
}

/** Whether this browser lets a page have a window that stays in front; a page in a frame may not. */
const hasWindows = () => 'documentPictureInPicture' in window && window === top;

/** The place of one panel's card. */
export class Place {
  readonly #host: CompanionHost;
  #window?: CallWindow;
  #opening = false;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  /** Whether the call is in a window of its own. */
  get windowed(): boolean {
    return !!this.#window;
  }

  /** The root that the card is in now. */
  get root(): ShadowRoot {
    return this.#window?.root ?? this.#host.shadowRoot!;
  }

  /** Every root that something of the panel is in now. */
  get roots(): readonly ShadowRoot[] {
    return this.#window ? [this.#window.root, this.#host.shadowRoot!] : [this.root];
  }

  /** Whether the call can be lifted out of the page: all of it, or where that cannot be, a picture that is seen. */
  canLift(seen: boolean): boolean {
    return !this.#window && (hasWindows() || (seen && document.pictureInPictureEnabled));
  }

  /** Follows what is drawn: brings the call back into the page when it is over, and the card into the top layer. */
  follow({ snapshot }: PanelView): void {
    if (!isTalking(snapshot.state)) this.back();
    const base = this.root.querySelector<HTMLElement>('.base')!;
    if (!base.popover || !base.isConnected) return;
    // There no style of the host page can cover it.
    const wanted = !!base.firstElementChild;
    if (base.matches(':popover-open') !== wanted) base.togglePopover(wanted);
  }

  /**
   * Lifts the call out of the page, or puts it back. To be called for a gesture.
   *
   * @param away for as long as the page is in the background, whose person has just turned to another one
   */
  async lift(view: PanelView, away = false): Promise<void> {
    if (this.#window) return this.back();
    if (this.#opening) return;
    this.#opening = true;
    try {
      await (hasWindows() ? this.#open(view, away) : togglePicture(this.root));
    } catch (cause) {
      console.warn('This browser does not lift the call out of the page.', cause);
    } finally {
      this.#opening = false;
    }
  }

  /** Puts the call back into the page. May be called twice. */
  back(): void {
    this.#window?.close();
  }

  /** Fills the screen with the card, or gives it back. */
  async fill(): Promise<void> {
    const { root } = this;
    if (root.fullscreenElement) await document.exitFullscreen();
    else await root.querySelector('.card')?.requestFullscreen();
  }

  async #open(view: PanelView, away: boolean): Promise<void> {
    // Asked for at once: a gesture does not count for long, and what furnishes the window may take time to load.
    const asked = (window as unknown as WindowMaker).documentPictureInPicture.requestWindow({ width: 360, height: 480 });
    try {
      const [opened, { furnishWindow }] = await Promise.all([asked, import('./window.js')]);
      this.#window = furnishWindow(opened, this.#host, view, away, () => {
        this.#window = undefined;
        this.#host.requestUpdate();
      });
      this.#host.requestUpdate();
    } catch (cause) {
      void asked.then((opened) => opened.close()).catch(() => {});
      throw cause;
    }
  }
}

/** Lifts the other side's screen or else its picture out of the page, or puts it back. */
async function togglePicture(root: ShadowRoot): Promise<void> {
  if (root.pictureInPictureElement) await document.exitPictureInPicture();
  else
    await (root.querySelector<HTMLVideoElement>('.screen') ?? root.querySelector<HTMLVideoElement>('.remote'))?.requestPictureInPicture();
}
