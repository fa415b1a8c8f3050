import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { addressesOfThisMachine, ownCertificate, thisMachine } from '../../relay/certificate.js';

const DAY = 86_400_000;
const wanted = { names: ['localhost', 'desk'], ips: ['127.0.0.1', '::1', '192.168.1.5', 'fd00::5'] };

async function folder(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'certificate-'));
  t.after(() => rm(root, { recursive: true }));
  return join(root, 'not', 'there', 'yet');
}

describe('A certificate of the relay itself', () => {
  test('covers every name and address with an ECDSA key, and only this user can read it', async (t) => {
    const dir = await folder(t);
    const { key, cert } = await ownCertificate(dir, wanted, Date.now());
    const certificate = new X509Certificate(cert);
    for (const name of wanted.names) assert.equal(certificate.checkHost(name), name);
    for (const ip of wanted.ips) assert.equal(certificate.checkIP(ip), ip);
    assert.equal(certificate.checkIP('192.168.1.6'), undefined);
    assert.equal(certificate.ca, false);
    assert.deepEqual(certificate.publicKey.asymmetricKeyDetails, { namedCurve: 'prime256v1' });
    assert.match(key, /^-----BEGIN PRIVATE KEY-----/);
    const path = join(dir, 'certificate.pem');
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    assert.equal(await readFile(path, 'utf8'), key + cert);
  });

  test('is the same at the next start, until an address is new or its end is near', async (t) => {
    const dir = await folder(t);
    const now = Date.now();
    const first = await ownCertificate(dir, wanted, now);
    assert.deepEqual(await ownCertificate(dir, wanted, now + 300 * DAY), first);
    assert.deepEqual(await ownCertificate(dir, { ...wanted, ips: ['127.0.0.1'] }, now), first, 'one address less');
    const second = await ownCertificate(dir, { ...wanted, ips: [...wanted.ips, '10.0.0.1'] }, now);
    assert.notEqual(second.cert, first.cert);
    const third = await ownCertificate(dir, wanted, now + 340 * DAY);
    assert.notEqual(third.cert, second.cert);
  });

  test('replaces a file that is broken', async (t) => {
    const dir = await folder(t);
    await ownCertificate(dir, wanted, Date.now());
    const path = join(dir, 'certificate.pem');
    const whole = await readFile(path, 'utf8');
    for (const broken of ['', 'nonsense', whole.slice(0, 300), whole.replace(/MII[\w+/]{40}/, 'AAAA')]) {
      await writeFile(path, broken);
      const { cert } = await ownCertificate(dir, wanted, Date.now());
      assert.equal(new X509Certificate(cert).checkHost('desk'), 'desk');
    }
  });

  test('is no file that others can read, and in no folder where they can write', { skip: process.getuid === undefined }, async (t) => {
    const dir = await folder(t);
    await ownCertificate(dir, wanted, Date.now());
    const path = join(dir, 'certificate.pem');
    await chmod(path, 0o640);
    await assert.rejects(ownCertificate(dir, wanted, Date.now()), /certificate\.pem, or can read it\. Remove it/);
    await chmod(path, 0o600);
    for (const mode of [0o777, 0o770, 0o1777]) {
      await chmod(dir, mode);
      await assert.rejects(ownCertificate(dir, wanted, Date.now()), /or can write there\. Name a folder .* --https-dir/);
    }
    await chmod(dir, 0o755);
    await ownCertificate(dir, wanted, Date.now());
    assert.deepEqual(await readdir(dir), ['certificate.pem'], 'nothing else is left there');
  });

  test('says what to do where it cannot be kept', async () => {
    await assert.rejects(ownCertificate('/dev/null/here', wanted, Date.now()), /cannot be kept in .* --https-dir/);
  });
});

test('The addresses of this machine: those that others reach come first, and those of one link only are left out', () => {
  const of = (address: string, family: 'IPv4' | 'IPv6', internal = false) => ({ address, family, internal }) as NetworkInterfaceInfo;
  const interfaces = {
    lo: [of('127.0.0.1', 'IPv4', true), of('::1', 'IPv6', true)],
    eth0: [of('fe80::1', 'IPv6'), of('fd00::2', 'IPv6'), of('192.168.1.5', 'IPv4')],
    gone: undefined,
  };
  assert.deepEqual(addressesOfThisMachine(interfaces), ['192.168.1.5', 'fd00::2', '127.0.0.1', '::1']);
});

test('A certificate is made for the host that was named, too', () => {
  const ips = (host: string) => thisMachine(host, []).ips;
  assert.deepEqual(ips('0.0.0.0'), ['127.0.0.1', '::1']);
  assert.deepEqual(ips('10.0.0.7'), ['127.0.0.1', '::1', '10.0.0.7']);
  assert.ok(thisMachine('relay.lan', []).names.includes('relay.lan'));
});
