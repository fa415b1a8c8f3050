/** The view of the devices, over the card of the panel: what it has opened is closed with it. */
import { nothing, render } from 'lit';
import { findDevice } from '../../call/choices.js';
import { isTalking } from '../../call/phases.js';
import type { Companion } from '../companions.js';
import { chosenDevices } from '../device-choices.js';
import type { PanelView } from '../view.js';
import { Meter } from './meter.js';
import { wear } from '../wear.js';
import { sheetStyles } from './styles.js';
import { canChooseSpeaker, playTestSound } from './test-sound.js';
import { Trial } from './trial.js';
import type { Obstacle } from './trial.js';
import { devicesView } from './view.js';
import type { Choice, DeviceKind } from './view.js';

const LISTED = { microphone: 'audioinput', camera: 'videoinput', speaker: 'audiooutput' } as const;
/** Milliseconds for which a choice is shown before it has come true. */
const PENDING_FOR = 4000;

class DevicesSheet implements Companion {
  #cover?: HTMLElement;
  #view!: PanelView;
  #trial?: Trial;
  #devices: readonly MediaDeviceInfo[] = [];
  #pending: Partial<Record<DeviceKind, { readonly id: string; readonly until: number }>> = {};
  #picture: MediaStream | null = null;
  readonly #meter = new Meter(() => this.#draw());
  #stopSound?: () => void;

  follow(view: PanelView): void {
    this.#view = view;
    const card = view.devices === 'on' && view.root.querySelector<HTMLElement>('.card');
    if (!card) return this.stop();
    if (view.snapshot.state !== 'idle') this.#endTrial();
    const isNew = !this.#cover;
    const cover = (this.#cover ??= this.#open());
    if (cover.parentElement !== card) card.append(cover);
    for (const other of card.children) if (other !== cover && !other.matches('.rec')) other.toggleAttribute('inert', true);
    wear(view.root, sheetStyles);
    this.#draw();
    if (isNew) cover.querySelector<HTMLElement>('.devices')!.focus({ preventScroll: true });
  }

  stop(): void {
    const cover = this.#cover;
    if (!cover) return;
    this.#cover = undefined;
    const { root } = this.#view;
    const hadFocus = cover.contains(root.activeElement);
    for (const other of cover.parentElement?.children ?? []) other.removeAttribute('inert');
    navigator.mediaDevices.removeEventListener('devicechange', this.#listDevices);
    this.#endTrial();
    this.#stopSound?.();
    this.#meter.follow(undefined);
    this.#pending = {};
    render(nothing, cover);
    cover.remove();
    if (!hadFocus) return;
    const button = root.querySelector<HTMLElement>('[part~="devices-button"]');
    button?.focus({ preventScroll: true });
    // In a narrow call it stands behind `More`.
    if (root.activeElement !== button) root.querySelector<HTMLElement>('[part~="more-button"]')?.focus({ preventScroll: true });
  }

  #endTrial(): void {
    this.#trial?.close();
    this.#trial = undefined;
  }

  #open(): HTMLElement {
    const cover = document.createElement('div');
    cover.className = 'cover';
    cover.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      this.#view.toggleDevices();
    });
    navigator.mediaDevices.addEventListener('devicechange', this.#listDevices);
    if (!this.#view.virtual && this.#view.snapshot.state === 'idle') {
      this.#trial = new Trial(() => void this.#listDevices());
      void this.#trial.begin(chosenDevices());
    }
    void this.#listDevices();
    return cover;
  }

  readonly #listDevices = async (): Promise<void> => {
    const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    // Before they are permitted, devices have no names to choose by; some browsers list one twice, as that for telephony.
    this.#devices = devices.filter(({ label, deviceId }) => label && deviceId !== 'communications');
    this.#draw();
  };

  /** What is in use: in a call what the call uses, else what has been opened to be tried. */
  get #tracks(): { readonly microphone?: MediaStreamTrack; readonly camera?: MediaStreamTrack } {
    if (this.#trial) return this.#trial.tracks;
    const { localStream, local } = this.#view.snapshot;
    return { microphone: localStream?.getAudioTracks()[0], camera: local.camera ? localStream?.getVideoTracks()[0] : undefined };
  }

  #choice(kind: DeviceKind): Choice | undefined {
    const { virtual, snapshot } = this.#view;
    const isOffered =
      kind === 'speaker'
        ? canChooseSpeaker()
        : !virtual && !(kind === 'camera' && snapshot.call?.media === 'audio' && !snapshot.local.camera);
    const devices = this.#devices.filter((device) => device.kind === LISTED[kind]);
    if (!isOffered || devices.length === 0) return undefined;
    const pending = this.#pending[kind];
    const track = kind === 'speaker' ? undefined : this.#tracks[kind];
    const opened = track?.getSettings().deviceId;
    const kept = findDevice(devices, chosenDevices()[kind])?.deviceId;
    const shown = pending && pending.until > Date.now() ? pending.id : (opened ?? kept);
    return { devices, used: devices.some(({ deviceId }) => deviceId === shown) ? shown! : devices[0]!.deviceId };
  }

  #draw(): void {
    const cover = this.#cover;
    if (!cover) return;
    const { microphone, camera } = this.#tracks;
    const { words, virtual, snapshot, toggleDevices } = this.#view;
    if (camera !== this.#picture?.getTracks()[0]) this.#picture = camera ? new MediaStream([camera]) : null;
    this.#meter.follow(microphone);
    const choices = { camera: this.#choice('camera'), microphone: this.#choice('microphone'), speaker: this.#choice('speaker') };
    const template = devicesView({
      words,
      call: snapshot.call && isTalking(snapshot.state) ? this.#view : undefined,
      virtual,
      choices,
      picture: this.#picture,
      camera,
      microphone,
      obstacles: Object.values(this.#trial?.obstacles ?? {}) as Obstacle[],
      silent: this.#meter.silent,
      playing: !!this.#stopSound,
      choose: (kind, id) => this.#choose(kind, id),
      ask: () => void this.#trial?.ask(),
      play: () => this.#play(),
      close: toggleDevices,
    });
    render(template, cover);
    for (const select of cover.querySelectorAll('select')) select.value = choices[select.dataset.kind as DeviceKind]!.used;
    this.#meter.show(cover.querySelector<HTMLElement>('.level'));
  }

  #choose(kind: DeviceKind, id: string): void {
    const device = this.#devices.find((each) => each.kind === LISTED[kind] && each.deviceId === id) ?? null;
    this.#pending[kind] = { id, until: Date.now() + PENDING_FOR };
    void this.#view.ask.chooseDevices({ [kind]: device });
    if (kind === 'speaker') this.#stopSound?.();
    else void this.#trial?.open(kind, id);
    this.#draw();
  }

  #play(): void {
    this.#stopSound?.();
    const stop = playTestSound(this.#choice('speaker')!.used, () => {
      if (this.#stopSound === stop) this.#stopSound = undefined;
      this.#draw();
    });
    this.#stopSound = stop;
    this.#draw();
  }
}

/** Makes the companion of a panel. */
export const devicesSheet = (): Companion => new DevicesSheet();
