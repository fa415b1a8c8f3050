/** Receives one file: checks it block by block, stores it, and says how far it is. */
import { MAX_PICTURE_BYTES } from './bounds.js';
import { digestOf, digestOfAll } from './digest.js';
import { Intake } from './intake.js';
import { pictureTypeOf } from './pictures.js';
import type { Storing } from './storing.js';
import type { Chunk } from './wire.js';

/** What becomes of a file. */
export interface ReceivingObserver {
  /** So many bytes are stored. */
  stored(bytes: number): void;
  /** All of it is here and as it was sent; `picture` if it may be shown. */
  whole(file: Blob, picture: boolean): void;
  /** It cannot be stored, or is not what was sent. */
  failed(): void;
}

/** One file on its way in. */
export class Receiving {
  readonly #size: number;
  readonly #intake: Intake;
  readonly #storing: Storing;
  readonly #observer: ReceivingObserver;
  readonly #digests: Uint8Array[] = [];
  #type: string | undefined;
  #expected: string | undefined;
  #work: Promise<void> = Promise.resolve();
  #over = false;

  constructor(size: number, storing: Storing, observer: ReceivingObserver) {
    this.#size = size;
    this.#intake = new Intake(size);
    this.#storing = storing;
    this.#observer = observer;
  }

  get bytes(): number {
    return this.#intake.bytes;
  }

  /** From where the file is wanted on a new lane. */
  resume(): number {
    return this.#intake.resume();
  }

  /** Takes in a piece. Returns false for one that does not belong here. */
  take(chunk: Chunk): boolean {
    const block = this.#intake.take(chunk);
    if (block) this.#do(() => this.#store(block));
    return block !== false;
  }

  /** The sender has sent all of it. */
  end(digest: string): void {
    this.#expected = digest;
    this.#do(async () => {});
  }

  /** Lets go of what has arrived. May be called twice. */
  stop(): void {
    this.#over = true;
    this.#work = this.#work.then(() => this.#storing.drop()).catch(() => {});
  }

  /** Lets one thing follow the other. Words and pieces come over two lanes: whichever is last makes the file whole. */
  #do(job: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#over ? undefined : job()))
      .then(() => (this.#over || !this.#intake.isWhole || this.#expected === undefined ? undefined : this.#finish()))
      .catch(() => {
        if (this.#over) return;
        this.stop();
        this.#observer.failed();
      });
  }

  async #store(block: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#digests.length && this.#size <= MAX_PICTURE_BYTES) this.#type = pictureTypeOf(block);
    this.#digests.push(await digestOf(block));
    await this.#storing.add(block);
    if (!this.#over) this.#observer.stored(this.#intake.store(block));
  }

  async #finish(): Promise<void> {
    if ((await digestOfAll(this.#digests)) !== this.#expected) throw new Error('It is not what was sent.');
    // What it is called and said to be counts for nothing: either its bytes are a picture's, or it is only ever saved.
    const file = await this.#storing.finish(this.#type ?? 'application/octet-stream');
    if (this.#over) return;
    this.#over = true;
    this.#observer.whole(file, !!this.#type);
  }
}
