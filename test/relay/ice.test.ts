import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { createIce } from '../../relay/ice.js';

const clock = { date: () => 1_700_000_000_500 };

test('without servers none are handed out, and STUN servers come together without credentials', () => {
  assert.deepEqual(createIce({ stun: [], turn: [], turnTtl: 60 }, clock)('alice'), { iceServers: [], iceTtl: 60 });
  const stun = ['stun:a.example', 'stun:b.example:3478'];
  assert.deepEqual(createIce({ stun, turn: [], turnTtl: 60 }, clock)('alice').iceServers, [{ urls: stun }]);
});

test('TURN is handed out over UDP, TCP and TLS with credentials of the TURN REST scheme', () => {
  const iceFor = createIce({ stun: [], turn: ['turn:t.example:3478', 'turns:t.example:443'], turnSecret: 'north', turnTtl: 3600 }, clock);
  const username = '1700003600:alice@example.com';
  assert.deepEqual(iceFor('alice@example.com'), {
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
