import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  ADDRESS_PATTERN,
  DEVICE_ADDRESS_PATTERN,
  DEVICE_PATTERN,
  GUEST_PREFIX,
  MAX_DEVICE,
  MAX_PEER,
  PEER_PATTERN,
  addressOf,
  deviceOf,
  isPeerId,
  peerOf,
} from '../../../relay/protocol/index.js';

const matching = (pattern: string) => fc.stringMatching(new RegExp(pattern));

describe('an address', () => {
  it('of a peer names no device', () => {
    assert.equal(peerOf('alice'), 'alice');
    assert.equal(deviceOf('alice'), undefined);
  });
  it('of a page names the peer and the device', () => {
    assert.equal(addressOf('alice', 'Zx81'), 'alice/Zx81');
    assert.equal(peerOf('alice/Zx81'), 'alice');
    assert.equal(deviceOf('alice/Zx81'), 'Zx81');
  });
  it('is put together and taken apart without loss', () => {
    fc.assert(
      fc.property(matching(PEER_PATTERN), matching(DEVICE_PATTERN), (peer, device) => {
        const address = addressOf(peer, device);
        assert.deepEqual([peerOf(address), deviceOf(address), peerOf(peer), deviceOf(peer)], [peer, device, peer, undefined]);
        assert.match(address, new RegExp(ADDRESS_PATTERN, 'u'));
        assert.match(address, new RegExp(DEVICE_ADDRESS_PATTERN, 'u'));
        assert.match(peer, new RegExp(ADDRESS_PATTERN, 'u'));
        assert.doesNotMatch(peer, new RegExp(DEVICE_ADDRESS_PATTERN, 'u'));
      }),
    );
  });
});

describe('a peer ID', () => {
  it('is 1 to 128 letters, digits and . _ @ : + = -', () => {
    for (const id of ['a', 'A.b_c@d:e+f=g-h', '0', `${GUEST_PREFIX}7`, 'p'.repeat(MAX_PEER)]) assert.ok(isPeerId(id), id);
    for (const id of ['', 'p'.repeat(MAX_PEER + 1), 'a b', 'a/b', 'a\n', '\na', 'ä', '*', 'a#', 'a\u0000', '🙂', 'a{b}', '../a'])
      assert.ok(!isPeerId(id), id);
  });
  it('may be a word that JavaScript objects know, which is why tables of peers are maps', () => {
    for (const id of ['__proto__', 'constructor', 'toString']) assert.ok(isPeerId(id), id);
  });
  it('has the bounds that the named constants say', () => {
    assert.ok(PEER_PATTERN.includes(`{1,${MAX_PEER}}`));
    assert.ok(DEVICE_PATTERN.includes(`{1,${MAX_DEVICE}}`));
    assert.equal(ADDRESS_PATTERN, `${PEER_PATTERN.slice(0, -1)}(/${DEVICE_PATTERN.slice(1, -1)})?$`);
    assert.equal(DEVICE_ADDRESS_PATTERN, `${PEER_PATTERN.slice(0, -1)}/${DEVICE_PATTERN.slice(1)}`);
  });
});
