/** Every field of every message with values that the protocol does not allow. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFromPage, parseFromRelay } from '../../../relay/protocol/index.js';
import { BETWEEN_PAGES, ENVELOPE, FROM_RELAY, STAMP, TO_RELAY } from '../../../relay/protocol/messages.js';
import { joined } from '../../../relay/protocol/shape.js';
import type { ObjectShape, Shape } from '../../../relay/protocol/shape.js';
import { CALL, betweenPages, fromRelay, stamped, toRelay } from './samples.js';
import type { Sample, Samples } from './samples.js';

type Direction = {
  parse: typeof parseFromPage | typeof parseFromRelay;
  samples: Readonly<Record<string, Samples>>;
  shapes: Readonly<Record<string, ObjectShape>>;
};

const inEnvelope = (envelope: ObjectShape): Record<string, ObjectShape> =>
  Object.fromEntries(Object.entries(BETWEEN_PAGES).map(([type, shape]) => [type, joined(envelope, shape)]));
const withStamp = Object.fromEntries(
  Object.entries(betweenPages).map(([type, { least, most }]) => [type, { least: stamped(least), most: stamped(most) }]),
);

const directions: Record<string, Direction> = {
  'page to relay': { parse: parseFromPage, samples: toRelay, shapes: TO_RELAY },
  'relay to page': { parse: parseFromRelay, samples: fromRelay, shapes: FROM_RELAY },
  'page to page, at the relay': { parse: parseFromPage, samples: betweenPages, shapes: inEnvelope(ENVELOPE) },
  'page to page, at the other page': { parse: parseFromRelay, samples: withStamp, shapes: inEnvelope(joined(STAMP, ENVELOPE)) },
};

/** JSON texts of values that do not fit a shape; texts, because 1e400 is none after JSON.stringify. */
function misfits(shape: Shape): string[] {
  const all = ['null', 'true', '7', '"text"', '[]', '{}', '[null]', '{"__proto__":null}'];
  switch (shape.type) {
    case 'boolean':
      return all.filter((source) => source !== 'true').concat('"true"', '0', '1');
    case 'integer': {
      const { minimum, maximum } = shape;
      const numbers = [minimum - 1, maximum + 1, minimum + 0.5, -1, 2 ** 53, -(2 ** 53), 2 ** 32].map(String);
      return [...all.filter((source) => source !== '7'), ...numbers, '1e400', '-1e400', '1.5', '"1"', '"NaN"', '1e-1'];
    }
    case 'string': {
      const texts = 'enum' in shape ? ['', ' ', `${shape.enum[0]!} `, shape.enum[0]!.toUpperCase(), '__proto__'] : [];
      if ('pattern' in shape && shape.pattern) texts.push('\u0000', 'a\u0000', 'a\r\nb', '\u007f');
      if ('maxLength' in shape && shape.maxLength)
        texts.push('x'.repeat(shape.maxLength + 1), '\u{1F600}'.repeat(shape.maxLength + 1), '\ud83d'.repeat(shape.maxLength + 1));
      return [...all.filter((source) => 'enum' in shape || source !== '"text"'), ...texts.map((value) => JSON.stringify(value))];
    }
    case 'array':
      return [
        ...all.filter((source) => !source.startsWith('[')),
        `[${Array(shape.maxItems + 1)
          .fill('"x"')
          .join()}]`,
        '{"length":1}',
      ];
    case 'object':
      return all.filter((source) => !source.startsWith('{')).concat('[{}]');
  }
}

/** Every place in a sample, with its shape: `['candidates', 0, 'sdpMid']`. Of a list, the last item stands for all. */
function places(value: unknown, shape: Shape, path: (string | number)[] = []): { path: (string | number)[]; shape: Shape }[] {
  const here = path.length ? [{ path, shape }] : [];
  if (shape.type === 'array') {
    const list = value as unknown[];
    return list.length ? [...here, ...places(list.at(-1), shape.items, [...path, list.length - 1])] : here;
  }
  if (shape.type !== 'object') return here;
  const fields = value as Record<string, unknown>;
  return [
    ...here,
    ...Object.entries(shape.properties).flatMap(([name, field]) => (name in fields ? places(fields[name], field, [...path, name]) : [])),
  ];
}

const PLACEHOLDER = '\u0001here\u0001';

/** The text of a sample with other JSON text in one place. */
function textWith(sample: Sample, path: (string | number)[], source: string): string {
  const copy = structuredClone(sample) as Record<string | number, unknown>;
  let holder = copy;
  for (const step of path.slice(0, -1)) holder = holder[step] as typeof holder;
  holder[path.at(-1)!] = PLACEHOLDER;
  return JSON.stringify(copy).replace(JSON.stringify(PLACEHOLDER), () => source);
}

const spelled = (path: (string | number)[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);

for (const [direction, { parse, samples, shapes }] of Object.entries(directions))
  describe(`fields of messages from ${direction}`, () => {
    for (const [type, shape] of Object.entries(shapes)) {
      it(`a wrong value anywhere in "${type}" is refused by the name of its field`, () => {
        // Long lists are tested with two items: their length is a bound of its own, below.
        const sample = shorter(samples[type]!.most);
        for (const place of places(sample, shape))
          for (const source of misfits(place.shape)) {
            const { message, refusal } = parse(textWith(sample, place.path, source));
            assert.equal(message, undefined, `${type} ${spelled(place.path)} = ${source.slice(0, 60)}`);
            const named = /^The field "(.+)" of /.exec(refusal!.message)?.[1] ?? '';
            assert.ok(named.startsWith(spelled(place.path)), `${spelled(place.path)} = ${source.slice(0, 60)}: ${refusal!.message}`);
          }
      });
      it(`"${type}" without one of its necessary fields is refused by the name of that field`, () => {
        for (const name of shape.required) {
          const { [name]: _, ...rest } = samples[type]!.most as Record<string, unknown>;
          assert.equal(
            parse(JSON.stringify(rest)).refusal?.message,
            `The field "${name}" of "${type}" is missing or not as the protocol says.`,
          );
        }
      });
    }
  });

/** A sample whose lists have two items at most. */
function shorter<T>(value: T): T {
  if (Array.isArray(value)) return value.slice(0, 2).map(shorter) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shorter(field)])) as T;
}

describe('bounds and words, spelled out', () => {
  const refuses = (parse: Direction['parse'], sample: Sample, change: object): void =>
    assert.ok(parse(JSON.stringify({ ...sample, ...change })).refusal, JSON.stringify(change).slice(0, 80));
  const takes = (parse: Direction['parse'], sample: Sample, change: object): void =>
    assert.equal(parse(JSON.stringify({ ...sample, ...change })).refusal, undefined, JSON.stringify(change).slice(0, 80));
  const invite = betweenPages.invite.least;

  it('a call rings from 5 to 180 seconds', () => {
    for (const expires of [5, 60, 180]) takes(parseFromPage, invite, { expires });
    for (const expires of [4, 181, 5.5, 0, -5]) refuses(parseFromPage, invite, { expires });
  });
  it('a session description is at most 32,768 characters', () => {
    takes(parseFromPage, invite, { description: { type: 'offer', sdp: 'x'.repeat(32_768) } });
    refuses(parseFromPage, invite, { description: { type: 'offer', sdp: 'x'.repeat(32_769) } });
    refuses(parseFromPage, invite, { description: { type: 'pranswer', sdp: '' } });
  });
  it('at most 100 candidates of at most 1,024 characters come at once', () => {
    const { least } = betweenPages.candidates;
    const some = (count: number, length: number): object => ({ candidates: Array(count).fill({ candidate: 'x'.repeat(length) }) });
    takes(parseFromPage, least, some(100, 1024));
    refuses(parseFromPage, least, some(101, 1));
    refuses(parseFromPage, least, some(1, 1025));
  });
  it('a name is at most 64 characters, each emoji counted as one, without control characters', () => {
    for (const name of ['', 'Zoë 🙂', '名'.repeat(64), '🙂'.repeat(64), '\ud83d', '<b>"', '\u202e']) takes(parseFromPage, invite, { name });
    for (const name of ['x'.repeat(65), '🙂'.repeat(65), 'x\u0000', 'a\nb', '\u001b[31m', '\u007f'])
      refuses(parseFromPage, invite, { name });
  });
  it('a page watches at most 100 addresses at once', () => {
    takes(parseFromPage, toRelay.watch.least, { addresses: Array(100).fill('bob') });
    refuses(parseFromPage, toRelay.watch.least, { addresses: Array(101).fill('bob') });
  });
  it('a token is at most 8,192 characters', () => {
    takes(parseFromPage, toRelay.token.least, { token: 'x'.repeat(8192) });
    refuses(parseFromPage, toRelay.token.least, { token: 'x'.repeat(8193) });
  });
  it('a peer ID is 1 to 128 of its characters, a device ID 1 to 64', () => {
    takes(parseFromPage, toRelay.hello.least, { peer: 'p'.repeat(128), device: 'd'.repeat(64) });
    for (const peer of ['', 'p'.repeat(129), 'a b', 'a/b', 'ä', '*', 'a\n', '\u202ea'])
      refuses(parseFromPage, toRelay.hello.least, { peer });
    for (const device of ['', 'd'.repeat(65), 'a.b', 'a/b', 'a:b', 'a\n']) refuses(parseFromPage, toRelay.hello.least, { device });
  });
  it('a call is a UUID of version 4 in lower case', () => {
    takes(parseFromPage, invite, { call: CALL });
    const wrong = [
      CALL.toUpperCase(),
      CALL.replaceAll('-', ''),
      `{${CALL}}`,
      `${CALL}\n`,
      CALL.replace('-4', '-1'),
      CALL.replace('-8', '-c'),
      '',
    ];
    for (const call of wrong) refuses(parseFromPage, invite, { call });
  });
  it('a number is a whole one from 0 to 2,147,483,647', () => {
    for (const n of [0, 1, 2_147_483_647]) takes(parseFromPage, invite, { n, ack: n });
    for (const n of [-1, 1.5, 2_147_483_648, 2 ** 53, '1', null]) {
      refuses(parseFromPage, invite, { n });
      refuses(parseFromPage, invite, { ack: n });
    }
  });
  it('a generation is a whole number from 0 to 65,535', () => {
    takes(parseFromPage, invite, { gen: 65_535 });
    for (const gen of [-1, 65_536, 0.5]) refuses(parseFromPage, invite, { gen });
  });
  it('a reason is a word of at most 32 lower case letters and dashes', () => {
    for (const reason of ['a', 'hung-up', 'w'.repeat(32)]) takes(parseFromPage, betweenPages.hangup.least, { reason });
    for (const reason of ['', '-a', 'Hung', 'hung up', 'w'.repeat(33), 'a1', 'a\n'])
      refuses(parseFromPage, betweenPages.hangup.least, { reason });
  });
  it('a page says of itself that it is online or busy, never offline', () => {
    for (const presence of ['online', 'busy']) takes(parseFromPage, toRelay.status.least, { presence });
    refuses(parseFromPage, toRelay.status.least, { presence: 'offline' });
  });
  it('a roster has at most 1,000 lines', () => {
    const peers = (count: number): object => ({ peers: Array(count).fill({ peer: 'a', presence: 'online' }) });
    takes(parseFromRelay, fromRelay.roster.least, peers(1000));
    refuses(parseFromRelay, fromRelay.roster.least, peers(1001));
  });
  it('minus zero is zero', () => {
    const source = JSON.stringify(invite).replace('"n":0', '"n":-0');
    assert.equal(parseFromPage(source).refusal, undefined);
  });
});
