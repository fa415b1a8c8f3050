import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { TOKEN_HELP, tokenCommand } from '../../../relay/commands/token.js';
import { OptionsError } from '../../../relay/settings.js';
import { startRelay } from '../support/relay.js';
import { NOW, SECRET, withTokens } from '../support/tokens.js';

const make = (line: string, env: Record<string, string> = { AUTH_SECRET: SECRET }) =>
  tokenCommand(line.split(' ').filter(Boolean), env, NOW);
const claimsOf = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

describe('video-call-relay token', () => {
  test('prints a token that a relay with the same secret takes, on one line', async (t) => {
    const token = await make('--sub alice --calls bob,carol --ttl 90s --name Alice');
    assert.match(token, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    assert.deepEqual(claimsOf(token), { sub: 'alice', name: 'Alice', calls: ['bob', 'carol'], iat: NOW, exp: NOW + 90 });
    const { join } = await startRelay(t, withTokens);
    const { welcome } = await join({ token: token.trim() });
    assert.deepEqual([welcome['peer'], welcome['tokenTtl']], ['alice', 90]);
  });

  test('says no more than it was told: an hour, and everybody', async () => {
    assert.deepEqual(claimsOf(await make('--sub alice')), { sub: 'alice', iat: NOW, exp: NOW + 3600 });
  });

  test('names the audience and the issuer that the relay was told to expect', async () => {
    const env = { AUTH_SECRET: SECRET, AUTH_AUDIENCE: 'calls' };
    assert.deepEqual(claimsOf(await make('--sub alice --auth-issuer me', env)), {
      sub: 'alice',
      aud: 'calls',
      iss: 'me',
      iat: NOW,
      exp: NOW + 3600,
    });
  });

  test('explains itself without a secret', async () => assert.equal(await make('--help', {}), TOKEN_HELP));

  const cases: [string, RegExp][] = [
    ['', /--sub and a peer ID/],
    ['--sub', /^--sub needs a value: --sub <id>\.$/],
    ['--sub alice/d1', /--sub and a peer ID/],
    ['--sub guest-1', /do not begin with guest-/],
    ['--sub alice --ttl soon', /--ttl must be a time such as/],
    ['--sub alice --ttl 0', /from 1m to 30d/],
    ['--sub alice --ttl 59s', /from 1m to 30d/],
    ['--sub alice --ttl 31d', /from 1m to 30d/],
    ['--sub alice --calls bob/d1', /list of peer IDs/],
    [`--sub alice --name ${'x'.repeat(65)}`, /at most 64/],
    ['--sub alice --auth-secret short', /at least 32 bytes/],
    ['--sub alice extra', /extra.*--help/],
    ['--sub alice --bogus', /--bogus.*--help/],
    [`--sub alice --calls ${'x'.repeat(100).concat(',').repeat(100)}`, /too long/],
  ];
  for (const [line, message] of cases)
    test(`refuses ${line.slice(0, 60) || 'to make a token for nobody'}`, async () =>
      assert.rejects(make(line), (error) => error instanceof OptionsError && message.test(error.message)));

  test('needs the secret', async () => assert.rejects(make('--sub alice', {}), /AUTH_SECRET or --auth-secret/));
});
