import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

import { GUEST_PREFIX, addressOf } from './protocol/index.js';

/** What a page says about itself in its `hello`. */
export interface Claim {
  /** The peer ID that it wants to be, if any. */
  readonly peer?: string;
  /** The name that it wants to show. */
  readonly name?: string;
  /** Its token, if it brought one. Never to be logged. */
  readonly token?: string;
  /** Whether it has proved, with the secret of an earlier `welcome`, that it had this address before. */
  readonly resumed: boolean;
  /** Whether it is connected already, as `peer`, and brings a fresh token (the message `token`). */
  readonly renewal?: boolean;
}

/** Who a page may be, or why it may not be anybody. */
export type Verdict =
  | {
      /** The peer ID that it gets, of the form that the protocol gives it; undefined makes it a guest with an ID of the relay's choice. */
      readonly peer: string | undefined;
      /** The name that others are shown, if any: at most 64 characters, no control characters. */
      readonly name?: string;
      /** The peer IDs that it may call and see, or `*` for everybody, as when left out. It may always answer who called it. */
      readonly calls?: '*' | readonly string[];
      /**
       * When this ends, in seconds since 1970: 60 s later the page is closed with 4401, unless it has brought a fresh
       * token. Left out: never.
       */
      readonly expiresAt?: number;
    }
  | {
      /** `unauthorized` closes with 4401 (a new token may help), `forbidden` with 4403 (nothing will). */
      readonly refused: 'unauthorized' | 'forbidden';
      /** A sentence for the page's developer, at most 100 characters, that says nothing a stranger could use. */
      readonly message: string;
    };

/**
 * Decides who a page may be. It is asked once for every connection, and again with each fresh token of a connected
 * page; that verdict must name the same peer, and brings `calls` and `expiresAt` only.
 *
 * Where it throws or answers what is no verdict, a page that connects is told 1013 and comes back later, and one that
 * renews is told to try again. Where it does not answer within 5 s of the connection, the page is told 4408.
 */
export type Authorize = (claim: Claim) => Verdict | Promise<Verdict>;

/** Everybody is who he says he is: for a single machine, or a network where all trust each other. */
export const trustEverybody: Authorize = ({ peer, name }) => ({ peer, name });

/** A peer ID for a page without one of its own; nobody can guess it. */
export const newGuest = (): string => GUEST_PREFIX + randomId();

/** A device ID that nobody has. */
export const newDevice = (): string => randomId();

// Hexadecimal, so that an ID never begins or ends with a dash and can be selected by a double click.
const randomId = (): string => randomBytes(16).toString('hex');

/** How many former keys count. */
const KEYS_KEPT = 2;

/** The secrets with which a page takes up its address again: nothing is stored, whoever has the key can check them. */
export class ResumeSecrets {
  #key: Uint8Array;
  /** Keys whose secrets are still good. */
  #before: readonly Uint8Array[] = [];

  /** @param key shared by all relays between which pages may move; without one, secrets are worth nothing after a restart */
  constructor(key: string | Uint8Array = randomBytes(32)) {
    this.#key = typeof key === 'string' ? Buffer.from(key) : key;
  }

  /** The key with which secrets are made now. */
  get key(): Uint8Array {
    return this.#key;
  }

  /** Makes secrets with another key from now on; those of the last few keys stay good. */
  adopt(key: Uint8Array): void {
    if (timingSafeEqual(hash(key), hash(this.#key))) return;
    this.#before = [this.#key, ...this.#before].slice(0, KEYS_KEPT);
    this.#key = key;
  }

  /** The secret for one address. */
  issue(peer: string, device: string): string {
    return sign(this.#key, peer, device).toString('base64url');
  }

  /** Whether this is the secret for that address. Takes as long for a wrong one as for a right one. */
  proves(secret: string, peer: string, device: string): boolean {
    const given = Buffer.from(secret, 'base64url');
    let proved = false;
    for (const key of [this.#key, ...this.#before]) {
      const expected = sign(key, peer, device);
      proved = (given.length === expected.length && timingSafeEqual(given, expected)) || proved;
    }
    return proved;
  }
}

const hash = (key: Uint8Array): Buffer => createHash('sha256').update(key).digest();

const sign = (key: Uint8Array, peer: string, device: string): Buffer => createHmac('sha256', key).update(addressOf(peer, device)).digest();
