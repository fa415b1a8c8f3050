/** Puts the pieces of one file together into blocks, and lets nothing pass that was not asked for. Pure. */
import { BLOCK_BYTES, WINDOW_BYTES } from './bounds.js';
import { blockStart } from './talk.js';
import type { Chunk } from './wire.js';

/** The pieces of one file on their way in. */
export class Intake {
  readonly #size: number;
  #next = 0;
  #stored = 0;
  #block: Uint8Array<ArrayBuffer> | undefined;

  /** @param size in bytes, as the other side said */
  constructor(size: number) {
    this.#size = size;
  }

  /** How many bytes have arrived. */
  get bytes(): number {
    return this.#next;
  }

  /** Whether all have arrived and are stored. */
  get isWhole(): boolean {
    return this.#stored === this.#size;
  }

  /** There is a new lane. Returns the byte from which the file is wanted on it: the start of the block that was broken off. */
  resume(): number {
    this.#block = undefined;
    return (this.#next = this.#next === this.#size ? this.#next : blockStart(this.#next));
  }

  /**
   * Takes in a piece.
   *
   * @returns a block that is whole with it, null where it is not yet, and false for a piece that does not belong here: not the
   *   next one, beyond the end of the file or of its block, or more than was asked for
   */
  take({ offset, bytes }: Chunk): Uint8Array<ArrayBuffer> | null | false {
    const start = blockStart(this.#next);
    const length = Math.min(BLOCK_BYTES, this.#size - start);
    const end = offset + bytes.length;
    if (offset !== this.#next || end > start + length || end > this.#stored + WINDOW_BYTES) return false;
    this.#block ??= new Uint8Array(length);
    this.#block.set(bytes, offset - start);
    this.#next = end;
    if (end < start + length) return null;
    const block = this.#block;
    this.#block = undefined;
    return block;
  }

  /** A block is stored. Returns how many bytes are, for the sender to know. */
  store(block: Uint8Array): number {
    return (this.#stored += block.length);
  }
}
