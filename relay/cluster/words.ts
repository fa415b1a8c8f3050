/**
 * What relays say to each other. It is checked like what strangers say: whoever can write to the bus is not thereby a
 * relay, and relays of two versions may run side by side.
 */
import {
  ADDRESS_PATTERN,
  DEVICE_PATTERN,
  MAX_MESSAGE_BYTES,
  MAX_NAME,
  PEER_PATTERN,
  isCallMessage,
  parseFromRelay,
} from '../protocol/index.js';
import type { StampedCallMessage } from '../protocol/index.js';
import { checkOf, joined } from '../protocol/shape.js';
import type { Check, Shaped } from '../protocol/shape.js';
import { CHANNEL } from './bus.js';

/** The version of these words. A relay drops what is of another. */
const VERSION = 1;
/** Longest text on the bus, in characters. */
export const MAX_WORDS = 512 * 1024;
/** Most pages of one peer of which a relay tells the others. */
export const MAX_TOLD = 500;
/** Most people in one part of a roster. */
export const ROSTER_PART = 200;

/** An ID of a relay, of a question, or of a claim: 128 random bits. */
export const ID_PATTERN = '^[0-9a-f]{32}$';

const like = (pattern: string) => ({ type: 'string', pattern }) as const;
const oneOf = <const Words extends readonly string[]>(...words: Words) => ({ type: 'string', enum: words }) as const;
const listOf = <const Item>(items: Item, maxItems: number) => ({ type: 'array', items, maxItems }) as const;
const object = <const Fields, const Required extends readonly (keyof Fields)[]>(required: Required, properties: Fields) =>
  ({ type: 'object', properties, required }) as const;

const id = like(ID_PATTERN);
const peer = like(PEER_PATTERN);
const device = like(DEVICE_PATTERN);
const name = { type: 'string', maxLength: MAX_NAME, pattern: '^[^\\u0000-\\u001f\\u007f]*$' } as const;
const flag = { type: 'boolean' } as const;
/** Milliseconds since 1970, raised where need be, so that it grows from page to page at one address. */
const since = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const count = since;
const status = oneOf('online', 'busy');
const seat = object(['device', 'presence', 'since'], { device, presence: status, since, name });
const person = object(['peer', 'presence', 'since'], { peer, presence: status, since, name });

const WORDS = {
  /** I am there; `anew` where I may have missed something. */
  beat: object(['anew'], { anew: flag }),
  /** I go; my pages will come to others. */
  bye: object([], {}),
  /** A message for the pages at an address. Its text stands on a line of its own, as it came: it need not be quoted. */
  deliver: object(['to', 'text'], { to: like(ADDRESS_PATTERN), text: { type: 'string', maxLength: MAX_MESSAGE_BYTES + 512 } }),
  /** Who has pages of this peer? `claim`: a page of mine wants this address, or has had it since then. */
  ask: object(['id', 'peer'], {
    id,
    peer,
    claim: object(['id', 'device', 'as', 'since'], { id, device, as: oneOf('take-over', 'new-device', 'new-peer', 'keep'), since }),
  }),
  /** These are my pages of this peer: to all who watch it, or as the answer `re` a question. */
  seats: object(['peer', 'seats', 'serial'], { re: id, peer, seats: listOf(seat, MAX_TOLD), serial: count, refused: flag }),
  /** Who is there? */
  who: object(['id'], { id }),
  /** These are, and perhaps `more` to come. */
  people: object(['re', 'people', 'more'], { re: id, people: listOf(person, ROSTER_PART), more: flag }),
} as const;

type Words = { [Type in keyof typeof WORDS]: { readonly type: Type } & Shaped<(typeof WORDS)[Type]> }[keyof typeof WORDS];
/** What one relay says to others: its ID is `relay`. */
export type Word = Words & { readonly relay: string };
/** One kind of it: `WordOf<'ask'>`. */
export type WordOf<Type extends Word['type']> = Extract<Word, { type: Type }>;
/** A page, as other relays know it. */
export type ToldSeat = Shaped<typeof seat>;
/** A line of another relay's roster. */
export type ToldPerson = Shaped<typeof person>;

const envelope = object(['v', 'relay'], { v: { type: 'integer', minimum: VERSION, maximum: VERSION }, relay: id });
const checks = new Map<string, Check>(Object.entries(WORDS).map(([type, shape]) => [type, checkOf(joined(envelope, shape))]));

/** Writes something down for other relays. */
export function write(relay: string, words: Words): string {
  if (words.type !== 'deliver') return JSON.stringify({ v: VERSION, relay, ...words });
  const { text, ...head } = words;
  return `${JSON.stringify({ v: VERSION, relay, ...head })}\n${text}`;
}

/** Reads what was heard on a channel; undefined where that is nothing that a relay says there. */
export function read(channel: string, text: string): Word | undefined {
  if (text.length > MAX_WORDS) return undefined;
  const value = readLines(text);
  const { type } = (value ?? {}) as { type?: unknown };
  if (typeof type !== 'string' || checks.get(type)?.(value) !== undefined || !checks.has(type)) return undefined;
  const word = value as Word;
  return isPlacedRight(word, channel) ? word : undefined;
}

/** The first line, and as its `text` the rest, where there is any. JSON itself needs no line break. */
function readLines(text: string): unknown {
  const cut = text.indexOf('\n');
  try {
    const value: unknown = JSON.parse(cut < 0 ? text : text.slice(0, cut));
    return cut < 0 || typeof value !== 'object' ? value : { ...value, text: text.slice(cut + 1) };
  } catch {
    return undefined;
  }
}

/** Each word has its channel: what is said elsewhere was not said by a relay. */
function isPlacedRight(word: Word, channel: string): boolean {
  switch (word.type) {
    case 'beat':
    case 'bye':
    case 'who':
      return channel === CHANNEL.all;
    case 'deliver':
      return channel === CHANNEL.to(word.to);
    case 'ask':
      return channel === CHANNEL.of(word.peer);
    case 'seats':
      return word.re === undefined ? channel === CHANNEL.presence(word.peer) : channel.startsWith('relay:');
    case 'people':
      return channel.startsWith('relay:');
  }
}

/** Reads the message that is to be delivered; undefined where no page could have sent it there. */
export function readDelivered({ to, text }: WordOf<'deliver'>): StampedCallMessage | undefined {
  const { message } = parseFromRelay(text);
  return message && isCallMessage(message) && message.to === to ? message : undefined;
}
