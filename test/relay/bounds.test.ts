/** Every bound of the protocol that a relay enforces: what just fits is taken, what is one more is not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  MAX_CALLS_PER_MINUTE,
  MAX_CANDIDATE,
  MAX_CANDIDATES,
  MAX_DEVICE,
  MAX_INVITED_PER_MINUTE,
  MAX_MESSAGE_BYTES,
  MAX_NAME,
  MAX_PAGES_OF_ONE,
  MAX_PEER,
  MAX_SDP,
  MAX_TOKEN,
  MAX_WATCHED,
  RING_TIMEOUT,
  ROSTER_EVERY,
  ROSTER_FEW,
  ROSTER_SOON,
} from '../../relay/protocol/index.js';
import { PAGE_WATCH_RATE, WATCH_RATE } from '../../relay/limits.js';
import { CALL, startRelay } from './support/relay.js';
import type { TestPage } from './support/relay.js';

describe('A hello', () => {
  const fields: [string, number][] = [
    ['name', MAX_NAME],
    ['peer', MAX_PEER],
    ['device', MAX_DEVICE],
    ['token', MAX_TOKEN],
  ];
  for (const [field, most] of fields) {
    test(`has a ${field} of at most ${most} characters`, async (t) => {
      const { connect, join } = await startRelay(t);
      await join({ [field]: 'x'.repeat(most) });
      const page = await connect();
      page.say({ type: 'hello', device: 'd1', [field]: 'x'.repeat(most + 1) });
      assert.equal((await page.closed).code, 4400);
    });
  }
});

describe('A message between pages', () => {
  const offer = (sdp = '') => ({ type: 'offer', sdp });
  const invite = { type: 'invite', media: 'video', expires: 60, description: offer(), gen: 0 } as const;
  const candidates = (count: number, length = 0) => ({
    type: 'candidates' as const,
    gen: 0,
    candidates: Array.from({ length: count }, () => ({ candidate: 'c'.repeat(length) })),
  });
  const cases: [string, { type: string }, { type: string }][] = [
    [
      'a description',
      { type: 'description', gen: 0, description: offer('v'.repeat(MAX_SDP)) } as never,
      { type: 'description', gen: 0, description: offer('v'.repeat(MAX_SDP + 1)) } as never,
    ],
    ['a number of candidates', candidates(MAX_CANDIDATES), candidates(MAX_CANDIDATES + 1)],
    ['a candidate', candidates(1, MAX_CANDIDATE), candidates(1, MAX_CANDIDATE + 1)],
    ['a name', { ...invite, name: 'n'.repeat(MAX_NAME) } as never, { ...invite, name: 'n'.repeat(MAX_NAME + 1) } as never],
    ['the longest ringing', { ...invite, expires: RING_TIMEOUT.max } as never, { ...invite, expires: RING_TIMEOUT.max + 1 } as never],
    ['the shortest ringing', { ...invite, expires: RING_TIMEOUT.min } as never, { ...invite, expires: RING_TIMEOUT.min - 1 } as never],
  ];
  for (const [what, fits, exceeds] of cases) {
    test(`is bounded in ${what}`, async (t) => {
      const { join } = await startRelay(t);
      const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
      alice.tell('bob', fits);
      await bob.next(fits.type);
      alice.tell('bob', exceeds);
      assert.equal((await alice.next('error'))['code'], 'protocol');
      assert.deepEqual(await bob.drain(), []);
    });
  }
});

test('a message of 64 KiB is taken, one of a byte more closes with 1009', async (t) => {
  const { join } = await startRelay(t);
  const page = await join();
  const ping = (bytes: number) => `{"type":"ping","pad":"${'é'.repeat((bytes - 24) / 2)}"}${' '.repeat(bytes % 2)}`;
  assert.equal(Buffer.byteLength(ping(MAX_MESSAGE_BYTES)), MAX_MESSAGE_BYTES);
  page.say(ping(MAX_MESSAGE_BYTES));
  await page.next('pong');
  page.say(`${ping(MAX_MESSAGE_BYTES)} `);
  assert.equal((await page.closed).code, 1009);
});

test('a message in 16 fragments is taken, one in 17 closes with 1008', async (t) => {
  const { join } = await startRelay(t);
  const page = await join();
  const fragments = (count: number) => {
    const text = '{"type":"ping"}'.padEnd(count);
    for (let i = 0; i < count; i++) page.webSocket.send(i === count - 1 ? text.slice(i) : text[i]!, { fin: i === count - 1 });
  };
  fragments(16);
  await page.next('pong');
  fragments(17);
  assert.equal((await page.closed).code, 1008);
});

test('text that is not UTF-8 closes with 1007', async (t) => {
  const { join } = await startRelay(t);
  const page = await join();
  page.webSocket.send(Buffer.from([0xc3, 0x28]), { binary: false });
  assert.equal((await page.closed).code, 1007);
});

test('compression is offered in vain', async (t) => {
  const { join } = await startRelay(t);
  const page = await join();
  assert.equal(page.webSocket.extensions, '');
});

test('a page watches 100 addresses and no more, whatever it asks for at once, and may change them', async (t) => {
  const { join } = await startRelay(t);
  const page = await join();
  const addresses = Array.from({ length: MAX_WATCHED }, (_, i) => `p${i}`);
  page.say({ type: 'watch', addresses });
  assert.equal((await page.drain()).length, MAX_WATCHED);
  page.say({ type: 'watch', addresses: ['p0', 'one-more'] });
  const error = await page.next('error');
  assert.deepEqual([error['code'], error['re']], ['forbidden', { type: 'watch' }]);
  page.say({ type: 'watch', addresses: ['p0', 'p0'] });
  await page.next('presence');
  page.say({ type: 'unwatch', addresses: ['p0'] });
  page.say({ type: 'watch', addresses: ['one-more'] });
  assert.equal((await page.next('presence'))['address'], 'one-more');
  page.say({ type: 'watch', addresses: [...addresses, 'one-more'] });
  assert.equal((await page.next('error'))['code'], 'protocol');
  assert.deepEqual(await page.drain(), []);
});

/** Watches so many addresses for a moment, and answers with what the relay says to it. */
async function askWho(page: TestPage, begin: number, count = MAX_WATCHED): Promise<unknown[]> {
  const addresses = Array.from({ length: count }, (_, at) => `p${begin + at}`);
  page.say({ type: 'watch', addresses });
  page.say({ type: 'unwatch', addresses });
  return (await page.drain()).map((answer) => answer['code'] ?? answer.type);
}

test('pages of one network begin to watch 2,000 addresses at once and 50 a second for long, however many pages they are', async (t) => {
  const { join, clock, log } = await startRelay(t, { trustProxy: ['loopback'], open: true });
  const from = (ip: string) => ({ headers: { 'X-Forwarded-For': ip } });
  const elsewhere = await join({}, from('192.0.2.2'));
  for (let begin = 0; begin < WATCH_RATE.burst; begin += MAX_WATCHED) {
    const page = await join({}, from('192.0.2.1'));
    assert.deepEqual(new Set(await askWho(page, begin)), new Set(['presence']));
    await page.leave(1000);
  }
  const one = await join({}, from('192.0.2.1'));
  assert.deepEqual(await askWho(one, 9000, 1), ['rate-limited']);
  assert.deepEqual(await askWho(elsewhere, 9000, 1), ['presence']);
  clock.pass(1);
  assert.deepEqual(await askWho(one, 9100, WATCH_RATE.perSecond + 1), ['rate-limited']);
  assert.equal((await askWho(one, 9100, WATCH_RATE.perSecond)).length, WATCH_RATE.perSecond);
  assert.ok(log.lines.every(([level]) => level !== 'error'));
});

test('a page begins to watch 300 addresses at once and 10 a second for long, and takes nothing from others of its network', async (t) => {
  const { join, clock } = await startRelay(t);
  const [greedy, other] = [await join(), await join()];
  for (let begin = 0; begin < PAGE_WATCH_RATE.burst; begin += MAX_WATCHED) {
    assert.deepEqual(new Set(await askWho(greedy, begin)), new Set(['presence']));
  }
  for (let round = 0; round < 2 * (WATCH_RATE.burst / MAX_WATCHED); round++) assert.deepEqual(await askWho(greedy, 9000), ['rate-limited']);
  assert.deepEqual(new Set(await askWho(other, 9000)), new Set(['presence']));
  clock.pass(1);
  assert.deepEqual(await askWho(greedy, 9100, PAGE_WATCH_RATE.perSecond + 1), ['rate-limited']);
  assert.equal((await askWho(greedy, 9100, PAGE_WATCH_RATE.perSecond)).length, PAGE_WATCH_RATE.perSecond);
});

test('what others of its network have used up is not taken from what a page may begin to watch', async (t) => {
  const { join, clock } = await startRelay(t);
  const page = await join();
  for (let used = 0; used < WATCH_RATE.burst; used += 200) {
    const other = await join();
    for (const begin of [used, used + MAX_WATCHED]) await askWho(other, begin);
    await other.leave(1000);
  }
  for (let tries = 0; tries < 5; tries++) assert.deepEqual(await askWho(page, 9000), ['rate-limited']);
  clock.pass(6);
  for (let begin = 0; begin < PAGE_WATCH_RATE.burst; begin += MAX_WATCHED) {
    assert.deepEqual(new Set(await askWho(page, begin)), new Set(['presence']));
  }
});

test('a person invites 20 others a minute, on however many devices', async (t) => {
  const { join, clock } = await startRelay(t);
  const [one, two] = [await join({ peer: 'alice', device: 'd1' }), await join({ peer: 'alice', device: 'd2' })];
  for (let i = 0; i < MAX_INVITED_PER_MINUTE; i++) {
    const page = i % 2 === 0 ? one : two;
    page.invite(`p${i}`);
    await page.next('unreachable');
  }
  two.invite('one-more');
  const error = await two.next('error');
  assert.deepEqual([error['code'], (error['re'] as { type: string }).type], ['rate-limited', 'invite']);
  two.invite('p0');
  await two.next('unreachable');
  clock.pass(20);
  await Promise.all([one.drain(), two.drain()]);
  clock.pass(41);
  two.invite('one-more');
  await two.next('unreachable');
});

test('a page that does not read is told 1013 and let go, and others lose nothing', async (t) => {
  const { join, relay } = await startRelay(t, { rate: 100_000 });
  const [sender, deaf, witness] = [await join({ peer: 'sender' }), await join({ peer: 'deaf' }), await join({ peer: 'witness' })];
  deaf.webSocket.pause();
  let gone = false;
  const unreachable = sender.next('unreachable').then(() => (gone = true));
  const description = { type: 'offer', sdp: 'v'.repeat(MAX_SDP) };
  while (!gone) {
    for (let i = 0; i < 20; i++) sender.tell('deaf', { type: 'description', gen: 0, description });
    await new Promise((resolve) => sender.webSocket.once('pong', resolve).ping());
  }
  await unreachable;
  sender.tell('witness', { type: 'hangup', reason: 'left' });
  await witness.next('hangup');
  deaf.webSocket.resume();
  assert.equal((await deaf.closed).code, 1013);
  while (relay.connections > 2) await witness.drain();
});

test('when all pages together leave more than --max-unread, those with most are cut off, and others lose nothing', async (t) => {
  const { join, relay, log } = await startRelay(t, { rate: 100_000, maxUnread: 1 });
  const names = Array.from({ length: 8 }, (_, at) => `deaf-${at}`);
  const sender = await join({ peer: 'sender' });
  const witness = await join({ peer: 'witness' });
  const deaf = new Map(await Promise.all(names.map(async (peer) => [peer, await join({ peer })] as const)));
  for (const { webSocket } of deaf.values()) webSocket.pause();
  const description = { type: 'offer', sdp: 'v'.repeat(MAX_SDP) };
  const gone = () => log.lines.filter(([, { code }, message]) => message === 'page left' && code === 1013);
  while (gone().length === 0) {
    for (const name of names) sender.tell(name, { type: 'description', gen: 0, description });
    await sender.drain();
  }
  // Each of them has left less than a page may leave alone: 1 MiB for eight is 128 KiB for one.
  const { peer } = gone()[0]![1] as { peer: string };
  const first = deaf.get(peer)!;
  first.webSocket.resume();
  assert.equal((await first.closed).code, 1006, 'it is not told: it would not read that either');
  sender.tell('witness', { type: 'hangup', reason: 'left' });
  await witness.next('hangup');
  assert.ok(gone().length < names.length, 'not all of them had to go');
  assert.match(await relay.metrics(), new RegExp(`^video_call_connections_closed_total\\{code="1013"\\} ${gone().length}$`, 'm'));
});

test('MAX_PAGES_OF_ONE: a person has so many pages at a time, one more is closed with 4429, and one that returns is let in', async (t) => {
  const { connect, join } = await startRelay(t);
  const pages = [];
  for (let i = 0; i < MAX_PAGES_OF_ONE; i++) pages.push(await join({ peer: 'alice', device: `d${i}` }));
  for (const device of ['extra', 'd0']) {
    const extra = await connect();
    extra.say({ type: 'hello', peer: 'alice', device });
    assert.equal((await extra.closed).code, 4429, device);
  }
  const returned = await join({ peer: 'alice', device: 'd0', resume: pages[0]!.welcome['resume'] });
  assert.equal(returned.welcome['device'], 'd0');
});

test('MAX_PAGES_OF_ONE holds for a page that was gone for long and comes back with its secret, too', async (t) => {
  const { connect, join, clock, log } = await startRelay(t);
  const gone = await join({ peer: 'alice', device: 'gone' });
  await gone.leave(1000);
  while (!log.lines.some(([, , message]) => message === 'page left')) await new Promise((resolve) => setImmediate(resolve));
  clock.pass(10);
  for (let i = 0; i < MAX_PAGES_OF_ONE; i++) await join({ peer: 'alice', device: `d${i}` });
  const extra = await connect();
  extra.say({ type: 'hello', peer: 'alice', device: 'gone', resume: gone.welcome['resume'] });
  assert.equal((await extra.closed).code, 4429);
});

test('a person begins 60 calls a minute', async (t) => {
  const { join } = await startRelay(t);
  const [alice, bob] = [await join({ peer: 'alice' }), await join({ peer: 'bob' })];
  const id = (n: number) => CALL.slice(0, -2) + n.toString(16).padStart(2, '0');
  const invite = { type: 'invite', media: 'video', expires: 60, description: { type: 'offer', sdp: '' }, gen: 0 };
  for (let n = 0; n < MAX_CALLS_PER_MINUTE; n++) alice.tell('bob', { ...invite, call: id(n) });
  alice.tell('bob', { ...invite, call: id(0) });
  alice.tell('bob', { ...invite, call: id(99) });
  assert.deepEqual(
    (await alice.drain()).map(({ type, code, re }) => [type, code, (re as { call: string }).call]),
    [['error', 'rate-limited', id(99)]],
  );
  assert.equal((await bob.drain()).length, MAX_CALLS_PER_MINUTE + 1);
});

test('a page gets a roster as soon again as the relay says where few are there, and every two seconds where many are', async (t) => {
  const { join, clock } = await startRelay(t, { roster: true, maxConnectionsPerIp: 200, connectRate: 100, drain: 0 });
  const page = await join({ peer: 'alice' });
  const after = async (milliseconds: number, expected: 'roster' | 'error') => {
    clock.pass(milliseconds / 1000);
    page.say({ type: 'roster' });
    const { again, code } = await page.next(expected);
    return again ?? code;
  };
  assert.equal(await after(0, 'roster'), ROSTER_SOON);
  assert.equal(await after(0, 'error'), 'rate-limited');
  assert.equal(await after(ROSTER_SOON, 'roster'), ROSTER_SOON);
  // Half of the time is enough: of two questions, the first may have been longer on its way.
  assert.equal(await after(ROSTER_SOON / 2 - 1, 'error'), 'rate-limited');
  assert.equal(await after(1, 'roster'), ROSTER_SOON);
  // The guests are not listed, but each of them could ask.
  for (let guests = 0; guests < ROSTER_FEW; guests++) await join({});
  assert.equal(await after(ROSTER_SOON, 'roster'), undefined);
  assert.equal(await after(ROSTER_SOON, 'error'), 'rate-limited');
  assert.equal(await after(ROSTER_EVERY * 1000 - ROSTER_SOON, 'roster'), undefined);
});

test('a page gets a roster every two seconds only where many are to be looked through, also where few pages are connected', async (t) => {
  const options = { roster: true, maxConnectionsPerIp: 200, connectRate: 100, drain: 0 };
  const { join, relay, clock } = await startRelay(t, {
    ...options,
    authorize: ({ peer }) => (peer === 'eve' ? { peer, calls: [] } : { peer }),
  });
  const [page, eve] = [await join({ peer: 'alice' }), await join({ peer: 'eve' })];
  const again = async (): Promise<unknown> => {
    page.say({ type: 'roster' });
    return (await page.next('roster'))['again'];
  };
  const here = 2;
  const left = [];
  for (let at = 0; at <= ROSTER_FEW - here; at++) left.push(await join({ peer: `p${at}`, device: `d${at}` }));
  // Without a word of farewell, so that they are awaited for a moment.
  for (const { webSocket } of left) webSocket.terminate();
  while (relay.connections > here) await page.drain();
  assert.equal(await again(), undefined);
  // Whoever may see himself only costs little here.
  eve.say({ type: 'roster' });
  assert.equal((await eve.next('roster'))['again'], ROSTER_SOON);
  clock.pass(ROSTER_EVERY + 5);
  assert.equal(await again(), ROSTER_SOON);
});
