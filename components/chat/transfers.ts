/** The files of one chat: which are offered, fetched and refused, and which one is being sent. */
import { BLOCK_BYTES, MAX_PICTURE_BYTES } from './bounds.js';
import type { FileState } from './entries.js';
import type { Lane } from './lane.js';
import { pictureTypeOf } from './pictures.js';
import { Receiving } from './receiving.js';
import { Sending } from './sending.js';
import { openStoring } from './storing.js';
import type { Talk } from './talk.js';
import type { Chunk, Numbered, Word } from './wire.js';

/** What the chat does for its files. */
export interface TransferPorts {
  say(word: Word): void;
  /** Something can be seen to have changed. */
  changed(): void;
}

/** All files of a chat. Only one is sent at a time; the others wait. */
export class Transfers {
  readonly #talk: Talk;
  readonly #ports: TransferPorts;
  readonly #sendings = new Map<number, Sending>();
  readonly #receivings = new Map<number, Receiving>();
  readonly #urls: string[] = [];
  #lane: Lane | undefined;
  #wanted: { readonly id: number; readonly from: number }[] = [];
  /** The file that is being sent. */
  #sent: { readonly id: number } | undefined;

  constructor(talk: Talk, ports: TransferPorts) {
    this.#talk = talk;
    this.#ports = ports;
  }

  /** A file of this side is offered, and kept until it is taken back or the call is over. */
  keep(id: number, file: File): void {
    this.#sendings.set(id, new Sending(file, id));
    if (file.size <= MAX_PICTURE_BYTES) void this.#show(id, file);
  }

  /** Fetches a file, for the first time or once more. */
  receive(id: number): void {
    const file = this.#talk.file(false, id);
    if (!file || (file.state !== 'offered' && file.state !== 'failed')) return;
    this.#receivings.get(id)?.stop();
    const receiving = new Receiving(file.size, openStoring(file.size), {
      stored: (bytes) => {
        this.#ports.say({ type: 'have', id, to: bytes });
        this.#talk.set(false, id, { bytes });
        this.#ports.changed();
      },
      whole: (blob, picture) => {
        this.#ports.say({ type: 'got', id, ok: true });
        this.#settle(false, id, 'done', { url: this.#urlOf(blob), picture });
      },
      failed: () => {
        this.#ports.say({ type: 'got', id, ok: false });
        this.#settle(false, id, 'failed');
      },
    });
    this.#receivings.set(id, receiving);
    this.#ports.say({ type: 'take', id, from: receiving.resume() });
    this.#settle(false, id, 'waiting');
  }

  /** The person takes an offer back, or refuses one. */
  stop(own: boolean, id: number): void {
    const file = this.#talk.file(own, id);
    if (!file || file.state === 'refused' || file.state === 'withdrawn' || file.state === 'done') return;
    this.#ports.say({ type: own ? 'withdraw' : 'refuse', id });
    this.#drop(own, id, own ? 'withdrawn' : 'refused');
  }

  /** Takes in a word about a file. Returns false for one that makes no sense. */
  hear(word: Exclude<Word, Numbered | { type: 'ack' }>): boolean {
    const { type, id } = word;
    const own = type !== 'end' && type !== 'withdraw';
    const file = this.#talk.file(own, id);
    if (!file) return false;
    switch (word.type) {
      case 'take':
        this.#want(id, word.from);
        break;
      case 'have':
        if (word.to > file.size) return false;
        this.#sendings.get(id)?.grant(word.to);
        if (file.state === 'moving') this.#talk.set(true, id, { bytes: word.to });
        this.#ports.changed();
        break;
      case 'got':
        this.#sendings.get(id)?.stop();
        // A page that was loaded anew before it heard of that takes its files for lost.
        if (file.state === 'moving' || (word.ok && file.state === 'failed'))
          this.#settle(true, id, word.ok ? 'done' : 'failed', word.ok ? { bytes: file.size } : {});
        break;
      case 'refuse':
        this.#sendings.get(id)?.stop();
        if (file.state !== 'withdrawn') this.#settle(true, id, 'refused');
        break;
      case 'end':
        this.#receivings.get(id)?.end(word.digest);
        break;
      case 'withdraw':
        if (file.state !== 'done' && file.state !== 'refused') this.#drop(false, id, 'withdrawn');
    }
    return true;
  }

  /** Takes in a piece of a file. Returns false for one that nobody waits for. */
  take(chunk: Chunk): boolean {
    const { id } = chunk;
    const file = this.#talk.file(false, id);
    // What was on its way when a file was refused is nobody's fault.
    if (file?.state === 'refused' || file?.state === 'withdrawn' || file?.state === 'failed') return true;
    if (file?.state !== 'waiting' && file?.state !== 'moving') return false;
    if (!this.#receivings.get(id)!.take(chunk)) {
      this.#ports.say({ type: 'refuse', id });
      this.#drop(false, id, 'refused');
      return false;
    }
    if (file.state === 'waiting') this.#settle(false, id, 'moving');
    return true;
  }

  /** The lanes are gone. */
  pause(): void {
    this.#lane = this.#sent = undefined;
    this.#wanted = [];
    for (const sending of this.#sendings.values()) sending.stop();
  }

  /** There are new lanes: says once more how each file stands, since that may have been lost. */
  resume(lane: Lane): void {
    this.#lane = lane;
    for (const { id, state } of this.#talk.files(true))
      if (!this.#sendings.has(id) && state !== 'done' && state !== 'refused') this.#ports.say({ type: 'withdraw', id });
    for (const { id, state } of this.#talk.files(false)) {
      if (state === 'refused') this.#ports.say({ type: 'refuse', id });
      if (state === 'done') this.#ports.say({ type: 'got', id, ok: true });
      if (state === 'waiting' || state === 'moving') this.#ports.say({ type: 'take', id, from: this.#receivings.get(id)!.resume() });
    }
  }

  /** The call is over: what has not arrived does not arrive any more. */
  end(): void {
    this.pause();
    this.#sendings.clear();
    for (const own of [true, false])
      for (const { id, state } of this.#talk.files(own))
        if (state === 'offered' || state === 'waiting' || state === 'moving') this.#drop(own, id, 'withdrawn');
  }

  /** Lets everything go, also what has arrived. */
  close(): void {
    for (const receiving of this.#receivings.values()) receiving.stop();
    for (const url of this.#urls.splice(0)) URL.revokeObjectURL(url);
  }

  #want(id: number, from: number): void {
    const file = this.#talk.file(true, id)!;
    if (!this.#sendings.has(id) || file.state === 'withdrawn') return this.#ports.say({ type: 'withdraw', id });
    // Who asks again for what he is being sent gets it no sooner.
    if (this.#sent?.id === id || this.#wanted.some((wanted) => wanted.id === id)) return;
    this.#wanted.push({ id, from });
    this.#settle(true, id, 'moving', { bytes: Math.min(from, file.size) });
    void this.#sendNext();
  }

  async #sendNext(): Promise<void> {
    if (this.#sent !== undefined || !this.#lane) return;
    const next = this.#wanted.shift();
    if (!next) return;
    const { id, from } = (this.#sent = next);
    try {
      const digest = await this.#sendings.get(id)!.run(this.#lane, from);
      if (digest) this.#ports.say({ type: 'end', id, digest });
    } catch {
      if (this.#sent !== next) return;
      // The file is gone, or has changed since it was offered.
      this.#ports.say({ type: 'withdraw', id });
      this.#drop(true, id, 'failed');
    }
    // Over new lanes it may be under way again already.
    if (this.#sent !== next) return;
    this.#sent = undefined;
    void this.#sendNext();
  }

  #drop(own: boolean, id: number, state: FileState): void {
    if (own) {
      this.#sendings.get(id)?.stop();
      this.#sendings.delete(id);
      this.#wanted = this.#wanted.filter((wanted) => wanted.id !== id);
    } else {
      this.#receivings.get(id)?.stop();
      this.#receivings.delete(id);
    }
    this.#settle(own, id, state, { bytes: 0 });
  }

  #settle(own: boolean, id: number, state: FileState, more: { bytes?: number; url?: string; picture?: boolean } = {}): void {
    this.#talk.set(own, id, { state, ...more });
    this.#ports.changed();
  }

  /** Shows a picture of this side to the person who offers it. */
  async #show(id: number, file: File): Promise<void> {
    try {
      const type = pictureTypeOf(new Uint8Array(await file.slice(0, BLOCK_BYTES).arrayBuffer()));
      if (!type || !this.#sendings.has(id)) return;
      this.#talk.set(true, id, { url: this.#urlOf(file.slice(0, file.size, type)), picture: true });
      this.#ports.changed();
    } catch {
      // It cannot be read; who asks for it will be told.
    }
  }

  #urlOf(blob: Blob): string {
    const url = URL.createObjectURL(blob);
    this.#urls.push(url);
    return url;
  }
}
