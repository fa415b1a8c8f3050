import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { greeting } from '../../relay/greeting.js';
import type { RelayOptions } from '../../relay/index.js';

const url = 'https://localhost:8080';
const lan = 'https://192.0.2.7:8080';
const address = { host: '0.0.0.0', port: 8080, url, urls: [lan, 'https://127.0.0.1:8080'], metricsUrl: undefined };
const said = (options: RelayOptions, person = false) => greeting(address, options, person);
const authSecret = 'x'.repeat(32);

describe('What the command says when the relay listens', () => {
  test('is where, and how other devices get there', () => {
    const text = said({ https: true });
    assert.match(text, /^The relay is ready: https:\/\/localhost:8080 \(listening on 0\.0\.0\.0, port 8080\)\n/);
    assert.match(text, /From other devices:\n {2}https:\/\/192\.0\.2\.7:8080\nA browser warns of the certificate/);
    assert.doesNotMatch(text, /127\.0\.0\.1/);
    assert.doesNotMatch(said({ https: true, cert: 'c.pem' }), /A browser warns/);
    const alone = { ...address, host: '127.0.0.1', url: 'http://127.0.0.1:8080', urls: ['http://127.0.0.1:8080'] };
    assert.doesNotMatch(greeting(alone, {}, true), /listening|other devices/);
  });

  test('is to open the demo, where calls can be tried there, with a code for phones where somebody sees it', () => {
    assert.match(said({ demo: true, https: true }, true), /Open it in a browser to try a call[^]*█/);
    assert.doesNotMatch(said({ demo: true, https: true }, false), /█/);
    assert.doesNotMatch(said({ demo: true }), /token|<script/);
  });

  test('is what to put into a page, with a token where the relay asks for one', () => {
    assert.match(said({}), /<video-call-button peer="bob">Call Bob</);
    assert.doesNotMatch(said({}), /token/);
    for (const options of [{ authSecret }, { authJwks: 'https://id.example/keys' }]) {
      assert.match(said(options), /<video-call-button peer="bob" token-src="\/call-token">Call Bob<[^]*video-call-relay token --sub alice/);
    }
    assert.match(said({ authSecret, guests: ['*', 'sales'] }), /<video-call-button peer="sales">Call sales</);
  });

  test('does not send anybody to demo pages that have no token, where one is asked for', () => {
    const text = said({ demo: true, https: true, authSecret }, true);
    assert.doesNotMatch(text, /to try a call|█/);
    assert.match(text, /The demo pages have no tokens and this relay asks for them/);
  });
});
