/** Capture of this side's microphone and camera (W3C Media Capture and Streams): one request at a time, none lost. */
import { facingOf } from './choices.js';
import { deviceOf, permission } from './devices.js';
import type { DevicesListener, Kind, OpenDevices } from './devices.js';
import type { CallErrorCode, DeviceNotice } from './errors.js';
import { exactly, openAll, openNextCamera, picture } from './opening.js';
import type { Request } from './opening.js';
import type { LocalTracks } from './lanes.js';
import { Preferred } from './preferred.js';
import type { MediaListener, MediaPort } from './ports.js';
import type { MediaOptions } from './session.js';
import { Sharing } from './sharing.js';
import type { OpenScreen } from './sharing.js';

/** Milliseconds after which the other side is told that a device is gone, unless another has taken its place. */
export const LOSS_TOLD_AFTER = 500;
/** Milliseconds for which the machine may keep a device still before that counts, and before it is opened anew. */
export const STILL_FOR = 2000;

const NO_REQUEST: { readonly run?: number; readonly asked: readonly Kind[] } = { asked: [] };

/** A device that went away by itself, and is taken back as soon as it can be. */
interface Loss {
  readonly label: string;
  readonly camera?: string;
  why?: 'gone' | 'denied';
}

/** Microphone and camera of this side. */
export class Capture implements MediaPort<LocalTracks, MediaStream>, DevicesListener {
  readonly #listener: MediaListener;
  readonly #open: OpenDevices;
  readonly #sharing: Sharing;
  readonly #permitted = new Map<Kind, PermissionState>();
  readonly #lost = new Map<Kind, Loss>();
  /** What is there, and kept still by the machine. */
  readonly #still = new Set<Kind>();
  /** What is being opened. */
  readonly #wanted = new Set<Kind>();
  readonly #preferred = new Preferred();
  /** The device of each kind that the person has asked for last in this call. */
  readonly #choice: Partial<Record<Kind, string>> = {};
  #options: MediaOptions = {};
  #tracks: LocalTracks = { audio: null, video: null };
  #stream: MediaStream | null = null;
  #run = 0;
  /** What is being asked for, as long as its run is the present one. */
  #request = NO_REQUEST;
  #muted = false;
  /** Whether devices came or went while some were being opened. */
  #stirred = false;

  constructor(listener: MediaListener, open: OpenDevices, openScreen: OpenScreen) {
    this.#listener = listener;
    this.#open = open;
    this.#sharing = new Sharing(openScreen, (why) => this.#tell(undefined, why && [{ device: 'screen', what: why }]));
  }

  get tracks(): LocalTracks {
    return { ...this.#tracks, ...this.#sharing.tracks };
  }

  get screen(): MediaStream | null {
    return this.#sharing.stream;
  }

  get stream(): MediaStream | null {
    return this.#stream;
  }

  /** New options for the next capture; an open camera takes another number of lines at once. */
  configure(options: MediaOptions): void {
    const before = this.#lines;
    this.#options = options;
    const { video } = this.#tracks;
    if (!video || before === this.#lines) return;
    // What is sent of a picture depends on how large it is. Where a device still opens, its end tells of both.
    const done = (): void => void (video === this.#tracks.video && this.#wanted.size === 0 && this.#tell());
    video.applyConstraints(picture(this.#lines)).then(done, () => {});
  }

  capture({ microphone, camera, muted = false }: { microphone: boolean; camera: boolean; muted?: boolean }): void {
    this.#muted = muted;
    // A call that took another's place may want less than that one had open, or was just opening.
    if (!microphone) this.#forgo('audio');
    if (!camera) this.#forgo('video');
    this.#add(...(microphone ? (['audio'] as const) : []), ...(camera ? (['video'] as const) : []));
  }

  setMicrophone(on: boolean): void {
    const { audio } = this.#tracks;
    this.#muted = !on;
    if (this.#isAwaited('audio')) return;
    if (on && (!audio || this.#still.has('audio'))) return this.#ask('audio');
    if (audio) audio.enabled = on;
    this.#tell();
  }

  setCamera(on: boolean): void {
    if (on) return this.#ask('video');
    // One question to the person stands already: what comes of it is told then, and a camera that comes with it is let go.
    if (this.#isAwaited('audio') && this.#isAwaited('video')) return void this.#wanted.delete('video');
    this.#run++;
    this.#forgo('video');
    this.#tell();
    if (this.#wanted.size > 0) this.#add();
  }

  setScreen(on: boolean): void {
    this.#sharing.set(on);
  }

  switchCamera(): void {
    // While a camera is being opened there is none to switch from.
    const { video } = this.#tracks;
    if (video && this.#wanted.size === 0) void this.#switch(++this.#run, video);
  }

  /** The person wants this device of those of its kind, or with an empty ID whichever the browser takes. */
  choose(kind: Kind, deviceId: string): void {
    const track = this.#tracks[kind];
    this.#choice[kind] = deviceId;
    if (this.#lost.has(kind)) return this.#ask(kind);
    if (!track || track.getSettings().deviceId === deviceId) return;
    const { facingMode } = track.getSettings();
    if (kind === 'video' && deviceId && facingOf(track.label, facingMode)) return void this.#switch(++this.#run, track, deviceId);
    // It is opened beside the one in use, so that there is no gap, nor anything for the other side to negotiate.
    void this.#replaceBy(kind, deviceId, track);
  }

  /** A device was plugged in or pulled out: what the person had on comes back by itself. */
  changed(): void {
    if (this.#wanted.size > 0) this.#stirred = true;
    else if (this.#lost.size > 0) this.#takeBack();
    // The microphone may be another one now, under the same name, and is listened to anew.
    else if (this.#tracks.audio) this.#tell();
  }

  /** What is permitted changed: what was taken away comes back by itself, and nobody is asked. */
  permitted(kind: Kind, state: PermissionState): void {
    const before = this.#permitted.get(kind);
    this.#permitted.set(kind, state);
    const lost = this.#lost.get(kind);
    if (state !== 'granted' && before === 'granted') this.#withdraw(kind, lost);
    else if (state === 'granted' && lost?.why === 'denied') {
      lost.why = 'gone';
      this.#takeBack();
    }
  }

  /** The permission was taken back; the device may have ended just before that was told. */
  #withdraw(kind: Kind, lost: Loss | undefined): void {
    if (lost && !this.#tracks[kind]) this.#deny(kind, lost);
    else this.#lose(kind, true);
  }

  #deny(kind: Kind, loss: Loss): void {
    loss.why = 'denied';
    this.#tell(undefined, kind === 'video' ? [{ device: 'camera', what: 'denied' }] : []);
  }

  /** The page is in front again: what has not come back by then is opened anew. */
  wake(): void {
    for (const kind of this.#still) {
      const track = this.#tracks[kind];
      setTimeout(() => track === this.#tracks[kind] && this.#still.has(kind) && this.#lose(kind), STILL_FOR);
    }
    if (this.#wanted.size === 0) this.#takeBack();
  }

  release(): void {
    this.#run++;
    this.#wanted.clear();
    this.#drop('audio');
    this.#drop('video');
    this.#sharing.release();
    this.#stream = null;
  }

  /** The person wants a device. */
  #ask(kind: Kind): void {
    const lost = this.#lost.get(kind);
    if (lost) lost.why = undefined;
    if (this.#still.has(kind)) this.#lose(kind);
    else this.#add(kind);
  }

  /** Wants a device no longer, whether it is open or being opened. */
  #forgo(kind: Kind): void {
    this.#wanted.delete(kind);
    this.#drop(kind);
  }

  /** Whether a device is being opened that was not there before. */
  #isAwaited(kind: Kind): boolean {
    return this.#wanted.has(kind) && !this.#tracks[kind] && !this.#lost.has(kind);
  }

  /** Opens what is not open yet. One request at a time, of which nothing is thrown away: what it does not ask for is asked for after it. */
  #add(...kinds: readonly Kind[]): void {
    for (const kind of kinds) if (!this.#tracks[kind]) this.#wanted.add(kind);
    const { run, asked } = this.#request;
    if (kinds.length > 0 && run === this.#run && asked.some((kind) => this.#wanted.has(kind))) return;
    void this.#capture(
      ++this.#run,
      [...this.#wanted].filter((kind) => !this.#tracks[kind]),
    );
  }

  async #capture(run: number, kinds: readonly Kind[]): Promise<void> {
    this.#request = { run, asked: kinds };
    const isWanted = (): boolean => run === this.#run;
    const keep = (stream: MediaStream): void => this.#keep(run, stream);
    const failure = kinds.length > 0 ? await this.#openAll({ kinds, lines: this.#lines, isWanted, keep }) : undefined;
    if (!isWanted()) return;
    this.#conclude(kinds, failure);
    // Whoever hears of it and asks for the same has been answered.
    if (isWanted()) {
      this.#request = NO_REQUEST;
      const left = [...this.#wanted].filter((kind) => !kinds.includes(kind));
      this.#wanted.clear();
      if (left.length > 0) this.#add(...left);
    }
    for (const kind of kinds) void this.#findChosen(this.#tracks[kind]);
    const stirred = this.#stirred;
    this.#stirred = false;
    if (stirred) this.#takeBack();
  }

  async #openAll(request: Omit<Request, 'camera' | 'chosen'>): Promise<CallErrorCode | undefined> {
    const { microphone, camera } = this.#options;
    // What was there a moment ago comes before what was chosen some day.
    const lost = this.#lost.get('video')?.camera;
    const kinds = request.kinds.filter((kind) => (kind === 'audio' ? microphone : camera && !lost));
    const chosen = kinds.length > 0 ? await this.#preferred.among(kinds, this.#options) : {};
    return request.isWanted() ? openAll(this.#open, { ...request, chosen, camera: lost }) : undefined;
  }

  async #findChosen(track: MediaStreamTrack | null): Promise<void> {
    const id = track && (await this.#preferred.late(track, this.#options));
    if (id && track === this.#tracks[track.kind as Kind]) this.choose(track.kind as Kind, id);
  }

  /** Tells what has been opened, and what of that was lost before. */
  #conclude(kinds: readonly Kind[], failure: CallErrorCode | undefined): void {
    const news: DeviceNotice[] = [];
    let missing: CallErrorCode | undefined;
    for (const kind of kinds) {
      const lost = this.#lost.get(kind);
      const track = this.#tracks[kind];
      if (track) {
        this.#lost.delete(kind);
        if (lost && lost.label !== track.label) news.push({ device: deviceOf(kind), what: 'changed', name: track.label });
      } else if (lost) {
        const why = failure === 'media-denied' ? 'denied' : 'gone';
        if (kind === 'video' && lost.why !== why) news.push({ device: 'camera', what: why });
        lost.why = why;
      } else missing = failure;
    }
    const nothing = missing && kinds.every((kind) => !this.#tracks[kind] && !this.#lost.has(kind));
    if (nothing) this.#listener({ type: 'capture-failed', code: missing! });
    else this.#tell(missing, news);
  }

  async #switch(run: number, video: MediaStreamTrack, deviceId?: string): Promise<void> {
    const release = (): boolean => {
      if (run !== this.#run || video !== this.#tracks.video) return false;
      this.#wanted.add('video');
      this.#drop('video');
      return true;
    };
    const stream = await openNextCamera(this.#open, video, { deviceId, lines: this.#lines, release });
    if (stream) this.#keep(run, stream);
    if (run === this.#run && this.#wanted.has('video')) this.#add();
  }

  async #replaceBy(kind: Kind, deviceId: string, before: MediaStreamTrack): Promise<void> {
    const stream = await this.#open(exactly(kind, deviceId, this.#lines)).catch(() => undefined);
    const isWanted = before === this.#tracks[kind] && deviceId === this.#choice[kind];
    for (const track of stream?.getTracks() ?? []) {
      if (isWanted) this.#hold(track);
      else track.stop();
    }
    // Where it cannot be had the one in use stays, and that is told as well.
    if (isWanted) this.#tell();
  }

  get #lines(): number {
    return this.#options.maxLines ?? 720;
  }

  #keep(run: number, stream: MediaStream): void {
    for (const track of stream.getTracks()) {
      const kind = track.kind as Kind;
      // Whoever asked is gone: the device is let go at once, also where the person has just allowed it.
      if (run !== this.#run || !(this.#tracks[kind] || this.#wanted.has(kind))) track.stop();
      else this.#hold(track);
    }
  }

  #hold(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    const lost = this.#lost.get(kind);
    this.#drop(kind);
    // Whether it is another one is told when everything is open.
    if (lost) this.#lost.set(kind, lost);
    this.#stream ??= new MediaStream();
    this.#stream.addTrack(track);
    if (kind === 'audio') track.enabled = !this.#muted;
    this.#tracks = { ...this.#tracks, [kind]: track };
    track.addEventListener('ended', () => track === this.#tracks[kind] && this.#lose(kind));
    track.addEventListener('mute', () => this.#notice(kind, track));
    track.addEventListener('unmute', () => track === this.#tracks[kind] && this.#still.delete(kind) && this.#tell());
    if (track.muted) this.#notice(kind, track);
  }

  /** The machine keeps a device still, which counts when it goes on. */
  #notice(kind: Kind, track: MediaStreamTrack): void {
    setTimeout(() => {
      if (track !== this.#tracks[kind] || !track.muted || this.#still.has(kind)) return;
      this.#still.add(kind);
      this.#tell(undefined, kind === 'video' ? [{ device: 'camera', what: 'muted' }] : []);
    }, STILL_FOR);
  }

  /** A device went away by itself: another one takes its place, if there is one and it may. */
  #lose(kind: Kind, withdrawn = false): void {
    const track = this.#tracks[kind];
    if (!track) return;
    const loss: Loss = { label: track.label, ...(kind === 'video' && { camera: track.getSettings().deviceId }) };
    this.#drop(kind);
    this.#lost.set(kind, loss);
    setTimeout(() => this.#lost.get(kind) === loss && !this.#tracks[kind] && !loss.why && this.#tell(), LOSS_TOLD_AFTER);
    void this.#replace(kind, loss, withdrawn);
  }

  async #replace(kind: Kind, loss: Loss, withdrawn: boolean): Promise<void> {
    const state = withdrawn ? 'denied' : (await permission(kind))?.state;
    if (this.#lost.get(kind) !== loss || loss.why === 'denied') return;
    // Somebody who has just taken the permission back shall not be asked for it.
    const taken = state === 'denied' || (state === 'prompt' && this.#permitted.get(kind) === 'granted');
    if (!taken) {
      // One plug may have had both, which are told of together.
      this.#run++;
      return this.#add(kind);
    }
    this.#deny(kind, loss);
  }

  #takeBack(): void {
    const back = [...this.#lost].flatMap(([kind, { why }]) => (why === 'denied' ? [] : [kind]));
    if (back.length > 0) this.#add(...back);
  }

  #drop(kind: Kind): void {
    const track = this.#tracks[kind];
    this.#lost.delete(kind);
    this.#still.delete(kind);
    if (!track) return;
    this.#tracks = { ...this.#tracks, [kind]: null };
    this.#stream?.removeTrack(track);
    track.stop();
  }

  #tell(missing?: CallErrorCode, news: readonly DeviceNotice[] = []): void {
    const { audio, video } = this.#tracks;
    const what = this.#still.has('audio') ? 'muted' : this.#lost.get('audio')?.why;
    const notices: DeviceNotice[] = [...(what ? [{ device: 'microphone', what } as const] : []), ...news];
    this.#listener({
      type: 'captured',
      microphone: !!audio?.enabled && !this.#still.has('audio'),
      camera: !!video && !this.#still.has('video'),
      ...(this.#sharing.stream && { screen: true }),
      ...(missing && { missing }),
      ...(notices.length > 0 && { notices }),
    });
  }
}
