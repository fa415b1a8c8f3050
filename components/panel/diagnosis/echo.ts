/** A person's own voice, sent through a connection of this page to itself and heard a moment later, as others would hear it. */
import { join } from '../../diagnosis/loopback.js';
import { fillOf } from '../devices/meter.js';
import { loudnessOf } from '../loudness.js';

/** Seconds between what is said and what is heard: long enough to be told from one's own voice. */
const DELAY = 1;
/** From this loudness on (root mean square, from 0 to 1) something has come back. */
const LOUD_ENOUGH = 0.01;
const SAMPLES = 1024;

/** One such echo. */
export class Echo {
  /** Whether a voice has come back. */
  heard = false;
  readonly #changed: () => void;
  // Where there is no sound to be had this fails, and nothing else is open yet.
  readonly #context = new AudioContext();
  readonly #here = new RTCPeerConnection();
  readonly #there = new RTCPeerConnection();
  readonly #analyser = new AnalyserNode(this.#context, { fftSize: SAMPLES });
  readonly #samples = new Float32Array(SAMPLES);
  /** Chromium gives sound of a connection to Web Audio only while an element plays it as well. */
  readonly #pump = Object.assign(new Audio(), { muted: true });
  #track: MediaStreamTrack;
  #bar: HTMLElement | null = null;
  #shown = 0;
  #frame = 0;

  /**
   * Begins at once; fails where the browser has no sound to give.
   *
   * @param microphone left as it is
   * @param changed hears when a voice has come back
   */
  constructor(microphone: MediaStreamTrack, changed: () => void) {
    this.#changed = changed;
    this.#track = microphone.clone();
    this.#here.addTrack(this.#track);
    this.#there.ontrack = ({ track }) => this.#play(new MediaStream([track]));
    join(this.#here, this.#there).catch((cause: unknown) => console.warn('A voice cannot be sent back.', cause));
    void this.#context.resume().catch(() => {});
    this.#look();
  }

  /** Shows the loudness of what comes back on this element, as the CSS variable `--level` from 0 to 1. */
  show(bar: HTMLElement | null): void {
    this.#bar = bar;
  }

  /** Ends it. May be called twice. */
  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#track.stop();
    this.#here.close();
    this.#there.close();
    this.#pump.srcObject = null;
    if (this.#context.state !== 'closed') void this.#context.close().catch(() => {});
  }

  #play(stream: MediaStream): void {
    if (this.#context.state === 'closed') return;
    this.#pump.srcObject = stream;
    this.#pump.play().catch(() => {});
    const delayed = new DelayNode(this.#context, { delayTime: DELAY, maxDelayTime: DELAY });
    this.#context.createMediaStreamSource(stream).connect(delayed).connect(this.#analyser).connect(this.#context.destination);
  }

  readonly #look = (): void => {
    this.#frame = requestAnimationFrame(this.#look);
    this.#analyser.getFloatTimeDomainData(this.#samples);
    const loudness = loudnessOf(this.#samples);
    this.#shown = Math.max(fillOf(loudness), this.#shown * 0.9);
    this.#bar?.style.setProperty('--level', this.#shown.toFixed(2));
    const percent = String(Math.round(this.#shown * 10) * 10);
    if (this.#bar && this.#bar.ariaValueNow !== percent) this.#bar.ariaValueNow = percent;
    if (this.heard || loudness < LOUD_ENOUGH) return;
    this.heard = true;
    this.#changed();
  };
}
