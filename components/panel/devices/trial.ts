/** Microphone and camera, opened for a look and a listen while there is no call. */
import type { NamedDevice } from '../../call/choices.js';
import { findDevice } from '../../call/choices.js';

/** The devices of this machine that the view offers. */
export type Inputs = 'microphone' | 'camera';

const INPUTS = ['microphone', 'camera'] as const;
const TYPES = { microphone: 'audio', camera: 'video' } as const;

/** What stands in the way of a device: permission to be asked for, permission refused, another program, the lack of one. */
export type Obstacle = 'ask' | 'denied' | 'busy' | 'missing';

/** Opens what may be opened without a question, and the rest when the person says so. */
export class Trial {
  readonly tracks: { microphone?: MediaStreamTrack; camera?: MediaStreamTrack } = {};
  readonly obstacles: { microphone?: Obstacle; camera?: Obstacle } = {};
  readonly #changed: () => void;
  #closed = false;
  readonly #wanted: { microphone?: number; camera?: number } = {};

  /** @param changed hears of everything that has come or failed */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Opens what may be opened, these devices where they are there. */
  async begin(chosen: { readonly microphone?: NamedDevice; readonly camera?: NamedDevice }): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const open = async (input: Inputs): Promise<void> => {
      const there = devices.filter(({ kind }) => kind === `${TYPES[input]}input`);
      const state = there.length > 0 && (await permissionFor(input));
      if (state === 'granted') return this.open(input, findDevice(there, chosen[input])?.deviceId);
      this.obstacles[input] = !state ? 'missing' : state === 'denied' ? 'denied' : 'ask';
    };
    await Promise.all(INPUTS.map(open));
    if (!this.#closed) this.#changed();
  }

  /** The person allows to be asked: once for all that is missing. */
  async ask(): Promise<void> {
    const inputs = INPUTS.filter((input) => this.obstacles[input] === 'ask');
    try {
      const wanted = Object.fromEntries(inputs.map((input) => [TYPES[input], true]));
      const stream = await navigator.mediaDevices.getUserMedia(wanted);
      for (const track of stream.getTracks()) this.#hold(track.kind === 'audio' ? 'microphone' : 'camera', track);
    } catch (cause) {
      for (const input of inputs) this.obstacles[input] = obstacleOf(cause);
    }
    if (!this.#closed) this.#changed();
  }

  /** Opens one device in the place of the one that is open; without an ID whichever the browser takes. */
  async open(input: Inputs, deviceId?: string): Promise<void> {
    if (this.#closed) return;
    const run = (this.#wanted[input] = (this.#wanted[input] ?? 0) + 1);
    const constraint = deviceId ? { deviceId: { exact: deviceId } } : true;
    // Some cameras are opened by one at a time.
    if (input === 'camera') this.#drop(input);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ [TYPES[input]]: constraint });
      const [track] = stream.getTracks() as [MediaStreamTrack];
      if (run === this.#wanted[input]) this.#hold(input, track);
      else track.stop();
    } catch (cause) {
      if (run === this.#wanted[input]) this.obstacles[input] = obstacleOf(cause);
    }
    if (!this.#closed) this.#changed();
  }

  /** Lets everything go, and what is still being opened as soon as it comes. May be called twice. */
  close(): void {
    this.#closed = true;
    for (const input of INPUTS) this.#drop(input);
  }

  #hold(input: Inputs, track: MediaStreamTrack): void {
    if (this.#closed) return track.stop();
    this.#drop(input);
    this.obstacles[input] = undefined;
    this.tracks[input] = track;
    track.addEventListener('ended', () => {
      if (this.tracks[input] !== track) return;
      this.tracks[input] = undefined;
      // What was pulled out gives way to another one, if there is one.
      if (!this.#closed) void this.open(input);
    });
  }

  #drop(input: Inputs): void {
    this.tracks[input]?.stop();
    this.tracks[input] = undefined;
  }
}

function obstacleOf(cause: unknown): Obstacle {
  const { name } = cause as Error;
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing';
}

async function permissionFor(input: Inputs): Promise<PermissionState> {
  try {
    return (await navigator.permissions.query({ name: input as PermissionName })).state;
  } catch {
    return 'prompt';
  }
}
