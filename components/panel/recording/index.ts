/** Recording as a companion of the panel: follows the call with the recorder, and offers what was recorded. */
import type { CallInfo } from '../../call/phases.js';
import type { CallSession } from '../../call/session.js';
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
  /** Where it is told, which may be another session than the panel has later. */
  readonly session: CallSession;
  recorder?: Recorder;
}

/** Whether the other side is told of it, now. */
const isTold = ({ call, session: { snapshot } }: Run): boolean => !!snapshot.local.recording && snapshot.call?.id === call.id;

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
    const run = this.#run;
    const on = !elsewhere && (state === 'connected' || state === 'reconnecting');
    if (door.wanted && !on) settle(door, false);
    // Nothing is recorded of which the other side is not told: a page that was away is taken for one that does not record.
    if (run && (!door.wanted || run.call.id !== call?.id || !isTold(run))) void this.#finish(run);
    else if (run?.recorder) {
      run.recorder.follow(this.#scene(view));
      answer(door, true);
    } else if (door.wanted && !run && call) void this.#start(view, call);
    if (me && !this.#looked) void this.#look(me);
    this.#box.follow(view, this.#finishing > 0);
  }

  stop(): void {
    clearTimeout(this.#told);
    this.#box.stop();
    if (this.#run) void this.#finish(this.#run);
    const door = (this.#view as PanelView | undefined)?.recorder;
    if (door?.wanted) settle(door, false);
  }

  readonly #leave = (): void => {
    if (this.#run) void this.#finish(this.#run);
  };

  #scene(view: PanelView): Scene {
    return sceneOf(view, (this.#host as { readonly displayName?: string }).displayName);
  }

  async #start(view: PanelView, call: CallInfo): Promise<void> {
    const { recorder: door, snapshot } = view;
    const { session } = door;
    if (!session) return settle(door, false);
    const run: Run = (this.#run = { call, session });
    const isWanted = () => this.#run === run;
    window.addEventListener('pagehide', this.#leave);
    let begun: Recorder | RecordingTrouble | undefined = 'failed';
    try {
      // The other side is told as it begins; where it cannot be, nothing begins.
      session.setRecording(true);
      this.#tell();
      const about = { call: call.id, name: call.name, me: snapshot.me ?? '' };
      if (isTold(run)) begun = await Recorder.start(this.#scene(view), about, isWanted, (trouble) => this.#halt(run, trouble));
      if (begun instanceof Recorder && isWanted()) {
        run.recorder = begun;
        begun.follow(this.#scene(this.#view));
        return answer(door, true);
      }
      // Whoever did not want it any more meanwhile has nothing of it.
      if (begun instanceof Recorder) await begun.drop();
    } catch (cause) {
      console.warn('The call cannot be recorded.', cause);
    }
    if (!isWanted()) return;
    this.#over(run);
    settle(door, false);
    this.#tell(typeof begun === 'string' ? begun : 'failed');
    if (run.recorder) void this.#keep(run.recorder);
  }

  /** It cannot go on. */
  #halt(run: Run, trouble: RecordingTrouble): void {
    if (this.#run === run) want(this.#view.recorder, false);
    if (!this.#run || this.#run === run) this.#tell(trouble);
  }

  async #finish(run: Run): Promise<void> {
    const door = this.#view.recorder;
    // Whoever has asked for a beginning has none; whoever asks again meanwhile gets an answer of his own.
    const done = door.answer;
    const ended = !door.wanted;
    door.wanted = false;
    door.answer = undefined;
    this.#over(run);
    if (run.recorder) await this.#keep(run.recorder);
    done?.(ended);
  }

  #over(run: Run): void {
    window.removeEventListener('pagehide', this.#leave);
    if (this.#run === run) this.#run = undefined;
    if (isTold(run)) run.session.setRecording(false);
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
    if (!this.#host.dispatchEvent(new CallRecordingEvent(file, about.call, Math.round(length) / 1000))) return void kept.saved();
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

/** It is wanted no longer, and whoever has asked is told what has come of it. */
function settle(door: RecordDoor, done: boolean): void {
  door.wanted = false;
  answer(door, done);
}

/** Asks a panel to record, or to record no longer. Answers whether it has begun, or whether the recording is whole. */
export function ask(door: RecordDoor, on: boolean): Promise<boolean> {
  const { session } = door;
  const isMarked = !!session?.snapshot.local.recording;
  // Another panel of the same call may record it, which then ends it.
  if (!on && isMarked) session!.setRecording(false);
  if (on === !!door.wanted || (on && isMarked)) return Promise.resolve(true);
  return new Promise((resolve) => {
    answer(door, false);
    door.answer = resolve;
    want(door, on);
  });
}

/** Makes the recordings of a panel. */
export const makeRecording = (host: CompanionHost): Companion => new RecordingSide(host);
