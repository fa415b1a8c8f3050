/** Servers, each tried by itself on the way that it opens. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wayOf, waysOf } from '../../../components/diagnosis/ways.js';

describe('The way that a server opens', () => {
  const URLS: Readonly<Record<string, string | undefined>> = {
    'stun:stun.example.com': 'stun',
    'stuns:stun.example.com:5349': 'stun',
    'turn:turn.example.com': 'turn-udp',
    'turn:turn.example.com:3478?transport=udp': 'turn-udp',
    'TURN:turn.example.com?transport=TCP': 'turn-tcp',
    'turns:turn.example.com': 'turn-tls',
    'turns:[2001:db8::1]:443?transport=tcp': 'turn-tls',
    'turns:turn.example.com?transport=udp': 'turn-udp',
    'https://example.com': undefined,
    'turn:': undefined,
    '': undefined,
  };
  for (const [url, way] of Object.entries(URLS)) it(`is ${way ?? 'none'} for "${url}"`, () => assert.equal(wayOf(url), way));

  it('is tried for each URL by itself, with its credentials, of two servers at most', () => {
    const access = { username: 'someone', credential: 'secret' };
    const ways = waysOf([
      { urls: ['turn:a', 'turn:a?transport=tcp'], ...access },
      { urls: ['turn:b', 'stun:b'] },
      { urls: ['turn:c', 'nonsense'] },
    ]);
    assert.deepEqual(
      [...ways],
      [
        ['turn-udp', [{ urls: ['turn:a'], ...access }, { urls: ['turn:b'] }]],
        ['turn-tcp', [{ urls: ['turn:a?transport=tcp'], ...access }]],
        ['stun', [{ urls: ['stun:b'] }]],
      ],
    );
  });
});
