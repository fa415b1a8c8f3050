import { createHmac } from 'node:crypto';

import type { Clock } from './clock.js';
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
 */
export function createIce(settings: IceSettings, clock: Pick<Clock, 'date'>): (peer: string) => IceGrant {
  const { stun, turn, turnSecret, turnTtl } = settings;
  const stunServers: readonly IceServer[] = stun.length > 0 ? [{ urls: stun }] : [];
  const urls = turn.flatMap(withTransports);

  return (peer) => {
    if (urls.length === 0 || turnSecret === undefined) return { iceServers: stunServers, iceTtl: turnTtl };
    const username = `${Math.floor(clock.date() / 1000) + turnTtl}:${peer}`;
    const credential = createHmac('sha1', turnSecret).update(username).digest('base64');
    return { iceServers: [...stunServers, { urls, username, credential }], iceTtl: turnTtl };
  };
}

/** Plain TURN over UDP and, for networks that let no UDP out, over TCP; TURN over TLS has the one transport only. */
function withTransports(url: string): string[] {
  return url.startsWith('turns:') ? [`${url}?transport=tcp`] : [`${url}?transport=udp`, `${url}?transport=tcp`];
}
