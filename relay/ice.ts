import { createHmac } from 'node:crypto';

import type { Clock } from './clock.js';
import { GUEST_PREFIX } from './protocol/index.js';
import type { IceServer } from './protocol/index.js';

/** Where pages find STUN and TURN. */
export interface IceSettings {
  /** `stun:` URLs. */
  readonly stun: readonly string[];
  /** `turn:` and `turns:` URLs, without a transport. */
  readonly turn: readonly string[];
  /** The secret shared with the TURN server (coturn: `static-auth-secret`). */
  readonly turnSecret?: string;
  /** Seconds for which credentials are good. */
  readonly turnTtl: number;
}

/** ICE servers for one page, and the seconds for which they are good. */
export interface IceGrant {
  readonly iceServers: readonly IceServer[];
  readonly iceTtl: number;
}

/**
 * Answers with the ICE servers for a person. Credentials follow the TURN REST scheme that coturn implements
 * (draft-uberti-behave-turn-rest): the user name carries the time of expiry, the password is its HMAC-SHA1.
 *
 * A guest has as many IDs as he likes, so all guests of a network are one user there, under a name that does not tell
 * the network to others; a quota for each user of the TURN server binds them together.
 */
export function createIce(settings: IceSettings, clock: Pick<Clock, 'date'>): (peer: string, network: string) => IceGrant {
  const { stun, turn, turnSecret, turnTtl } = settings;
  const stunServers: readonly IceServer[] = stun.length > 0 ? [{ urls: stun }] : [];
  const urls = turn.flatMap(withTransports);

  return (peer, network) => {
    if (urls.length === 0 || turnSecret === undefined) return { iceServers: stunServers, iceTtl: turnTtl };
    const user = peer.startsWith(GUEST_PREFIX) ? guestsOf(network, turnSecret) : peer;
    const username = `${Math.floor(clock.date() / 1000) + turnTtl}:${user}`;
    const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
    return { iceServers: [...stunServers, { urls, username, credential }], iceTtl: turnTtl };
  };
}

/** The one name of all guests of a network. */
const guestsOf = (network: string, secret: string): string =>
  `${GUEST_PREFIX}${createHmac('sha256', secret).update(`guests of ${network}`).digest('hex').slice(0, 32)}`;

/** Plain TURN over UDP and, for networks that let no UDP out, over TCP; TURN over TLS has the one transport only. */
function withTransports(url: string): string[] {
  return url.startsWith('turns:') ? [`${url}?transport=tcp`] : [`${url}?transport=udp`, `${url}?transport=tcp`];
}
