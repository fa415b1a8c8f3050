/** Whether STUN and TURN servers answer (W3C WebRTC, RFC 8445): each is asked for a candidate by a connection of its own. */
import type { IceServer } from '../../relay/protocol/index.js';
import { found } from './findings.js';
import type { Found, FindingCode } from './findings.js';
import type { Way } from './ways.js';
import { whenOver, within } from './within.js';

/** Milliseconds that a server has for its answer. */
export const ANSWER_WITHIN = 5000;

/** What the error codes of servers mean (RFC 8489, RFC 8656); 701 is the browser's own for no answer. */
const BY_ERROR_CODE: Readonly<Record<number, FindingCode>> = {
  401: 'turn-refused',
  403: 'turn-refused',
  437: 'turn-refused',
  441: 'turn-refused',
  486: 'turn-full',
  508: 'turn-full',
};

/** Tries the servers of one way side by side; the best of them counts. */
export async function checkWay(way: Way, servers: readonly IceServer[] | undefined, signal: AbortSignal): Promise<Found> {
  if (!servers || servers.length === 0) return found(way, 'not-offered');
  const since = performance.now();
  const answers = servers.map(async (server) => {
    const answer = await within(signal, ANSWER_WITHIN, (over) => ask(way, server, over));
    return found(way, ...(answer ?? ([signal.aborted ? 'stopped' : 'no-answer', {}] as const)));
  });
  const good = answers.map(async (answer) => {
    const each = await answer;
    if (each.outcome !== 'ok') throw new Error(each.code);
    return { ...each, milliseconds: Math.round(performance.now() - since) };
  });
  return Promise.any(good).catch(async () => (await Promise.all(answers)).sort(bySilence)[0]!);
}

/** A server that refuses says more than one that is silent. */
const bySilence = (one: Found, other: Found): number => Number(one.code === 'no-answer') - Number(other.code === 'no-answer');

type Answer = readonly [code: FindingCode, more: { readonly about?: string }];

async function ask(way: Way, server: IceServer, over: AbortSignal): Promise<Answer> {
  const wanted = way === 'stun' ? 'srflx' : 'relay';
  const connection = connectionWith([server], wanted);
  if (!connection) return ['settings', {}];
  whenOver(over, () => connection.close());
  let error = 0;
  const answer = new Promise<Answer>((resolve) => {
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.type === wanted) resolve(['ok', {}]);
      // Where no router stands between, the address that STUN tells is known already, and is no candidate of its own.
      else if (!candidate) resolve(wanted === 'srflx' && error === 0 ? ['ok', {}] : ['no-answer', error ? { about: String(error) } : {}]);
    };
    connection.onicecandidateerror = ({ errorCode }) => {
      error = errorCode;
      const code = BY_ERROR_CODE[errorCode];
      if (code) resolve([code, { about: String(errorCode) }]);
    };
  });
  connection.createDataChannel('');
  await connection.setLocalDescription();
  return answer;
}

/** A connection that knows these servers; undefined where the browser does not take them. */
export function connectionWith(iceServers: readonly IceServer[], wanted: 'srflx' | 'relay'): RTCPeerConnection | undefined {
  try {
    return new RTCPeerConnection({
      iceServers: iceServers as RTCIceServer[],
      iceTransportPolicy: wanted === 'relay' ? 'relay' : 'all',
    });
  } catch {
    return undefined;
  }
}
