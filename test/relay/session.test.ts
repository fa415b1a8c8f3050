import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { FLOOD, MALFORMED } from '../../relay/limits.js';
import {
  GUEST_PREFIX,
  HELLO_WITHIN,
  MAX_MESSAGE_BYTES,
  PING_EVERY,
  PRESENCE_GRACE,
  PROBE_AFTER,
  SILENT_AFTER,
  parseFromRelay,
} from '../../relay/protocol/index.js';
import { CALL, startRelay } from './support/relay.js';

describe('A page that says hello', () => {
  test('is welcomed with everything that the protocol promises, in a message that the parser accepts', async (t) => {
    const { join } = await startRelay(t, { stun: ['stun.example'], roster: true });
    const { welcome } = await join({ peer: 'alice', device: 'd1' });
    const { resume, ...rest } = welcome;
    assert.match(String(resume), /^[\w-]{43}$/);
    assert.deepEqual(rest, {
      type: 'welcome',
      peer: 'alice',
      device: 'd1',
      iceServers: [{ urls: ['stun:stun.example'] }],
      iceTtl: 3600,
      pingEvery: PING_EVERY,
      maxMessage: MAX_MESSAGE_BYTES,
      roster: true,
    });
    assert.equal(parseFromRelay(JSON.stringify(welcome)).refusal, undefined);
  });

  test('without a peer ID becomes a guest, and two guests are two people', async (t) => {
    const { join } = await startRelay(t);
    const [one, two] = [await join(), await join()];
    assert.match(String(one.welcome['peer']), /^guest-[0-9a-f]{32}$/);
    assert.notEqual(one.welcome['peer'], two.welcome['peer']);
  });

  test('with an address that another page has gets a device ID of its own, and the other page stays', async (t) => {
    const { join } = await startRelay(t);
    const [first, second] = [await join({ peer: 'alice' }), await join({ peer: 'alice' })];
    assert.equal(second.welcome['peer'], 'alice');
    assert.notEqual(second.welcome['device'], 'd1');
    assert.deepEqual(await first.drain(), []);
  });

  test('with the right secret takes its address over, the old connection is told 4409, and nobody sees it go', async (t) => {
    const { join } = await startRelay(t);
    const [first, watcher] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    watcher.say({ type: 'watch', addresses: ['alice'] });
    const second = await join({ peer: 'alice', resume: first.welcome['resume'] });
    assert.equal(second.address, 'alice/d1');
    assert.equal((await first.closed).code, 4409);
    watcher.tell('alice', { type: 'hangup', reason: 'left' });
    assert.equal((await second.next('hangup'))['from'], 'bob/d1');
    assert.deepEqual(
      (await watcher.drain()).map((message) => message['presence']),
      ['online', 'online'],
    );
  });

  test('with a wrong secret is taken for a stranger', async (t) => {
    const { join } = await startRelay(t);
    const [first, other] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    const second = await join({ peer: 'alice', resume: other.welcome['resume'] });
    assert.notEqual(second.address, first.address);
    assert.deepEqual(await first.drain(), []);
  });

  test('with the address of a guest gets it where it is free or proved, and else becomes another guest', async (t) => {
    const { join } = await startRelay(t);
    const peer = `${GUEST_PREFIX}0123456789abcdef`;
    const first = await join({ peer });
    assert.equal(first.welcome['peer'], peer);
    const stranger = await join({ peer, device: 'd2' });
    assert.notEqual(stranger.welcome['peer'], peer);
    assert.ok(String(stranger.welcome['peer']).startsWith(GUEST_PREFIX));
    const again = await join({ peer, resume: first.welcome['resume'] });
    assert.equal(again.welcome['peer'], peer);
  });

  test('too late is closed with 4408', async (t) => {
    const { connect, clock } = await startRelay(t);
    const page = await connect();
    clock.pass(HELLO_WITHIN - 1);
    assert.equal(page.webSocket.readyState, page.webSocket.OPEN);
    clock.pass(2);
    assert.equal((await page.closed).code, 4408);
  });

  test('after something else, or wrongly, is closed with 4400', async (t) => {
    const { connect } = await startRelay(t);
    for (const words of [
      '{"type":"ping"}',
      'hello',
      '{"type":"hello"}',
      '{"type":"hello","device":"a b"}',
      '{"type":"hello","device":"d","peer":""}',
    ]) {
      const page = await connect();
      page.say(words);
      assert.equal((await page.closed).code, 4400, words);
    }
  });

  test('twice is told that this is wrong, and goes on', async (t) => {
    const { join } = await startRelay(t);
    const page = await join({ peer: 'alice' });
    page.say({ type: 'hello', device: 'd2' });
    const error = await page.next('error');
    assert.deepEqual([error['code'], error['re']], ['protocol', { type: 'hello' }]);
    assert.deepEqual(await page.drain(), []);
  });
});

describe('A message from page to page', () => {
  test('arrives as it was sent, with the address of its sender as the last key', async (t) => {
    const { join } = await startRelay(t);
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    const raw = new Promise((resolve) => bob.webSocket.once('message', (data) => resolve(String(data))));
    alice.say(` {"type":"hangup","reason":"left","to":"bob","call":"${CALL}","n":1,"ack":0,"later":{"ü":"}"}} \n`);
    assert.equal(
      await raw,
      ` {"type":"hangup","reason":"left","to":"bob","call":"${CALL}","n":1,"ack":0,"later":{"ü":"}"},"from":"alice/d1"}`,
    );
  });

  test('reaches every device of a peer, or the one that it names', async (t) => {
    const { join } = await startRelay(t);
    const [alice, one, two] = [
      await join({ peer: 'alice' }),
      await join({ peer: 'bob', device: 'd1' }),
      await join({ peer: 'bob', device: 'd2' }),
    ];
    alice.invite('bob');
    alice.tell('bob/d2', { type: 'hangup', reason: 'left' });
    await one.next('invite');
    await two.next('invite');
    await two.next('hangup');
    assert.deepEqual(await one.drain(), []);
  });

  test('with a sender of its own is refused and not delivered', async (t) => {
    const { join } = await startRelay(t);
    const [mallory, bob] = [await join({ peer: 'mallory' }), await join({ peer: 'bob' })];
    mallory.tell('bob', { type: 'hangup', reason: 'left', from: 'alice/d1' });
    const error = await mallory.next('error');
    assert.deepEqual([error['code'], error['re']], ['protocol', { type: 'hangup', call: CALL, n: 1 }]);
    assert.deepEqual(await bob.drain(), []);
  });

  test('to nobody comes back as unreachable, but a bare acknowledgement does not', async (t) => {
    const { join } = await startRelay(t);
    const alice = await join({ peer: 'alice' });
    alice.tell('bob', { type: 'ack' });
    alice.tell('bob/d7', { type: 'hangup', reason: 'left', n: 7 });
    assert.deepEqual(await alice.next('unreachable'), { type: 'unreachable', to: 'bob/d7', call: CALL, n: 7 });
  });

  test('to oneself is refused, also to another device', async (t) => {
    const { join } = await startRelay(t);
    const [one, two] = [await join({ peer: 'alice', device: 'd1' }), await join({ peer: 'alice', device: 'd2' })];
    for (const to of ['alice', 'alice/d1', 'alice/d2']) {
      one.invite(to);
      const error = await one.next('error');
      assert.deepEqual([error['code'], error['re']], ['forbidden', { type: 'invite', call: CALL, n: 1 }], to);
    }
    assert.deepEqual(await two.drain(), []);
  });

  test('for a page that dropped comes back as unreachable although the page still counts as present', async (t) => {
    const { join, log } = await startRelay(t);
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    bob.webSocket.terminate();
    alice.say({ type: 'watch', addresses: ['bob'] });
    assert.equal((await alice.next('presence'))['presence'], 'online');
    while (!log.lines.some(([, , message]) => message === 'page left')) await alice.drain();
    alice.invite('bob');
    await alice.next('unreachable');
  });
});

describe('Presence', () => {
  test('is told at once and on change, with the name from hello', async (t) => {
    const { join } = await startRelay(t);
    const alice = await join({ peer: 'alice' });
    alice.say({ type: 'watch', addresses: ['bob'] });
    assert.deepEqual(await alice.next('presence'), { type: 'presence', address: 'bob', presence: 'offline' });
    const bob = await join({ peer: 'bob', name: 'Bob' });
    assert.deepEqual(await alice.next('presence'), { type: 'presence', address: 'bob', presence: 'online', name: 'Bob' });
    bob.say({ type: 'status', presence: 'busy' });
    assert.equal((await alice.next('presence'))['presence'], 'busy');
    alice.say({ type: 'unwatch', addresses: ['bob', 'carol'] });
    await alice.drain();
    bob.say({ type: 'status', presence: 'online' });
    await bob.drain();
    assert.deepEqual(await alice.drain(), []);
  });

  test('lasts for the grace time after a reload or a lost connection, and not at all after 1000', async (t) => {
    const { join, clock, log } = await startRelay(t);
    const watcher = await join({ peer: 'watcher' });
    const left = (count: number) => log.lines.filter(([, , message]) => message === 'page left').length >= count;
    const [reloads, drops, goes] = [await join({ peer: 'reloads' }), await join({ peer: 'drops' }), await join({ peer: 'goes' })];
    watcher.say({ type: 'watch', addresses: ['reloads', 'drops', 'goes'] });
    await watcher.drain();
    await reloads.leave(1001);
    drops.webSocket.terminate();
    while (!left(2)) await watcher.drain();
    await goes.leave(1000);
    assert.deepEqual(await watcher.next('presence'), { type: 'presence', address: 'goes', presence: 'offline' });
    clock.pass(PRESENCE_GRACE + 1);
    assert.deepEqual(
      (await watcher.drain()).map((message) => [message['address'], message['presence']]),
      [
        ['reloads', 'offline'],
        ['drops', 'offline'],
      ],
    );
  });

  test('is no longer told to a page that has gone', async (t) => {
    const { join } = await startRelay(t);
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    alice.say({ type: 'watch', addresses: ['bob'] });
    await alice.next('presence');
    await alice.leave(1000);
    bob.say({ type: 'status', presence: 'busy' });
    assert.deepEqual(await bob.drain(), []);
  });
});

describe('A page that asks', () => {
  test('for the roster gets it where there is one, and is refused where there is none', async (t) => {
    const { join } = await startRelay(t, { roster: true });
    const alice = await join({ peer: 'alice', name: 'Alice' });
    await join();
    alice.say({ type: 'roster' });
    assert.deepEqual((await alice.next('roster'))['peers'], [{ peer: 'alice', name: 'Alice', presence: 'online' }]);
    const without = await startRelay(t);
    const page = await without.join();
    page.say({ type: 'roster' });
    assert.equal((await page.next('error'))['code'], 'forbidden');
  });

  test('for ICE servers gets credentials that are fresh and her own', async (t) => {
    const { join, clock } = await startRelay(t, { turn: ['turn:t.example'], turnSecret: 's', turnTtl: 60 });
    const alice = await join({ peer: 'alice' });
    clock.pass(30);
    alice.say({ type: 'ice-servers' });
    const { iceServers, iceTtl } = await alice.next('ice-servers');
    const [server] = iceServers as { username: string }[];
    assert.deepEqual([server?.username, iceTtl], [`${Math.floor(clock.date() / 1000) + 60}:alice`, 60]);
  });

  test('for nothing, but brings a token, is not troubled', async (t) => {
    const { join } = await startRelay(t);
    const alice = await join({ peer: 'alice' });
    alice.say({ type: 'token', token: 'x' });
    assert.deepEqual(await alice.drain(), []);
  });
});

describe('A page that falls silent', () => {
  test('is closed with 4408 after 45 seconds, and one that pings is not', async (t) => {
    const { join, clock } = await startRelay(t);
    const [silent, alive] = [await join({ peer: 'silent' }, { autoPong: false }), await join({ peer: 'alive' })];
    for (let i = 0; i < 3; i++) {
      clock.pass(SILENT_AFTER / 3 + 1);
      assert.deepEqual(await alive.drain(), []);
    }
    assert.equal((await silent.closed).code, 4408);
  });

  test('stays while its browser answers for it, as it does for a page in the background', async (t) => {
    const { join, clock } = await startRelay(t);
    const background = await join({ peer: 'background' });
    for (let i = 0; i < 6; i++) {
      const asked = once(background.webSocket, 'ping');
      clock.pass(PROBE_AFTER + 1);
      await asked;
      // Once this is answered, the browser's own answer has been taken in as well.
      const answered = once(background.webSocket, 'pong');
      background.webSocket.ping();
      await answered;
    }
    assert.deepEqual(await background.drain(), []);
  });
});

describe('A page that talks nonsense', () => {
  const nonsense = [
    '',
    'x',
    'null',
    '[]',
    '1e400',
    '"x"',
    '{}',
    '{"type":1}',
    '{"type":"nonsense"}',
    '{"type":"toString"}',
    '{"type":"__proto__"}',
    '{"type":"welcome"}',
    '['.repeat(30_000),
  ];

  test('is told so for each message, and heard again after a while', async (t) => {
    const { join, clock } = await startRelay(t);
    const page = await join();
    for (const words of nonsense) {
      page.say(words);
      const error = await page.next('error');
      assert.equal(error['code'], 'protocol', words);
      assert.ok(JSON.stringify(error).length < 1024);
      clock.pass(MALFORMED.within / 1000);
      assert.deepEqual(await page.drain(), []);
    }
  });

  test('is closed with 4400 at the fifth time within ten seconds', async (t) => {
    const { join, clock } = await startRelay(t);
    const page = await join();
    for (let i = 0; i < MALFORMED.limit; i++) {
      clock.pass(1);
      page.say('x');
      await page.next('error');
    }
    assert.equal((await page.closed).code, 4400);
  });

  test('in binary is closed with 1003, before hello and after', async (t) => {
    const { connect, join } = await startRelay(t);
    for (const page of [await connect(), await join()]) {
      page.webSocket.send(Buffer.from('{"type":"ping"}'));
      assert.equal((await page.closed).code, 1003);
    }
  });
});

describe('A page that floods', () => {
  test('is told which messages were dropped, and then closed with 4429, while others are heard', async (t) => {
    const { join } = await startRelay(t, { rate: 5 });
    const [page, witness] = [await join({ peer: 'flood' }), await join({ peer: 'witness' })];
    const burst = 20;
    for (let i = 0; i < burst + FLOOD.limit; i++) page.tell('witness', { type: 'hangup', reason: 'left', n: i });
    assert.equal((await page.closed).code, 4429);
    const error = await page.next('error');
    assert.deepEqual([error['code'], error['re']], ['rate-limited', { type: 'hangup', call: CALL, n: burst }]);
    assert.equal((await witness.drain()).length, burst);
  });

  test('with ping and pong frames is closed with 4429 as well', async (t) => {
    const { join } = await startRelay(t, { rate: 5 });
    const [pings, pongs] = [await join(), await join()];
    for (let i = 0; i < 20 + FLOOD.limit; i++) pongs.webSocket.pong();
    assert.equal((await pongs.closed).code, 4429);
    for (let i = 0; i < 20 + FLOOD.limit; i++) pings.webSocket.ping();
    assert.equal((await pings.closed).code, 4429);
    for (const page of [pings, pongs]) {
      assert.equal((await page.next('error'))['code'], 'rate-limited');
      await assert.rejects(page.next('error'), /ended before/, 'it is said once, for none of them waits for an answer');
    }
  });

  test('is heard again once it has slowed down', async (t) => {
    const { join, clock } = await startRelay(t, { rate: 5 });
    const page = await join();
    for (let i = 0; i < 20; i++) page.say({ type: 'ping' });
    page.say({ type: 'ice-servers' });
    for (let i = 0; i < 20; i++) await page.next('pong');
    assert.deepEqual((await page.next('error'))['re'], { type: 'ice-servers' });
    clock.pass(1);
    page.say({ type: 'ice-servers' });
    await page.next('ice-servers');
  });

  test('a call with many candidates, sent again and again, is no flood', async (t) => {
    const { join } = await startRelay(t);
    const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
    for (let again = 0; again < 4; again++) {
      alice.invite('bob');
      for (let n = 2; n < 40; n++) alice.tell('bob', { type: 'candidates', candidates: [], gen: 0, n });
    }
    assert.equal((await alice.drain()).length, 0);
    assert.equal((await bob.drain()).length, 4 * 39);
  });
});

test('one line of information for each step of life, without tokens, descriptions and addresses', async (t) => {
  const { join, log } = await startRelay(t);
  const [alice, bob] = [await join({ peer: 'alice', token: 'sesame' }), await join({ peer: 'bob' })];
  alice.invite('bob');
  await bob.next('invite');
  alice.say('nonsense');
  await alice.next('error');
  await alice.leave(1000);
  while (!log.lines.some(([, , message]) => message === 'page left')) await bob.drain();
  assert.deepEqual(
    log.lines.filter(([level]) => level === 'info').map(([, , message]) => message),
    ['relay listens', 'page joined', 'page joined', 'page left'],
  );
  const pages = log.lines.filter(([level, , message]) => level === 'info' && message.startsWith('page'));
  assert.doesNotMatch(JSON.stringify(pages), /sesame|v=0|127\.0\.0\.1/);
});
