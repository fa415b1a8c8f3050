/**
 * Of all tabs of one browser that ring for the same call, one sounds: a tab that can be heard before one that cannot,
 * and of those a tab that is seen. The tabs queue for a lock of the browser's, so that the next one sounds when the first is
 * closed or has crashed; a better tab takes the lock away. Without locks each tab sounds, as in a browser of its own.
 */
import type { Alert } from '../../relay/protocol/index.js';

/** What a tab can do, and does when it is its turn. */
export interface RingingTab {
  /** Whether it would probably be heard. */
  mayBeHeard(): boolean;
  /** Whether a person may be looking at it. */
  isSeen(): boolean;
  /** Sounds; answers whether it is heard. */
  start(): Promise<Alert>;
  /** Sounds no more. May be called twice. */
  stop(): void;
  /** Whose turn it is, how it rings, or whether it was silenced has changed. */
  changed(): void;
}

type Said =
  { readonly type: 'who' } | { readonly type: 'silence' } | { readonly type: 'leads'; readonly rank: number; readonly alert: Alert | null };

/** One tab's part in the ringing of one call. */
export class RingOnce {
  /** Whether it is this tab's turn. */
  leads = false;
  /** How the tab whose turn it is rings; null until that is known. */
  alert: Alert | null = null;
  /** Whether the person wants to hear no more of this call, in no tab. */
  silenced = false;

  readonly #name: string;
  readonly #tab: RingingTab;
  readonly #channel: BroadcastChannel | undefined;
  /** What came of trying to sound. */
  #tried: Alert | undefined;
  #turn: AbortController | undefined;
  #release = () => {};

  /** @param call ID of the call, which is the same in all tabs and known to nobody else */
  constructor(call: string, tab: RingingTab) {
    this.#name = `video-call ring ${call}`;
    this.#tab = tab;
    if (!navigator.locks || typeof BroadcastChannel !== 'function') {
      void this.#lead((this.#turn = new AbortController()));
      return;
    }
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }: MessageEvent<Said>) => this.#hear(data);
    this.#queue();
    this.#channel.postMessage({ type: 'who' } satisfies Said);
  }

  /** This tab is seen now, or no longer; or, with `touched`, the person has allowed it to sound by a gesture. */
  reconsider(touched = false): void {
    if (touched && this.#tried === 'visual') {
      this.#tried = undefined;
      if (this.leads) return this.#sound();
    }
    if (this.leads) this.#tell();
    else this.#channel?.postMessage({ type: 'who' } satisfies Said);
  }

  /** Silences the call in all tabs. It can still be answered. */
  silence(): void {
    this.#channel?.postMessage({ type: 'silence' } satisfies Said);
    this.#hush();
  }

  /** Takes part no more. May be called twice. */
  close(): void {
    this.#turn?.abort();
    this.#turn = undefined;
    this.leads = false;
    this.#tab.stop();
    this.#release();
    this.#channel?.close();
  }

  /** Waits for its turn, or takes it. */
  #queue(steal = false): void {
    this.#turn?.abort();
    const turn = (this.#turn = new AbortController());
    const options = steal ? { steal } : { signal: turn.signal };
    navigator.locks
      .request(this.#name, options, () => this.#lead(turn))
      .catch((cause: unknown) => {
        if (turn !== this.#turn) return;
        if ((cause as Error).name !== 'AbortError') return void this.#lead(turn);
        // A better tab has taken the lock away.
        this.leads = false;
        this.alert = null;
        this.#tab.stop();
        this.#queue();
        // It may have said how it rings before this was known here.
        this.#channel?.postMessage({ type: 'who' } satisfies Said);
        this.#tab.changed();
      });
  }

  #lead(turn: AbortController): Promise<void> | undefined {
    if (turn !== this.#turn) return undefined;
    this.leads = true;
    this.#sound();
    return new Promise((resolve) => (this.#release = resolve));
  }

  #sound(): void {
    const turn = this.#turn;
    this.alert = null;
    this.#tab.stop();
    // Said before it sounds, so that a better tab takes over before anybody has heard two.
    this.#tell();
    this.#tab.changed();
    if (this.silenced) return;
    void this.#tab.start().then((alert) => {
      if (turn !== this.#turn || !this.leads) return;
      this.alert = this.#tried = alert;
      this.#tell();
      this.#tab.changed();
    });
  }

  #tell(): void {
    this.#channel?.postMessage({ type: 'leads', rank: this.#rank(), alert: this.alert } satisfies Said);
    if (this.silenced) this.#channel?.postMessage({ type: 'silence' } satisfies Said);
  }

  #hear(said: Said): void {
    if (said.type === 'silence') return this.#hush();
    if (said.type === 'who') return this.leads ? this.#tell() : undefined;
    if (this.leads) return;
    if (this.#rank() > said.rank) return this.#queue(true);
    this.alert = said.alert;
    this.#tab.changed();
  }

  #hush(): void {
    if (this.silenced) return;
    this.silenced = true;
    this.#tab.stop();
    this.#tab.changed();
  }

  #rank(): number {
    const heard = this.#tried ? this.#tried === 'sound' : this.#tab.mayBeHeard();
    return (heard ? 2 : 0) + (this.#tab.isSeen() ? 1 : 0);
  }
}
