/** The table of tokens: each with the answer that PROTOCOL.md promises. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import type { Authorize } from '../../relay/auth.js';
import { secretKeys } from '../../relay/keys.js';
import { MAX_TOKEN } from '../../relay/protocol/index.js';
import { createTokenCheck } from '../../relay/token-check.js';
import { StoppedClock, startRelay } from './support/relay.js';
import { NOW, SECRET, makeKey, part, signedBy, tokenFor, tokenOf, withTokens } from './support/tokens.js';

const exp = NOW + 3600;
const header = { alg: 'HS256', typ: 'JWT' };
const rsa = makeKey('RS256');
const INVALID = 'The token is not valid here.';
const [goodHeader, goodClaims, goodSignature] = tokenFor('alice').split('.') as [string, string, string];

describe('A token that is good', () => {
  const cases: [string, string][] = [
    ['as the site makes it', tokenFor('alice')],
    ['with a header that says nothing but the algorithm', tokenOf({ sub: 'alice', exp }, { alg: 'HS256' })],
    ['with claims that nobody knows', tokenFor('alice', { role: 'admin', __proto__x: 1 })],
    ['expired for less than the clocks may differ', tokenOf({ sub: 'alice', exp: NOW - 59 })],
    ['not good for less than the clocks may differ', tokenFor('alice', { nbf: NOW + 59 })],
    ['with an expiry that is no whole number', tokenOf({ sub: 'alice', exp: exp + 0.5 })],
    ['from any issuer', tokenFor('alice', { iss: 'https://evil.example' })],
    ['whose key ID is a path', tokenOf({ sub: 'alice', exp }, { ...header, kid: '../../../../dev/null' })],
    ['whose key ID is SQL', tokenOf({ sub: 'alice', exp }, { ...header, kid: "x' UNION SELECT 'key'--" })],
    [
      'that names the same claim twice, but not in the claims themselves',
      tokenFor('alice', { a: { sub: 1 }, b: [{ sub: 2 }], c: '"sub":' }),
    ],
    ['of as many characters as there may be', padded(MAX_TOKEN)],
  ];
  for (const [what, token] of cases)
    test(`lets its page in: ${what}`, async (t) => {
      const { join } = await startRelay(t, withTokens);
      assert.equal((await join({ token })).welcome['peer'], 'alice');
    });

  test('brings the name that others see, in place of the one that the page says', async (t) => {
    const { join } = await startRelay(t, withTokens);
    await join({ token: tokenFor('alice', { name: 'Alice' }), name: 'The boss' });
    await join({ token: tokenFor('carol'), name: 'The boss' });
    const bob = await join({ token: tokenFor('bob') });
    bob.say({ type: 'watch', addresses: ['alice', 'carol'] });
    assert.equal((await bob.next('presence'))['name'], 'Alice');
    assert.equal((await bob.next('presence'))['name'], undefined);
  });

  test('is looked at by the clock of the relay, and its page is told how long it is good', async (t) => {
    const { join } = await startRelay(t, withTokens);
    for (const [at, tokenTtl] of [
      [NOW + 90, 90],
      [NOW - 30, 0],
      [1e300, 365 * 86_400],
    ] as const)
      assert.equal((await join({ token: tokenOf({ sub: 'alice', exp: at }) })).welcome['tokenTtl'], tokenTtl);
  });
});

/** A good token of so many characters, filled up where that is not looked at. */
function padded(length: number): string {
  const token = (header: number, claims: number) =>
    tokenOf({ sub: 'alice', exp, pad: 'x'.repeat(claims) }, { alg: 'HS256', pad: 'x'.repeat(header) });
  const most = Math.floor(((length - token(0, 0).length) * 3) / 4) - 2;
  for (const header of [0, 1, 2])
    for (const extra of [0, 1, 2, 3]) if (token(header, most + extra).length === length) return token(header, most + extra);
  throw new Error(`There is no token of ${length} characters.`);
}

describe('A token that is not good', () => {
  const text = (claims: string, head: unknown = header) => tokenOf(claims, head);
  const cases: [string, string, string][] = [
    ['of another peer than the page says to be', tokenFor('bob'), 'The token is for another peer.'],
    ['with no algorithm', `${part({ alg: 'none' })}.${goodClaims}.`, INVALID],
    ['with no algorithm, and the signature of another token', `${part({ alg: 'none' })}.${goodClaims}.${goodSignature}`, INVALID],
    ['with no algorithm, in other letters', tokenOf({ sub: 'alice', exp }, { alg: 'nOnE' }), INVALID],
    ['without a word about the algorithm', tokenOf({ sub: 'alice', exp }, { typ: 'JWT' }), INVALID],
    ['with a list for an algorithm', tokenOf({ sub: 'alice', exp }, { alg: ['HS256'] }), INVALID],
    ['with a longer hash than was agreed on', tokenOf({ sub: 'alice', exp }, { alg: 'HS512' }), INVALID],
    ['signed with a private key', signedBy(rsa, { sub: 'alice', exp }), INVALID],
    ['signed with another secret', tokenOf({ sub: 'alice', exp }, header, 'another secret of 32 bytes......'), INVALID],
    ['signed with nothing', tokenOf({ sub: 'alice', exp }, header, ''), INVALID],
    ['with its own key in it', tokenOf({ sub: 'alice', exp }, { ...header, jwk: { kty: 'oct', k: part('x') } }, 'x'), INVALID],
    ['with an extension that must be understood', tokenOf({ sub: 'alice', exp }, { ...header, crit: ['x'], x: 1 }), INVALID],
    ['whose claims are not encoded', tokenOf({ sub: 'alice', exp }, { ...header, b64: false, crit: ['b64'] }), INVALID],
    ['whose signature was changed', `${goodHeader}.${goodClaims}.${goodSignature.replace(/^./, (c) => (c === 'A' ? 'B' : 'A'))}`, INVALID],
    ['whose claims were changed', `${goodHeader}.${part({ sub: 'alice', exp: exp + 1 })}.${goodSignature}`, INVALID],
    ['without its signature', `${goodHeader}.${goodClaims}`, INVALID],
    ['with an empty signature', `${goodHeader}.${goodClaims}.`, INVALID],
    ['with a dot too many', `${goodHeader}.${goodClaims}.${goodSignature}.`, INVALID],
    ['with five parts, as if it were encrypted', `${goodHeader}.${goodClaims}.a.b.${goodSignature}`, INVALID],
    ['of dots alone', '..', INVALID],
    ['that is empty', '', INVALID],
    ['in the other alphabet of base64', `${goodHeader}.${goodClaims}.a+/b`, INVALID],
    ['with padding', `${goodHeader}=.${goodClaims}.${goodSignature}`, INVALID],
    ['with a line end', `${goodHeader}.${goodClaims}.${goodSignature}\n`, INVALID],
    ['with a word before it', `Bearer ${tokenFor('alice')}`, INVALID],
    ['whose header is no JSON', text('{}', '{'), INVALID],
    ['whose header is a list', text(JSON.stringify({ sub: 'alice', exp }), '["HS256"]'), INVALID],
    ['whose claims are no JSON', text('sub=alice'), INVALID],
    ['whose claims are null', text('null'), INVALID],
    ['whose claims are a list', text('[{"sub":"alice"}]'), INVALID],
    ['whose claims are no UTF-8', tokenOf(Buffer.from(`{"sub":"alice","exp":${exp},"a":"\xff"}`, 'latin1')), INVALID],
    ['that says twice who it is for', text(`{"sub":"bob","sub":"alice","exp":${exp}}`), INVALID],
    ['that says it twice in two ways', text(`{"s\\u0075b":"bob","sub":"alice","exp":${exp}}`), INVALID],
    ['that says twice when it expires', text(`{"sub":"alice","exp":1,"exp" : ${exp}}`), INVALID],
    ['that names two algorithms', text(JSON.stringify({ sub: 'alice', exp }), '{"alg":"none","alg":"HS256"}'), INVALID],
    ['that expired longer ago than clocks may differ', tokenOf({ sub: 'alice', exp: NOW - 60 }), 'The token has expired.'],
    ['that never expires', tokenOf({ sub: 'alice' }), 'The "exp" of the token is missing or not what it must be.'],
    ['that expires at a text', tokenOf({ sub: 'alice', exp: String(exp) }), 'The "exp" of the token is missing or not what it must be.'],
    ['that expires at null', tokenOf({ sub: 'alice', exp: null }), 'The "exp" of the token is missing or not what it must be.'],
    ['that expires in milliseconds of the past', tokenOf({ sub: 'alice', exp: -1 }), 'The token has expired.'],
    ['that is good only later', tokenFor('alice', { nbf: NOW + 61 }), 'The token is not good yet.'],
    ['that is good from a text on', tokenFor('alice', { nbf: String(NOW) }), INVALID],
    ['made at a text', tokenFor('alice', { iat: 'now' }), INVALID],
    ['for a certain relay, where this one has no name', tokenFor('alice', { aud: 'calls' }), 'The token is for somebody else ("aud").'],
    ['for nobody', tokenOf({ exp }), 'The "sub" of the token is missing or not what it must be.'],
    ['for an empty text', tokenFor(''), 'The "sub" of the token is no peer ID.'],
    ['for a guest', tokenFor('guest-1'), 'The "sub" of the token is an ID for guests.'],
    ['for an address', tokenFor('alice/d1'), 'The "sub" of the token is no peer ID.'],
    ['for somebody with spaces', tokenFor('alice b'), 'The "sub" of the token is no peer ID.'],
    ['for 129 characters', tokenFor('a'.repeat(129)), 'The "sub" of the token is no peer ID.'],
    ['for a number', tokenOf({ sub: 7, exp }), 'The "sub" of the token is no peer ID.'],
    ['for a list', tokenOf({ sub: ['alice'], exp }), 'The "sub" of the token is no peer ID.'],
    ['with a name of 65 characters', tokenFor('alice', { name: 'x'.repeat(65) }), 'The "name" of the token is no name.'],
    ['with a name of two lines', tokenFor('alice', { name: 'a\nb' }), 'The "name" of the token is no name.'],
    ['with a number for a name', tokenFor('alice', { name: 7 }), 'The "name" of the token is no name.'],
    ['with null for a name', tokenFor('alice', { name: null }), 'The "name" of the token is no name.'],
    ['with one ID where a list of them should be', tokenFor('alice', { calls: 'bob' }), 'The "calls" of the token are no peer IDs.'],
    ['with an object where a list should be', tokenFor('alice', { calls: { bob: true } }), 'The "calls" of the token are no peer IDs.'],
    ['that may call null', tokenFor('alice', { calls: null }), 'The "calls" of the token are no peer IDs.'],
    ['that may call addresses', tokenFor('alice', { calls: ['bob/d1'] }), 'The "calls" of the token are no peer IDs.'],
    ['that may call numbers', tokenFor('alice', { calls: [1] }), 'The "calls" of the token are no peer IDs.'],
  ];
  for (const [what, token, reason] of cases)
    test(`closes with 4401: one ${what}`, async (t) => {
      const { connect } = await startRelay(t, withTokens);
      const page = await connect();
      page.say({ type: 'hello', peer: 'alice', device: 'd1', token });
      assert.deepEqual(await page.closed, { code: 4401, reason });
    });

  test('is no message at all where it is too long: 4400, or 1009 for a megabyte', async (t) => {
    const { connect } = await startRelay(t, withTokens);
    for (const [length, code] of [
      [MAX_TOKEN + 1, 4400],
      [1_000_000, 1009],
    ] as const) {
      const page = await connect();
      page.say({ type: 'hello', device: 'd1', token: 'a'.repeat(length) });
      assert.equal((await page.closed).code, code);
    }
  });

  test('makes nobody fetch a key from where it says that there is one', async (t) => {
    const asked: (string | undefined)[] = [];
    const evil = createServer((request, response) => (asked.push(request.url), response.end('{"keys":[]}')));
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    t.after(() => evil.close());
    const url = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/keys`;
    const { connect, join } = await startRelay(t, withTokens);
    for (const where of [{ jku: url }, { x5u: url }, { kid: url }]) {
      await join({ token: tokenOf({ sub: 'alice', exp }, { ...header, ...where }) });
      const page = await connect();
      page.say({
        type: 'hello',
        device: 'd1',
        token: tokenOf({ sub: 'alice', exp }, { ...header, ...where }, 'the secret of somebody else here'),
      });
      assert.equal((await page.closed).code, 4401);
    }
    assert.deepEqual(asked, []);
  });

  test('of whatever letters gets a calm answer, and is never let in', async () => {
    const check = createTokenCheck({ keys: secretKeys(SECRET), clock: new StoppedClock() });
    const pieces = fc.oneof(fc.string(), fc.json().map(part), fc.constantFrom(goodHeader, goodClaims, goodSignature, '.', '..', '{', '"'));
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 6 }), async (parts) => {
        const token = parts.join('.');
        fc.pre(token !== tokenFor('alice'));
        assert.deepEqual(Object.keys(await check({ token, resumed: false })), ['refused', 'message']);
      }),
      { numRuns: 500 },
    );
  });

  test('of many quotation marks costs nothing', async () => {
    const check = createTokenCheck({ keys: secretKeys(SECRET), clock: new StoppedClock() });
    const begun = performance.now();
    for (const claims of ['"\\'.repeat(3000), '['.repeat(6000), `{"a":"${'\\\\'.repeat(2900)}"`])
      await check({ token: tokenOf(claims).slice(0, MAX_TOKEN), resumed: false });
    assert.ok(performance.now() - begun < 200);
  });
});

describe('A relay with a name, and an issuer that it believes', () => {
  const options = { ...withTokens, authAudience: 'calls', authIssuer: 'https://shop.example' };
  const good = { aud: 'calls', iss: 'https://shop.example' };
  const cases: [string, Readonly<Record<string, unknown>>, string | undefined][] = [
    ['both right', good, undefined],
    ['one of several', { ...good, aud: ['mail', 'calls'] }, undefined],
    ['for another relay', { ...good, aud: 'mail' }, 'aud'],
    ['for no relay', { ...good, aud: undefined }, 'aud'],
    ['for an object', { ...good, aud: { calls: true } }, 'aud'],
    ['for a name that begins the same', { ...good, aud: 'calls2' }, 'aud'],
    ['from somebody else', { ...good, iss: 'https://shop.example.evil.example' }, 'iss'],
    ['from nobody', { ...good, iss: undefined }, 'iss'],
    ['from a list', { ...good, iss: ['https://shop.example'] }, 'iss'],
  ];
  for (const [what, claims, wrong] of cases)
    test(`${wrong === undefined ? 'takes' : 'refuses'} a token: ${what}`, async (t) => {
      const { connect } = await startRelay(t, options);
      const page = await connect();
      page.say({ type: 'hello', device: 'd1', token: tokenFor('alice', claims) });
      if (wrong === undefined) assert.equal((await page.next('welcome'))['peer'], 'alice');
      else assert.deepEqual(await page.closed, { code: 4401, reason: `The "${wrong}" of the token is missing or not what it must be.` });
    });
});

describe('A relay that asks for tokens', () => {
  test('lets nobody in without one, whatever cookies, fields or queries he brings', async (t) => {
    const { connect, address } = await startRelay(t, withTokens);
    const token = tokenFor('alice');
    for (const headers of [{}, { Cookie: `token=${token}` }, { Authorization: `Bearer ${token}` }] as Record<string, string>[]) {
      const page = await connect(headers);
      page.say({ type: 'hello', peer: 'alice', device: 'd1' });
      assert.deepEqual(await page.closed, { code: 4401, reason: 'A token is needed.' });
    }
    assert.ok(address.port > 0);
  });

  test('gives an address back for its secret and a token of the same peer together, and for neither alone', async (t) => {
    const { join, connect } = await startRelay(t, withTokens);
    const first = await join({ token: tokenFor('alice') });
    const { resume } = first.welcome;
    for (const hello of [
      { peer: 'alice', resume },
      { peer: 'alice', resume, token: tokenFor('bob') },
    ]) {
      const page = await connect();
      page.say({ type: 'hello', device: 'd1', ...hello });
      assert.equal((await page.closed).code, 4401);
    }
    assert.notEqual((await join({ peer: 'alice', token: tokenFor('alice') })).address, 'alice/d1');
    assert.equal((await join({ peer: 'alice', resume, token: tokenFor('alice') })).address, 'alice/d1');
    assert.equal((await first.closed).code, 4409);
  });

  test('knows its resume secrets again after a restart, and no other secret has the same', async (t) => {
    const one = await startRelay(t, withTokens);
    const { resume } = (await one.join({ token: tokenFor('alice') })).welcome;
    const claims: boolean[] = [];
    for (const authSecret of [SECRET, `${SECRET}!`]) {
      const { join } = await startRelay(t, { ...withTokens, authSecret });
      const token = tokenOf({ sub: 'alice', exp }, header, authSecret);
      await join({ token });
      claims.push((await join({ peer: 'alice', token, resume })).address === 'alice/d1');
    }
    assert.deepEqual(claims, [true, false]);
  });

  test('writes no token into its log, at any level', async (t) => {
    const { join, connect, log } = await startRelay(t, withTokens);
    const page = await join({ token: tokenFor('alice') });
    page.say({ type: 'token', token: tokenFor('bob') });
    await page.next('error');
    const other = await connect();
    other.say({ type: 'hello', device: 'd1', token: 'a.b.c' });
    await other.closed;
    assert.doesNotMatch(JSON.stringify(log.lines), /eyJ|a\.b\.c|thirty-two/);
  });
});

test('the same secret makes the same verdict for everybody who asks at once', async () => {
  const check: Authorize = createTokenCheck({ keys: secretKeys(SECRET), clock: new StoppedClock() });
  const verdicts = await Promise.all(Array.from({ length: 50 }, async (_, i) => check({ token: tokenFor(`p${i}`), resumed: false })));
  assert.deepEqual(
    verdicts.map((verdict) => 'peer' in verdict && verdict.peer),
    Array.from({ length: 50 }, (_, i) => `p${i}`),
  );
});
