import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { createIce } from '../../relay/ice.js';

const clock = { date: () => 1_700_000_000_500 };

test('without servers none are handed out, and STUN servers come together without credentials', () => {
  assert.deepEqual(createIce({ stun: [], turn: [], turnTtl: 60 }, clock)('alice', '192.0.2.1'), { iceServers: [], iceTtl: 60 });
  const stun = ['stun:a.example', 'stun:b.example:3478'];
  assert.deepEqual(createIce({ stun, turn: [], turnTtl: 60 }, clock)('alice', '192.0.2.1').iceServers, [{ urls: stun }]);
});

test('TURN is handed out over UDP, TCP and TLS with credentials of the TURN REST scheme', () => {
  const iceFor = createIce({ stun: [], turn: ['turn:t.example:3478', 'turns:t.example:443'], turnSecret: 'north', turnTtl: 3600 }, clock);
  const username = '1700003600:alice@example.com';
  assert.deepEqual(iceFor('alice@example.com', '192.0.2.1'), {
    iceServers: [
      {
        urls: ['turn:t.example:3478?transport=udp', 'turn:t.example:3478?transport=tcp', 'turns:t.example:443?transport=tcp'],
        username,
        credential: createHmac('sha1', 'north').update(username).digest('base64'),
      },
    ],
    iceTtl: 3600,
  });
});

test('all guests of a network are one TURN user, whose name does not tell the network; people are users of their own', () => {
  const iceFor = createIce({ stun: [], turn: ['turn:t.example'], turnSecret: 'north', turnTtl: 3600 }, clock);
  const user = (peer: string, network: string) => iceFor(peer, network).iceServers[0]!.username!;
  const one = user('guest-1', '192.0.2.1');
  assert.match(one, /^1700003600:guest-[0-9a-f]{32}$/);
  assert.equal(user('guest-2', '192.0.2.1'), one);
  assert.notEqual(user('guest-1', '192.0.2.2'), one);
  assert.notEqual(user('guest-1', '2001:db8:1:2::/64'), one);
  assert.equal(user('alice', '192.0.2.1'), '1700003600:alice');
});
