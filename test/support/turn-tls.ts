/** A TURN server over TLS that has signed its own certificate, and a browser that takes it. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { ownCertificate } from '../../relay/certificate.js';
import { requireChromium } from './browsers.mjs';
import { LOOPBACK_PEERS } from './daemons.js';

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'turn-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Chromium that takes the certificate of a TURN server that signed it itself, which no page could let it do. */
export async function trustingChromium(t: TestContext): Promise<string> {
  const script = join(scratch(t), 'chromium');
  writeFileSync(script, `#!/bin/sh\nexec ${await requireChromium()} --ignore-certificate-errors "$@"\n`);
  chmodSync(script, 0o755);
  return script;
}

/** Options of `startTurn` for a server that speaks TLS as well, with a certificate for 127.0.0.1. */
export async function securedPeers(t: TestContext): Promise<string[]> {
  const folder = scratch(t);
  await ownCertificate(folder, { names: ['localhost'], ips: ['127.0.0.1'] }, Date.now());
  const pem = join(folder, 'certificate.pem');
  return [...LOOPBACK_PEERS.filter((option) => option !== '--no-tls'), `--cert=${pem}`, `--pkey=${pem}`];
}
