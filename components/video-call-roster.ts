import { property } from 'lit/decorators.js';
import type { MediaKind } from '../relay/protocol/index.js';
import { ConnectedElement } from './connected-element.js';
import { insist, once } from './loading.js';
import type { RosterList } from './roster/list.js';

/**
 * Lists who is there, and calls them; for relays that were started with `--roster`.
 *
 * @element video-call-roster
 * @slot empty - What is shown while nobody else is there.
 * @event {CallRequestEvent} call-request - Somebody was to be called; `preventDefault()` vetoes the call.
 * @event {CallErrorEvent} call-error - Something is wrong with this list's attributes, page or connection.
 * @csspart base - The box around everything.
 * @csspart search - The field to look for somebody.
 * @csspart status - What keeps the list from being shown or up to date, in words.
 * @csspart list - The list, which scrolls.
 * @csspart person - One person.
 * @csspart name - The name.
 * @csspart presence - Whether the person is there, or in a call.
 * @csspart call-button - Each button that calls.
 * @csspart video-button - The button of a video call.
 * @csspart audio-button - The button of a voice call.
 * @csspart empty - What stands in place of the list while nobody is there.
 * @cssprop [--video-call-roster-height=480px] - Most height of the list; what is longer scrolls.
 * @cssprop [--video-call-surface=light-dark(#fff, #1c1f27)] - Background.
 * @cssprop [--video-call-text=light-dark(#171a21, #f3f5f9)] - Text.
 * @cssprop [--video-call-accent=light-dark(#1a5fd8, #8ab4ff)] - The buttons that call.
 * @cssprop [--video-call-focus] - The ring around what has the keyboard's focus.
 * @cssprop [--video-call-radius=20px] - Roundness of the box.
 * @cssprop [--video-call-font-family=system-ui, sans-serif] - Font.
 */
export class VideoCallRoster extends ConnectedElement {
  #drawn?: RosterList;
  /** Loads what stands behind the list. */
  readonly #load = once(async () => {
    const { RosterList } = await import('./roster/list.js');
    return (this.#drawn = new RosterList(this));
  });

  /** The id of the panel that shows the calls; without it, the first panel on the page. */
  @property() panel?: string;

  /** Which calls are offered: `video`, `audio`, or both without it. */
  @property() media: MediaKind | '' = '';

  protected override firstUpdated(): void {
    insist(this, this.#load);
  }

  /** Calls somebody, as if the button had been pressed. Answers whether the call was placed. */
  async call(peer: string, options: { media?: MediaKind } = {}): Promise<boolean> {
    return (await this.#load()).call(peer, options);
  }

  override render(): unknown {
    return this.#drawn?.render();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'video-call-roster': VideoCallRoster;
  }
}
