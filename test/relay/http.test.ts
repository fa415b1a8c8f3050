import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync } from 'node:zlib';

import { packageDirs, packageVersion } from '../../relay/http.js';
import type { RelayOptions } from '../../relay/index.js';
import { exchange, startRelay, statusOf } from './support/relay.js';

const SCRIPT = `export const text = "${'video call '.repeat(200)}";\n`;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Asks for a path exactly as it is written. */
function ask(port: number, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ port, host: '127.0.0.1', path, headers, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}

/** A package as it is when it is built, and a relay that serves it. */
async function serve(t: TestContext, options: RelayOptions = {}) {
  const root = await mkdtemp(join(tmpdir(), 'video-call-'));
  t.after(() => rm(root, { recursive: true }));
  const [widgetDir, demoDir] = [join(root, 'dist'), join(root, 'demo')];
  await mkdir(join(widgetDir, 'chunks'), { recursive: true });
  await mkdir(join(widgetDir, 'relay'));
  await mkdir(demoDir);
  const files = {
    'dist/video-call.js': SCRIPT,
    'dist/video-call.classic.js': SCRIPT,
    'dist/chunks/panel-Ab3_x9.js': SCRIPT,
    'dist/chunks/.hidden.js': SCRIPT,
    'dist/video-call.js.map': '{}',
    'dist/relay/cli.js': SCRIPT,
    'dist/.env': 'SECRET=1',
    'secret.js': SCRIPT,
    'demo/index.html': '<title>Demo</title>',
    'demo/two.html': '<title>Two</title>',
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, name), content);
  const { address } = await startRelay(t, { widgetDir, demoDir, ...options });
  return { root, get: (path: string, headers?: Record<string, string>, method?: string) => ask(address.port, path, headers, method) };
}

describe('The widget', () => {
  test('is there for pages of every origin, and its hashed chunks for ever', async (t) => {
    const { get } = await serve(t);
    const entry = await get('/video-call.js');
    assert.equal(entry.status, 200);
    assert.equal(String(entry.body), SCRIPT);
    assert.match(entry.headers['content-type'] ?? '', /^(?:text|application)\/javascript/);
    assert.equal(entry.headers['access-control-allow-origin'], '*');
    assert.equal(entry.headers['cross-origin-resource-policy'], 'cross-origin');
    assert.equal(entry.headers['x-content-type-options'], 'nosniff');
    assert.equal(entry.headers['cache-control'], 'no-cache');
    const chunk = await get('/chunks/panel-Ab3_x9.js');
    assert.equal(chunk.status, 200);
    assert.equal(chunk.headers['cache-control'], 'public, max-age=31536000, immutable');
  });

  test('is there below its version for ever, with its chunks and the classic script, and no other version is', async (t) => {
    const { get } = await serve(t, { base: '/calls' });
    const fixed = `/calls/v${packageVersion()}`;
    for (const name of ['video-call.js', 'video-call.classic.js', 'chunks/panel-Ab3_x9.js']) {
      const { status, headers, body } = await get(`${fixed}/${name}`);
      assert.deepEqual([status, String(body)], [200, SCRIPT], name);
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(headers['access-control-allow-origin'], '*');
      assert.equal(headers['cross-origin-resource-policy'], 'cross-origin');
    }
    assert.equal((await get('/calls/video-call.classic.js')).headers['cache-control'], 'no-cache');
    const other = await get('/calls/v0.0.1/video-call.js');
    assert.equal(other.status, 404);
    assert.equal(other.headers['cache-control'], 'no-store');
    assert.match(String(other.body), new RegExp(`at ${fixed}/video-call\\.js, and no version 0\\.0\\.1`));
    for (const name of ['relay/cli.js', 'integrity.json', '../video-call.js', `v${packageVersion()}/video-call.js`])
      assert.equal((await get(`${fixed}/${name}`)).status, 404, name);
  });

  test('comes compressed as the browser likes it, each form with an ETag of its own', async (t) => {
    const { get } = await serve(t);
    const forms = [
      ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['br;q=0, gzip;q=0', undefined, (data: Buffer) => data],
    ] as const;
    const tags = new Set<string>();
    for (const [accept, encoding, decode] of forms) {
      for (let again = 0; again < 2; again++) {
        const { headers, body } = await get('/video-call.js', { 'Accept-Encoding': accept });
        assert.equal(headers['content-encoding'], encoding);
        assert.equal(headers['vary'], 'Accept-Encoding');
        assert.equal(String(decode(body)), SCRIPT);
        assert.equal(Number(headers['content-length']), body.length);
        tags.add(headers.etag ?? '');
      }
    }
    assert.equal(tags.size, 3);
  });

  test('goes out as the build compressed it, but only as long as it is the same', async (t) => {
    const { get, root } = await serve(t);
    const accept = { 'Accept-Encoding': 'br' };
    // What nobody else would make of it.
    const built = brotliCompressSync(SCRIPT, { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } });
    await writeFile(join(root, 'dist/video-call.js.br'), built);
    assert.deepEqual((await get('/video-call.js', accept)).body, built);

    const faults = { older: built, broken: built.subarray(1), larger: brotliCompressSync(Buffer.alloc(1_000_000)) };
    for (const [name, fault] of Object.entries(faults)) {
      const path = join(root, 'dist/chunks', `${name}-123456.js`);
      await writeFile(path, SCRIPT.toUpperCase());
      await writeFile(`${path}.br`, fault);
      const { headers, body } = await get(`/chunks/${name}-123456.js`, accept);
      assert.deepEqual([headers['content-encoding'], String(brotliDecompressSync(body))], ['br', SCRIPT.toUpperCase()], name);
      assert.equal((await get(`/chunks/${name}-123456.js.br`)).status, 404);
    }
  });

  test('is not sent again to a browser that has it, and anew when it has changed', async (t) => {
    const { get, root } = await serve(t);
    const { headers } = await get('/video-call.js');
    const again = await get('/video-call.js', { 'If-None-Match': headers.etag ?? '' });
    assert.deepEqual([again.status, again.body.length], [304, 0]);
    await writeFile(join(root, 'dist/video-call.js'), SCRIPT.toUpperCase());
    await utimes(join(root, 'dist/video-call.js'), 1, 1);
    const changed = await get('/video-call.js', { 'If-None-Match': headers.etag ?? '' });
    assert.deepEqual([changed.status, String(changed.body)], [200, SCRIPT.toUpperCase()]);
  });

  test('answers HEAD with the same header and nothing else', async (t) => {
    const { get } = await serve(t);
    const [whole, head] = [await get('/video-call.js'), await get('/video-call.js', {}, 'HEAD')];
    assert.equal(head.body.length, 0);
    assert.equal(head.headers.etag, whole.headers.etag);
    assert.equal(head.headers['content-length'], whole.headers['content-length']);
  });

  test('that was never built is not found, with a hint', async (t) => {
    const { get } = await serve(t, { widgetDir: '/nowhere' });
    const { status, body, headers } = await get('/video-call.js');
    assert.equal(status, 404);
    assert.match(String(body), /built/);
    assert.equal(headers['cache-control'], undefined);
  });
});

describe('Nothing else', () => {
  const paths = [
    '/',
    '/index.html',
    '/video-call.js.map',
    '/relay/cli.js',
    '/.env',
    '/chunks/',
    '/chunks/.hidden.js',
    '/chunks/../relay/cli.js',
  ];
  const climbing = [
    '/../secret.js',
    '/%2e%2e/secret.js',
    '/%2e%2e%2fsecret.js',
    '/..%5csecret.js',
    '/chunks/..%2f..%2fsecret.js',
    '//etc/passwd',
    '/%00',
    '/%ff',
    '/C:/x',
    '/video-call.js%00',
  ];
  for (const options of [{}, { demo: true }]) {
    test(`is served ${options.demo ? 'with' : 'without'} the demo`, async (t) => {
      const { get } = await serve(t, options);
      for (const path of [...(options.demo ? paths.slice(2) : paths), ...climbing]) {
        const { status, body } = await get(path);
        assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
        assert.doesNotMatch(String(body), /video call|SECRET|root:/, path);
      }
    });
  }

  test('is changed: every method but GET and HEAD is refused', async (t) => {
    const { get } = await serve(t);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      const { status, headers } = await get('/video-call.js', {}, method);
      assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method);
    }
  });
});

test('a link out of the folder of the widget is not what the package is made of, and chunks are taken by their names only', async (t) => {
  const { get, root } = await serve(t);
  await symlink(join(root, 'secret.js'), join(root, 'dist/other.js'));
  assert.equal((await get('/other.js')).status, 404);
});

test('the demo is served at / and by the names of its pages, where it was asked for', async (t) => {
  const { get } = await serve(t, { demo: true });
  for (const [path, title] of [
    ['/', 'Demo'],
    ['/two.html', 'Two'],
    ['/two?me=alice', 'Two'],
  ] as const) {
    const { status, body, headers } = await get(path);
    assert.equal(status, 200, path);
    assert.match(String(body), new RegExp(`<title>${title}</title>`));
    assert.match(headers['content-type'] ?? '', /^text\/html/);
  }
});

test('below a base path everything is there, and above it nothing', async (t) => {
  const { get } = await serve(t, { base: '/calls', demo: true });
  for (const path of ['/calls/video-call.js', '/calls/healthz', '/calls/', '/calls/two.html'])
    assert.equal((await get(path)).status, 200, path);
  for (const path of ['/video-call.js', '/healthz', '/', '/callsvideo-call.js']) assert.equal((await get(path)).status, 404, path);
  assert.equal((await get('/calls/ws')).status, 426);
});

test('a relay that works says that it lives and is ready', async (t) => {
  const { get } = await serve(t);
  assert.deepEqual([(await get('/healthz')).status, (await get('/readyz')).status], [200, 200]);
});

test('a target with scheme and host is answered for its path, and what is no target is a bad request', async (t) => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  t.after(() => process.off('warning', note));
  const { address, log } = await startRelay(t, { demo: true });
  const before = log.lines.length;
  const targets: [string, number][] = [
    ['http://a/leaf.svg', 200],
    ['HTTP://user:word@[::1]:99/leaf.svg?a=b', 200],
    ['https://a/../leaf.svg', 200],
    ['http://a%zz@b/leaf.svg', 200],
    ['http://user:word@[::1]99/ws', 400],
    ['http://a:b/ws', 400],
    ['http://', 400],
    ['ftp://a/leaf.svg', 400],
    ['*', 400],
    ['/leaf.svg#part', 200],
    ['/leaf.svg?a=b#//a@[', 200],
    ['//a@[::1]99/#x', 400],
    ['//a@[/#', 400],
    ['//a%zz@b/#x', 400],
    ['//a@[/\u{a0}', 400],
    ['/l\u{e4}af.svg', 400],
  ];
  for (const [target, status] of targets)
    assert.equal(await statusOf(address.port, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`), status, target);
  // Node tells of a warning in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(warnings, []);
  assert.deepEqual(log.lines.slice(before), []);
});

test('the folders of the package are found from its source', () => {
  const { widgetDir, demoDir } = packageDirs();
  assert.match(widgetDir, /\/dist$/);
  assert.match(demoDir, /\/demo$/);
});

describe('What a visitor does to a connection', () => {
  const broken: [string, string][] = [
    ['nonsense after a request', 'GET /leaf.svg HTTP/1.1\r\nHost: a\r\nCookie: a=secret\r\n\r\nNONSENSE\r\n\r\n'],
    ['a body that is none', 'GET /leaf.svg HTTP/1.1\r\nHost: a\r\nCookie: a=secret\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['an address that cannot be taken apart', 'GET http://a%zz@b/ HTTP/1.1\r\nHost: a\r\nCookie: a=secret\r\n\r\n'],
    ['going away at once', 'GET /leaf.svg HTTP/1.1\r\nHost: a\r\nCookie: a=secret\r\n\r\n'],
  ];
  for (const [what, bytes] of broken) {
    test(`is no news for the log, and nothing of it is written there: ${what}`, async (t) => {
      const { address, log } = await startRelay(t, { demo: true });
      await exchange(address.port, bytes);
      // Another request is answered after what came of the first one was noticed.
      await exchange(address.port, 'GET /leaf.svg HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      // That it trusts everybody is what a relay says at its start.
      const later = log.lines.filter(([, , said]) => !said.startsWith('everybody is taken'));
      assert.deepEqual(
        later.filter(([level]) => level === 'warn' || level === 'error'),
        [],
      );
      assert.doesNotMatch(JSON.stringify(later), /secret|rawPacket/);
    });
  }
  test('spoils no file for others who ask for it at the same time', async (t) => {
    const whole = 'GET /leaf.svg HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
    for (let round = 0; round < 10; round++) {
      const { address } = await startRelay(t, { demo: true });
      const broken = Array.from({ length: 4 }, () => exchange(address.port, 'GET /leaf.svg HTTP/1.1\r\nHost: a\r\n\r\nNONSENSE\r\n\r\n'));
      const statuses = await Promise.all(Array.from({ length: 4 }, () => statusOf(address.port, whole)));
      assert.deepEqual(statuses, [200, 200, 200, 200]);
      await Promise.all(broken);
    }
  });
});
