/** Plays the other side through the loudspeaker that the person has chosen, for as long as it is there. */
import { findDevice } from '../call/choices.js';
import type { Companion, CompanionHost } from './companions.js';
import { chosenDevices } from './device-choices.js';
import { tell } from './hints.js';
import type { PanelView } from './view.js';

/** Milliseconds for which it is shown that sound comes from elsewhere. */
const SHOWN_FOR = 8000;

/** A player that can be sent to another loudspeaker (W3C Audio Output Devices). */
type Player = HTMLAudioElement & { sinkId?: string; setSinkId?(id: string): Promise<void> };

class Speaker implements Companion {
  readonly #host: CompanionHost;
  #player?: Player;
  #label = '';
  /** Whether the chosen one was heard in this call. */
  #heard = false;
  #stopListening?: () => void;
  #shown?: ReturnType<typeof setTimeout>;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  follow({ snapshot: { remoteStream } }: PanelView): void {
    const player = (remoteStream && this.#host.shadowRoot?.querySelector<Player>('audio')) || undefined;
    const label = chosenDevices().speaker?.label ?? '';
    if (player === this.#player && label === this.#label) return;
    if (!player) return this.stop();
    if (player !== this.#player) this.#heard = false;
    this.#player = player;
    this.#label = label;
    this.#listen();
    void this.#turn();
  }

  stop(): void {
    this.#stopListening?.();
    this.#stopListening = this.#player = undefined;
    this.#hush();
  }

  #listen(): void {
    const devices = navigator.mediaDevices;
    const changed = () => void this.#turn();
    this.#stopListening?.();
    devices.addEventListener('devicechange', changed);
    this.#stopListening = () => devices.removeEventListener('devicechange', changed);
  }

  /** Turns to the chosen loudspeaker, or where it is not there to the machine's own. */
  async #turn(): Promise<void> {
    const player = this.#player;
    const chosen = chosenDevices().speaker;
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const found = findDevice(
      all.filter(({ kind }) => kind === 'audiooutput'),
      chosen,
    );
    if (!player || player !== this.#player) return;
    const isThere = !!found && (await this.#send(found.deviceId));
    if (player !== this.#player) return;
    if (!isThere) await this.#send('');
    if (isThere || !chosen) this.#hush();
    else if (this.#heard) this.#say(chosen.label);
    this.#heard = isThere;
  }

  /** Turns all that sounds in a call: the voice, and what the screen sounds like. */
  async #send(id: string): Promise<boolean> {
    try {
      for (const player of this.#host.shadowRoot!.querySelectorAll<Player>('audio')) {
        if ((player.sinkId ?? '') !== id) await player.setSinkId?.(id);
      }
      return true;
    } catch {
      return false;
    }
  }

  #say(name: string): void {
    tell(this.#host, 'speaker', (words) => words.speakerGone.replace('{name}', () => name));
    clearTimeout(this.#shown);
    this.#shown = setTimeout(() => this.#hush(), SHOWN_FOR);
  }

  #hush(): void {
    clearTimeout(this.#shown);
    tell(this.#host, 'speaker');
  }
}

/** Makes the companion of a panel. */
export const speaker = (host: CompanionHost): Companion => new Speaker(host);
