/** What becomes of a page whose token expires, and of one that brings a fresh one. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import type { Authorize, Verdict } from '../../relay/auth.js';
import { Deadlines } from '../../relay/deadlines.js';
import { Lease } from '../../relay/lease.js';
import { HELLO_WITHIN } from '../../relay/protocol/index.js';
import { Requests } from '../../relay/requests.js';
import type { Services } from '../../relay/services.js';
import { StoppedClock, keepLog, startRelay } from './support/relay.js';
import type { Heard, TestPage, TestRelay } from './support/relay.js';
import { NOW, tokenFor, tokenOf, withTokens } from './support/tokens.js';

/** Lets time pass for pages that ping as pages do, and answers with what the first of them has heard meanwhile. */
async function live(relay: TestRelay, seconds: number, ...pages: readonly TestPage[]): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (let left = seconds; left > 0; left -= 15) {
    relay.clock.pass(Math.min(left, 15));
    const [first] = await Promise.all(pages.map((page) => Promise.race([page.drain(), page.closed.then(() => [])])));
    heard.push(...(first ?? []));
  }
  return heard;
}

const tokenUntil = (exp: number, sub = 'alice') => tokenOf({ sub, exp });

describe('A page whose token expires', () => {
  test('stays for as long as clocks may differ, and is then closed with 4401', async (t) => {
    const relay = await startRelay(t, withTokens);
    const page = await relay.join({ token: tokenUntil(NOW + 120) });
    await live(relay, 179, page);
    relay.clock.pass(1.5);
    assert.deepEqual(await page.closed, { code: 4401, reason: 'The token has expired.' });
  });

  test('counts as present for a moment, as after every other loss', async (t) => {
    const relay = await startRelay(t, withTokens);
    const bob = await relay.join({ token: tokenFor('bob') });
    const alice = await relay.join({ token: tokenUntil(NOW + 60) });
    bob.say({ type: 'watch', addresses: ['alice'] });
    const heard = await live(relay, 120.5, bob, alice);
    await alice.closed;
    assert.deepEqual(
      heard.map(({ presence }) => presence),
      ['online'],
    );
    relay.clock.pass(6);
    assert.equal((await bob.next('presence'))['presence'], 'offline');
  });

  test('comes back under its address with a fresh one', async (t) => {
    const relay = await startRelay(t, withTokens);
    const page = await relay.join({ token: tokenUntil(NOW + 15) });
    await live(relay, 76, page);
    assert.equal((await page.closed).code, 4401);
    const again = await relay.join({ token: tokenUntil(NOW + 600), peer: 'alice', resume: page.welcome['resume'] });
    assert.equal(again.address, 'alice/d1');
  });
});

describe('A fresh token', () => {
  test('keeps the page, which is told how long it is good now', async (t) => {
    const relay = await startRelay(t, withTokens);
    const page = await relay.join({ token: tokenUntil(NOW + 60) });
    await live(relay, 45, page);
    page.say({ type: 'token', token: tokenUntil(NOW + 300) });
    assert.deepEqual(await page.next('token'), { type: 'token', tokenTtl: 255 });
    assert.deepEqual(await live(relay, 300, page), []);
    await live(relay, 16, page);
    assert.equal((await page.closed).code, 4401);
  });

  test('may also end earlier than the last one', async (t) => {
    const relay = await startRelay(t, withTokens);
    const page = await relay.join({ token: tokenUntil(NOW + 3600) });
    page.say({ type: 'token', token: tokenUntil(NOW + 10) });
    assert.equal((await page.next('token'))['tokenTtl'], 10);
    await live(relay, 71, page);
    assert.equal((await page.closed).code, 4401);
  });

  const bad: [string, string, string, string][] = [
    ['of another peer', tokenFor('bob'), 'forbidden', 'The token is for another peer.'],
    ['that has expired', tokenUntil(NOW - 600), 'unauthorized', 'The token has expired.'],
    ['that is none', 'a.b.c', 'unauthorized', 'The token is not valid here.'],
  ];
  for (const [what, token, code, message] of bad)
    test(`${what} is refused, and the page stays until its own expires`, async (t) => {
      const relay = await startRelay(t, withTokens);
      const page = await relay.join({ token: tokenUntil(NOW + 60) });
      page.say({ type: 'token', token });
      assert.deepEqual(await page.next('error'), { type: 'error', code, message, re: { type: 'token' } });
      assert.deepEqual(await live(relay, 110, page), []);
      await live(relay, 11, page);
      assert.equal((await page.closed).code, 4401);
    });

  test('for a relay that asks for none changes nothing, and is acknowledged', async (t) => {
    const { join } = await startRelay(t);
    const page = await join({ peer: 'alice' });
    page.say({ type: 'token', token: 'x' });
    assert.deepEqual(await page.next('token'), { type: 'token' });
  });
});

describe('A site that decides itself, and is brought a fresh token', () => {
  /** A relay whose site answers renewals as the test says. */
  const renewing = (answer: () => Verdict | Promise<Verdict>): Authorize => {
    return (claim) => (claim.renewal ? answer() : { peer: claim.peer, expiresAt: NOW + 60 });
  };

  test('is asked with the peer of the page, and may extend its time and whom it calls', async (t) => {
    const claims: unknown[] = [];
    const authorize: Authorize = (claim) => {
      claims.push(claim);
      return claim.renewal ? { peer: 'alice', calls: [], expiresAt: NOW + 100 } : { peer: 'alice', name: 'Alice', expiresAt: NOW + 60 };
    };
    const relay = await startRelay(t, { authorize });
    const bob = await relay.join({ peer: 'bob' }).catch(() => undefined);
    assert.ok(bob);
    claims.length = 0;
    const page = await relay.join({ token: 'one', device: 'd2' });
    assert.equal(page.welcome['tokenTtl'], 60);
    page.say({ type: 'token', token: 'two' });
    assert.equal((await page.next('token'))['tokenTtl'], 100);
    assert.deepEqual(claims, [
      { peer: undefined, name: undefined, token: 'one', resumed: false },
      { peer: 'alice', name: 'Alice', token: 'two', resumed: true, renewal: true },
    ]);
    page.invite('bob');
    await page.next('unreachable');
  });

  const answers: [string, () => Verdict | Promise<Verdict>, string][] = [
    ['another peer is refused', () => ({ peer: 'bob' }), 'forbidden'],
    ['a guest where there was none is refused', () => ({ peer: undefined }), 'forbidden'],
    ['a refusal is passed on', () => ({ refused: 'unauthorized', message: 'No.' }), 'unauthorized'],
    ['an exception puts the page off', () => Promise.reject(new Error('down')), 'rate-limited'],
    ['rubbish puts the page off', () => ({ peer: 'alice', expiresAt: NaN }), 'rate-limited'],
  ];
  for (const [what, answer, code] of answers)
    test(`${what}, and the page stays until its time is over`, async (t) => {
      const relay = await startRelay(t, { authorize: renewing(answer) });
      const page = await relay.join({ peer: 'alice' });
      page.say({ type: 'token', token: 'two' });
      assert.equal((await page.next('error'))['code'], code);
      assert.deepEqual(await live(relay, 119, page), []);
      await live(relay, 2, page);
      assert.equal((await page.closed).code, 4401);
    });

  test('no answer at all holds up one token at a time, and nothing else', async (t) => {
    const relay = await startRelay(t, { authorize: renewing(() => new Promise(() => undefined)) });
    const page = await relay.join({ peer: 'alice' });
    page.say({ type: 'token', token: 'two' });
    assert.deepEqual(await page.drain(), []);
    page.say({ type: 'token', token: 'three' });
    assert.equal((await page.next('error'))['code'], 'rate-limited');
  });

  test('no answer within the time of a hello puts the page off, which may bring another, and one that comes late counts for nothing', async (t) => {
    const answers: ((verdict: Verdict) => void)[] = [];
    const relay = await startRelay(t, { authorize: renewing(() => new Promise((resolve) => answers.push(resolve))) });
    const page = await relay.join({ peer: 'alice' });
    page.say({ type: 'token', token: 'two' });
    await page.drain();
    relay.clock.pass(HELLO_WITHIN + 1);
    const { code, re } = await page.next('error');
    assert.deepEqual([code, re], ['rate-limited', { type: 'token' }]);
    page.say({ type: 'token', token: 'three' });
    await page.drain();
    answers[0]!({ peer: 'alice', expiresAt: NOW + 1000 });
    assert.deepEqual(await page.drain(), []);
    answers[1]!({ peer: 'alice', expiresAt: NOW + 500 });
    assert.ok(Number((await page.next('token'))['tokenTtl']) < 500);
    relay.clock.pass(HELLO_WITHIN + 1);
    assert.deepEqual(await page.drain(), []);
  });

  test('an answer that comes when the page has gone is for nobody', async (t) => {
    let answer!: (verdict: Verdict) => void;
    let asked!: () => void;
    const asking = new Promise<void>((resolve) => (asked = resolve));
    const answered = new Promise<Verdict>((resolve) => (answer = resolve));
    const relay = await startRelay(t, { authorize: renewing(() => (asked(), answered)) });
    const page = await relay.join({ peer: 'alice' });
    page.say({ type: 'token', token: 'two' });
    await asking;
    await page.leave(1000);
    const bob = await relay.join({ peer: 'bob' });
    answer({ peer: 'alice', expiresAt: NOW + 1 });
    await bob.drain();
    assert.deepEqual(
      relay.log.lines.filter(([level]) => level === 'error'),
      [],
    );
  });
});

test('a check that goes on when the page leaves is no failure later, and leaves no deadline behind', () => {
  const clock = new StoppedClock();
  const [deadlines, log] = [new Deadlines(clock), keepLog()];
  const said: unknown[] = [];
  const client = { peer: 'alice', refuse: (...words: unknown[]) => void said.push(words) };
  const services = { authorize: () => new Promise<Verdict>(() => undefined), deadlines, log };
  const requests = new Requests(client as never, services as unknown as Services);
  requests.answer({ type: 'token', token: 'two' });
  assert.equal(deadlines.size, 1);
  requests.close();
  requests.close();
  assert.equal(deadlines.size, 0);
  clock.pass(HELLO_WITHIN + 1);
  assert.deepEqual([log.lines, said], [[], []]);
});

describe('The time that a grant lasts', () => {
  test('costs one deadline, however often it is renewed, and none once the page has gone', () => {
    const clock = new StoppedClock();
    const deadlines = new Deadlines(clock);
    let ends = 0;
    const lease = new Lease({ clock, deadlines }, () => ends++);
    assert.deepEqual(lease.calls, new Set(), 'nobody, until it is known whom');
    for (const expiresAt of [NOW + 10, NOW + 5, NOW + 1e12, undefined, NOW + 20]) {
      lease.renew({ calls: '*', expiresAt });
      assert.equal(deadlines.size, expiresAt === undefined ? 0 : 1);
    }
    clock.pass(81);
    assert.deepEqual([ends, deadlines.size], [1, 0]);
    lease.renew({ calls: '*', expiresAt: NOW + 1000 });
    lease.close();
    lease.close();
    clock.pass(2000);
    assert.deepEqual([ends, deadlines.size, clock.timers], [1, 0, 0]);
  });
});
