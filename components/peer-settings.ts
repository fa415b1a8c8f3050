/** What a session's peer connections are made with: the certificate, the ICE servers, and which ways may be prepared while it rings. */
import type { PeerOptions } from './call/peer.js';
import type { ConnectionOptions } from './call/session.js';
import { CallCertificate } from './link/certificate.js';
import type { IceServer } from '../relay/protocol/index.js';

const isTurn = ({ urls }: IceServer): boolean => urls.some((url) => /^turns?:/.test(url));

/** See the top of this file. */
export class PeerSettings {
  readonly certificate = new CallCertificate();
  readonly #options: () => ConnectionOptions;
  readonly #handedOut: () => readonly IceServer[];
  #welcome = (): void => {};
  readonly #welcomed = new Promise<void>((resolve) => (this.#welcome = resolve));

  /** @param handedOut the relay's ICE servers, as it has named them last */
  constructor(options: () => ConnectionOptions, handedOut: () => readonly IceServer[]) {
    this.#options = options;
    this.#handedOut = handedOut;
  }

  /** The relay has said which servers there are. */
  welcomed(): void {
    this.#welcome();
  }

  /** Which ways a path may take that is prepared while it rings here: without TURN, none that would give away nothing. */
  get early(): 'relay' | 'all' | undefined {
    const { earlyIce = 'relay' } = this.#options();
    return earlyIce === 'all' || (earlyIce === 'relay' && this.#servers.some(isTurn)) ? earlyIce : undefined;
  }

  /** What the next connection is made with. Whoever calls before the relay has named its servers waits for them. */
  async connection(): Promise<Pick<PeerOptions, 'configuration' | 'early'>> {
    const certificate = await this.certificate.get();
    if (!this.#options().iceServers) await this.#welcomed;
    const { icePolicy } = this.#options();
    return {
      configuration: {
        iceServers: this.#servers as RTCIceServer[],
        bundlePolicy: 'max-bundle',
        ...(certificate && { certificates: [certificate] }),
        ...(icePolicy && { iceTransportPolicy: icePolicy }),
      },
      early: this.early,
    };
  }

  get #servers(): readonly IceServer[] {
    return this.#options().iceServers ?? this.#handedOut();
  }
}
