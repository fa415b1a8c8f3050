import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ResumeSecrets, newGuest, trustEverybody } from '../../relay/auth.js';
import { isPeerId } from '../../relay/protocol/index.js';

test('a secret proves the address that it was issued for, and no other', () => {
  const secrets = new ResumeSecrets('key');
  const secret = secrets.issue('alice', 'd1');
  assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(secrets.proves(secret, 'alice', 'd1'), true);
  assert.equal(secrets.proves(secret, 'alice', 'd2'), false);
  assert.equal(secrets.proves(secret, 'alice2', 'd1'), false);
  for (const wrong of ['', secret.slice(1), `${secret}A`, 'A'.repeat(43)]) assert.equal(secrets.proves(wrong, 'alice', 'd1'), false);
});

test('relays with the same key accept the same secrets, and relays with keys of their own do not', () => {
  const secret = new ResumeSecrets('key').issue('alice', 'd1');
  assert.equal(new ResumeSecrets(Buffer.from('key')).proves(secret, 'alice', 'd1'), true);
  assert.equal(new ResumeSecrets().proves(secret, 'alice', 'd1'), false);
});

test('guests get IDs of 128 random bits', () => {
  const guests = new Set(Array.from({ length: 100 }, newGuest));
  assert.equal(guests.size, 100);
  for (const guest of guests) assert.ok(isPeerId(guest) && /^guest-[0-9a-f]{32}$/.test(guest));
});

test('on trust everybody is who he says he is, token or not', async () => {
  assert.deepEqual(await trustEverybody({ peer: 'alice', name: 'Alice', token: 'x', resumed: false }), { peer: 'alice', name: 'Alice' });
  assert.deepEqual(await trustEverybody({ resumed: false }), { peer: undefined, name: undefined });
});

test('a relay that takes up the key of others still knows the secrets that it made before', () => {
  const [one, two] = [new ResumeSecrets(), new ResumeSecrets('k'.repeat(32))];
  const old = one.issue('alice', 'd1');
  one.adopt(two.key);
  one.adopt(two.key);
  assert.equal(two.proves(one.issue('alice', 'd1'), 'alice', 'd1'), true);
  assert.equal(one.proves(old, 'alice', 'd1'), true);
  assert.equal(one.proves(old, 'alice', 'd2'), false);
  one.adopt(Buffer.from('a'));
  one.adopt(Buffer.from('b'));
  assert.equal(one.proves(old, 'alice', 'd1'), false, 'but not for ever');
});
