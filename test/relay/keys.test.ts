/** Tokens that are checked by the key set of somebody else's server. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { KEYS_COOLDOWN, KEYS_KEPT, KEYS_MAX_AGE, KEYS_PAUSE, KeysUnavailable, remoteKeys } from '../../relay/keys.js';
import { createTokenCheck } from '../../relay/token-check.js';
import { StoppedClock, startRelay } from './support/relay.js';
import type { TestRelay } from './support/relay.js';
import { NOW, makeKey, part, signedBy, tokenOf } from './support/tokens.js';

const claims = { sub: 'alice', exp: NOW + 3600 };
const rsa = makeKey('RS256', 'one');

/** A key server that says what the test says, and counts how often it is asked. */
async function keyServer(
  t: TestContext,
  answer: RequestListener,
): Promise<{ url: string; asked: () => number; say(answer: RequestListener): void }> {
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve))));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  return { url, asked: () => asked, say: (next) => (answer = next) };
}

const keySet =
  (...keys: readonly { readonly jwk: unknown }[]): RequestListener =>
  (_, response) =>
    response.end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));

/** How a page fares that brings a token: its peer ID, or the code with which it is closed. */
async function fareOf({ connect }: TestRelay, token: string): Promise<unknown> {
  const page = await connect();
  page.say({ type: 'hello', device: 'd1', token });
  return Promise.race([page.closed.then(({ code }) => code), page.next('welcome').then(({ peer }) => peer)]).catch(() =>
    page.closed.then(({ code }) => code),
  );
}

describe('A key set', () => {
  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA'] as const)
    test(`with a key for ${alg} lets in whoever has a token of it`, async (t) => {
      const key = makeKey(alg);
      const { url } = await keyServer(t, keySet(key));
      assert.equal(await fareOf(await startRelay(t, { authJwks: url, origins: '*' }), signedBy(key, claims)), 'alice');
    });

  test('is asked for once for many pages', async (t) => {
    const { url, asked } = await keyServer(t, keySet(rsa));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    const fares = await Promise.all(Array.from({ length: 10 }, () => fareOf(relay, signedBy(rsa, claims, { kid: 'one' }))));
    assert.deepEqual([new Set(fares), asked()], [new Set(['alice']), 1]);
  });

  test('is not asked for by what is no token, nor by an algorithm with a shared secret', async (t) => {
    const { url, asked } = await keyServer(t, keySet(rsa));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const mixed = [tokenOf(claims, { alg: 'HS256', kid: 'one' }, pem), tokenOf(claims, { alg: 'HS256' }, JSON.stringify(rsa.jwk))];
    for (const token of ['a.b.c', `${part({ alg: 'none' })}.${part(claims)}.`, ...mixed]) assert.equal(await fareOf(relay, token), 4401);
    assert.equal(asked(), 0);
  });

  const strange: [string, () => string][] = [
    ['signed with another key of the same name', () => signedBy(makeKey('RS256'), claims, { kid: 'one' })],
    ['whose key the set does not have', () => signedBy(rsa, claims, { kid: 'two' })],
    ['whose key ID is a path', () => signedBy(makeKey('RS256'), claims, { kid: '../one' })],
    ['whose key ID is a number', () => signedBy(rsa, claims, { kid: 1 })],
    ['with an algorithm that is not its key’s', () => signedBy({ ...rsa, alg: 'PS256' }, claims, { kid: 'one' })],
    ['with its own key in it', () => signedBy(makeKey('ES256'), claims, { jwk: makeKey('ES256').jwk })],
  ];
  for (const [what, token] of strange)
    test(`does not do for a token ${what}: 4401`, async (t) => {
      const { url } = await keyServer(t, keySet(rsa));
      assert.equal(await fareOf(await startRelay(t, { authJwks: url, origins: '*' }), token()), 4401);
    });

  test('of two keys wants to know which: a token without a key ID is refused', async (t) => {
    const other = makeKey('RS256', 'two');
    const { url } = await keyServer(t, keySet(rsa, other));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    assert.deepEqual(
      [await fareOf(relay, signedBy(rsa, claims)), await fareOf(relay, signedBy(other, claims, { kid: 'two' }))],
      [4401, 'alice'],
    );
  });

  test('may hold a shared secret, which is good for nothing', async (t) => {
    const secret = { jwk: { kty: 'oct', k: part('a secret of thirty-two bytes....'), alg: 'HS256' } };
    const { url } = await keyServer(t, keySet(secret, rsa));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    assert.deepEqual([await fareOf(relay, tokenOf(claims)), await fareOf(relay, signedBy(rsa, claims))], [4401, 'alice']);
  });

  test('that was changed is fetched when a key is missing, but not again and again', async (t) => {
    const fresh = makeKey('RS256', 'two');
    const { url, asked, say } = await keyServer(t, keySet(rsa));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    const [old, next] = [signedBy(rsa, claims, { kid: 'one' }), signedBy(fresh, claims, { kid: 'two' })];
    assert.equal(await fareOf(relay, old), 'alice');
    say(keySet(fresh));
    assert.deepEqual([await fareOf(relay, next), await fareOf(relay, old), asked()], [4401, 'alice', 1]);
    relay.clock.pass(KEYS_COOLDOWN / 1000);
    assert.deepEqual([await fareOf(relay, next), await fareOf(relay, old), asked()], ['alice', 4401, 2]);
  });
});

describe('A key server', () => {
  const failures: [string, RequestListener][] = [
    ['that fails', (_, response) => response.writeHead(500).end()],
    ['that sends its askers elsewhere', (_, response) => response.writeHead(302, { Location: '/other' }).end()],
    ['that says nothing of keys', (_, response) => response.end('{"token":"x"}')],
    ['that says what is no JSON', (_, response) => response.end('<html>')],
    ['that hangs up', (request) => request.socket.destroy()],
    ['that never stops', (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)],
  ];
  for (const [what, answer] of failures)
    test(`${what} sends pages away for a while, and is left alone for a moment`, async (t) => {
      const { url, asked, say } = await keyServer(t, answer);
      const relay = await startRelay(t, { authJwks: url, origins: '*' });
      const token = signedBy(rsa, claims);
      assert.deepEqual([await fareOf(relay, token), await fareOf(relay, token), asked()], [1013, 1013, 1]);
      say(keySet(rsa));
      relay.clock.pass(KEYS_PAUSE / 1000);
      assert.equal(await fareOf(relay, token), 'alice');
    });

  test('that is not there sends pages away for a while; what is no token is refused all the same', async (t) => {
    const relay = await startRelay(t, { authJwks: 'http://127.0.0.1:9/keys', origins: '*' });
    assert.deepEqual([await fareOf(relay, signedBy(rsa, claims)), await fareOf(relay, 'a.b.c')], [1013, 4401]);
  });

  test('that is slow is waited for no longer than a page may wait', async (t) => {
    const { url } = await keyServer(t, () => undefined);
    const check = createTokenCheck({ keys: remoteKeys(url, { clock: new StoppedClock(), within: 20 }), clock: new StoppedClock() });
    await assert.rejects(Promise.resolve(check({ token: signedBy(rsa, claims), resumed: false })), KeysUnavailable);
  });

  test('that begins its answer and does not end it is waited for no longer either', async (t) => {
    const { url } = await keyServer(t, (_, response) => response.write('{"keys":['));
    const check = createTokenCheck({ keys: remoteKeys(url, { clock: new StoppedClock(), within: 20 }), clock: new StoppedClock() });
    await assert.rejects(Promise.resolve(check({ token: signedBy(rsa, claims), resumed: false })), KeysUnavailable);
  });

  test('that fails while pages are here keeps nobody from using keys that were good a moment ago', async (t) => {
    const { url, say } = await keyServer(t, keySet(rsa));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    const token = signedBy(rsa, claims, { kid: 'one' });
    assert.equal(await fareOf(relay, token), 'alice');
    say((_, response) => response.writeHead(500).end());
    assert.equal(await fareOf(relay, token), 'alice');
  });

  test('that fails for longer is done without for an hour, and pages are sent away after that', async (t) => {
    const { url, say, asked } = await keyServer(t, keySet(rsa));
    const keys = { clock: new StoppedClock() };
    const check = createTokenCheck({ keys: remoteKeys(url, keys), clock: new StoppedClock() });
    const ask = async () => check({ token: signedBy(rsa, claims, { kid: 'one' }), resumed: false });
    assert.ok('peer' in (await ask()));
    say((_, response) => response.writeHead(500).end());
    keys.clock.pass(KEYS_MAX_AGE / 1000);
    assert.ok('peer' in (await ask()));
    assert.equal(asked(), 2);
    keys.clock.pass((KEYS_KEPT - KEYS_MAX_AGE) / 1000);
    await assert.rejects(ask(), KeysUnavailable);
    say(keySet(rsa));
    keys.clock.pass(KEYS_PAUSE / 1000);
    assert.ok('peer' in (await ask()));
  });

  test('that fails is logged once for each pause, however many pages come', async (t) => {
    const { url } = await keyServer(t, (_, response) => response.writeHead(500).end());
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    const lines = () => relay.log.lines.filter(([level]) => level === 'warn' || level === 'error').map(([, , message]) => message);
    for (let n = 0; n < 3; n++) assert.equal(await fareOf(relay, signedBy(rsa, claims)), 1013);
    assert.deepEqual(lines(), ['the key set for tokens cannot be had']);
    relay.clock.pass(KEYS_PAUSE / 1000);
    assert.equal(await fareOf(relay, signedBy(rsa, claims)), 1013);
    assert.equal(lines().length, 2);
  });

  test('whose set has a key that is none keeps nobody from using the others', async (t) => {
    const broken = { jwk: { kty: 'RSA', kid: 'bad', alg: 'RS256', n: '!', e: '!' } };
    const { url, asked } = await keyServer(t, keySet(broken, rsa));
    const relay = await startRelay(t, { authJwks: url, origins: '*' });
    const good = signedBy(rsa, claims, { kid: 'one' });
    assert.equal(await fareOf(relay, good), 'alice');
    assert.equal(await fareOf(relay, signedBy(rsa, claims, { kid: 'bad' })), 4401);
    assert.deepEqual([await fareOf(relay, good), asked()], ['alice', 1]);
  });
});
