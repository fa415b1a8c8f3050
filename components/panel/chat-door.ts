/** The way into the chat of a panel: its control and whether it is open. */
import { html, nothing } from 'lit';
import type { CallSession } from '../call/session.js';
import { icons } from '../icons/index.js';
import { fill } from '../locales/index.js';
import { control } from './view.js';
import type { ChatView, PanelView } from './view.js';

/** The door to the chat of whichever call there is. */
export class ChatDoor {
  readonly #changed: () => void;
  /** The call in which the chat is open. */
  #open: string | undefined;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  see({ session }: { readonly session?: CallSession }, hidden: boolean): ChatView {
    const room = session?.chat;
    const call = session?.snapshot.call?.id ?? room?.call;
    const load = () => session?.openChat().then((opened) => opened || this.#shut());
    return {
      room,
      hidden,
      open: !hidden && !!call && this.#open === call,
      toggle: () => {
        this.#open = this.#open === call ? undefined : call;
        if (this.#open && !room) void load();
        this.#changed();
      },
      drag: (event) => {
        if (hidden || !event.dataTransfer?.types.includes('Files')) return;
        // Without this the browser would leave the page for the file.
        event.preventDefault();
        if (!room && event.type === 'dragover') void load();
      },
    };
  }

  #shut(): void {
    this.#open = undefined;
    this.#changed();
  }
}

/** The control that opens the chat, with how much there is to read. */
export function chatControl({ chat, words: { chat: words } }: PanelView): unknown {
  if (chat.hidden) return nothing;
  const unread = chat.open ? 0 : (chat.room?.snapshot.unread ?? 0);
  const note = unread > 0 ? html`<b class="badge" aria-hidden="true">${unread > 99 ? '99+' : unread}</b>` : nothing;
  return control('chat', html`${icons.chat}${note}`, words.title, chat.toggle, {
    kind: chat.open ? 'off' : '',
    description: unread > 0 ? fill(words.unread, { count: String(unread) }) : undefined,
  });
}
