/** Recording as a companion of the panel: follows the call with the recorder, and offers what was recorded. */
import type { CallInfo } from '../../call/phases.js';
import { CallRecordingEvent } from '../../recording-event.js';
import { Recorder } from '../../recording/recorder.js';
import type { RecordingTrouble } from '../../recording/recorder.js';
import type { Scene } from '../../recording/painter.js';
import { leftBehind } from '../../recording/storing.js';
import type { Kept } from '../../recording/storing.js';
import type { Companion, CompanionHost } from '../companions.js';
import { tell } from '../hints.js';
import type { RecordDoor } from '../record-door.js';
import type { PanelView } from '../view.js';
import { KeptBox } from './kept.js';
import { sceneOf } from './scene.js';

/** Milliseconds for which it is told what has come of a recording. */
const TOLD_FOR = 8000;
/** Milliseconds in which a recorder need not have written anything. */
const BRIEF = 4000;

interface Run {
  readonly call: CallInfo;
  recorder?: Recorder;
}

/** The recordings of one panel. */
class RecordingSide implements Companion {
  readonly #host: CompanionHost;
  readonly #box: KeptBox;
  #view!: PanelView;
  #run: Run | undefined;
  #finishing = 0;
  #looked = false;
  #told: ReturnType<typeof setTimeout> | undefined;

  constructor(host: CompanionHost) {
    this.#host = host;
    this.#box = new KeptBox(() => host.requestUpdate());
  }

  follow(view: PanelView): void {
    this.#view = view;
    const { recorder: door, snapshot, elsewhere } = view;
    const { state, call, me } = snapshot;
    const on = !elsewhere && (state === 'connected' || state === 'reconnecting');
    if (door.wanted && !on) {
      door.wanted = false;
      answer(door, false);
    }
    if (door.wanted && !this.#run && call) void this.#start(view, call);
    else if (this.#run && (!door.wanted || this.#run.call.id !== call?.id)) void this.#finish(this.#run);
    else this.#run?.recorder?.follow(this.#scene(view));
    if (me && !this.#looked) void this.#look(me);
    this.#box.follow(view, this.#finishing > 0);
  }

  stop(): void {
    clearTimeout(this.#told);
    this.#box.stop();
    if (this.#run) void this.#finish(this.#run);
  }

  #scene(view: PanelView): Scene {
    return sceneOf(view, (this.#host as { readonly displayName?: string }).displayName);
  }

  async #start(view: PanelView, call: CallInfo): Promise<void> {
    const run: Run = (this.#run = { call });
    const { recorder: door, snapshot } = view;
    // The other side is told before anything of it is recorded.
    door.session?.setRecording(true);
    this.#tell();
    const about = { call: call.id, name: call.name, me: snapshot.me ?? '' };
    const begun = await Recorder.start(this.#scene(view), about, (trouble) => {
      if (this.#run === run) want(door, false);
      this.#tell(trouble);
    });
    if (typeof begun === 'string') {
      if (this.#run === run) this.#over(run);
      door.wanted = false;
      this.#tell(begun);
      return answer(door, false);
    }
    run.recorder = begun;
    // Whoever did not want it any more meanwhile has what there is.
    if (this.#run !== run) return this.#keep(begun);
    begun.follow(this.#scene(this.#view));
    answer(door, true);
  }

  async #finish(run: Run): Promise<void> {
    this.#over(run);
    if (run.recorder) await this.#keep(run.recorder);
    answer(this.#view.recorder, true);
  }

  #over(run: Run): void {
    if (this.#run === run) this.#run = undefined;
    this.#view.recorder.session?.setRecording(false);
  }

  async #keep(recorder: Recorder): Promise<void> {
    this.#finishing++;
    this.#view.recorder.waits = true;
    try {
      this.#offer(await recorder.finish());
    } catch (cause) {
      console.warn('The recording could not be finished.', cause);
      this.#tell('failed');
    } finally {
      this.#finishing--;
      this.#host.requestUpdate();
    }
  }

  #offer(kept: Kept): void {
    const { about, file, length } = kept;
    if (file.size === 0) {
      void kept.remove();
      // Less than a part may well have nothing in it.
      return length > BRIEF ? this.#tell('failed') : undefined;
    }
    if (!this.#host.dispatchEvent(new CallRecordingEvent(file, about.call, length / 1000))) return void kept.saved();
    this.#box.add(kept);
    if (this.#view.snapshot.state !== 'ended') this.#tell('later');
  }

  async #look(me: string): Promise<void> {
    this.#looked = true;
    for (const kept of await leftBehind(me)) this.#box.add(kept);
    this.#host.requestUpdate();
  }

  #tell(what?: RecordingTrouble | 'later'): void {
    clearTimeout(this.#told);
    if (!what) return this.#hush();
    tell(this.#host, what === 'later' ? 'recorded' : 'recorder', ({ recording }) => recording[what]);
    this.#told = setTimeout(() => this.#hush(), TOLD_FOR);
  }

  #hush(): void {
    tell(this.#host, 'recorded');
    tell(this.#host, 'recorder');
  }
}

function want(door: RecordDoor, on: boolean): void {
  door.wanted = on;
  door.changed();
}

function answer(door: RecordDoor, done: boolean): void {
  door.answer?.(done);
  door.answer = undefined;
}

/** Asks a panel to record, or to record no longer. Answers whether it has begun, or whether the recording is whole. */
export function ask(door: RecordDoor, on: boolean): Promise<boolean> {
  if (on === !!door.wanted) return Promise.resolve(true);
  return new Promise((resolve) => {
    answer(door, false);
    door.answer = resolve;
    want(door, on);
  });
}

/** Makes the recordings of a panel. */
export const makeRecording = (host: CompanionHost): Companion => new RecordingSide(host);
