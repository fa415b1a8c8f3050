/** What is not as it should be: malformed, binary, too large, too many. */
import { CLOSE, MAX_INVITED_PER_MINUTE } from '../../protocol/index.js';
import { expectError, peerOf } from '../expect.js';
import { nobody } from '../people.js';
import { Skip, ensure } from '../rule.js';
import type { Rule } from '../rule.js';

const needs = ['people'] as const;

/** Malformed messages within ten seconds that are one too many, in any case. */
const AGAIN_AND_AGAIN = 5;
const FRAGMENTS = 1000;

/** A ping that is as long as is asked for, in bytes. */
const pingOf = (bytes: number): string => {
  const bare = JSON.stringify({ type: 'ping', padding: '' });
  return JSON.stringify({ type: 'ping', padding: 'x'.repeat(bytes - bare.length) });
};

/** See the top of this file. */
export const FAULT_RULES: readonly Rule[] = [
  {
    id: 'not-json',
    section: 'Error codes',
    says: 'What is no JSON is answered with the error `protocol`, and the connection goes on.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say('{"type":');
      await expectError(alice, 'protocol', {});
      await alice.drain();
    },
  },
  {
    id: 'unknown-type',
    section: 'Versions',
    says: 'A message of an unknown type is answered with the error `protocol`, reaches nobody, and the connection goes on.',
    needs,
    async run(world) {
      const [alice, bob] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      alice.say(world.message(peerOf(bob), { type: 'surprise' }));
      await expectError(alice, 'protocol', {});
      await alice.drain();
      const came = (await bob.drain()).find(({ type }) => type === 'surprise');
      ensure(!came, 'that message at the other page');
    },
  },
  {
    id: 'error-says-which',
    section: '`error`',
    says: 'An error says in `re` which message it is about: its type, its call and its number.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say(world.message(nobody(), { type: 'hangup', n: 6 }));
      await expectError(alice, 'protocol', { type: 'hangup', call: world.call, n: 6 });
    },
  },
  {
    id: 'again-and-again',
    section: 'Error codes',
    says: `${AGAIN_AND_AGAIN} malformed messages within 10 s close the connection with ${CLOSE.malformed}.`,
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      for (let i = 0; i < AGAIN_AND_AGAIN; i++) alice.say('[]');
      await alice.endsWith(CLOSE.malformed);
    },
  },
  {
    id: 'binary',
    section: 'Close codes',
    says: `A binary frame closes the connection with ${CLOSE.notText}.`,
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say(Buffer.from('{"type":"ping"}'));
      await alice.endsWith(CLOSE.notText);
    },
  },
  {
    id: 'largest-message',
    section: '`welcome`',
    says: 'A message of `maxMessage` bytes is taken.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say(pingOf(Number(alice.welcome['maxMessage'])));
      await alice.hear('pong');
    },
  },
  {
    id: 'too-large',
    section: 'Close codes',
    says: `A message of one byte more closes the connection with ${CLOSE.tooLarge}.`,
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say(pingOf(Number(alice.welcome['maxMessage']) + 1));
      await alice.endsWith(CLOSE.tooLarge);
    },
  },
  {
    id: 'too-many-fragments',
    section: 'Close codes',
    says: `A message in ${FRAGMENTS} fragments closes the connection with ${CLOSE.policy}.`,
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      const text = pingOf(FRAGMENTS);
      for (let i = 0; i < FRAGMENTS; i++) alice.socket.send(text[i]!, { fin: i === FRAGMENTS - 1 }, () => undefined);
      await alice.endsWith(CLOSE.policy);
    },
  },
  {
    id: 'invited-at-most',
    section: 'Bounds',
    says: `${MAX_INVITED_PER_MINUTE} different peers may be invited within a minute; the next \`invite\` is refused with the error \`rate-limited\`.`,
    needs,
    async run(world) {
      if (world.people.areFew) throw new Skip('for a minute nobody could be called by the people of these tokens (--token)');
      const alice = await world.join(world.someone(0));
      const invite = { type: 'invite', media: 'audio', expires: 5, description: { type: 'offer', sdp: 'v=0\r\n' }, gen: 0 };
      for (let n = 1; n <= MAX_INVITED_PER_MINUTE + 1; n++) alice.say(world.message(nobody(), { ...invite, n }));
      await alice.hear('unreachable', { n: MAX_INVITED_PER_MINUTE }, 5000);
      await expectError(alice, 'rate-limited', { type: 'invite', call: world.call, n: MAX_INVITED_PER_MINUTE + 1 });
    },
  },
];
