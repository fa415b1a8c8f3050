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
    const tracks = (await this.#streamWith(kind)).getTracks();
    for (const track of tracks) {
      if (this.#closed) track.stop();
      else if (this.tracks[track.kind as Kind] !== track) this.#hold(track.kind as Kind, track);
    }
    return tracks.find((track) => track.kind === kind)!;
  };

  readonly close = (): void => {};

  /** Lets all of them go, and what still comes as soon as it is there. May be called twice. */
  end(): void {
    this.#closed = true;
    for (const track of Object.values(this.tracks)) track?.stop();
    this.tracks.audio = this.tracks.video = undefined;
  }

  /** Where one of two fails, each is asked for alone, and says for itself why; whoever has said no is not asked again. */
  async #streamWith(kind: Kind): Promise<MediaStream> {
    const alone = (...kinds: readonly Kind[]): Promise<MediaStream> =>
      navigator.mediaDevices.getUserMedia(Object.fromEntries(kinds.map((each) => [each, constraintOf(each)])));
    const { kinds } = this.#asked;
    if (!kinds.includes(kind)) return alone(kind);
    try {
      return await (this.#asked.stream ??= alone(...kinds));
    } catch (cause) {
      if (kinds.length < 2 || (cause as Partial<DOMException> | undefined)?.name === 'NotAllowedError') throw cause;
      return alone(kind);
    }
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
