/**
 * Every message of the protocol as a shape. Types, parser and published JSON Schemas all come from these tables.
 */
import { ADDRESS_PATTERN, DEVICE_ADDRESS_PATTERN, DEVICE_PATTERN, PEER_PATTERN } from './address.js';
import {
  LONGEST_TTL,
  MAX_CANDIDATE,
  MAX_CANDIDATES,
  MAX_MESSAGE_BYTES,
  MAX_NAME,
  MAX_SDP,
  MAX_TOKEN,
  MAX_WATCHED,
  RING_TIMEOUT,
} from './bounds.js';
import { ERROR_CODES } from './codes.js';
import type { Shaped } from './shape.js';

const text = <const Max extends number>(maxLength: Max) => ({ type: 'string', maxLength }) as const;
const integer = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum }) as const;
const like = (pattern: string) => ({ type: 'string', pattern }) as const;
const oneOf = <const Words extends readonly string[]>(...words: Words) => ({ type: 'string', enum: words }) as const;
const listOf = <const Item>(items: Item, maxItems: number) => ({ type: 'array', items, maxItems }) as const;
const object = <const Fields, const Required extends readonly (keyof Fields)[]>(required: Required, properties: Fields) =>
  ({ type: 'object', properties, required }) as const;

const flag = { type: 'boolean' } as const;
const peer = like(PEER_PATTERN);
const device = like(DEVICE_PATTERN);
const address = like(ADDRESS_PATTERN);
/** A UUID of version 4 (RFC 9562), lower case. */
const callId = like('^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$');
/** No control characters; how the name is shown is the page's business. */
const name = { type: 'string', maxLength: MAX_NAME, pattern: '^[^\\u0000-\\u001f\\u007f]*$' } as const;
const media = oneOf('audio', 'video');
const presence = oneOf('online', 'busy', 'offline');
/** A word: lower case letters and dashes. Receivers treat a word that they do not know as the general case. */
const word = like('^[a-z][a-z-]{0,31}$');
const serial = integer(0, 0x7fffffff);
const gen = integer(0, 0xffff);
const secret = like('^[A-Za-z0-9_-]{1,128}$');

const description = object(['type', 'sdp'], { type: oneOf('offer', 'answer', 'rollback'), sdp: text(MAX_SDP) });
const candidate = object(['candidate'], {
  candidate: text(MAX_CANDIDATE),
  sdpMid: text(32),
  sdpMLineIndex: integer(0, 255),
  usernameFragment: text(256),
});
const candidates = listOf(candidate, MAX_CANDIDATES);
const iceServers = listOf(object(['urls'], { urls: listOf(text(512), 16), username: text(512), credential: text(512) }), 16);
const iceTtl = integer(0, LONGEST_TTL);
/** Seconds until a token expires, by the relay's clock; one that lasts longer is told as this long. */
const tokenTtl = integer(0, LONGEST_TTL);
const person = object(['peer', 'presence'], { peer, name, presence });

/** What a page says to the relay. */
export const TO_RELAY = {
  hello: object(['device'], { peer, device, name, token: text(MAX_TOKEN), resume: secret }),
  ping: object([], {}),
  watch: object(['addresses'], { addresses: listOf(address, MAX_WATCHED) }),
  unwatch: object(['addresses'], { addresses: listOf(address, MAX_WATCHED) }),
  status: object(['presence'], { presence: oneOf('online', 'busy') }),
  roster: object([], {}),
  'ice-servers': object([], {}),
  token: object(['token'], { token: text(MAX_TOKEN) }),
} as const;

/** What the relay says to a page. */
export const FROM_RELAY = {
  welcome: object(['peer', 'device', 'resume', 'iceServers', 'iceTtl', 'pingEvery', 'maxMessage', 'roster'], {
    peer,
    device,
    resume: secret,
    iceServers,
    iceTtl,
    pingEvery: integer(1, 3600),
    maxMessage: integer(1024, MAX_MESSAGE_BYTES),
    roster: flag,
    name,
    tokenTtl,
  }),
  pong: object([], {}),
  presence: object(['address', 'presence'], { address, presence, name }),
  roster: object(['peers'], { peers: listOf(person, 1000), again: integer(100, 60_000) }),
  'ice-servers': object(['iceServers', 'iceTtl'], { iceServers, iceTtl }),
  token: object([], { tokenTtl }),
  unreachable: object(['to', 'call', 'n'], { to: address, call: callId, n: serial }),
  error: object(['code', 'message'], {
    code: oneOf(...ERROR_CODES),
    message: text(512),
    re: object([], { type: text(32), call: text(64), n: serial }),
  }),
} as const;

/** What one page says to another. Each also carries `to`, `call`, `n` and `ack` (`ENVELOPE`). */
export const BETWEEN_PAGES = {
  invite: object(['media', 'expires', 'description', 'gen'], {
    media,
    name,
    expires: integer(RING_TIMEOUT.min, RING_TIMEOUT.max),
    description,
    candidates,
    gen,
    early: flag,
    commit: secret,
  }),
  ringing: object(['alert'], { alert: oneOf('sound', 'visual'), name, description, candidates, gen }),
  accept: object(['media'], { media, name, description, candidates, gen, nonce: secret }),
  decline: object(['reason'], { reason: word }),
  cancel: object(['reason'], { reason: word, winner: device }),
  confirm: object([], { nonce: secret }),
  candidates: object(['candidates', 'gen'], { candidates, gen }),
  description: object(['description', 'gen'], { description, gen }),
  media: object(['microphone', 'camera', 'screen'], { microphone: flag, camera: flag, screen: flag, paused: flag, recording: flag }),
  resume: object([], { description, gen }),
  hangup: object(['reason'], { reason: word }),
  ack: object([], {}),
} as const;

/** The fields that every message between pages carries: whom for, which call, its number, and what was received. */
export const ENVELOPE = object(['to', 'call', 'n', 'ack'], { to: address, call: callId, n: serial, ack: serial });

/** The sender's address, stamped on by the relay and by nobody else. */
export const STAMP = object(['from'], { from: like(DEVICE_ADDRESS_PATTERN) });

type Typed<Table> = { [Type in keyof Table]: { readonly type: Type } & Shaped<Table[Type]> }[keyof Table];

/** A message of a page to its relay. */
export type PageMessage = Typed<typeof TO_RELAY>;
/** A message of the relay to a page. */
export type RelayMessage = Typed<typeof FROM_RELAY>;
/** What one device says to another within a call, without its envelope. */
export type CallContent = Typed<typeof BETWEEN_PAGES>;
/** The envelope of a message between pages. */
export type Envelope = Shaped<typeof ENVELOPE>;
/** A message between pages, on its way to the relay or over the data channel. */
export type CallMessage = CallContent & Envelope;
/** A message between pages as it arrives, with the relay's stamp. */
export type StampedCallMessage = CallMessage & { readonly from: string };

/** One kind of content: `ContentOf<'invite'>`. */
export type ContentOf<Type extends CallContent['type']> = Extract<CallContent, { type: Type }>;
/** A session description as it travels (W3C WebRTC `RTCSessionDescriptionInit`). */
export type Description = Shaped<typeof description>;
/** An ICE candidate as it travels (W3C WebRTC `RTCIceCandidateInit`). */
export type Candidate = Shaped<typeof candidate>;
/** A STUN or TURN server as it travels (W3C WebRTC `RTCIceServer`). */
export type IceServer = Shaped<typeof iceServers>[number];
/** Whether somebody is there. */
export type Presence = Shaped<typeof presence>;
/** A voice call or a video call. */
export type MediaKind = Shaped<typeof media>;
/** How a device rings. */
export type Alert = ContentOf<'ringing'>['alert'];
/** One line of the roster. */
export type Person = Shaped<typeof person>;
