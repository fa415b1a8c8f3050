import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Server } from 'node:https';

import type { KeyPair } from './certificate.js';
import type { Clock } from './clock.js';
import type { Log } from './log.js';

/** Milliseconds between two looks at the files of a certificate. */
export const LOOK_EVERY = 5000;

/** Where a certificate and its key lie, as PEM. */
export interface KeyPairFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads a certificate and its key, and makes sure that they belong together.
 *
 * @throws Error with a sentence that says what to do
 */
export async function readPair(files: KeyPairFiles): Promise<KeyPair> {
  const [cert, key] = await Promise.all([readPem(files.cert, '--cert'), readPem(files.key, '--key')]);
  const certificate = understand(() => new X509Certificate(cert), `${files.cert} (--cert) holds no certificate in PEM form.`);
  const secret = understand(() => createPrivateKey(key), `${files.key} (--key) holds no private key in PEM form without a password.`);
  if (!certificate.checkPrivateKey(secret)) {
    throw new Error(`The key in ${files.key} is not that of the certificate in ${files.cert}. Name a pair that belongs together.`);
  }
  return { cert, key };
}

/**
 * Gives a server a new certificate whenever its files change; connections that are open go on. A new pair that cannot
 * be used is written to the log, and the old one stays. Looking at the files, every five seconds, works on every file
 * system and for links that are turned to another file, as certbot and Kubernetes do it.
 *
 * @returns ends it
 */
export function followPair(files: KeyPairFiles, server: Pick<Server, 'setSecureContext'>, clock: Clock, log: Log): () => void {
  let used: Promise<string> | string = versionOf(files);
  let refused: string | undefined;
  let looking = false;
  const look = async () => {
    const version = await versionOf(files);
    if (version === (await used)) return;
    try {
      const pair = await readPair(files);
      server.setSecureContext({ key: pair.key, cert: pair.cert });
      used = version;
      refused = undefined;
      log.info({ validTo: new X509Certificate(pair.cert).validTo }, 'new certificate in use');
    } catch (error) {
      // It is tried again with every look: what kept it from being read may be mended without a change of the file.
      if (refused !== version) log.error({ err: error }, 'the new certificate cannot be used, the old one stays');
      refused = version;
    }
  };
  return clock.every(LOOK_EVERY, () => {
    if (looking) return;
    looking = true;
    void look().finally(() => (looking = false));
  });
}

async function versionOf({ cert, key }: KeyPairFiles): Promise<string> {
  const versions = [cert, key].map((path) =>
    stat(path).then(
      ({ mtimeMs, ctimeMs, size, ino }) => `${ino} ${size} ${mtimeMs} ${ctimeMs}`,
      (error: NodeJS.ErrnoException) => String(error.code),
    ),
  );
  return (await Promise.all(versions)).join();
}

async function readPem(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'this user may not read it' : String(code);
    throw new Error(`${path} (${option}) cannot be read: ${why}.`, { cause: error });
  }
}

function understand<T>(read: () => T, otherwise: string): T {
  try {
    return read();
  } catch (error) {
    throw new Error(otherwise, { cause: error });
  }
}
