/** Whom a token, or the want of one, lets somebody call and see. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import fc from 'fast-check';

import { NOBODY, mayTell, maySee, readCalls } from '../../relay/grants.js';
import { ADDRESS_PATTERN, MAX_INVITED_PER_MINUTE, MAX_WATCHED } from '../../relay/protocol/index.js';
import { startRelay } from './support/relay.js';
import type { TestPage, TestRelay } from './support/relay.js';
import { tokenFor, withTokens } from './support/tokens.js';

/** Alice may call Bob alone; Bob and Carol may call nobody. */
async function threePeople(t: TestContext): Promise<{ relay: TestRelay; alice: TestPage; bob: TestPage; carol: TestPage }> {
  const relay = await startRelay(t, { ...withTokens, roster: true });
  const alice = await relay.join({ token: tokenFor('alice', { calls: ['bob'] }), device: 'a1' });
  const bob = await relay.join({ token: tokenFor('bob', { calls: [] }), device: 'b1' });
  const carol = await relay.join({ token: tokenFor('carol', { calls: [] }), device: 'c1' });
  return { relay, alice, bob, carol };
}

const between = [
  { type: 'ringing', alert: 'sound' },
  { type: 'accept', media: 'video' },
  { type: 'decline', reason: 'declined' },
  { type: 'cancel', reason: 'cancelled' },
  { type: 'confirm' },
  { type: 'candidates', candidates: [], gen: 0 },
  { type: 'description', description: { type: 'offer', sdp: '' }, gen: 0 },
  { type: 'media', microphone: true, camera: true, screen: false },
  { type: 'resume' },
  { type: 'hangup', reason: 'left' },
] as const;

describe('Who may call one person', () => {
  test('reaches that one, and for him everybody else is as if not there', async (t) => {
    const { alice, bob, carol } = await threePeople(t);
    alice.invite('bob');
    assert.equal((await bob.next('invite'))['from'], 'alice/a1');
    for (const to of ['carol', 'carol/c1', 'dave', 'dave/d1']) {
      alice.invite(to);
      const { call, n, ...answer } = await alice.next('unreachable');
      assert.deepEqual([answer, n, typeof call], [{ type: 'unreachable', to }, 1, 'string']);
    }
    assert.deepEqual(await carol.drain(), []);
  });

  test('learns nothing from any other message to a bare peer either', async (t) => {
    const { alice, carol } = await threePeople(t);
    for (const content of between) {
      for (const to of ['carol', 'dave']) {
        alice.tell(to, content);
        assert.equal((await alice.next('unreachable'))['to'], to, content.type);
      }
    }
    alice.tell('carol', { type: 'ack', n: 0 });
    assert.deepEqual(await alice.drain(), []);
    assert.deepEqual(await carol.drain(), []);
  });

  test('is answered in the order in which he asks, whomever he asks for', async (t) => {
    const { alice } = await threePeople(t);
    for (const to of ['carol', 'dave', 'carol', 'dave']) alice.invite(to);
    assert.deepEqual(
      (await alice.drain()).map(({ type, to }) => `${type} ${String(to)}`),
      ['unreachable carol', 'unreachable dave', 'unreachable carol', 'unreachable dave'],
    );
  });

  test('tries names no faster than others: invites to people whom he may not call are counted', async (t) => {
    const { alice } = await threePeople(t);
    for (let i = 0; i < MAX_INVITED_PER_MINUTE; i++) alice.invite(`x${i}`);
    alice.invite('one-more');
    const answers = await alice.drain();
    assert.equal(answers.filter(({ type }) => type === 'unreachable').length, MAX_INVITED_PER_MINUTE);
    assert.equal(answers.at(-1)!['code'], 'rate-limited');
  });

  test('sees that one come and go, and nobody else', async (t) => {
    const { relay, alice, bob, carol } = await threePeople(t);
    alice.say({ type: 'watch', addresses: ['bob', 'carol', 'dave', 'alice'] });
    const seen = async () => (await alice.drain()).map(({ address, presence, name }) => [address, presence, name]);
    assert.deepEqual(await seen(), [
      ['bob', 'online', undefined],
      ['carol', 'offline', undefined],
      ['dave', 'offline', undefined],
      ['alice', 'online', undefined],
    ]);
    carol.say({ type: 'status', presence: 'busy' });
    bob.say({ type: 'status', presence: 'busy' });
    await Promise.all([carol.drain(), bob.drain()]);
    await relay.join({ token: tokenFor('dave'), device: 'd1' });
    await carol.leave(1000);
    assert.deepEqual(await seen(), [['bob', 'busy', undefined]]);
    alice.say({ type: 'unwatch', addresses: ['bob', 'carol', 'dave'] });
    await bob.leave(1000);
    assert.deepEqual(await seen(), []);
  });

  test('watches as many as others, those whom he may not see included', async (t) => {
    const { alice } = await threePeople(t);
    alice.say({ type: 'watch', addresses: Array.from({ length: MAX_WATCHED }, (_, i) => `x${i}`) });
    assert.equal((await alice.drain()).length, MAX_WATCHED);
    alice.say({ type: 'watch', addresses: ['bob'] });
    assert.equal((await alice.next('error'))['code'], 'forbidden');
  });

  test('finds himself and that one in the roster', async (t) => {
    const { alice, bob } = await threePeople(t);
    const listed = async (page: TestPage) => {
      page.say({ type: 'roster' });
      return ((await page.next('roster'))['peers'] as { peer: string }[]).map(({ peer }) => peer);
    };
    assert.deepEqual([await listed(alice), await listed(bob)], [['alice', 'bob'], ['bob']]);
  });
});

describe('Who may call nobody', () => {
  test('answers whoever called him, sees whether that page is still there, and cannot call back', async (t) => {
    const { alice, bob } = await threePeople(t);
    alice.invite('bob');
    const { from } = await bob.next('invite');
    bob.say({ type: 'watch', addresses: [from] });
    assert.equal((await bob.next('presence'))['presence'], 'online');
    for (const content of between) {
      bob.tell(String(from), content);
      assert.equal((await alice.next(content.type))['from'], 'bob/b1');
    }
    bob.invite(String(from));
    await bob.next('unreachable');
    bob.invite('alice');
    await bob.next('unreachable');
    await alice.leave(1000);
    assert.equal((await bob.next('presence'))['presence'], 'offline');
  });
});

describe('Whom somebody may call', () => {
  test('is everybody where the token does not say, or says *', async (t) => {
    const { join } = await startRelay(t, withTokens);
    const bob = await join({ token: tokenFor('bob') });
    for (const calls of [undefined, '*', ['*'], ['carol', '*']]) {
      const page = await join({ token: tokenFor('alice', { calls }) });
      page.invite('bob');
      await bob.next('invite');
      page.say({ type: 'watch', addresses: ['bob'] });
      assert.equal((await page.next('presence'))['presence'], 'online');
    }
  });

  test('may change with a fresh token, for what he watches already too', async (t) => {
    const { relay, alice, bob, carol } = await threePeople(t);
    alice.say({ type: 'watch', addresses: ['bob', 'carol'] });
    await alice.drain();
    alice.say({ type: 'token', token: tokenFor('alice', { calls: ['carol'] }) });
    await alice.next('token');
    assert.deepEqual(
      (await alice.drain()).map(({ address, presence }) => [address, presence]),
      [
        ['bob', 'offline'],
        ['carol', 'online'],
      ],
    );
    bob.say({ type: 'status', presence: 'busy' });
    await bob.drain();
    alice.invite('bob');
    await alice.next('unreachable');
    alice.invite('carol');
    await carol.next('invite');
    await carol.leave(1000);
    assert.equal((await alice.next('presence'))['address'], 'carol');
    assert.equal(relay.log.lines.filter(([level]) => level === 'error').length, 0);
  });

  test('never lets a message pass that a stranger could find out somebody by, whatever the address', () => {
    const address = fc.stringMatching(new RegExp(ADDRESS_PATTERN));
    const type = fc.constantFrom('invite' as const, ...between.map(({ type }) => type), 'ack' as const);
    fc.assert(
      fc.property(address, type, fc.array(address), (to, type, list) => {
        const calls = readCalls(list);
        const known = calls === '*' || calls.has(to.split('/')[0]!);
        assert.equal(mayTell(calls, { type, to }), known || (type !== 'invite' && to.includes('/')));
        assert.equal(maySee(calls, 'me', to), calls === '*' || calls.has(to) || to === 'me' || to.includes('/'));
      }),
    );
    assert.doesNotMatch(NOBODY, new RegExp(ADDRESS_PATTERN));
  });
});

describe('A visitor without a token', () => {
  const options = { ...withTokens, guests: ['support', 'sales'] };

  test('is a guest, calls the desks that guests may call, is answered, and reaches nobody else', async (t) => {
    const { join } = await startRelay(t, options);
    const support = await join({ token: tokenFor('support', { calls: [] }) });
    const alice = await join({ token: tokenFor('alice') });
    const guest = await join({ name: 'Somebody' });
    assert.match(String(guest.welcome['peer']), /^guest-[0-9a-f]{32}$/);
    assert.equal(guest.welcome['tokenTtl'], undefined);
    guest.invite('support');
    support.tell(String((await support.next('invite'))['from']), { type: 'ringing', alert: 'sound' });
    await guest.next('ringing');
    guest.invite('alice');
    await guest.next('unreachable');
    guest.say({ type: 'watch', addresses: ['support', 'sales', 'alice'] });
    assert.deepEqual(
      (await guest.drain()).map(({ presence }) => presence),
      ['online', 'offline', 'offline'],
    );
    assert.deepEqual(await alice.drain(), []);
  });

  test('may not call another guest', async (t) => {
    const { join } = await startRelay(t, options);
    const [one, two] = [await join(), await join({ device: 'd2' })];
    one.invite(String(two.welcome['peer']));
    await one.next('unreachable');
    assert.deepEqual(await two.drain(), []);
  });

  test('cannot be anybody of his choice', async (t) => {
    const { connect, join } = await startRelay(t, options);
    for (const peer of ['alice', 'support', 'Guest-1', 'guest']) {
      const page = await connect();
      page.say({ type: 'hello', peer, device: 'd1' });
      assert.equal((await page.closed).code, 4401, peer);
    }
    const wished = await join({ peer: 'guest-of-honour' });
    assert.match(String(wished.welcome['peer']), /^guest-[0-9a-f]{32}$/);
  });

  test('is the same guest again with the secret of his last connection, and another one without', async (t) => {
    const { join } = await startRelay(t, options);
    const { peer, resume } = (await join()).welcome;
    assert.equal((await join({ peer, resume })).welcome['peer'], peer);
    assert.notEqual((await join({ peer, device: 'd2', resume })).welcome['peer'], peer);
    assert.notEqual((await join({ peer })).welcome['peer'], peer);
  });

  test('with a bad token is no guest', async (t) => {
    const { connect } = await startRelay(t, options);
    const page = await connect();
    page.say({ type: 'hello', device: 'd1', token: 'a.b.c' });
    assert.equal((await page.closed).code, 4401);
  });

  test('does not become somebody by a token that comes later', async (t) => {
    const { join } = await startRelay(t, options);
    const guest = await join();
    guest.say({ type: 'token', token: tokenFor('alice') });
    assert.equal((await guest.next('error'))['code'], 'forbidden');
  });

  test('may call everybody where guests may', async (t) => {
    const { join } = await startRelay(t, { ...withTokens, guests: ['*'] });
    const alice = await join({ token: tokenFor('alice') });
    (await join()).invite('alice');
    await alice.next('invite');
  });
});
