/** One small and one full message of every type, as they travel. Values of full messages touch their bounds. */
import {
  LONGEST_TTL,
  MAX_CANDIDATE,
  MAX_CANDIDATES,
  MAX_MESSAGE_BYTES,
  MAX_NAME,
  MAX_SDP,
  MAX_TOKEN,
  MAX_WATCHED,
} from '../../../relay/protocol/index.js';
import type { BETWEEN_PAGES, FROM_RELAY, TO_RELAY } from '../../../relay/protocol/messages.js';

/** A message as an object, before it becomes text. */
export type Sample = Readonly<Record<string, unknown>> & { readonly type: string };
/** The least and the most that a message of one type can say. */
export interface Samples {
  readonly least: Sample;
  readonly most: Sample;
}

/** A call ID. */
export const CALL = '6f1c0a52-9d3e-4b7a-8c21-0e5d4f3a2b19';
/** The address that the relay stamps on the samples. */
export const FROM = 'alice/Zx81-_';

const longestPeer = 'aZ09._@:+=-'.padEnd(128, 'p');
const longestDevice = 'aZ09_-'.padEnd(64, 'd');
const longestAddress = `${longestPeer}/${longestDevice}`;
const longestSecret = 's'.repeat(128);
const longestName = '\u{1F600}'.repeat(MAX_NAME);
const longestDescription = { type: 'rollback', sdp: 's'.repeat(MAX_SDP) };
const longestCandidate = {
  candidate: 'c'.repeat(MAX_CANDIDATE),
  sdpMid: 'm'.repeat(32),
  sdpMLineIndex: 255,
  usernameFragment: 'u'.repeat(256),
};
const candidates = Array.from({ length: MAX_CANDIDATES }, () => longestCandidate);
const iceServers = Array.from({ length: 16 }, () => ({
  urls: Array.from({ length: 16 }, () => 'u'.repeat(512)),
  username: 'u'.repeat(512),
  credential: 'c'.repeat(512),
}));
const addresses = Array.from({ length: MAX_WATCHED }, () => longestAddress);
const person = { peer: longestPeer, name: longestName, presence: 'busy' };
const serial = 0x7fffffff;
const word = 'w'.padEnd(32, '-');

const samplesOf = (type: string, least: object, most: object = least): Samples => ({ least: { type, ...least }, most: { type, ...most } });

/** What a page says to the relay. */
export const toRelay: Readonly<Record<keyof typeof TO_RELAY, Samples>> = {
  hello: samplesOf(
    'hello',
    { device: 'd' },
    { peer: longestPeer, device: longestDevice, name: longestName, token: 't'.repeat(MAX_TOKEN), resume: longestSecret },
  ),
  ping: samplesOf('ping', {}),
  watch: samplesOf('watch', { addresses: [] }, { addresses }),
  unwatch: samplesOf('unwatch', { addresses: ['bob'] }, { addresses }),
  status: samplesOf('status', { presence: 'online' }, { presence: 'busy' }),
  roster: samplesOf('roster', {}),
  'ice-servers': samplesOf('ice-servers', {}),
  token: samplesOf('token', { token: '' }, { token: 't'.repeat(MAX_TOKEN) }),
};

/** What the relay says to a page. */
export const fromRelay: Readonly<Record<keyof typeof FROM_RELAY, Samples>> = {
  welcome: samplesOf(
    'welcome',
    { peer: 'a', device: 'd', resume: 's', iceServers: [], iceTtl: 0, pingEvery: 1, maxMessage: 1024, roster: false },
    {
      peer: longestPeer,
      device: longestDevice,
      resume: longestSecret,
      iceServers,
      iceTtl: LONGEST_TTL,
      pingEvery: 3600,
      maxMessage: MAX_MESSAGE_BYTES,
      roster: true,
      name: longestName,
      tokenTtl: LONGEST_TTL,
    },
  ),
  pong: samplesOf('pong', {}),
  presence: samplesOf(
    'presence',
    { address: 'bob', presence: 'offline' },
    { address: longestAddress, presence: 'busy', name: longestName },
  ),
  roster: samplesOf('roster', { peers: [] }, { peers: [{ peer: 'a', presence: 'online' }, person], again: 60_000 }),
  'ice-servers': samplesOf('ice-servers', { iceServers: [], iceTtl: 0 }, { iceServers, iceTtl: LONGEST_TTL }),
  token: samplesOf('token', {}, { tokenTtl: LONGEST_TTL }),
  unreachable: samplesOf('unreachable', { to: 'bob', call: CALL, n: 0 }, { to: longestAddress, call: CALL, n: serial }),
  error: samplesOf(
    'error',
    { code: 'protocol', message: '' },
    { code: 'rate-limited', message: 'm'.repeat(512), re: { type: 't'.repeat(32), call: 'c'.repeat(64), n: serial } },
  ),
};

const least = { to: 'bob', call: CALL, n: 0, ack: 0 };
const most = { to: longestAddress, call: CALL, n: serial, ack: serial };
const said = (type: string, small: object, full: object = small): Samples => samplesOf(type, { ...least, ...small }, { ...most, ...full });
const shortest = { type: 'offer', sdp: '' };
const answered = { name: longestName, description: longestDescription, candidates, gen: 0xffff };

/** What one page says to another, without the stamp. */
export const betweenPages: Readonly<Record<keyof typeof BETWEEN_PAGES, Samples>> = {
  invite: said(
    'invite',
    { media: 'audio', expires: 5, description: shortest, gen: 0 },
    { media: 'video', expires: 180, commit: longestSecret, ...answered },
  ),
  ringing: said('ringing', { alert: 'sound' }, { alert: 'visual', ...answered }),
  accept: said('accept', { media: 'audio' }, { media: 'video', nonce: longestSecret, ...answered }),
  decline: said('decline', { reason: 'busy' }, { reason: word }),
  cancel: said('cancel', { reason: 'cancelled' }, { reason: word, winner: longestDevice }),
  confirm: said('confirm', {}, { nonce: longestSecret }),
  candidates: said('candidates', { candidates: [], gen: 0 }, { candidates, gen: 0xffff }),
  description: said('description', { description: shortest, gen: 0 }, { description: longestDescription, gen: 0xffff }),
  media: said('media', { microphone: true, camera: false, screen: false }),
  resume: said('resume', {}, { description: longestDescription, gen: 0xffff }),
  hangup: said('hangup', { reason: 'hung-up' }, { reason: word }),
  ack: said('ack', {}),
};

/** The same message with the relay's stamp. */
export const stamped = (sample: Sample): Sample => ({ ...sample, from: FROM });

/** Every sample of a table. */
export const every = (table: Readonly<Record<string, Samples>>): Sample[] =>
  Object.values(table).flatMap((samples) => [samples.least, samples.most]);
