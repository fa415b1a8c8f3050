/** Microphone and camera, held open for as long as the card shows them. */
import type { Kind } from '../../call/devices.js';
import { constraintOf } from '../../diagnosis/devices.js';

/** Opens devices and keeps them; what the diagnosis lets go of stays. */
export class Held {
  readonly tracks: { audio?: MediaStreamTrack | undefined; video?: MediaStreamTrack | undefined } = {};
  readonly #changed: () => void;
  #closed = false;
  #asked: { readonly kinds: readonly Kind[]; stream?: Promise<MediaStream> } = { kinds: [] };

  /** @param changed hears of each device that has come or gone */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** The next of these to be opened are asked for together, so that the person has one question to answer. */
  askFor(kinds: readonly Kind[]): void {
    this.#asked = { kinds };
  }

  readonly open = async (kind: Kind): Promise<MediaStreamTrack> => {
    const { kinds } = this.#asked;
    const together = kinds.includes(kind) ? kinds : [kind];
    const constraints = Object.fromEntries(together.map((each) => [each, constraintOf(each)]));
    const asking = together === kinds ? (this.#asked.stream ??= navigator.mediaDevices.getUserMedia(constraints)) : undefined;
    const stream = await (asking ?? navigator.mediaDevices.getUserMedia(constraints));
    const track = stream.getTracks().find((each) => each.kind === kind)!;
    if (this.#closed) track.stop();
    else this.#hold(kind, track);
    return track;
  };

  readonly close = (): void => {};

  /** Lets all of them go, and what still comes as soon as it is there. May be called twice. */
  end(): void {
    this.#closed = true;
    for (const track of Object.values(this.tracks)) track?.stop();
    this.tracks.audio = this.tracks.video = undefined;
  }

  #hold(kind: Kind, track: MediaStreamTrack): void {
    this.tracks[kind]?.stop();
    this.tracks[kind] = track;
    track.addEventListener('ended', () => {
      if (this.tracks[kind] !== track) return;
      this.tracks[kind] = undefined;
      this.#changed();
    });
    this.#changed();
  }
}
