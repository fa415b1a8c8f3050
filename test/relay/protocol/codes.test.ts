import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLOSE, END_REASONS, ERROR_CODES, endReason, parseFromPage, parseFromRelay } from '../../../relay/protocol/index.js';
import { betweenPages, fromRelay } from './samples.js';

describe('the codes', () => {
  it('every end reason is taken as it is, and as the reason of a hangup, a decline and a cancel', () => {
    for (const reason of END_REASONS) {
      assert.equal(endReason(reason, 'left'), reason);
      for (const type of ['hangup', 'decline', 'cancel'] as const)
        assert.equal(parseFromPage(JSON.stringify({ ...betweenPages[type].least, reason })).refusal, undefined);
    }
  });
  it('an unknown reason is taken as the general one', () => {
    for (const reason of ['', 'do-not-disturb', 'Hung-Up', '__proto__', 'constructor', 'toString', 'length', '0'])
      assert.equal(endReason(reason, 'declined'), 'declined');
  });
  it('every error code may come from a relay', () => {
    for (const code of ERROR_CODES) assert.equal(parseFromRelay(JSON.stringify({ ...fromRelay.error.least, code })).refusal, undefined);
  });
  it('every close code is one that a WebSocket may send, and no two are the same', () => {
    const codes = Object.values(CLOSE);
    assert.equal(new Set(codes).size, codes.length);
    for (const code of codes) assert.ok((code >= 4000 && code < 5000) || [1003, 1008, 1009, 1012, 1013].includes(code), String(code));
  });
  it('no word stands in a list twice', () => {
    for (const words of [END_REASONS, ERROR_CODES]) assert.equal(new Set(words).size, words.length);
  });
});
