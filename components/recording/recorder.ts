/** Records a call as one file: both sides in one picture, everything that sounds in one sound (W3C MediaStream Recording). */
import type { About } from './keeping.js';
import { Mixer } from './mixer.js';
import { bestType } from './names.js';
import { Painter } from './painter.js';
import type { Scene } from './painter.js';
import { beat } from './pulse.js';
import { hasRoom, openStoring } from './storing.js';
import type { Kept, Storing } from './storing.js';

const FRAMES_PER_SECOND = 25;
/** Milliseconds of a part: what a crash may cost. */
const PART = 2000;
/** Bits per second: an hour is about 0.9 GB. */
const RATES = { videoBitsPerSecond: 1_900_000, audioBitsPerSecond: 96_000 };
/** Milliseconds between two whole pictures, to which a player can jump; a browser that does not know this has its own. */
const KEY_FRAMES = { videoKeyFrameIntervalDuration: 4000 };

/** Why there is no recording, or no more of it. */
export type RecordingTrouble = 'failed' | 'full';

/** What is to be done where a start comes to nothing. */
type Undo = (() => unknown)[];

/** One recording. */
export class Recorder {
  readonly #mixer: Mixer;
  readonly #painter: Painter;
  readonly #recorder: MediaRecorder;
  readonly #storing: Storing;
  readonly #quiet: () => void;
  readonly #begun = performance.now();
  #written: Promise<void> = Promise.resolve();
  #kept: Promise<Kept> | undefined;

  /**
   * Begins, or leaves nothing behind. To be called soon after a gesture, without which a browser may keep the sound still.
   *
   * @param isWanted asked again when all is ready, which may take seconds
   * @param troubled called, once, when it cannot go on; what there is can be had by `finish`
   * @returns the recorder, or why there is none; undefined where it is wanted no longer
   */
  static async start(
    scene: Scene,
    about: Omit<About, 'id' | 'type' | 'startedAt'>,
    isWanted: () => boolean,
    troubled: (trouble: RecordingTrouble) => void,
  ): Promise<Recorder | RecordingTrouble | undefined> {
    const undo: Undo = [];
    let trouble: RecordingTrouble | undefined;
    try {
      const type = bestType((each) => MediaRecorder.isTypeSupported(each));
      if (!type) return 'failed';
      if (!(await hasRoom())) return 'full';
      const mixer = new Mixer();
      undo.push(() => mixer.close());
      if (!(await mixer.runs())) trouble = 'failed';
      else if (isWanted()) {
        const storing = await openStoring({ ...about, id: crypto.randomUUID(), type, startedAt: Date.now() });
        undo.push(() => storing.drop());
        if (isWanted()) return new Recorder(scene, mixer, type, storing, troubled, undo);
      }
    } catch (cause) {
      trouble = 'failed';
      console.warn('The call cannot be recorded.', cause);
    }
    await Promise.allSettled(undo.map(async (each) => each()));
    return trouble;
  }

  private constructor(
    scene: Scene,
    mixer: Mixer,
    mimeType: string,
    storing: Storing,
    troubled: (trouble: RecordingTrouble) => void,
    undo: Undo,
  ) {
    this.#storing = storing;
    this.#mixer = mixer;
    const painter = (this.#painter = new Painter(scene));
    undo.push(() => painter.close());
    const picture = painter.canvas.captureStream(FRAMES_PER_SECOND + 5);
    undo.push(() => picture.getTracks().forEach((track) => track.stop()));
    const stream = new MediaStream([...picture.getTracks(), this.#mixer.track]);
    this.#recorder = new MediaRecorder(stream, { mimeType, ...RATES, ...KEY_FRAMES });
    let isTroubled = false;
    const fail = (trouble: RecordingTrouble, cause: unknown): void => {
      if (isTroubled) return;
      isTroubled = true;
      console.warn('The recording cannot go on.', cause);
      troubled(trouble);
    };
    this.#recorder.ondataavailable = ({ data }) => {
      if (data.size === 0) return;
      const adding = this.#written.then(() => (isTroubled ? undefined : storing.add(data)));
      this.#written = adding.catch((cause: unknown) =>
        fail((cause as Partial<DOMException> | null)?.name === 'QuotaExceededError' ? 'full' : 'failed', cause),
      );
    };
    this.#recorder.onerror = (event) => fail('failed', event);
    this.#quiet = beat(this.#mixer.context, FRAMES_PER_SECOND, () => painter.draw());
    undo.push(this.#quiet);
    this.follow(scene);
    this.#recorder.start(PART);
  }

  /** Records this from now on. */
  follow(scene: Scene): void {
    const { them, me } = scene;
    this.#painter.follow(scene);
    this.#mixer.follow([me.sound, them.sound, me.screen, them.screen]);
  }

  /** Ends it; all callers get the same recording. */
  finish(): Promise<Kept> {
    return (this.#kept ??= this.#finish());
  }

  /** Ends it and keeps nothing of it. */
  async drop(): Promise<void> {
    await (await this.finish()).remove();
  }

  async #finish(): Promise<Kept> {
    const length = performance.now() - this.#begun;
    const recorder = this.#recorder;
    if (recorder.state !== 'inactive') {
      const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve, { once: true }));
      recorder.stop();
      await stopped;
    }
    this.#quiet();
    for (const track of recorder.stream.getTracks()) track.stop();
    this.#mixer.close();
    this.#painter.close();
    await this.#written;
    return this.#storing.finish(length);
  }
}
