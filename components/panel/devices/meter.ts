/** Shows how loud a microphone is, and notices one from which nothing comes at all. */
import { LevelMeter } from '../level-meter.js';

/** Milliseconds without any sound after which a microphone counts as silent. */
export const SILENT_AFTER = 5000;
/** Decibels that fill the meter, from its empty end to its full one. */
const RANGE = { from: -60, to: -12 } as const;

/** How far a loudness (root mean square, from 0 to 1) fills the meter, from 0 to 1: by decibels, as people hear. */
export function fillOf(loudness: number): number {
  const decibels = 20 * Math.log10(Math.max(loudness, 1e-6));
  return Math.min(1, Math.max(0, (decibels - RANGE.from) / (RANGE.to - RANGE.from)));
}

/** The meter of the view. */
export class Meter {
  readonly #changed: () => void;
  #meter?: LevelMeter;
  #source?: MediaStreamTrack;
  #bar: HTMLElement | null = null;
  #frame = 0;
  #shown = 0;
  #heardAt = 0;
  silent = false;

  /** @param changed hears when the microphone turns out to be silent, or not to be */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Listens to this microphone; to none without one. */
  follow(track: MediaStreamTrack | undefined): void {
    if (track === this.#source) return;
    cancelAnimationFrame(this.#frame);
    this.#meter?.close();
    this.#source = track;
    this.silent = false;
    this.#heardAt = performance.now();
    this.#meter = track && new LevelMeter(track);
    if (track) this.#look();
  }

  /** Shows on this element, as the CSS variable `--level` from 0 to 1. */
  show(bar: HTMLElement | null): void {
    this.#bar = bar;
  }

  readonly #look = (): void => {
    this.#frame = requestAnimationFrame(this.#look);
    const now = performance.now();
    if (!this.#meter?.listens) return void (this.#heardAt = now);
    const loudness = this.#meter.measure();
    // Up at once, down gently: the eye follows a voice better than a wave.
    this.#shown = Math.max(fillOf(loudness), this.#shown * 0.9);
    this.#bar?.style.setProperty('--level', this.#shown.toFixed(2));
    const percent = String(Math.round(this.#shown * 10) * 10);
    if (this.#bar && this.#bar.ariaValueNow !== percent) this.#bar.ariaValueNow = percent;
    if (loudness > 0) this.#heardAt = now;
    const silent = now - this.#heardAt > SILENT_AFTER;
    if (silent === this.silent) return;
    this.silent = silent;
    this.#changed();
  };
}
