/** Capture of this side's microphone and camera (W3C Media Capture and Streams): one request at a time, none lost. */
import type { CallErrorCode } from './errors.js';
import type { LocalTracks } from './peer.js';
import type { MediaListener, MediaPort } from './ports.js';
import type { MediaOptions } from './session.js';

/** Milliseconds after which a device that another program holds is asked once more. */
export const BUSY_RETRY = 500;

/** Opens devices, as `navigator.mediaDevices.getUserMedia` does. */
export type OpenDevices = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

type Kind = 'audio' | 'video';

/** Microphone and camera of this side. */
export class Capture implements MediaPort<LocalTracks, MediaStream> {
  readonly #listener: MediaListener;
  readonly #open: OpenDevices;
  #options: MediaOptions = {};
  #tracks: LocalTracks = { audio: null, video: null };
  #stream: MediaStream | null = null;
  #run = 0;
  #muted = false;

  constructor(listener: MediaListener, open: OpenDevices) {
    this.#listener = listener;
    this.#open = open;
  }

  get tracks(): LocalTracks {
    return this.#tracks;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** New options for the next capture. */
  configure(options: MediaOptions): void {
    this.#options = options;
  }

  capture({ microphone, camera, muted = false }: { microphone: boolean; camera: boolean; muted?: boolean }): void {
    this.#muted = muted;
    // A call that took another's place may want less than that one had open.
    if (!microphone) this.#drop('audio');
    if (!camera) this.#drop('video');
    this.#add([...(microphone ? (['audio'] as const) : []), ...(camera ? (['video'] as const) : [])]);
  }

  setMicrophone(on: boolean): void {
    const { audio } = this.#tracks;
    if (!audio && on) return this.#add(['audio']);
    if (audio) audio.enabled = on;
    this.#tell();
  }

  setCamera(on: boolean): void {
    if (on) return this.#add(['video']);
    this.#run++;
    this.#drop('video');
    this.#tell();
  }

  switchCamera(): void {
    // While a camera is being opened there is none to switch from.
    if (this.#tracks.video) void this.#switch(++this.#run);
  }

  release(): void {
    this.#run++;
    this.#drop('audio');
    this.#drop('video');
    this.#stream = null;
  }

  /** Opens what is not open yet. */
  #add(wanted: readonly Kind[]): void {
    void this.#capture(
      ++this.#run,
      wanted.filter((kind) => !this.#tracks[kind]),
    );
  }

  async #capture(run: number, wanted: readonly Kind[]): Promise<void> {
    const missing = wanted.length > 0 ? await this.#take(run, wanted) : undefined;
    if (run !== this.#run) return;
    const nothing = missing !== undefined && wanted.every((kind) => !this.#tracks[kind]);
    if (nothing) this.#listener({ type: 'capture-failed', code: missing });
    else this.#tell(missing);
  }

  /** Opens what is wanted, all together, else what can be had; answers why something is missing. */
  async #take(run: number, wanted: readonly Kind[]): Promise<CallErrorCode | undefined> {
    const failure = await this.#try(run, wanted);
    if (failure === undefined || wanted.length === 1 || run !== this.#run) return failure;
    // Asking again for less must not put a second question to a person who has just said no.
    if (failure === 'media-denied' && !(await isGranted('microphone'))) return failure;
    for (const kind of wanted) if (run === this.#run) await this.#try(run, [kind]);
    return failure;
  }

  async #try(run: number, wanted: readonly Kind[], again = true): Promise<CallErrorCode | undefined> {
    try {
      this.#keep(run, await this.#open(this.#constraints(wanted)));
      return undefined;
    } catch (cause) {
      const code = codeOf(cause);
      if (code !== 'media-busy' || !again || run !== this.#run) return code;
      await new Promise((resolve) => setTimeout(resolve, BUSY_RETRY));
      return run === this.#run ? this.#try(run, wanted, false) : code;
    }
  }

  async #switch(run: number): Promise<void> {
    const { video } = this.#tracks;
    const cameras = ((await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? []).filter(({ kind }) => kind === 'videoinput');
    if (run !== this.#run || !video || cameras.length < 2) return;
    const at = cameras.findIndex(({ deviceId }) => deviceId === video.getSettings().deviceId);
    const { deviceId } = cameras[(at + 1) % cameras.length]!;
    // A phone opens its second camera only once the first is closed.
    this.#drop('video');
    try {
      const constraints = this.#constraints(['video']).video as MediaTrackConstraints;
      this.#keep(run, await this.#open({ video: { ...constraints, deviceId: { exact: deviceId } } }));
      if (run === this.#run) this.#tell();
    } catch {
      if (run === this.#run) this.#add(['video']);
    }
  }

  #constraints(wanted: readonly Kind[]): MediaStreamConstraints {
    const lines = this.#options.maxLines ?? 720;
    return {
      ...(wanted.includes('audio') && { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } }),
      ...(wanted.includes('video') && {
        video: { width: { ideal: Math.round((lines * 16) / 9) }, height: { ideal: lines }, frameRate: { ideal: 30 } },
      }),
    };
  }

  #keep(run: number, stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      // Whoever asked is gone: the device is let go at once, also where the person has just allowed it.
      if (run !== this.#run) track.stop();
      else this.#hold(track);
    }
  }

  #hold(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    this.#drop(kind);
    this.#stream ??= new MediaStream();
    this.#stream.addTrack(track);
    if (kind === 'audio') track.enabled = !this.#muted;
    this.#tracks = { ...this.#tracks, [kind]: track };
    track.addEventListener('ended', () => {
      if (this.#tracks[kind] !== track) return;
      this.#drop(kind);
      this.#tell('media-unavailable');
    });
  }

  #drop(kind: Kind): void {
    const track = this.#tracks[kind];
    if (!track) return;
    this.#tracks = { ...this.#tracks, [kind]: null };
    this.#stream?.removeTrack(track);
    track.stop();
  }

  #tell(missing?: CallErrorCode): void {
    const { audio, video } = this.#tracks;
    this.#listener({ type: 'captured', microphone: audio?.enabled ?? false, camera: video !== null, ...(missing && { missing }) });
  }
}

/** Whether a device may be opened without a question to the person; false where the browser does not tell. */
export async function isGranted(name: 'microphone' | 'camera'): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state === 'granted';
  } catch {
    return false;
  }
}

/** What an exception of `getUserMedia` means for a person. */
export function codeOf(cause: unknown): CallErrorCode {
  const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'media-denied';
  if (name === 'NotReadableError' || name === 'AbortError') return 'media-busy';
  return 'media-unavailable';
}

/** Opens real devices; says in the error's name what a page lacks where there are none to ask. */
export const openDevices: OpenDevices = async (constraints) => {
  if (!navigator.mediaDevices) throw new DOMException('Pages without https have no camera and no microphone.', 'NotFoundError');
  return navigator.mediaDevices.getUserMedia(constraints);
};
