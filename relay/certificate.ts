import { X509Certificate, randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';

/** A private key and its certificate (with the chain, where there is one), as PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** What a certificate is made for. */
export interface CertificateFor {
  /** DNS names. */
  readonly names: readonly string[];
  /** IP addresses, without a zone. */
  readonly ips: readonly string[];
}

const DAY = 86_400_000;
/** Days for which a certificate is good; Apple's browsers take none that is good for longer than 825. */
const GOOD_FOR = 365;
/** Days before its end at which a certificate is no longer taken for a new start. */
const RENEW_BEFORE = 30;

/** Where a certificate of the relay's own is kept where no folder was named. */
export const defaultHttpsDir = (): string => join(homedir(), '.local', 'state', 'video-call-relay');

/** The addresses of this machine, those that other machines reach first; IPv6 addresses of one link only are left out. */
export function addressesOfThisMachine(interfaces = networkInterfaces()): string[] {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  const rank = (address: (typeof all)[number]) => (address.internal ? 2 : 0) + (address.family === 'IPv6' ? 1 : 0);
  const usable = all.filter(({ address }) => !/^fe[89ab]/i.test(address)).sort((a, b) => rank(a) - rank(b));
  return [...new Set(usable.map(({ address }) => address.split('%', 1)[0]!))];
}

/**
 * The relay's own certificate for this machine: the one in the folder while it covers every name and address and is
 * good for another month, else a new one (ECDSA P-256, SHA-256), which is kept there for the next start. Nobody but
 * this user can read it.
 *
 * @throws Error with a sentence that says what to do, where the folder cannot be written
 */
export async function ownCertificate(folder: string, wanted: CertificateFor, now: number): Promise<KeyPair> {
  const path = join(folder, 'certificate.pem');
  const kept = await readKept(folder, path);
  if (kept && covers(kept.cert, wanted, now)) return kept;
  const made = await make(wanted, now);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Key and certificate in one file that is moved into its place: nobody ever sees one without the other.
    const fresh = `${path}.${randomUUID()}`;
    await writeFile(fresh, made.key + made.cert, { mode: 0o600, flag: 'wx' });
    await rename(fresh, path).catch(async (error: unknown) => {
      await rm(fresh, { force: true });
      throw error;
    });
  } catch (error) {
    throw new Error(
      `The certificate cannot be kept in ${folder} (${(error as NodeJS.ErrnoException).code}). Name another folder with --https-dir.`,
      { cause: error },
    );
  }
  return made;
}

/**
 * Reads the certificate that is kept, if there is one. A key that somebody else has put there, or can read, is none.
 *
 * @throws Error with a sentence that says what to do
 */
async function readKept(folder: string, path: string): Promise<KeyPair | undefined> {
  const around = await stat(folder).catch(() => undefined);
  if (around && !isOwn(around, 0o022)) {
    throw new Error(`Others own ${folder}, or can write there. Name a folder of this user's own with --https-dir.`);
  }
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    if (isOwn(await file.stat(), 0o077)) return split(await file.readFile('utf8'));
  } finally {
    await file.close();
  }
  throw new Error(`Others own ${path}, or can read it. Remove it, or name another folder with --https-dir.`);
}

/** Whether something belongs to this user, and leaves others none of these permissions. Windows knows neither. */
const isOwn = ({ uid, mode }: Stats, others: number): boolean =>
  process.getuid === undefined || (uid === process.getuid() && (mode & others) === 0);

/** What the certificate of a relay on this machine is for. */
export function thisMachine(host: string, addresses: readonly string[] = addressesOfThisMachine()): CertificateFor {
  const name = hostname().toLowerCase();
  const names =
    /^(?!\d+(\.\d+)*$)[a-z\d]([a-z\d.-]{0,61}[a-z\d])?$/.test(name) && name !== 'localhost' ? ['localhost', name] : ['localhost'];
  const isName = /^(?=[\d.-]*[a-z])[a-z\d.-]+$/i.test(host);
  const ips = new Set(['127.0.0.1', '::1', ...addresses, ...(isName || ['0.0.0.0', '::'].includes(host) ? [] : [host])]);
  return { names: [...new Set([...names, ...(isName ? [host.toLowerCase()] : [])])], ips: [...ips] };
}

function covers(pem: string, { names, ips }: CertificateFor, now: number): boolean {
  try {
    const certificate = new X509Certificate(pem);
    return (
      Date.parse(certificate.validTo) - now > RENEW_BEFORE * DAY &&
      Date.parse(certificate.validFrom) <= now &&
      names.every((name) => certificate.checkHost(name) !== undefined) &&
      ips.every((ip) => certificate.checkIP(ip) !== undefined)
    );
  } catch {
    return false;
  }
}

async function make({ names, ips }: CertificateFor, now: number): Promise<KeyPair> {
  const altNames = [...names.map((value) => ({ type: 2 as const, value })), ...ips.map((ip) => ({ type: 7 as const, ip }))];
  // Loaded when it is needed: what it is made of writes names into the global object.
  const { generate } = await import('selfsigned');
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'video-call-relay' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // An hour ago, for a phone whose clock is slow.
    notBeforeDate: new Date(now - 3_600_000),
    notAfterDate: new Date(now + GOOD_FOR * DAY),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { key: `${key.trim()}\n`, cert: `${cert.trim()}\n` };
}

function split(text: string): KeyPair | undefined {
  const [key] = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----\n/.exec(text) ?? [];
  const [cert] = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n/.exec(text) ?? [];
  return key !== undefined && cert !== undefined ? { key, cert } : undefined;
}
