/** The devices of this page, as one session uses them: real ones or stand-ins, watched while a call is on. */
import { Capture } from './call/capture.js';
import type { DeviceChoices } from './call/choices.js';
import { isGranted, openDevices, watchDevices } from './call/devices.js';
import type { Kind } from './call/devices.js';
import type { MediaListener } from './call/ports.js';
import { openScreen } from './call/screen.js';
import type { MediaOptions } from './call/session.js';

/** See the top of this file. */
export class PageDevices {
  /** What they deliver. */
  readonly capture: Capture;
  readonly #changed: () => void;
  #options: MediaOptions = {};
  #stop: (() => void) | undefined;

  /** @param changed hears that some came or went, whereupon the browser may have paused what sounded through one of them */
  constructor(listener: MediaListener, changed: () => void) {
    this.capture = new Capture(listener, (constraints) => this.#open(constraints), openScreen);
    this.#changed = changed;
  }

  get options(): MediaOptions {
    return this.#options;
  }

  /** Whether the page wants an animated picture and silence to be sent in their place. */
  get areVirtual(): boolean {
    return !!this.#options.virtualCamera;
  }

  configure(options: MediaOptions): void {
    this.#options = options;
    this.capture.configure(options);
  }

  /** Takes what the person has chosen; what the page wants to be sent is not the person's choice. */
  choose({ microphone, camera }: DeviceChoices): void {
    if (this.areVirtual) return;
    if (microphone !== undefined) this.capture.choose('audio', microphone?.deviceId ?? '');
    if (camera !== undefined) this.capture.choose('video', camera?.deviceId ?? '');
  }

  /** Whether real ones can be opened without a question to the person. */
  async areGranted(kinds: readonly Kind[]): Promise<boolean> {
    return (await Promise.all(kinds.map(isGranted))).every(Boolean);
  }

  /** Follows, or does not follow any more, what happens to them and to the permission to use them. Answers whether that is new. */
  watch(on: boolean): boolean {
    if (on === !!this.#stop) return false;
    this.#stop?.();
    this.#stop = on
      ? watchDevices({
          permitted: (kind, state) => this.capture.permitted(kind, state),
          changed: () => {
            this.capture.changed();
            this.#changed();
          },
        })
      : undefined;
    return true;
  }

  async #open(constraints: MediaStreamConstraints): Promise<MediaStream> {
    if (!this.areVirtual) return openDevices(constraints);
    const { openVirtualDevices } = await import('./virtual-camera.js');
    return openVirtualDevices(constraints);
  }
}
