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
import type { PanelView } from '../view.js';
import { KeptBox } from './kept.js';
import { sceneOf } from './scene.js';

/** Milliseconds for which it is told what has come of a recording. */
const TOLD_FOR = 8000;

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
    if (!on) door.wanted = false;
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
      if (this.#run === run) door.want(false);
      this.#tell(trouble);
    });
    if (typeof begun === 'string') {
      if (this.#run === run) this.#over(run);
      door.wanted = false;
      this.#tell(begun);
      return door.answer(false);
    }
    run.recorder = begun;
    // Whoever did not want it any more meanwhile has what there is.
    if (this.#run !== run) return this.#keep(begun);
    begun.follow(this.#scene(this.#view));
    door.answer(true);
  }

  async #finish(run: Run): Promise<void> {
    this.#over(run);
    if (run.recorder) await this.#keep(run.recorder);
    this.#view.recorder.answer(true);
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
    tell(this.#host, 'recorded', what && (({ recording }) => recording[what]));
    if (what) this.#told = setTimeout(() => tell(this.#host, 'recorded'), TOLD_FOR);
  }
}

/** Makes the recordings of a panel. */
export const makeRecording = (host: CompanionHost): Companion => new RecordingSide(host);
