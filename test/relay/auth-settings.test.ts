import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { readOptions } from '../../relay/options.js';
import { OptionsError, settle } from '../../relay/settings.js';
import type { RelayOptions } from '../../relay/settings.js';
import { SECRET } from './support/tokens.js';

const origins = ['https://shop.example'];

describe('Options about who may call that cannot be are refused with a sentence', () => {
  const cases: [string, RelayOptions, RegExp][] = [
    ['a short secret', { authSecret: 'x'.repeat(31), origins }, /at least 32 bytes.*openssl rand/],
    ['an empty secret', { authSecret: '', origins }, /at least 32 bytes/],
    ['tokens without origins', { authSecret: SECRET }, /--origins https:\/\/shop\.example.*"\*" for all/],
    ['a secret and a key set', { authSecret: SECRET, authJwks: 'https://keys.example', origins }, /not both/],
    ['a secret and a decision of one’s own', { authSecret: SECRET, authorize: () => ({ peer: 'a' }), origins }, /not by both/],
    ['guests without tokens', { guests: ['support'] }, /guests needs tokens/],
    ['guests who are let in by the site', { guests: ['support'], authorize: () => ({ peer: 'a' }) }, /guests needs tokens/],
    ['an audience without tokens', { authAudience: 'x' }, /authAudience needs tokens/],
    ['an issuer without tokens', { authIssuer: 'x' }, /authIssuer needs tokens/],
    ['guests who may call nobody', { authSecret: SECRET, origins, guests: [] }, /support,sales/],
    ['guests who may call an address', { authSecret: SECRET, origins, guests: ['support/d1'] }, /support,sales/],
    ['a key set over plain HTTP', { authJwks: 'http://keys.example/jwks', origins }, /https:/],
    ['a key set on a name that begins like this machine', { authJwks: 'http://127.evil.example/jwks', origins }, /https:/],
    ['a key set in a file', { authJwks: 'file:///etc/keys.json', origins }, /https:/],
    ['a key set with a password in its address', { authJwks: 'https://me:secret@keys.example/jwks', origins }, /without a password/],
    ['a key set at no URL', { authJwks: 'keys.example', origins }, /https:/],
  ];
  for (const [what, options, message] of cases)
    test(what, () =>
      assert.throws(
        () => settle(options),
        (error) => error instanceof OptionsError && message.test(error.message) && !error.message.includes(SECRET),
      ),
    );

  for (const authJwks of ['https://keys.example/jwks', 'http://localhost:8000/jwks', 'http://127.0.0.1/jwks', 'http://[::1]:80/jwks'])
    test(`a key set may be at ${authJwks}`, () => void settle({ authJwks, origins }));

  test('a secret is measured in bytes', () => void settle({ authSecret: 'ü'.repeat(16), origins: '*' }));

  test('a relay that asks for tokens may listen for other machines', () => {
    assert.equal(settle({ authSecret: SECRET, origins, host: '0.0.0.0' }).open, false);
  });
});

describe('The command line', () => {
  const read = (argv: string[], env: Record<string, string> = {}): RelayOptions => {
    const command = readOptions(argv, env);
    assert.ok(command.run === 'relay');
    return command.options;
  };

  test('takes the secret from the environment, and all else about tokens from either', () => {
    const argv = ['--guests', 'support, sales', '--auth-audience', 'calls', '--auth-issuer', 'https://shop.example', '--origins', '*'];
    assert.deepEqual(read(argv, { AUTH_SECRET: SECRET }), {
      logLevel: 'info',
      authSecret: SECRET,
      authAudience: 'calls',
      authIssuer: 'https://shop.example',
      guests: ['support', 'sales'],
      origins: '*',
    });
    assert.deepEqual(read([], { AUTH_JWKS: 'https://keys.example', GUESTS: 'support', ORIGINS: 'https://shop.example' }), {
      logLevel: 'info',
      authJwks: 'https://keys.example',
      guests: ['support'],
      origins,
    });
  });

  test('refuses what cannot be before anything is started', () => {
    assert.throws(() => read(['--auth-secret', 'short', '--origins', '*']), OptionsError);
    assert.throws(() => read([], { AUTH_SECRET: SECRET }), /--origins/);
    assert.throws(() => read(['--guests', 'support']), /needs tokens/);
    assert.throws(() => read(['--auth-secret=', '--origins', '*']), /needs a value/);
  });
});
