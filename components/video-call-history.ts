import { property } from 'lit/decorators.js';
import { ConnectedElement } from './connected-element.js';
import { insist, once } from './loading.js';
import type { HistoryList } from './history/list.js';

/**
 * Lists the calls that were made, missed and taken on this device, and calls back. What it shows never leaves the device.
 *
 * @element video-call-history
 * @slot empty - What is shown while there was no call yet.
 * @event {CallRequestEvent} call-request - Somebody was to be called back; `preventDefault()` vetoes the call.
 * @event {CallErrorEvent} call-error - Something is wrong with this list's attributes, page or connection.
 * @event {HistoryChangeEvent} history-change - A call was added, removed, or seen.
 * @csspart base - The box around everything.
 * @csspart header - The line above the list.
 * @csspart title - The name of the list.
 * @csspart badge - How many missed calls have not been seen yet.
 * @csspart clear-button - `Clear history`.
 * @csspart question - What is asked before everything is removed.
 * @csspart cancel-button - `Cancel`, there.
 * @csspart confirm-button - `Clear history`, there.
 * @csspart status - What keeps people from being called back, in words.
 * @csspart list - The list, which scrolls.
 * @csspart entry - One call, or a run of calls that came to nothing in the same way.
 * @csspart name - The name.
 * @csspart detail - The line below it.
 * @csspart outcome - Who called whom, and what came of it.
 * @csspart time - When.
 * @csspart length - How long it was connected.
 * @csspart call-button - Each button that calls back.
 * @csspart video-button - The button of a video call.
 * @csspart audio-button - The button of a voice call.
 * @csspart remove-button - Each button that removes a call from the list.
 * @csspart empty - What stands in place of the list while there is none.
 * @cssprop [--video-call-history-height=480px] - Most height of the list; what is longer scrolls.
 * @cssprop [--video-call-surface=light-dark(#fff, #1c1f27)] - Background.
 * @cssprop [--video-call-text=light-dark(#171a21, #f3f5f9)] - Text.
 * @cssprop [--video-call-accent=light-dark(#1a5fd8, #8ab4ff)] - The buttons that call.
 * @cssprop [--video-call-focus] - The ring around what has the keyboard's focus.
 * @cssprop [--video-call-radius=20px] - Roundness of the box.
 * @cssprop [--video-call-pill-radius=999px] - Roundness of buttons with a word in them.
 * @cssprop [--video-call-font-family=system-ui, sans-serif] - Font.
 */
export class VideoCallHistory extends ConnectedElement {
  #drawn?: HistoryList;
  /** Loads what stands behind the list. */
  readonly #load = once(async () => {
    const { HistoryList } = await import('./history/list.js');
    return (this.#drawn = new HistoryList(this));
  });

  /** The id of the panel whose calls are listed; without it, the first panel on the page. */
  @property() panel?: string;

  /**
   * How many missed calls have not been seen in this list yet; read-only.
   *
   * @readonly
   */
  @property({ type: Number, reflect: true }) missed = 0;

  protected override firstUpdated(): void {
    insist(this, this.#load);
  }

  /** Removes every call of this person from this device, without a question; after signing out, those of who was signed in. Fails where nobody knows who that is. */
  async clear(): Promise<void> {
    return (await this.#load()).clear();
  }

  override render(): unknown {
    return this.#drawn?.render();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'video-call-history': VideoCallHistory;
  }
}
