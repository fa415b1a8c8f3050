/** Tells a person who speaks while the microphone is off that nobody hears it. */
import { SpeechCheck } from '../call/speech-check.js';
import { tell } from './hints.js';
import { LevelMeter } from './level-meter.js';
import type { Companion, CompanionHost } from './companions.js';
import type { PanelView } from './view.js';

/** Milliseconds between two looks at how loud the microphone is. */
const LOOK_EVERY = 100;
/** Milliseconds for which it is shown that the microphone is off. */
export const SHOWN_FOR = 5000;

/** The microphone that is open, and off because the person wants it so; undefined where there is none. */
export function mutedMicrophone({ snapshot, virtual, elsewhere }: PanelView): MediaStreamTrack | undefined {
  const { state, local, localStream } = snapshot;
  const isOff = state === 'connected' && !local.microphone && !virtual && !elsewhere;
  const track = isOff ? localStream?.getAudioTracks()[0] : undefined;
  return track?.enabled === false ? track : undefined;
}

class Muted implements Companion {
  readonly #host: CompanionHost;
  #meter?: LevelMeter;
  #looks?: ReturnType<typeof setInterval>;
  #shown?: ReturnType<typeof setTimeout>;
  /** Through several times of being muted, so that it is not said too often. */
  #check = new SpeechCheck();

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  follow(view: PanelView): void {
    const track = mutedMicrophone(view);
    if (track === this.#meter?.source) return;
    this.stop();
    if (!track) return;
    const meter = (this.#meter = new LevelMeter(track));
    this.#looks = setInterval(() => {
      if (meter.listens && this.#check.hear(meter.measure(), performance.now())) this.#say();
    }, LOOK_EVERY);
  }

  stop(): void {
    clearInterval(this.#looks);
    this.#hush();
    this.#meter?.close();
    this.#meter = undefined;
  }

  #say(): void {
    tell(this.#host, 'muted', ({ mutedHint }) => mutedHint);
    this.#shown = setTimeout(() => this.#hush(), SHOWN_FOR);
  }

  #hush(): void {
    clearTimeout(this.#shown);
    tell(this.#host, 'muted');
  }
}

/** Makes the companion of a panel. */
export const muted = (host: CompanionHost): Companion => new Muted(host);
