/** Sends one file, piece by piece: no faster than the receiver stores it, and never with much waiting in the browser. */
import { BLOCK_BYTES, CHUNK_BYTES, MAX_BUFFERED_BYTES, WINDOW_BYTES } from './bounds.js';
import { digestOf, digestOfAll } from './digest.js';
import type { Lane } from './lane.js';
import { blockStart } from './talk.js';
import { frame } from './wire.js';

/** One file on its way out. */
export class Sending {
  readonly #file: Blob;
  readonly #id: number;
  readonly #digests: Uint8Array[] = [];
  /** What is being done now; whatever was begun before it ends. */
  #turn: object | undefined;
  #granted = 0;
  #wake = () => {};

  constructor(file: Blob, id: number) {
    this.#file = file;
    this.#id = id;
  }

  /** The receiver has stored so much. */
  grant(to: number): void {
    this.#granted = Math.max(this.#granted, to + WINDOW_BYTES);
    this.#wake();
  }

  /** Stops what is being sent; it may be begun again. */
  stop(): void {
    this.#turn = undefined;
    this.#wake();
  }

  /**
   * Sends the file from a byte on, or from the start of its block.
   *
   * @returns its checksum, or undefined where it was stopped
   * @throws what the browser says of a file that can be read no longer
   */
  async run(lane: Lane, from: number): Promise<string | undefined> {
    const { size } = this.#file;
    // Nobody can have stored what was never read.
    const read = this.#digests.length * BLOCK_BYTES;
    let at = from >= size && read >= size ? size : Math.min(blockStart(from), read);
    const turn = (this.#turn = {});
    this.#wake();
    this.#granted = at + WINDOW_BYTES;
    lane.bufferedAmountLowThreshold = MAX_BUFFERED_BYTES / 2;
    lane.onbufferedamountlow = () => this.#wake();
    for (; at < size; at += BLOCK_BYTES) {
      const end = Math.min(at + BLOCK_BYTES, size);
      await this.#until(turn, () => end <= this.#granted);
      if (this.#turn !== turn) return undefined;
      const block = new Uint8Array(await this.#file.slice(at, end).arrayBuffer());
      if (block.length !== end - at) throw new Error('The file has changed.');
      this.#digests[at / BLOCK_BYTES] ??= await digestOf(block);
      if (!(await this.#send(turn, lane, at, block))) return undefined;
    }
    const digest = await digestOfAll(this.#digests);
    return this.#turn === turn ? digest : undefined;
  }

  async #send(turn: object, lane: Lane, start: number, block: Uint8Array): Promise<boolean> {
    for (let at = 0; at < block.length; at += CHUNK_BYTES) {
      await this.#until(turn, () => lane.bufferedAmount < MAX_BUFFERED_BYTES);
      if (this.#turn !== turn || lane.readyState !== 'open') return false;
      lane.send(frame(this.#id, start + at, block.subarray(at, at + CHUNK_BYTES)));
    }
    return true;
  }

  /** Waits until something is so, or something else is done. */
  async #until(turn: object, ready: () => boolean): Promise<void> {
    while (this.#turn === turn && !ready()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
