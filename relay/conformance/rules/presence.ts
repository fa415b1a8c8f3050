/** Who is there: what is told to those who watch. */
import { MAX_WATCHED, PRESENCE_GRACE } from '../../protocol/index.js';
import { expectError, peerOf } from '../expect.js';
import { nobody } from '../people.js';
import { Skip, ensure } from '../rule.js';
import type { Rule } from '../rule.js';
import type { Visitor } from '../visitor.js';
import { ensureFormed } from '../world.js';

const needs = ['people'] as const;
const section = 'Presence';

/** Milliseconds within which a change is told, also where relays are many. */
const TOLD = 4000;

const watch = (visitor: Visitor, ...addresses: string[]): void => visitor.say({ type: 'watch', addresses });

/** Waits for the word that somebody is so. */
async function tells(visitor: Visitor, address: string, presence: string, within = TOLD): Promise<void> {
  ensureFormed(await visitor.hear('presence', { address, presence }, within));
}

/** See the top of this file. */
export const PRESENCE_RULES: readonly Rule[] = [
  {
    id: 'presence-at-once',
    section: '`watch`',
    says: 'Each watched address is told at once: an ID that nobody ever had is `offline`, also one such as `constructor`.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      const addresses = [nobody(), `${nobody()}/device`, 'constructor', '__proto__'];
      watch(alice, ...addresses);
      for (const address of addresses) await tells(alice, address, 'offline');
    },
  },
  {
    id: 'presence-comes',
    section,
    says: 'Whoever comes is told as `online` to those who watch, with the name, and as `offline` again after going with 1000.',
    needs,
    async run(world) {
      const [alice, who] = [await world.join(world.someone(0)), world.someone(1)];
      watch(alice, who.peer);
      await tells(alice, who.peer, 'offline');
      const bob = await world.join(who);
      const { name } = await alice.hear('presence', { address: who.peer, presence: 'online' }, TOLD);
      const known = world.asksForTokens ? bob.welcome['name'] : who.name;
      ensure(name === known, `the name ${JSON.stringify(name)} in place of ${JSON.stringify(known)}`);
      const began = performance.now();
      bob.leave();
      await tells(alice, who.peer, 'offline');
      const seconds = (performance.now() - began) / 1000;
      ensure(seconds < PRESENCE_GRACE - 1, `\`offline\` after ${seconds.toFixed(1)} s only`);
    },
  },
  {
    id: 'status',
    section,
    says: 'A page that says `status` is seen so, and a peer is `busy` as long as any of its devices is.',
    needs,
    async run(world) {
      const [alice, laptop] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      const phone = await world.again(laptop);
      const peer = peerOf(laptop);
      watch(alice, peer, phone.address, laptop.address);
      await tells(alice, phone.address, 'online');
      phone.say({ type: 'status', presence: 'busy' });
      await tells(alice, phone.address, 'busy');
      await tells(alice, peer, 'busy');
      phone.say({ type: 'status', presence: 'online' });
      await tells(alice, peer, 'online');
      const wrong = (await alice.drain()).find(({ address, presence }) => address === laptop.address && presence !== 'online');
      ensure(!wrong, () => `${JSON.stringify(wrong)} for the other device`);
    },
  },
  {
    id: 'presence-again',
    section,
    says: 'A peer is told again, also unchanged, whenever one of its devices connects.',
    needs,
    async run(world) {
      const [alice, laptop] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      watch(alice, peerOf(laptop));
      await tells(alice, peerOf(laptop), 'online');
      await alice.drain();
      await world.again(laptop);
      await tells(alice, peerOf(laptop), 'online');
    },
  },
  {
    id: 'presence-grace',
    section,
    says: `A page whose connection drops counts as present for ${PRESENCE_GRACE} s, messages to it are \`unreachable\` meanwhile, and it is \`offline\` then.`,
    needs,
    slow: true,
    async run(world) {
      const [alice, bob] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      const address = peerOf(bob);
      watch(alice, address);
      await tells(alice, address, 'online');
      bob.cut();
      const early = await alice.unless('presence', { address, presence: 'offline' }, (PRESENCE_GRACE - 1) * 1000);
      ensure(!early, '`offline` before the time');
      alice.say(world.message(address, { type: 'hangup', reason: 'hung-up' }));
      await alice.hear('unreachable', { to: address });
      await tells(alice, address, 'offline', 1000 + TOLD);
    },
  },
  {
    id: 'resume-unseen',
    section,
    says: 'Whoever comes back within that time, with the `resume` secret, was never `offline`.',
    needs,
    slow: true,
    async run(world) {
      const [alice, bob] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      const address = peerOf(bob);
      watch(alice, address);
      await tells(alice, address, 'online');
      bob.cut();
      const { device, resume } = bob.welcome;
      const back = await world.again(bob, { device, resume });
      ensure(back.address === bob.address, 'another address');
      const gone = await alice.unless('presence', { address, presence: 'offline' }, (PRESENCE_GRACE + 1) * 1000);
      ensure(!gone, 'the word that it is `offline`');
    },
  },
  {
    id: 'unwatch',
    section: '`unwatch`',
    says: 'Of an address that is watched no more nothing is told.',
    needs,
    async run(world) {
      const [alice, bob] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      const [peer, device] = [peerOf(bob), bob.address];
      watch(alice, peer, device);
      await tells(alice, peer, 'online');
      await tells(alice, device, 'online');
      alice.say({ type: 'unwatch', addresses: [peer] });
      await alice.drain();
      bob.say({ type: 'status', presence: 'busy' });
      await tells(alice, device, 'busy');
      const told = (await alice.drain()).find(({ address }) => address === peer);
      ensure(!told, () => JSON.stringify(told));
    },
  },
  {
    id: 'watched-at-most',
    section: '`watch`',
    says: `A page watches ${MAX_WATCHED} addresses; one more is refused with the error \`forbidden\`, and a list of more with \`protocol\`.`,
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      const addresses = Array.from({ length: MAX_WATCHED }, nobody);
      watch(alice, ...addresses);
      await tells(alice, addresses.at(-1)!, 'offline');
      const further = nobody();
      watch(alice, further);
      await expectError(alice, 'forbidden', { type: 'watch' });
      watch(alice, ...addresses, further);
      await expectError(alice, 'protocol', { type: 'watch' });
      const told = (await alice.drain()).find(({ address }) => address === further);
      ensure(!told, 'the presence of one more');
    },
  },
  {
    id: 'roster',
    section: '`roster`',
    says: 'A relay that keeps a roster lists who is there and no guests; any other answers with the error `forbidden`.',
    needs,
    async run(world) {
      const [alice, bob] = [await world.join(world.someone(0)), await world.join(world.someone(1))];
      alice.say({ type: 'roster' });
      if (alice.welcome['roster'] !== true) return expectError(alice, 'forbidden', { type: 'roster' });
      const roster = await alice.hear('roster', {}, TOLD);
      ensureFormed(roster);
      const peers = (roster['peers'] as { peer: string }[]).map(({ peer }) => peer);
      ensure(peers.includes(peerOf(bob)), 'a roster without somebody who is there');
      ensure(!peers.some((peer) => peer.startsWith('guest-')), 'a roster with a guest');
    },
  },
  {
    id: 'roster-too-soon',
    section: '`roster`',
    says: 'Whoever asks for the roster twice at once is answered the second time with the error `rate-limited`.',
    needs,
    async run(world) {
      const alice = await world.join(world.someone(0));
      if (alice.welcome['roster'] !== true) throw new Skip('this relay keeps no roster');
      alice.say({ type: 'roster' });
      alice.say({ type: 'roster' });
      await expectError(alice, 'rate-limited', { type: 'roster' });
    },
  },
];
