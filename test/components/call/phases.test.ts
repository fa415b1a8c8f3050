import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHASES, isLive, isTalking } from '../../../components/call/phases.js';

test('A call occupies the device in every phase but idle and ended', () => {
  assert.deepEqual(PHASES.filter(isLive), ['calling', 'ringing', 'incoming', 'connecting', 'connected', 'reconnecting']);
});

test('Media may flow from the moment somebody has taken the call', () => {
  assert.deepEqual(PHASES.filter(isTalking), ['connecting', 'connected', 'reconnecting']);
});
