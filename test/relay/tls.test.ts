import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { connect } from 'node:tls';
import { WebSocket } from 'ws';

import { ownCertificate } from '../../relay/certificate.js';
import { SUBPROTOCOL } from '../../relay/protocol/index.js';
import { bind, createServer, stop } from '../../relay/server.js';
import { LOOK_EVERY, followPair, readPair } from '../../relay/tls.js';
import { StoppedClock, TestPage, keepLog, startRelay } from './support/relay.js';

/** Two pairs, and files with the first. */
async function pairs(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'tls-'));
  t.after(() => rm(root, { recursive: true }));
  const wanted = { names: ['localhost'], ips: ['127.0.0.1'] };
  const [one, two] = await Promise.all(['a', 'b'].map((name) => ownCertificate(join(root, name), wanted, Date.now())));
  const files = { cert: join(root, 'cert.pem'), key: join(root, 'key.pem') };
  await writeFile(files.cert, one!.cert);
  await writeFile(files.key, one!.key);
  return { root, files, one: one!, two: two! };
}

async function certificateAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate()!.fingerprint256;
  socket.destroy();
  return certificate;
}

const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;

async function joinSecurely(t: TestContext, port: number): Promise<TestPage> {
  const webSocket = new WebSocket(`wss://127.0.0.1:${port}/ws`, SUBPROTOCOL, { rejectUnauthorized: false });
  t.after(() => webSocket.terminate());
  const page = new TestPage(webSocket);
  await once(webSocket, 'open');
  page.say({ type: 'hello', device: 'd1' });
  page.welcome = await page.next('welcome');
  return page;
}

describe('A relay with a certificate', () => {
  test('lets no page go that reads, however much comes for it at once', async (t) => {
    const { files } = await pairs(t);
    const { address } = await startRelay(t, files);
    const [victim, other] = [await joinSecurely(t, address.port), await joinSecurely(t, address.port)];
    const description = { type: 'offer' as const, sdp: `v=0\r\n${'a=x\r\n'.repeat(6000)}` };
    for (let n = 1; n <= 24; n++) other.tell(victim.address, { type: 'description', description, gen: 0, n });
    for (let n = 1; n <= 24; n++) assert.equal((await victim.next('description')).n, n);
  });

  test('takes a new one without dropping a connection, and keeps the old one where the new one cannot be used', async (t) => {
    const { files, one, two } = await pairs(t);
    const { address, clock, log } = await startRelay(t, files);
    assert.match(address.url, /^https:\/\/localhost:\d+$/);
    assert.equal(await certificateAt(address.port), fingerprint(one.cert));
    const page = await joinSecurely(t, address.port);
    const said = async (message: string) => {
      while (log.lines.at(-1)?.[2] !== message) {
        clock.pass(5);
        await page.drain();
      }
    };

    // Half of a new pair is what a look between two writes may see.
    await writeFile(files.cert, two.cert);
    await said('the new certificate cannot be used, the old one stays');
    assert.equal(log.lines.at(-1)![0], 'error');
    assert.equal(await certificateAt(address.port), fingerprint(one.cert));

    await writeFile(files.key, two.key);
    await said('new certificate in use');
    assert.equal(await certificateAt(address.port), fingerprint(two.cert));

    await rm(files.key);
    await said('the new certificate cannot be used, the old one stays');
    assert.equal(await certificateAt(address.port), fingerprint(two.cert));
    assert.deepEqual(await page.drain(), [], 'the first page is still there');
  });

  test('tries one that could not be read again, though its file is the same, and says so once', async (t) => {
    const { files, two } = await pairs(t);
    const log = keepLog();
    const clock = new StoppedClock();
    const used: unknown[] = [];
    const server = { setSecureContext: ({ cert }: { cert?: unknown }) => void used.push(cert) };
    const end = followPair(files, server as never, clock, log);
    t.after(end);
    const look = async (done: () => boolean) => {
      while (!done()) {
        clock.pass(LOOK_EVERY / 1000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await writeFile(files.cert, two.cert);
    await look(() => log.lines.length > 0);
    // The file is put back under its times, as one that was only not to be read for a while would be.
    const reads = t.mock.method(server, 'setSecureContext', () => {
      throw new Error('not now');
    });
    await writeFile(files.key, two.key);
    await look(() => reads.mock.callCount() > 2);
    reads.mock.restore();
    await look(() => used.length > 0);
    assert.deepEqual(used, [two.cert]);
    const messages = log.lines.map(([, , message]) => message);
    assert.ok(messages.length <= 4, messages.join());
    assert.equal(messages.at(-1), 'new certificate in use');
  });

  test('ends without waiting for the handshake of whoever has connected and says nothing', async (t) => {
    const { one } = await pairs(t);
    const server = createServer(one);
    const failures: unknown[] = [];
    server.on('tlsClientError', ({ code }: NodeJS.ErrnoException) => failures.push(code));
    const taken = once(server, 'connection');
    const silent = connectPlain((await bind(server, 0, '127.0.0.1')).port, '127.0.0.1');
    silent.on('error', () => undefined);
    await taken;
    await Promise.all([once(silent, 'close'), stop(server)]);
    assert.ok(!failures.includes('ERR_TLS_HANDSHAKE_TIMEOUT'));
  });

  test('hears nothing of plain HTTP on its port', async (t) => {
    const { files } = await pairs(t);
    const { address } = await startRelay(t, files);
    const socket = connectPlain(address.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const heard: Buffer[] = [];
    socket.on('data', (data: Buffer) => heard.push(data));
    await once(socket, 'close');
    assert.doesNotMatch(Buffer.concat(heard).toString(), /HTTP/);
    assert.equal((await joinSecurely(t, address.port)).webSocket.readyState, WebSocket.OPEN);
  });

  test('says what is wrong with a pair', async (t) => {
    const { root, files, one, two } = await pairs(t);
    const other = join(root, 'other.pem');
    await writeFile(other, two.key);
    await assert.rejects(readPair({ ...files, key: other }), /is not that of the certificate/);
    await assert.rejects(readPair({ ...files, key: files.cert }), /\(--key\) holds no private key/);
    await assert.rejects(readPair({ ...files, cert: files.key }), /\(--cert\) holds no certificate/);
    await assert.rejects(readPair({ ...files, cert: join(root, 'none') }), /\(--cert\) cannot be read: there is no such file/);
    assert.deepEqual(await readPair(files), one);
  });
});

test('A relay with --https makes itself a certificate for the addresses that it names', async (t) => {
  const { root } = await pairs(t);
  const { address, clock } = await startRelay(t, { https: true, httpsDir: join(root, 'own'), host: '0.0.0.0', open: true });
  assert.ok(address.urls.length > 0);
  const kept = await ownCertificate(join(root, 'own'), { names: ['localhost'], ips: [] }, clock.date());
  assert.equal(await certificateAt(address.port), fingerprint(kept.cert));
  for (const url of address.urls) {
    assert.match(url, /^https:/);
    assert.ok(new X509Certificate(kept.cert).checkIP(new URL(url).hostname), url);
  }
  await joinSecurely(t, address.port);
});
