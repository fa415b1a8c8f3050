/** How loud a microphone is, measured in the page and nowhere else: the copy of its track that is listened to is never sent. */
import { loudnessOf } from './loudness.js';

const SAMPLES = 2048;

/** Listens to one microphone, also while its own track is switched off. */
export class LevelMeter {
  readonly #track: MediaStreamTrack;
  readonly #context = new AudioContext();
  readonly #analyser = new AnalyserNode(this.#context, { fftSize: SAMPLES });
  readonly #samples = new Float32Array(SAMPLES);

  /** @param source the track of a microphone; it is left as it is */
  constructor(readonly source: MediaStreamTrack) {
    this.#track = source.clone();
    this.#track.enabled = true;
    this.#context.createMediaStreamSource(new MediaStream([this.#track])).connect(this.#analyser);
    void this.#context.resume().catch(() => {});
  }

  /** Whether anything can be measured: a browser may keep the page's sound still until a gesture. */
  get listens(): boolean {
    return this.#context.state === 'running' && this.#track.readyState === 'live';
  }

  /** Root mean square of the last samples, from 0 to 1. */
  measure(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudnessOf(this.#samples);
  }

  /** Lets the copy of the microphone go. May be called twice. */
  close(): void {
    this.#track.stop();
    if (this.#context.state !== 'closed') void this.#context.close().catch(() => {});
  }
}
