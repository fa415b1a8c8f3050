/**
 * Who a page is across a reload: its device ID, the relay's secret for it, and the call it is in. Kept in
 * `sessionStorage`, which a duplicated tab copies; a Web Lock tells which of the two is the page that was there first.
 */
import { randomId } from '../call/ids.js';
import { MAX_SPENT } from '../call/outbox.js';
import type { SpentNumbers } from '../call/ports.js';
import { keptKey } from './kept-key.js';
import { DEVICE_PATTERN } from '../../relay/protocol/index.js';

/** Calls beside the one that rings whose numbers are kept. */
const MAX_RINGING = 3;

/** Milliseconds that a page waits for its own last page to let go; a duplicated tab waits in vain. */
const LOCK_WITHIN = 1000;

/** What is kept. */
interface Kept {
  readonly device: string;
  readonly peer?: string;
  readonly resume?: string;
  readonly call?: string;
  /** Calls that rang last, and the last number that was given to a message of each; or whatever else somebody wrote there. */
  readonly spent?: Readonly<Record<string, unknown>> | null;
}

const devicePattern = new RegExp(DEVICE_PATTERN);

/** One page's identity at one relay under one peer ID. */
export class Identity {
  readonly #key: string;
  #kept: Kept = { device: randomId() };
  readonly #releases: (() => void)[] = [];
  #closed = false;

  /** @param name what tells this identity from others of the page */
  constructor(name: string) {
    this.#key = keptKey(name);
  }

  get device(): string {
    return this.#kept.device;
  }

  /** What the relay gave to the last page, if there was one. */
  get resume(): { readonly peer: string; readonly resume: string } | undefined {
    const { peer, resume } = this.#kept;
    return peer !== undefined && resume !== undefined ? { peer, resume } : undefined;
  }

  /** The numbers of the calls that ring. */
  readonly spent: SpentNumbers = {
    of: (call) => {
      this.#catchUp();
      const n = this.#kept.spent?.[call];
      return Number.isInteger(n) ? Math.min(n as number, MAX_SPENT) : 0;
    },
    keep: (call, n) => {
      this.#catchUp();
      const others = Object.entries(this.#kept.spent ?? {}).filter(([id]) => id !== call);
      this.#kept = { ...this.#kept, spent: Object.fromEntries([...others.slice(-MAX_RINGING), [call, n]]) };
      this.#write();
    },
  };

  /** What `keepCall` was given last, by this page or by one that was shown since it was left. */
  get call(): string | null {
    this.#catchUp();
    return this.#kept.call ?? null;
  }

  /** Becomes again who the last page in this tab was, unless that one is still there; whoever is new need not wait. */
  async recover(): Promise<void> {
    const kept = this.#read();
    if (kept && (await this.#hold(kept.device))) this.#kept = kept;
    else void this.#hold(this.device);
    this.#write();
  }

  /** Keeps what the relay said. */
  keepWelcome({ peer, device, resume }: { peer: string; device: string; resume: string }): void {
    this.#catchUp();
    if (device !== this.device) void this.#hold(device);
    this.#kept = { ...this.#kept, peer, device, resume };
    this.#write();
  }

  /** Keeps a call, or with undefined forgets it. */
  keepCall(call: string | undefined): void {
    this.#catchUp();
    if (call === this.#kept.call) return;
    this.#kept = { ...this.#kept, call };
    this.#write();
  }

  /** Whether anything can be kept here at all. */
  get isKept(): boolean {
    return this.#read()?.device === this.device;
  }

  /** Lets the device ID go. May be called twice. */
  close(): void {
    this.#closed = true;
    for (const release of this.#releases.splice(0)) release();
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // Nothing was kept.
    }
  }

  /** Holds the lock of a device for as long as this page lives. Answers whether it could be had. */
  #hold(device: string): Promise<boolean> {
    // Without locks (a page without https) there is no telling two tabs apart: each is new.
    if (!navigator.locks) return Promise.resolve(false);
    return new Promise((resolve) => {
      const held = (): Promise<void> => {
        resolve(true);
        return this.#closed ? Promise.resolve() : new Promise((release) => this.#releases.push(release));
      };
      navigator.locks.request(`video-call ${device}`, { signal: AbortSignal.timeout(LOCK_WITHIN) }, held).catch(() => resolve(false));
    });
  }

  /** A page that was shown while this one was put aside has written in its stead. */
  #catchUp(): void {
    const kept = this.#read();
    if (kept?.device === this.device) this.#kept = { ...this.#kept, call: kept.call, spent: kept.spent };
  }

  #read(): Kept | undefined {
    try {
      const { device, peer, resume, call, spent } = JSON.parse(sessionStorage.getItem(this.#key) ?? 'null') as Kept;
      if (typeof device !== 'string' || !devicePattern.test(device)) return undefined;
      const optional = (text: unknown): string | undefined => (typeof text === 'string' ? text : undefined);
      return { device, peer: optional(peer), resume: optional(resume), call: optional(call), spent };
    } catch {
      return undefined;
    }
  }

  #write(): void {
    if (this.#closed) return;
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#kept));
    } catch {
      // A page that may store nothing makes calls all the same; after a reload it is a new one.
    }
  }
}
