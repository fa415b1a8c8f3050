/** The proxies whose configuration the package ships, as they are installed on this machine, in front of a relay. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';

import { ownCertificate } from '../../relay/certificate.js';
import { SUBPROTOCOL } from '../../relay/protocol/index.js';
import { freePort, run } from '../support/daemons.js';
import { TestPage, startRelay } from './support/relay.js';

const example = (name: string) => readFileSync(new URL(`../../relay/examples/${name}`, import.meta.url), 'utf8');
const ORIGIN = 'https://shop.example';

interface Place {
  readonly folder: string;
  /** The port of the proxy. */
  readonly port: number;
  readonly relayPort: number;
  /** A file with a certificate and one with its key. */
  readonly cert: string;
  readonly key: string;
}

interface Proxy {
  readonly program: string;
  /** Puts this machine's places into the example, and answers with how to run it and what it says when it is ready. */
  prepare(place: Place): { readonly args: readonly string[]; readonly ready: RegExp };
}

/** Replaces what must be there, so that an example that has changed is noticed. */
function replace(text: string, ...pairs: readonly (readonly [string, string])[]): string {
  for (const [from] of pairs) assert.ok(text.includes(from), `the example has: ${from}`);
  return pairs.reduce((result, [from, to]) => result.replaceAll(from, to), text);
}

const PROXIES: readonly Proxy[] = [
  {
    program: 'nginx',
    prepare: ({ folder, port, relayPort, cert, key }) => {
      const site = replace(
        example('nginx.conf'),
        ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
        ['listen [::]:443 ssl;', ''],
        ['/etc/letsencrypt/live/calls.example.com/fullchain.pem', cert],
        ['/etc/letsencrypt/live/calls.example.com/privkey.pem', key],
        ['127.0.0.1:8080', `127.0.0.1:${relayPort}`],
      );
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n');
      const config = join(folder, 'nginx.conf');
      writeFileSync(
        config,
        `daemon off; master_process off; pid ${folder}/pid; worker_processes 1; error_log stderr notice;\nevents {}\nhttp { access_log off;\n${paths}\n${site}}\n`,
      );
      return { args: ['-p', folder, '-c', config], ready: /using the "\w+" event method/ };
    },
  },
  {
    program: 'caddy',
    prepare: ({ folder, port, relayPort, cert, key }) => {
      const site = replace(
        example('Caddyfile'),
        ['calls.example.com {', `https://127.0.0.1:${port} {\n\ttls ${cert} ${key}\n\tbind 127.0.0.1`],
        ['127.0.0.1:8080', `127.0.0.1:${relayPort}`],
      );
      const config = join(folder, 'Caddyfile');
      writeFileSync(config, `{\n\tadmin off\n\tauto_https disable_redirects\n\tstorage file_system ${folder}\n}\n${site}`);
      return { args: ['run', '--config', config, '--adapter', 'caddyfile'], ready: /serving initial configuration/ };
    },
  },
];

function missing(program: string): string | false {
  try {
    execFileSync(program, [program === 'nginx' ? '-v' : 'version'], { stdio: 'ignore' });
    return false;
  } catch {
    return `${program} is not installed.`;
  }
}

async function startBehind(t: TestContext, proxy: Proxy) {
  const folder = mkdtempSync(join(tmpdir(), 'proxy-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const pair = await ownCertificate(join(folder, 'own'), { names: ['localhost'], ips: ['127.0.0.1'] }, Date.now());
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  writeFileSync(cert, pair.cert);
  writeFileSync(key, pair.key);
  // The other addresses of this machine play the part of visitors, so only the proxy's own one is trusted.
  const relay = await startRelay(t, { origins: [ORIGIN], trustProxy: ['127.0.0.1'], open: true, maxConnectionsPerIp: 2 });
  const port = await freePort();
  const { args, ready } = proxy.prepare({ folder, port, relayPort: relay.address.port, cert, key });
  await run(t, proxy.program, args, ready);

  const open = (from: string, headers: Record<string, string> = {}) => {
    const webSocket = new WebSocket(`wss://127.0.0.1:${port}/ws`, SUBPROTOCOL, {
      ca: pair.cert,
      localAddress: from,
      headers: { origin: ORIGIN, ...headers },
    });
    webSocket.on('error', () => undefined);
    t.after(() => webSocket.terminate());
    return webSocket;
  };
  const join_ = async (from: string, hello: object, headers?: Record<string, string>) => {
    const webSocket = open(from, headers);
    const page = new TestPage(webSocket);
    await once(webSocket, 'open');
    page.say({ type: 'hello', device: 'd1', ...hello });
    page.welcome = await page.next('welcome');
    return page;
  };
  const refused = async (from: string, headers?: Record<string, string>) => {
    const [, response] = (await once(open(from, headers), 'unexpected-response')) as [unknown, IncomingMessage];
    return response.statusCode;
  };
  const get = async (path: string) => {
    const asking = request({ host: '127.0.0.1', port, path, ca: pair.cert }).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  return { ...relay, join: join_, refused, get };
}

for (const proxy of PROXIES) {
  const skip = missing(proxy.program) || (process.platform !== 'linux' && 'Only Linux has the whole of 127.0.0.0/8.');
  describe(`A relay behind ${proxy.program} as the example has it`, { skip }, () => {
    test('brings messages from page to page, small and large, and answers over HTTP', async (t) => {
      const { join, get } = await startBehind(t, proxy);
      const [alice, bob] = [await join('127.0.0.2', { peer: 'alice' }), await join('127.0.0.3', { peer: 'bob' })];
      const sdp = 'v'.repeat(32_000);
      for (let n = 1; n <= 20; n++) alice.tell('bob', { type: 'description', n, gen: 0, description: { type: 'offer', sdp } });
      for (let n = 1; n <= 20; n++) {
        const heard = await bob.next('description');
        assert.deepEqual([heard['n'], (heard['description'] as { sdp: string }).sdp.length], [n, sdp.length]);
      }
      bob.tell('alice', { type: 'hangup', reason: 'left' });
      await alice.next('hangup');
      assert.deepEqual([await get('/healthz'), await get('/nothing')], [200, 404]);
    });

    test('counts visitors by their own addresses, whatever they say about themselves', async (t) => {
      const { join, refused } = await startBehind(t, proxy);
      await join('127.0.0.2', { peer: 'a' });
      await join('127.0.0.2', { peer: 'b' }, { 'x-forwarded-for': '192.0.2.7' });
      assert.equal(await refused('127.0.0.2'), 429);
      assert.equal(await refused('127.0.0.2', { 'x-forwarded-for': '192.0.2.8, 127.0.0.9' }), 429);
      await join('127.0.0.3', { peer: 'c' });
    });

    test('sees the origin of a page, and tells pages when it restarts', async (t) => {
      const { join, refused, relay } = await startBehind(t, proxy);
      assert.equal(await refused('127.0.0.2', { origin: 'https://evil.example' }), 403);
      const page = await join('127.0.0.2', { peer: 'alice' });
      const closing = relay.close();
      assert.equal((await page.closed).code, 1012);
      await closing;
    });
  });
}
