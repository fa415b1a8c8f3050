import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesCandidates, told, usernameOf, withOwnHello } from '../../../components/call/descriptions.js';

const offer = (...lines: string[]): string => ['v=0', 'a=ice-ufrag:Qx7+', 'a=setup:actpass', ...lines, ''].join('\r\n');

test('What the other side is told of a description is its kind and its text, without where relayed candidates were made from', () => {
  const given = { type: 'offer', sdp: 'a=candidate:1 1 udp 1 192.0.2.9 5 typ relay raddr 198.51.100.7 rport 40000', toJSON: () => ({}) };
  assert.deepEqual(told(given), { type: 'offer', sdp: 'a=candidate:1 1 udp 1 192.0.2.9 5 typ relay raddr 0.0.0.0 rport 0' });
});

test('An offer to several devices opens the handshake itself, in each of its sections', () => {
  assert.equal(withOwnHello(offer('a=setup:actpass')).match(/a=setup:active\r\n/g)?.length, 2);
  assert.doesNotMatch(withOwnHello(offer()), /actpass/);
});

test('The user name of ICE is found in a description, and missing where there is none', () => {
  assert.equal(usernameOf({ sdp: offer() }), 'Qx7+');
  assert.equal(usernameOf({ sdp: 'v=0' }), undefined);
  assert.equal(usernameOf(null), undefined);
});

test('A description that names candidates is told from one that does not', () => {
  assert.equal(namesCandidates({ type: 'offer', sdp: offer('a=candidate:1 1 udp 1 192.0.2.9 5 typ host') }), true);
  assert.equal(namesCandidates({ type: 'offer', sdp: offer('a=end-of-candidates') }), false);
});
