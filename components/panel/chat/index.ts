/** The chat as a companion of the panel: draws it, tells the page what was written, and takes what is dropped and pasted. */
import { render } from 'lit';
import type { ChatEntry } from '../../chat/entries.js';
import { CallMessageEvent } from '../../message-event.js';
import { fill } from '../../locales/index.js';
import type { Companion, CompanionHost } from '../companions.js';
import type { PanelView } from '../view.js';
import { wear } from '../wear.js';
import { chatStyles } from './styles.js';
import { chat } from './view.js';
import type { ChatActions } from './view.js';

/** Milliseconds for which what has just come is shown while the chat is closed. */
const TOAST = 6000;
/** Greatest height of the field in which one writes, in pixels. */
const TALLEST = 120;

/** The chat of one panel. */
class ChatSide implements Companion {
  readonly #host: CompanionHost;
  #view: PanelView | undefined;
  #box: HTMLElement | undefined;
  #open = false;
  #note = '';
  #toast: ChatEntry | undefined;
  #fading: ReturnType<typeof setTimeout> | undefined;
  #dropping = false;
  /** Where files are dropped and pasted. */
  #listening: ShadowRoot | undefined;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  follow(view: PanelView): void {
    this.#view = view;
    this.#listen(view.root);
    if (!view.elsewhere) this.#tell(view);
    const box = view.root.querySelector<HTMLElement>('.chat') ?? undefined;
    if (box !== this.#box) this.#open = false;
    this.#box = box;
    if (box && !view.chat.hidden) this.#draw(view, box);
  }

  stop(): void {
    clearTimeout(this.#fading);
    this.#listen(undefined);
  }

  #draw(view: PanelView, box: HTMLElement): void {
    const { open, room } = view.chat;
    const log = box.querySelector('.log');
    const atEnd = !log || log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    const count = log?.childElementCount;
    box.classList.toggle('open', open);
    wear(view.root, chatStyles);
    render(chat(view, room, this.#actions), box);
    const drawn = box.querySelector('.log');
    const own = drawn?.childElementCount !== count && drawn?.lastElementChild?.classList.contains('own');
    if (drawn && (atEnd || own)) drawn.scrollTop = drawn.scrollHeight;
    if (open) {
      this.#toast = undefined;
      // After this drawing, which it changes.
      if (room?.snapshot.unread && document.visibilityState === 'visible') queueMicrotask(() => room.read());
    }
    if (open !== this.#open) this.#focus(box, open);
    this.#open = open;
  }

  /** Whoever opens the chat writes in it; a touch screen would cover it with its keyboard. */
  #focus(box: HTMLElement, open: boolean): void {
    if (this.#view?.snapshot.state === 'ended') return;
    const field = matchMedia('(pointer: coarse)').matches ? '.log' : 'textarea';
    const target = open ? box.querySelector<HTMLElement>(field) : this.#view?.root.querySelector<HTMLElement>('[part~="chat-button"]');
    target?.focus({ preventScroll: true });
  }

  #tell({ snapshot, chat: { room, open, hidden } }: PanelView): void {
    for (const entry of room?.takeNews() ?? []) {
      if (!open && !hidden) this.#show(entry);
      const { peer } = snapshot.call ?? {};
      if (entry.kind === 'text' && peer) this.#host.dispatchEvent(new CallMessageEvent(entry.text, peer, entry.at));
    }
  }

  #show(entry: ChatEntry): void {
    this.#toast = entry;
    clearTimeout(this.#fading);
    this.#fading = setTimeout(() => {
      this.#toast = undefined;
      this.#host.requestUpdate();
    }, TOAST);
  }

  get #actions(): ChatActions {
    return {
      note: this.#note,
      toast: this.#toast,
      dropping: this.#dropping,
      submit: (event) => {
        event.preventDefault();
        this.#send();
      },
      key: (event) => {
        // The events of a field are the host page's too, which may have keys of its own.
        event.stopPropagation();
        // The key that ends a composition (of Japanese, say) sends nothing; some browsers only tell by its code.
        if (event.isComposing || event.keyCode === 229) return;
        if (event.key === 'Escape') this.#view!.chat.toggle();
        else if (event.key !== 'Enter' || event.shiftKey || !(event.target instanceof HTMLTextAreaElement)) return;
        else this.#send();
        event.preventDefault();
      },
      grow: () => this.#grow(),
      choose: ({ target }) => {
        const input = target as HTMLInputElement;
        this.#offer(input.files ?? []);
        input.value = '';
      },
      offer: (files) => this.#offer(files),
    };
  }

  get #field(): HTMLTextAreaElement | null {
    return this.#box?.querySelector('textarea') ?? null;
  }

  #grow(): void {
    const field = this.#field!;
    field.style.blockSize = 'auto';
    field.style.blockSize = `${Math.min(TALLEST, field.scrollHeight)}px`;
  }

  #send(): void {
    const field = this.#field;
    const { room } = this.#view!.chat;
    if (!field?.value.trim() || !room) return;
    const sent = room.send(field.value);
    this.#say(sent ? '' : this.#view!.words.chat.tooLong);
    if (!sent) return;
    field.value = '';
    this.#grow();
    field.focus({ preventScroll: true });
  }

  #offer(files: Iterable<File>): void {
    const { chat: view, words } = this.#view!;
    let note = '';
    for (const file of files) {
      const trouble = view.room?.offer(file);
      if (trouble) note = fill(words.chat.troubles[trouble], { name: file.name });
    }
    this.#say(note);
  }

  #say(note: string): void {
    this.#note = note;
    this.#host.requestUpdate();
  }

  /** Files can be dropped onto the whole call, and pasted into the chat. */
  #listen(root: ShadowRoot | undefined): void {
    if (root === this.#listening) return;
    for (const type of ['dragover', 'dragleave', 'drop', 'paste']) {
      this.#listening?.removeEventListener(type, this.#take);
      root?.addEventListener(type, this.#take);
    }
    document.removeEventListener('visibilitychange', this.#seen);
    if (root) document.addEventListener('visibilitychange', this.#seen);
    this.#listening = root;
  }

  /** What came while another tab was in front is read when this one is. */
  readonly #seen = (): void => this.#host.requestUpdate();

  readonly #take = (event: Event): void => {
    const view = this.#view!;
    const { chat: door } = view;
    if (door.hidden || !door.room || door.room.snapshot.over) return;
    const data = event instanceof DragEvent ? event.dataTransfer : (event as ClipboardEvent).clipboardData;
    if (!data?.types.includes('Files')) return;
    // What is copied in a word processor comes as a picture, too, and is meant as text.
    if (event.type === 'paste' && data.types.includes('text/plain') && data.types.includes('text/html')) return;
    // From one thing in the call to the next is not out of it.
    if (event instanceof DragEvent && event.type === 'dragleave' && view.root.contains(event.relatedTarget as Node | null)) return;
    const over = event.type === 'dragover';
    if (over !== this.#dropping) {
      this.#dropping = over;
      if (over && !door.open) door.toggle();
      this.#host.requestUpdate();
    }
    if (event.type !== 'drop' && event.type !== 'paste') return;
    event.preventDefault();
    this.#offer(data.files);
  };
}

/** Makes the chat of a panel. */
export const makeChat = (host: CompanionHost): Companion => new ChatSide(host);
