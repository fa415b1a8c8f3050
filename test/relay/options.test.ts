import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { helpText, readOptions } from '../../relay/options.js';
import { isLoopback } from '../../relay/loopback.js';
import { OptionsError, settle } from '../../relay/settings.js';
import type { RelayOptions } from '../../relay/settings.js';

function read(line: string, env: Record<string, string> = {}): RelayOptions {
  const command = readOptions(line === '' ? [] : line.split(' '), env);
  assert.ok(command.run === 'relay');
  return command.options;
}

describe('The command line', () => {
  const cases: [string, Partial<RelayOptions>][] = [
    ['--port 0', { port: 0 }],
    ['--port=65535', { port: 65535 }],
    ['--host ::1', { host: '::1' }],
    ['--host 0.0.0.0 --open', { host: '0.0.0.0', open: true }],
    ['--origins *', { origins: '*' }],
    ['--origins https://a.example,http://localhost:3000', { origins: ['https://a.example', 'http://localhost:3000'] }],
    ['--stun a.example,b.example:3478', { stun: ['a.example', 'b.example:3478'] }],
    ['--stun none', { stun: [] }],
    ['--turn turns:t.example:443 --turn-secret s --turn-ttl 30m', { turn: ['turns:t.example:443'], turnSecret: 's', turnTtl: 1800 }],
    ['--turn-ttl 90', { turnTtl: 90 }],
    ['--demo --roster', { demo: true, roster: true }],
    ['--log-level debug', { logLevel: 'debug' }],
    ['--https --https-dir /var/lib/relay', { https: true, httpsDir: '/var/lib/relay' }],
    ['--cert c.pem --key k.pem', { cert: 'c.pem', key: 'k.pem' }],
    ['--metrics --metrics-port 0 --metrics-host 10.0.0.1', { metrics: true, metricsPort: 0, metricsHost: '10.0.0.1' }],
    ['--max-connections-per-person 3 --connect-rate 2 --drain 0', { maxConnectionsPerPerson: 3, connectRate: 2, drain: 0 }],
    ['--max-connections 5 --max-connections-per-ip 2 --rate 7', { maxConnections: 5, maxConnectionsPerIp: 2, rate: 7 }],
    ['--redis rediss://me:pass@redis.example:7000/3', { redis: 'rediss://me:pass@redis.example:7000/3' }],
    ['--trust-proxy loopback,10.0.0.0/8 --open', { trustProxy: ['loopback', '10.0.0.0/8'], open: true }],
  ];
  for (const [line, options] of cases) test(`understands ${line}`, () => assert.deepEqual(read(line), { logLevel: 'info', ...options }));

  test('takes the last one of an option that is there twice', () => assert.equal(read('--port 1 --port=2').port, 2));

  test('asks for nothing but information by default', () => assert.deepEqual(read(''), { logLevel: 'info' }));

  test('asks for help or the version before all else', () => {
    assert.deepEqual(readOptions(['--help', '--port', 'x'], {}), { run: 'help' });
    assert.deepEqual(readOptions(['--version'], {}), { run: 'version' });
  });
});

describe('The environment', () => {
  test('knows every option in capitals, and the command line wins', () => {
    const env = {
      PORT: '81',
      HOST: '127.0.0.2',
      MAX_CONNECTIONS_PER_IP: '3',
      DEMO: 'yes',
      ROSTER: '0',
      ORIGINS: 'https://a.example',
      TURN_TTL: '',
    };
    assert.deepEqual(read('--port 82', env), {
      logLevel: 'info',
      port: 82,
      host: '127.0.0.2',
      maxConnectionsPerIp: 3,
      demo: true,
      roster: false,
      origins: ['https://a.example'],
    });
  });

  test('is refused where it makes no sense, by the name of the variable', () => {
    assert.throws(() => read('', { PORT: 'x' }), /^OptionsError: PORT must be a whole number/);
    for (const name of ['AUTH_SECRET', 'AUTH_JWKS', 'AUTH_AUDIENCE', 'AUTH_ISSUER'])
      assert.throws(() => read('', { [name]: '' }), new RegExp(`^OptionsError: ${name} is set, but empty`));
    assert.throws(() => read('', { DEMO: 'maybe' }), /^OptionsError: DEMO must be true or false/);
    assert.throws(
      () => read('', { METRICS_PORT: '70000' }),
      /^OptionsError: METRICS_PORT must be a whole number from 0 to 65535, not 70000/,
    );
    assert.throws(() => read('--metrics-port 70001', { METRICS_PORT: '70000' }), /^OptionsError: --metrics-port must be .* not 70001/);
    assert.throws(() => read('', { GUESTS: 'support' }), /^OptionsError: GUESTS needs tokens/);
    assert.throws(() => settle({ metricsPort: 70_000 }), /^OptionsError: The option metricsPort must be/);
  });
});

describe('What cannot be is refused with a sentence that says what to do', () => {
  const cases: [string, RegExp][] = [
    ['--bogus', /^There is no option --bogus\. See --help\.$/],
    ['--bogus=1', /^There is no option --bogus\. See --help\.$/],
    ['-p 80', /^There is no option -p\. See --help\.$/],
    ['--max-conections 3', /^There is no option --max-conections\. Did you mean --max-connections\? See --help\.$/],
    ['--metricsPort 3', /^There is no option --metricsPort\. Did you mean --metrics-port\?/],
    ['extra', /^"extra" is no option; options begin with two hyphens, such as --port <number>\. See --help\.$/],
    ['--port 80 -- --demo', /^"--" ends nothing here/],
    ['--demo=yes', /^--demo takes no value, and "yes" is one: write --demo alone, or leave it out\.$/],
    ['--port', /^--port needs a value: --port <number>\.$/],
    ['--port --demo', /^--port needs a value: --port <number>\. If "--demo" is meant to be the value, write --port=--demo\.$/],
    ['--port x', /--port must be a whole number/],
    ['--port 65536', /^--port must be a whole number from 0 to 65535, not 65536\.$/],
    ['--rate 0', /^--rate must be a whole number from 1/],
    ['--max-connections 0', /from 1/],
    ['--host 0.0.0.0', /--open/],
    ['--host 192.168.1.5', /--open/],
    ['--host ::', /--open/],
    ['--host 127.evil.example', /--open/],
    ['--turn turn:t.example', /--turn-secret/],
    ['--turn http://t.example --turn-secret s', /host:port/],
    ['--stun turn:t.example', /host:port/],
    ['--turn-ttl soon', /such as 90s, 30m or 1h/],
    ['--turn-ttl 5', /^--turn-ttl must be a whole number of seconds from 60/],
    ['--max-unread 0', /^--max-unread must be a whole number from 1/],
    ['--guests support', /^--guests needs tokens/],
    ['--origins shop.example', /scheme, host and port/],
    ['--origins https://shop.example/path', /scheme, host and port/],
    ['--origins null', /scheme, host and port/],
    ['--log-level loud', /must be one of silent.* not "loud"/],
    ['--cert c.pem', /--cert and --key, or neither/],
    ['--key k.pem', /--cert and --key, or neither/],
    ['--drain 9', /^--drain must be a whole number of seconds from 0 to 8, not 9\.$/],
    ['--metrics-port 65536', /^--metrics-port must be/],
    ['--connect-rate 0', /^--connect-rate must be/],
    ['--max-connections-per-person 0', /^--max-connections-per-person must be/],
    ['--trust-proxy loopback', /--open/],
    ['--webhook http://shop.example/x --webhook-secret 123456789012345678901234', /https: URL/],
    ['--webhook https://a:b@shop.example/x --webhook-secret 123456789012345678901234', /without a password/],
    ['--webhook https://shop.example/x --webhook-secret 12345678901234567890123', /at least 24 bytes/],
    ['--webhook https://shop.example/x --webhook-secret whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM=', /at least 24 bytes/],
    ['--webhook https://shop.example/x --webhook-secret whsec_', /at least 24 bytes/],
    ['--webhook https://shop.example/x', /go together/],
    ['--open --trust-proxy everybody', /^--trust-proxy must be IP addresses, networks .*"everybody" is none\.$/],
    ['--open --trust-proxy 10.0.0.0/', /"10.0.0.0\/" is none\.$/],
    ['--open --trust-proxy 10.0.0.0/99', /"10.0.0.0\/99" is none\.$/],
    ...['http://x', 'redis://', 'redis://x/a', 'redis://x/1/2', 'redis://x?family=6', 'redis://:%@x', 'x'].map((url): [string, RegExp] => [
      `--redis ${url}`,
      /^--redis must be the URL of a Redis/,
    ]),
  ];
  for (const [line, message] of cases) {
    test(line, () =>
      assert.throws(
        () => read(line),
        (error) => error instanceof OptionsError && message.test(error.message),
      ),
    );
  }
});

test('a URL of a Redis says where it is, and how to get in', () => {
  const plain = { host: '::1', port: 6379, db: 0, tls: false };
  assert.deepEqual(settle({ redis: 'redis://[::1]' }).redis, plain);
  assert.deepEqual(settle({ redis: 'rediss://me:p%40ss@redis.example:7000/3' }).redis, {
    host: 'redis.example',
    port: 7000,
    db: 3,
    tls: true,
    username: 'me',
    password: 'p@ss',
  });
  assert.equal(settle({}).redis, undefined);
});

test('a relay that asks for tokens may listen for other machines', () => {
  assert.equal(settle({ host: '0.0.0.0', authorize: () => ({ peer: undefined }) }).host, '0.0.0.0');
});

test('an option that is undefined is one that was not given', () => {
  assert.equal(settle({ port: undefined }).port, 8080);
});

test('the certificate of the relay itself is kept where the system keeps such things', () => {
  assert.equal(read('--https', { XDG_STATE_HOME: '/state' }).httpsDir, '/state/video-call-relay');
  assert.equal(read('--https --https-dir /mine', { XDG_STATE_HOME: '/state' }).httpsDir, '/mine');
  assert.match(settle({ https: true }).httpsDir, /\/\.local\/state\/video-call-relay$/);
});

test('a base path is checked', () => {
  assert.equal(settle({ base: '/a/b' }).base, '/a/b');
  for (const base of ['calls', '/', '/calls/', '//x', '/a b']) assert.throws(() => settle({ base }), OptionsError);
});

test('this machine goes by several names', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) assert.equal(isLoopback(host), true, host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example', '']) assert.equal(isLoopback(host), false, host);
});

test('the help names every option', () => {
  for (const name of ['port', 'origins', 'turn-secret', 'trust-proxy', 'max-connections-per-ip'])
    assert.ok(helpText().includes(`--${name}`), name);
});

test('every option that the help names is in the table for operators, and no other', () => {
  const text = readFileSync(new URL('../../relay/OPERATING.md', import.meta.url), 'utf8');
  const table = text.slice(text.indexOf('## Options'), text.indexOf('## Limits'));
  const documented = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`--([a-z-]+)`/g)].map(([, name]) => name!),
  );
  const named = [...helpText().matchAll(/^ {2}--([a-z-]+)/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
  assert.deepEqual(documented.sort(), named.sort());
});
