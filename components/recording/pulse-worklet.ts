/** Runs where sound is made (W3C Web Audio, `AudioWorklet`), and tells its page of each so many seconds that have sounded. */

// Of what this place has, the DOM library knows nothing.
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new (options: BeatOptions) => unknown): void;
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort };

interface BeatOptions {
  readonly processorOptions: { readonly every: number };
}

class Beat extends AudioWorkletProcessor {
  readonly #frames: number;
  #due = 0;
  #over = false;

  constructor({ processorOptions }: BeatOptions) {
    super();
    this.#frames = processorOptions.every * sampleRate;
    this.port.onmessage = () => (this.#over = true);
  }

  /** Called for each block of frames, and called on for as long as it answers true: until its page sends anything. */
  process(_: unknown, [output]: Float32Array[][]): boolean {
    this.#due += output?.[0]?.length ?? 128;
    if (this.#due >= this.#frames) {
      this.#due -= this.#frames;
      this.port.postMessage(null);
    }
    return !this.#over;
  }
}

registerProcessor('video-call-beat', Beat);
