/**
 * What every call has of the chat: its lanes, and the few words that may wait on them. Everything else is loaded with the first
 * word, of whichever side.
 */
import type { ClockPort } from '../call/ports.js';
import type { Lanes } from './lane.js';
import type { ChatRoom } from './room.js';

/** Most words that wait until the chat is loaded; a well-behaved page has no more of them on their way. */
const MAX_EARLY = 64;

/** What the chats of a page stand on. */
export interface ChatLanesPorts {
  readonly clock: ClockPort;
  changed(): void;
  /** Whether anything may be kept for the next page. */
  keeps(): boolean;
}

/** The chat of whichever call a session has. */
export class ChatLanes {
  readonly #key: string;
  readonly #ports: ChatLanesPorts;
  /** The call whose chat this is. */
  #call: string | undefined;
  #lanes: Lanes | undefined;
  #early: unknown[] = [];
  #room: ChatRoom | undefined;
  #opening: Promise<ChatRoom | undefined> | undefined;
  /** Whether the call is over: what was said last may still come, and be said. */
  #over = false;

  /** @param name what tells this session from others of the page */
  constructor(name: string, ports: ChatLanesPorts) {
    this.#key = `video-call-chat ${name}`;
    this.#ports = ports;
  }

  get room(): ChatRoom | undefined {
    return this.#room;
  }

  /** Whether something that was said has not arrived, or is still to be said. */
  get isBusy(): boolean {
    return !!this.#opening || !!this.#room?.isBusy;
  }

  /** A call makes a connection: it gets its lanes, and the other side's end of them is known without a word about it. */
  connect(call: string, connection: RTCPeerConnection): void {
    this.#begin(call);
    const lane = (label: string, id: number) => connection.createDataChannel(label, { negotiated: true, id });
    const [chat, files] = [lane('chat', 1), lane('files', 2)];
    files.binaryType = 'arraybuffer';
    const lanes = (this.#lanes = { chat, files });
    this.#early = [];
    if (this.#room) return this.#room.connect(lanes);
    chat.onmessage = ({ data }) => {
      // The last words of a call that is over are not the first of the next one.
      if (this.#lanes !== lanes) return;
      if (this.#early.length < MAX_EARLY) this.#early.push(data);
      void this.open(call);
    };
    if (this.#kept(call) !== undefined) void this.open(call);
  }

  /** The chat of a call, loaded where it is not yet; undefined where it cannot be, or the call is another one by then. */
  async open(call: string): Promise<ChatRoom | undefined> {
    if (this.#call !== call) return undefined;
    return this.#room ?? (this.#opening ??= this.#load(call));
  }

  /** Follows which call is on: the chat of one that is over can be read until there is another. */
  follow(call: string | undefined, live: boolean): void {
    this.#over = !live;
    if (live) this.#begin(call);
    else if (this.#room) this.#room.end();
    else if (!this.#opening) this.#keep(undefined);
  }

  /** Forgets the chat. May be called twice. */
  close(): void {
    this.#room?.close();
    this.#room = this.#opening = this.#lanes = this.#call = undefined;
  }

  #begin(call: string | undefined): void {
    if (this.#call === call) return;
    this.close();
    this.#call = call;
  }

  async #load(call: string): Promise<ChatRoom | undefined> {
    try {
      const { ChatRoom } = await import('./room.js');
      if (this.#call !== call) return undefined;
      if (this.#room) return this.#room;
      const { clock, changed } = this.#ports;
      const keep = (text: string | undefined) => this.#keep(text && call + text);
      const room = (this.#room = new ChatRoom(call, { clock, changed, kept: this.#kept(call), keep }));
      if (this.#lanes) room.connect(this.#lanes, this.#early.splice(0));
      // Whoever has waited for it has the first word.
      clock.after(0, () => {
        if (this.#room !== room) return;
        this.#opening = undefined;
        if (this.#over) room.end();
        changed();
      });
      return room;
    } catch (cause) {
      console.warn('The chat could not be loaded.', cause);
      if (this.#call !== call) return undefined;
      this.#opening = undefined;
      if (this.#over) this.#keep(undefined);
      this.#ports.changed();
      return undefined;
    }
  }

  #kept(call: string): string | undefined {
    try {
      const text = sessionStorage.getItem(this.#key);
      return text?.startsWith(call) ? text.slice(call.length) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Returns false where there is no room for it, or nothing may be stored: the chat lasts as long as the page then. */
  #keep(text: string | undefined): boolean {
    try {
      if (text && this.#ports.keeps()) sessionStorage.setItem(this.#key, text);
      else sessionStorage.removeItem(this.#key);
      return true;
    } catch {
      return false;
    }
  }
}
