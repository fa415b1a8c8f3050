/** How the chat looks: what was written, the files, and where one writes. Everything in it is text of a stranger. */
import { html, nothing } from 'lit';
import type { ChatEntry, FileEntry, TextEntry } from '../../chat/entries.js';
import type { Chat } from '../../chat/face.js';
import { endOf } from '../../chat/names.js';
import { icons, stroke } from '../../icons/index.js';
import { phone } from '../../icons/phone.js';
import type { PanelView } from '../view.js';
import { sizeOf, timeOf } from './figures.js';
import { piecesOf } from './links.js';
import type { Piece } from './links.js';

/** What a person can do in the chat beside what the chat itself can. */
export interface ChatActions {
  /** What is the matter, for the person. */
  readonly note: string;
  /** Something that has just been written, while the chat is closed. */
  readonly toast: ChatEntry | undefined;
  readonly dropping: boolean;
  submit(event: Event): void;
  key(event: KeyboardEvent): void;
  grow(event: Event): void;
  choose(event: Event): void;
  offer(files: Iterable<File>): void;
}

const more = {
  send: stroke('M4.5 12 20 4.5l-4.5 15-4-6ZM11.5 13.5 20 4.5'),
  attach: stroke('m19.5 11.5-7.7 7.7a4.7 4.7 0 0 1-6.7-6.7l8-8a3.2 3.2 0 0 1 4.5 4.5l-7.9 7.9a1.6 1.6 0 0 1-2.3-2.3l7.2-7.2'),
  file: stroke('M13.5 3.5H7a1.5 1.5 0 0 0-1.5 1.5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5ZM13.5 3.5v5h5'),
  sent: stroke('m5 12.5 4.5 4.5L19 7.5'),
  arrived: stroke('m1.5 12.5 4.5 4.5 9-9.5M12 15.5l1.5 1.5 9-9.5'),
};

/** All of the chat of a panel: the sheet where it is open, else what has just come. */
export function chat(view: PanelView, room: Chat | undefined, actions: ChatActions): unknown {
  const over = view.snapshot.state === 'ended';
  if (over) return room?.snapshot.entries.length ? log(view, room) : nothing;
  return html`${view.chat.open ? sheet(view, room, actions) : nothing}
    <div role="status" class="toasts">${actions.toast && !view.chat.open ? toast(view, actions.toast) : nothing}</div>`;
}

function sheet(view: PanelView, room: Chat | undefined, actions: ChatActions): unknown {
  const words = view.words.chat;
  return html`<section class="talk ${actions.dropping ? 'dropping' : ''}" aria-label=${words.title} @keydown=${actions.key}>
    <header class="talk-top">
      <h2>${words.title}</h2>
      ${inReach(view)}
      <button class="plain" aria-label=${words.close} title=${words.close} @click=${view.chat.toggle}>${icons.close}</button>
    </header>
    ${log(view, room)} ${actions.note ? html`<p class="talk-note" role="alert">${actions.note}</p>` : nothing}
    ${room && !room.snapshot.online ? html`<p class="talk-note">${words.offline}</p>` : nothing}
    <form class="composer" @submit=${actions.submit}>
      <button type="button" class="plain" aria-label=${words.attach} title=${words.attach} @click=${choose}>${more.attach}</button>
      <input type="file" multiple hidden @change=${actions.choose} />
      <textarea
        rows="1"
        dir="auto"
        aria-label=${words.message}
        placeholder=${words.message}
        enterkeyhint="send"
        @input=${actions.grow}
      ></textarea>
      <button class="plain send" aria-label=${words.send} title=${words.send}>${more.send}</button>
    </form>
    <div class="drop" aria-hidden="true">${words.drop}</div>
  </section>`;
}

/** On a narrow stage the sheet covers the controls: those that must not wait until it is closed. */
function inReach({ snapshot: { local }, words, ask }: PanelView): unknown {
  const act = (label: string, icon: unknown, press: () => void, kind = '') =>
    html`<button class="plain ${kind}" aria-label=${label} title=${label} @click=${press}>${icon}</button>`;
  const { microphone } = local;
  const mute = microphone ? icons.microphone : icons['microphone-off'];
  return html`<div class="reach">
    ${local.screen ? act(words.stopSharing, icons['screen-off'], () => ask.shareScreen(false), 'off') : nothing}
    ${act(microphone ? words.mute : words.unmute, mute, () => ask.setMicrophone(!microphone), microphone ? '' : 'off')}
    ${act(words.hangUp, phone, () => ask.hangUp(), 'end')}
  </div>`;
}

const choose = (event: Event) => ((event.currentTarget as Element).nextElementSibling as HTMLInputElement).click();

function log(view: PanelView, room: Chat | undefined): unknown {
  const { chat: words } = view.words;
  const entries = room?.snapshot.entries ?? [];
  return html`<div class="log" role="log" aria-label=${words.title} tabindex="0">
    ${entries.length ? nothing : html`<p class="talk-empty">${words.empty}</p>`}
    ${entries.map((entry, at) => bubble(view, room!, entry, continues(room!, entry, entries[at + 1])))}
  </div>`;
}

/** Whether the call is over, and a message of this side has not arrived. */
const isLost = ({ snapshot }: Chat, entry: ChatEntry): boolean => snapshot.closed && entry.kind === 'text' && entry.own && !entry.arrived;

/** Whether the next entry follows so closely, and has fared as well, that it shares the time and the tick of this one. */
const continues = (room: Chat, entry: ChatEntry, next: ChatEntry | undefined): boolean =>
  next?.own === entry.own && next.at - entry.at < 60_000 && isLost(room, next) === isLost(room, entry);

function bubble(view: PanelView, room: Chat, entry: ChatEntry, more: boolean): unknown {
  const { words, lang, snapshot } = view;
  const who = entry.own ? words.chat.you : (snapshot.call?.name ?? '');
  const lost = isLost(room, entry);
  return html`<div class="entry ${entry.own ? 'own' : ''} ${more ? 'followed' : ''}">
    <span class="unseen">${who}: </span>
    ${entry.kind === 'text' ? message(entry) : file(view, room, entry)}
    ${lost ? html`<div class="lost">${words.chat.states.failed}</div>` : nothing}
    <div class="when" aria-live="off">
      ${more ? nothing : html`<time datetime=${new Date(entry.at).toISOString()}>${timeOf(entry.at, lang)}</time>`}
      ${entry.own && entry.kind === 'text' && !lost ? tick(view, entry) : nothing}
    </div>
  </div>`;
}

const tick = ({ words: { chat: words } }: PanelView, { arrived }: TextEntry): unknown =>
  html`<span class="tick" title=${arrived ? words.arrived : words.sent}
    >${arrived ? more.arrived : more.sent}<span class="unseen">${arrived ? words.arrived : words.sent}</span></span
  >`;

/** Of each message once: there may be a thousand long ones, and everything is drawn with every new one. */
const pieces = new WeakMap<TextEntry, readonly Piece[]>();

function message(entry: TextEntry): unknown {
  const found = pieces.get(entry) ?? piecesOf(entry.text);
  pieces.set(entry, found);
  return html`<p class="bubble words" dir="auto">${found.map(piece)}</p>`;
}

const piece = ({ text, href }: Piece): unknown =>
  href ? html`<a href=${href} dir="ltr" target="_blank" rel="noopener noreferrer nofollow">${text}</a>` : text;

function file(view: PanelView, room: Chat, entry: FileEntry): unknown {
  const { lang, words } = view;
  const { name, size, bytes, state, own, url, picture } = entry;
  const moving = state === 'moving' || state === 'waiting';
  const told = moving && bytes > 0 ? `${sizeOf(bytes, lang)} / ${sizeOf(size, lang)}` : sizeOf(size, lang);
  const said = state === 'moving' || (!own && (state === 'offered' || state === 'done')) ? '' : words.chat.states[state];
  return html`<div class="bubble file">
    ${picture && url ? html`<img src=${url} alt=${name} decoding="async" />` : nothing}
    <div class="file-what">
      ${more.file}${nameOf(name)}<span class="file-size"><span aria-live="off">${told}</span>${said && html` · ${said}`}</span>
    </div>
    ${moving ? html`<progress max=${size} value=${bytes} aria-label=${name}></progress>` : nothing} ${fileActions(view, room, entry)}
  </div>`;
}

/** A name that may be cut short before its end, and not behind it. */
function nameOf(name: string): unknown {
  const start = name.length - endOf(name).length;
  return html`<bdi class="file-name" title=${name}><span>${name.slice(0, start)}</span><span>${name.slice(start)}</span></bdi>`;
}

function fileActions(view: PanelView, room: Chat, { own, id, state, url, name }: FileEntry): unknown {
  const words = view.words.chat;
  const act = (label: string, press: () => void, kind = '') =>
    html`<button class="act ${kind}" aria-label="${label} ${name}" @click=${press}>${label}</button>`;
  const actions: unknown[] = [];
  if (!room.snapshot.over) {
    if (!own && state === 'offered')
      actions.push(
        act(words.receive, () => room.receive(id), 'main'),
        act(words.refuse, () => room.stop(false, id)),
      );
    if (!own && state === 'failed') actions.push(act(words.again, () => room.receive(id), 'main'));
    if (state === 'moving' || state === 'waiting' || (own && state === 'offered')) actions.push(act(words.stop, () => room.stop(own, id)));
  }
  if (!own && url)
    actions.push(html`<a class="act main" href=${url} download=${name} aria-label="${words.save} ${name}">${words.save}</a>`);
  return actions.length ? html`<div class="acts">${actions}</div>` : nothing;
}

const toast = ({ snapshot, chat: { toggle } }: PanelView, entry: ChatEntry): unknown =>
  html`<button class="toast" @click=${toggle}>
    <b><bdi>${snapshot.call?.name}</bdi></b
    ><span dir="auto">${entry.kind === 'text' ? entry.text.slice(0, 200) : entry.name}</span>
  </button>`;
