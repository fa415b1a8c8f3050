import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutOrigins } from '../../../components/call/origins.js';

const candidate = (kind: string): string =>
  `candidate:1 1 udp 8331263 192.0.2.9 50000 typ ${kind} raddr 198.51.100.7 rport 40000 generation 0`;

test('No relayed candidate tells where it was made from, by itself and in a description', () => {
  const bare = 'candidate:1 1 udp 8331263 192.0.2.9 50000 typ relay raddr 0.0.0.0 rport 0 generation 0';
  assert.equal(withoutOrigins(candidate('relay')), bare);
  const lines = ['m=audio 9 UDP/TLS/RTP/SAVPF 111', `a=${candidate('relay')}`, `a=${candidate('relay')}`, 'a=end-of-candidates', ''];
  const told = withoutOrigins(lines.join('\r\n'));
  assert.equal(told, [lines[0], `a=${bare}`, `a=${bare}`, ...lines.slice(3)].join('\r\n'));
});

test('Other candidates are left as they are', () => {
  assert.equal(withoutOrigins(candidate('srflx')), candidate('srflx'));
});
