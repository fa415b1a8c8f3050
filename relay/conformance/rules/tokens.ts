/** Who may call, at a relay that asks for tokens. */
import { CLOSE, TOKEN_LEEWAY } from '../../protocol/index.js';
import { expectError, peerOf } from '../expect.js';
import { newDevice, nobody } from '../people.js';
import { ensure } from '../rule.js';
import type { Rule } from '../rule.js';
import { ensureFormed } from '../world.js';
import type { World } from '../world.js';

const section = 'Who may call';
const needs = ['tokens'] as const;
const needsPeople = ['tokens', 'people'] as const;
const needsSecret = ['tokens', 'secret'] as const;

/** Says hello with these fields, and expects to be turned away. */
async function refused(world: World, hello: Readonly<Record<string, unknown>>): Promise<void> {
  const visitor = await world.connect();
  visitor.say({ type: 'hello', device: newDevice(), ...hello });
  await visitor.endsWith(CLOSE.unauthorized);
}

/** Tokens that are not good, by what is wrong with them. */
const BAD: readonly (readonly [id: string, what: string, token: (world: World, peer: string) => string])[] = [
  [
    'expired',
    `that expired more than ${TOKEN_LEEWAY} s ago`,
    (world, sub) => world.people.sign({ sub, exp: Math.floor(Date.now() / 1000) - 2 * TOKEN_LEEWAY }),
  ],
  ['endless', 'without `exp`', (world, sub) => world.people.sign({ sub, exp: undefined })],
  ['subjectless', 'without `sub`', (world) => world.people.sign({})],
  ['guests', 'whose `sub` is an ID for guests', (world) => world.people.sign({ sub: 'guest-conformance' })],
  [
    'tampered',
    'whose claims were changed after it was signed',
    (world, sub) => {
      const [head, , signature] = world.people.sign({ sub: nobody() }).split('.');
      return [head, world.people.sign({ sub }).split('.')[1], signature].join('.');
    },
  ],
  [
    'unsigned',
    'that says `alg` `none`',
    (world, sub) => {
      const head = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
      return `${head}.${world.people.sign({ sub }).split('.')[1]}.`;
    },
  ],
];

/** See the top of this file. */
export const TOKEN_RULES: readonly Rule[] = [
  {
    id: 'token-missing',
    section,
    says: `A \`hello\` that names a peer ID and brings no token closes the connection with ${CLOSE.unauthorized}.`,
    needs,
    run: (world) => refused(world, { peer: nobody() }),
  },
  {
    id: 'token-nonsense',
    section,
    says: `A token that is none closes the connection with ${CLOSE.unauthorized}.`,
    needs,
    run: (world) => refused(world, { peer: nobody(), token: 'not.a.token' }),
  },
  {
    id: 'token-of-another',
    section,
    says: `A \`hello\` that names another peer than its token closes the connection with ${CLOSE.unauthorized}.`,
    needs: needsPeople,
    run: (world) => refused(world, { peer: nobody(), token: world.someone(0).token }),
  },
  ...BAD.map(([id, what, token]): Rule => ({
    id: `token-${id}`,
    section,
    says: `A token ${what} closes the connection with ${CLOSE.unauthorized}.`,
    needs: needsSecret,
    run: (world) => {
      const peer = nobody();
      return refused(world, { ...(id !== 'subjectless' && id !== 'guests' && { peer }), token: token(world, peer) });
    },
  })),
  {
    id: 'token-every-time',
    section,
    says: `A \`resume\` secret alone is not enough: without the token the connection is closed with ${CLOSE.unauthorized}.`,
    needs: needsPeople,
    async run(world) {
      const alice = await world.join(world.someone(0));
      const { peer, device, resume } = alice.welcome;
      await refused(world, { peer, device, resume });
      await alice.drain();
    },
  },
  {
    id: 'token-told',
    section,
    says: '`welcome` says in `tokenTtl` how long the token is good, and in `name` the name of the token.',
    needs: needsSecret,
    async run(world) {
      const someone = world.someone(0);
      const { welcome } = await world.join(someone, { name: 'Somebody else' });
      const ttl = Number(welcome['tokenTtl']);
      ensure(ttl > 300 && ttl <= 660, `\`tokenTtl\` ${String(welcome['tokenTtl'])} for a token of 600 s`);
      ensure(welcome['name'] === someone.name, `the name ${JSON.stringify(welcome['name'])}`);
    },
  },
  {
    id: 'token-fresh',
    section: '`token`',
    says: 'A fresh token of the same peer is answered with `token`.',
    needs: needsPeople,
    async run(world) {
      const someone = world.someone(0);
      const alice = await world.join(someone);
      alice.say({ type: 'token', token: someone.token });
      ensureFormed(await alice.hear('token'));
    },
  },
  {
    id: 'token-fresh-bad',
    section: '`token`',
    says: 'A fresh token that is not good is answered with the error `unauthorized`, one of another peer with `forbidden`, and the connection goes on.',
    needs: needsPeople,
    async run(world) {
      const alice = await world.join(world.someone(0));
      alice.say({ type: 'token', token: 'not.a.token' });
      await expectError(alice, 'unauthorized', { type: 'token' });
      alice.say({ type: 'token', token: world.someone(1).token });
      await expectError(alice, 'forbidden', { type: 'token' });
      await alice.drain();
    },
  },
  {
    id: 'calls',
    section,
    says: 'Whoever is not among the `calls` of a token looks like somebody who is not there: `offline`, and `unreachable`.',
    needs: needsSecret,
    async run(world) {
      const bob = await world.join(world.someone(1));
      const alice = await world.join(world.someone(0, { calls: [nobody()] }));
      alice.say({ type: 'watch', addresses: [peerOf(bob)] });
      const { presence } = await alice.hear('presence', { address: peerOf(bob) });
      ensure(presence === 'offline', `the presence ${String(presence)}`);
      alice.say(world.message(peerOf(bob), { type: 'hangup', reason: 'hung-up' }));
      await alice.hear('unreachable', { to: peerOf(bob) }, 5000);
      const came = (await bob.drain()).find(({ call }) => call === world.call);
      ensure(!came, 'the message at the other page');
    },
  },
  {
    id: 'calls-answered',
    section,
    says: 'Everybody may answer: messages other than `invite` pass to the full address of a device, whatever `calls` says.',
    needs: needsSecret,
    async run(world) {
      const bob = await world.join(world.someone(1));
      const alice = await world.join(world.someone(0, { calls: [] }));
      alice.say(world.message(bob.address, { type: 'ringing', alert: 'visual' }));
      await bob.hear('ringing', { call: world.call });
      alice.say({ type: 'watch', addresses: [bob.address] });
      await alice.hear('presence', { address: bob.address, presence: 'online' });
    },
  },
];
