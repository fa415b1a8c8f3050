/** Messages between pages: the honest stamp, and whom they reach. */
import { randomUUID } from 'node:crypto';

import { expectError, peerOf } from '../expect.js';
import { nobody } from '../people.js';
import { ensure } from '../rule.js';
import type { Rule } from '../rule.js';
import type { Visitor } from '../visitor.js';
import { ensureFormed } from '../world.js';
import type { World } from '../world.js';

const needs = ['people'] as const;
const SDP = { type: 'offer', sdp: 'v=0\r\n' };

/** One of each message between pages. */
const ALL = [
  { type: 'ringing', alert: 'visual' },
  { type: 'accept', media: 'audio', description: { ...SDP, type: 'answer' }, gen: 0 },
  { type: 'decline', reason: 'busy' },
  { type: 'cancel', reason: 'no-answer' },
  { type: 'confirm' },
  { type: 'candidates', candidates: [{ candidate: 'candidate:1 1 udp 1 192.0.2.7 9 typ host', sdpMid: '0' }], gen: 0 },
  { type: 'description', description: SDP, gen: 1 },
  { type: 'media', microphone: true, camera: false, screen: false },
  { type: 'resume' },
  { type: 'hangup', reason: 'hung-up' },
  { type: 'ack', n: 0 },
] as const;

const two = async (world: World): Promise<[Visitor, Visitor]> => [await world.join(world.someone(0)), await world.join(world.someone(1))];
const marked = (world: World, to: string, mark: string): object => world.message(to, { type: 'hangup', reason: 'hung-up', mark });

/** Fails where a visitor has got anything of the kit's call. */
async function ensureSpared(world: World, visitor: Visitor, who: string): Promise<void> {
  const came = (await visitor.drain()).filter(({ call }) => call === world.call);
  ensure(came.length === 0, () => `a \`${came[0]!.type}\` at ${who}`);
}

/** See the top of this file. */
export const DELIVERY_RULES: readonly Rule[] = [
  {
    id: 'stamp',
    section: 'The envelope',
    says: 'A message arrives with the true address of its sender as `from`.',
    needs,
    async run(world) {
      const [alice, bob] = await two(world);
      alice.say(world.message(peerOf(bob), { type: 'hangup', reason: 'hung-up' }));
      const { from } = await bob.hear('hangup', { call: world.call });
      ensure(from === alice.address, `\`from\` ${String(from)} in place of ${alice.address}`);
    },
  },
  {
    id: 'no-forged-stamp',
    section: 'The envelope',
    says: 'A message that brings a `from` of its own is refused with the error `protocol`, and reaches nobody.',
    needs,
    async run(world) {
      const [alice, bob] = await two(world);
      alice.say({ ...world.message(peerOf(bob), { type: 'hangup', reason: 'hung-up' }), from: bob.address });
      await alice.hear('error', { code: 'protocol' });
      // What comes after it has come by then shows that it would have.
      alice.say({ ...world.message(peerOf(bob), { type: 'ringing', alert: 'visual' }), call: randomUUID() });
      await bob.hear('ringing');
      await ensureSpared(world, bob, 'the one whom it was for');
    },
  },
  {
    id: 'as-it-was',
    section: 'Versions',
    says: 'A message arrives as it was sent, with the fields too that the protocol does not list.',
    needs,
    async run(world) {
      const [alice, bob] = await two(world);
      const sent = { ...marked(world, bob.address, 'ünïcode 🙂'), later: { deep: [1, null, true] } };
      alice.say(sent);
      const came: Record<string, unknown> = { ...(await bob.hear('hangup', { call: world.call })) };
      delete came['from'];
      const sorted = (value: object): string => JSON.stringify(Object.entries(value).sort());
      ensure(sorted(came) === sorted(sent), () => JSON.stringify(came));
    },
  },
  {
    id: 'every-message',
    section: 'Between pages',
    says: 'Every message between pages reaches the device that it is for.',
    needs,
    async run(world) {
      const [alice, bob] = await two(world);
      alice.say(world.message(peerOf(bob), { type: 'invite', media: 'video', expires: 60, description: SDP, gen: 0 }));
      for (const content of ALL) alice.say(world.message(bob.address, content));
      for (const { type } of [{ type: 'invite' }, ...ALL]) ensureFormed(await bob.hear(type, { call: world.call }));
    },
  },
  {
    id: 'to-a-peer',
    section: 'Addresses',
    says: 'A message to a peer reaches all its devices, and nobody else.',
    needs,
    async run(world) {
      const [alice, laptop] = await two(world);
      const phone = await world.again(laptop);
      const other = await world.again(alice);
      alice.say(world.message(peerOf(laptop), { type: 'hangup', reason: 'hung-up' }));
      await laptop.hear('hangup', { call: world.call });
      await phone.hear('hangup', { call: world.call });
      await ensureSpared(world, other, "another page of the sender's");
      await ensureSpared(world, alice, 'the sender');
    },
  },
  {
    id: 'to-a-device',
    section: 'Addresses',
    says: 'A message to a device reaches that page, and no other of the same peer.',
    needs,
    async run(world) {
      const [alice, laptop] = await two(world);
      const phone = await world.again(laptop);
      alice.say(world.message(phone.address, { type: 'hangup', reason: 'hung-up' }));
      await phone.hear('hangup', { call: world.call });
      // What is said to both comes after it, and shows that it would have come by then.
      alice.say({ ...world.message(peerOf(laptop), { type: 'ringing', alert: 'visual' }), call: randomUUID() });
      await laptop.hear('ringing');
      await ensureSpared(world, laptop, 'another device');
    },
  },
  {
    id: 'not-to-oneself',
    section: 'Addresses',
    says: "A message to one's own peer is answered with the error `forbidden`, with its type, call and number.",
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say(world.message(peerOf(alice), { type: 'hangup', reason: 'hung-up' }));
      await expectError(alice, 'forbidden', { type: 'hangup', call: world.call, n: 1 });
    },
  },
  {
    id: 'unreachable',
    section: '`unreachable`',
    says: 'A message to a peer that is not there is answered with `unreachable`, with its `to`, `call` and `n`.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      const to = nobody();
      alice.say(world.message(to, { type: 'hangup', reason: 'hung-up', n: 7 }));
      ensureFormed(await alice.hear('unreachable', { to, call: world.call, n: 7 }, 5000));
    },
  },
  {
    id: 'unreachable-device',
    section: '`unreachable`',
    says: 'So is a message to a device that is not there, of a peer that is.',
    needs,
    async run(world) {
      const [alice, bob] = await two(world);
      const to = `${peerOf(bob)}/not-there`;
      alice.say(world.message(to, { type: 'hangup', reason: 'hung-up' }));
      await alice.hear('unreachable', { to, call: world.call, n: 1 }, 5000);
      await ensureSpared(world, bob, 'another device');
    },
  },
  {
    id: 'ack-unanswered',
    section: '`unreachable`',
    says: 'A bare `ack` that nobody gets is not answered.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      const to = nobody();
      alice.say(world.message(to, { type: 'ack', n: 0 }));
      alice.say(world.message(to, { type: 'hangup', reason: 'hung-up', n: 2 }));
      const first = await alice.hear('unreachable', { call: world.call }, 5000);
      ensure(first['n'] === 2, 'an `unreachable` for the `ack`');
    },
  },
];
