/** Calls for the attention of a person who looks elsewhere, for as long as a call rings: on the tab, on the desktop, in the hand. */
import type { CallInfo } from '../call/phases.js';
import { fill } from '../locales/index.js';
import type { Companion, CompanionHost } from './companions.js';
import { listenForEscape } from './incoming-key.js';
import { signal, unsignal } from './tab-signs.js';
import type { PanelView } from './view.js';

/** Two long ones and a rest, in milliseconds; a browser takes no more than 99 of them, which is a minute and a half. */
const PULSE = Array.from({ length: 96 }, (_, at) => [600, 400, 600, 2000][at % 4]!);

/** The companion that calls for attention. */
export const attention = (host: CompanionHost): Companion => new Attention(host);

class Attention implements Companion {
  readonly #host: CompanionHost;
  #call?: CallInfo;
  #view!: PanelView;
  #stopKeys?: () => void;
  #pulses = false;
  #notification?: Notification;
  /** Whether this call has been notified of; the person may have put the notification away. */
  #notified = false;

  constructor(host: CompanionHost) {
    this.#host = host;
  }

  follow(view: PanelView): void {
    const { state, call } = view.snapshot;
    this.#view = view;
    const ringing = state === 'incoming' && view.ring ? call : null;
    if (ringing?.id !== this.#call?.id) this.stop();
    if (!ringing) return;
    if (!this.#call) this.#begin(ringing);
    const { leads = false, silenced } = view.ring!;
    this.#pulse(leads && !silenced);
    this.#notify(leads);
  }

  stop(): void {
    if (!this.#call) return;
    this.#call = undefined;
    unsignal(this);
    this.#stopKeys?.();
    this.#pulse(false);
    document.removeEventListener('visibilitychange', this.#looked);
    this.#unnotify();
    this.#notified = false;
  }

  #begin(call: CallInfo): void {
    this.#call = call;
    signal(this, `📞 ${this.#sentence()}`);
    this.#stopKeys = listenForEscape(this.#host, () => this.#view);
    document.addEventListener('visibilitychange', this.#looked);
  }

  #sentence(): string {
    return fill(this.#view.words.isCalling, { name: this.#call!.name });
  }

  #pulse(on: boolean): void {
    // A page that was never touched may not, and would only be told so on the console.
    if (on === this.#pulses || !navigator.vibrate || !navigator.userActivation?.hasBeenActive) return;
    this.#pulses = on;
    navigator.vibrate(on ? PULSE : 0);
  }

  #notify(leads: boolean): void {
    if (!leads) return this.#unnotify();
    if (this.#notified || document.hasFocus() || globalThis.Notification?.permission !== 'granted') return;
    this.#notified = true;
    const { words, lang } = this.#view;
    const { id, media, name } = this.#call!;
    try {
      const notification = (this.#notification = new Notification(this.#sentence(), {
        body: fill(words.incoming[media], { name }),
        tag: id,
        lang,
        requireInteraction: true,
        silent: this.#view.ring!.sounds,
      }));
      notification.onclick = () => {
        focus();
        this.#unnotify();
      };
    } catch {
      // Phones only take notifications from service workers.
    }
  }

  #unnotify(): void {
    this.#notification?.close();
    this.#notification = undefined;
  }

  readonly #looked = () => {
    if (document.visibilityState === 'visible') this.#unnotify();
  };
}
