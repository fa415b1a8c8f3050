/** The first words, and the address that comes of them. */
import { CLOSE, HELLO_WITHIN, MAX_MESSAGE_BYTES } from '../../protocol/index.js';
import { newDevice } from '../people.js';
import { Skip, ensure } from '../rule.js';
import type { Rule } from '../rule.js';
import { ensureFormed } from '../world.js';

/** Seconds by which a deadline may be missed, for networks and busy machines. */
const SLACK = 3;

const people = ['people'] as const;

/** See the top of this file. */
export const HELLO_RULES: readonly Rule[] = [
  {
    id: 'hello-deadline',
    section: 'Connection',
    says: `A connection without a \`hello\` is closed with ${CLOSE.timeout} after ${HELLO_WITHIN} s.`,
    slow: true,
    async run(world) {
      const visitor = await world.connect();
      const began = performance.now();
      await visitor.endsWith(CLOSE.timeout, (HELLO_WITHIN + SLACK) * 1000);
      const seconds = (performance.now() - began) / 1000;
      ensure(seconds > HELLO_WITHIN - 1, `the end after ${seconds.toFixed(1)} s already`);
    },
  },
  {
    id: 'hello-first',
    section: 'Close codes',
    says: `A first message that is no \`hello\` closes the connection with ${CLOSE.malformed}.`,
    async run(world) {
      const visitor = await world.connect();
      visitor.say({ type: 'ping' });
      await visitor.endsWith(CLOSE.malformed);
    },
  },
  {
    id: 'hello-proper',
    section: 'Close codes',
    says: `A \`hello\` that is not as it should be closes the connection with ${CLOSE.malformed}.`,
    async run(world) {
      const visitor = await world.connect();
      visitor.say({ type: 'hello', peer: 'not a peer ID', device: newDevice() });
      await visitor.endsWith(CLOSE.malformed);
    },
  },
  {
    id: 'welcome',
    section: '`welcome`',
    says: 'The answer to `hello` is `welcome`, with the address that was asked for and every field that it needs.',
    needs: people,
    async run(world) {
      const someone = world.someone(0);
      const device = newDevice();
      const { welcome } = await world.join(someone, { device });
      ensureFormed(welcome);
      ensure(welcome['peer'] === someone.peer, `the peer ${String(welcome['peer'])}`);
      ensure(welcome['device'] === device, 'another device ID, though nobody had this one');
      ensure(Number(welcome['maxMessage']) <= MAX_MESSAGE_BYTES, `\`maxMessage\` ${String(welcome['maxMessage'])}`);
    },
  },
  {
    id: 'hello-once',
    section: '`hello`',
    says: 'A second `hello` is answered with the error `protocol`, and the connection goes on.',
    needs: people,
    async run(world) {
      const someone = world.someone(0);
      const visitor = await world.join(someone);
      visitor.say({ type: 'hello', peer: someone.peer, device: newDevice(), ...(someone.token && { token: someone.token }) });
      await visitor.hear('error', { code: 'protocol' });
      await visitor.drain();
    },
  },
  {
    id: 'guest',
    section: 'Addresses',
    says: 'A page without a peer ID gets one that begins with `guest-`, each another one.',
    async run(world) {
      if (world.manner.lets === 'nobody') throw new Skip('this relay lets nobody in without a token');
      const guest = { peer: undefined as never, name: 'Conformance kit' };
      const [one, other] = [await world.join(guest), await world.join(guest)];
      const [first, second] = [String(one.welcome['peer']), String(other.welcome['peer'])];
      ensure(first.startsWith('guest-') && second.startsWith('guest-'), `the peer IDs ${first} and ${second}`);
      ensure(first !== second, 'one and the same peer ID for two pages');
    },
  },
  {
    id: 'ping',
    section: '`ping`',
    says: 'A `ping` is answered with a `pong`.',
    needs: people,
    async run(world) {
      const visitor = await world.join(world.someone(0));
      visitor.say({ type: 'ping' });
      ensureFormed(await visitor.hear('pong'));
    },
  },
  {
    id: 'ice-servers',
    section: '`ice-servers`',
    says: 'Whoever asks for fresh ICE servers gets them, and for how long they are good.',
    needs: people,
    async run(world) {
      const visitor = await world.join(world.someone(0));
      visitor.say({ type: 'ice-servers' });
      ensureFormed(await visitor.hear('ice-servers'));
    },
  },
  {
    id: 'resume',
    section: 'Connection',
    says: `With the \`resume\` secret a page has its address again, and the former connection is closed with ${CLOSE.replaced}.`,
    needs: people,
    async run(world) {
      const someone = world.someone(0);
      const former = await world.join(someone);
      const { device, resume } = former.welcome;
      const now = await world.join(someone, { device, resume });
      ensure(now.address === former.address, 'another address');
      await former.endsWith(CLOSE.replaced);
      await now.drain();
    },
  },
  {
    id: 'address-in-use',
    section: '`welcome`',
    says: 'A device ID that another page has becomes another one where the `resume` secret is missing or wrong.',
    needs: people,
    async run(world) {
      const someone = world.someone(0);
      const first = await world.join(someone);
      const { device, resume } = first.welcome;
      const bare = await world.join(someone, { device });
      ensure(bare.welcome['device'] !== device, 'the same device ID for a page without a secret');
      const wrong = String(resume).replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
      const forged = await world.join(someone, { device, resume: wrong });
      ensure(forged.welcome['device'] !== device, 'the same device ID for a page with a wrong secret');
      await first.drain();
    },
  },
  {
    id: 'secret-of-one-address',
    section: 'Security',
    says: 'A `resume` secret proves one address and no other.',
    needs: people,
    async run(world) {
      const someone = world.someone(0);
      const [one, other] = [await world.join(someone), await world.join(someone)];
      const thief = await world.join(someone, { device: other.welcome['device'], resume: one.welcome['resume'] });
      ensure(thief.address !== other.address, 'the address of another page');
      await other.drain();
    },
  },
];
