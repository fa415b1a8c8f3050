/** A real coturn with the configuration that the package ships, and credentials that the relay hands out. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';

import { startTurn, withoutTurn } from '../support/daemons.js';
import { TurnProbe } from '../support/turn-probe.js';
import type { Credentials } from '../support/turn-probe.js';
import { startRelay } from './support/relay.js';

const shipped = fileURLToPath(new URL('../../relay/examples/turnserver.conf', import.meta.url));
const SHIPPED = ['-c', shipped, '-E', '127.0.0.1', '-E', '::1', '--no-tls', '--no-dtls'];

/** Who may be a peer of nobody: this machine, its networks, its cloud, and the same in every way that IPv6 can write it. */
const FORBIDDEN = {
  4: [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.254',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
  ],
  6: [
    '::',
    '::1',
    '::127.0.0.1',
    '::10.0.0.1',
    '::10.0.0.0',
    '::192.168.0.0',
    '::ffff:0.0.0.0',
    '::ffff:10.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:172.16.0.1',
    '::ffff:192.168.1.1',
    '::ffff:8.8.8.8',
    '64:ff9b::10.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b:1::1',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '2002:c0a8:101::1',
    '2001::1',
    '2001:db8::1',
    'fc00::1',
    'fd00::2',
    'fd12:3456:789a:1::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    'ff0e::1',
  ],
} as const;
/** Others, without whom there would be no call; nothing is sent to them here. */
const ALLOWED = { 4: ['8.8.8.8', '172.32.0.1', '192.169.0.1', '11.0.0.1'], 6: ['2600::1', '2a00:1450:4001::1', '2003::1'] } as const;

async function probe(t: TestContext, port: number, credentials: Credentials): Promise<TurnProbe> {
  const made = await TurnProbe.connect(port, credentials);
  t.after(() => made.close());
  return made;
}

function minted(seconds: number, secret = 'secret'): Credentials {
  const username = `${Math.floor(Date.now() / 1000) + seconds}:alice`;
  return { username, credential: createHmac('sha1', secret).update(username).digest('base64') };
}

describe('coturn with the configuration of the package', { skip: withoutTurn }, () => {
  for (const family of [4, 6] as const) {
    test(`lets nobody reach any of ${FORBIDDEN[family].length} forbidden peers from an IPv${family} address, and everybody else`, async (t) => {
      const { port } = await startTurn(t, SHIPPED);
      const turn = await probe(t, port, minted(60));
      assert.equal(await turn.allocate(family), 0);
      const permitted: string[] = [];
      for (const ip of FORBIDDEN[family]) {
        if ((await turn.permit(ip)) === 0) permitted.push(`${ip} by permission`);
        if ((await turn.bind(ip)) === 0) permitted.push(`${ip} by channel`);
      }
      assert.deepEqual(permitted, []);
      for (const ip of ALLOWED[family]) assert.equal(await turn.permit(ip), 0, ip);
      assert.equal(await turn.permit(FORBIDDEN[family].at(-1)!), 403);
    });
  }

  test('gives no relay address over TCP, which would be a proxy into web servers', async (t) => {
    const { port } = await startTurn(t, SHIPPED);
    const turn = await probe(t, port, minted(60));
    assert.ok((await turn.allocate(4, 6)) >= 400);
  });

  test('takes credentials of the relay, and none that are expired, of another secret, or for another name', async (t) => {
    const { port } = await startTurn(t, SHIPPED);
    const { join } = await startRelay(t, {
      turn: [`turn:127.0.0.1:${port}`],
      turnSecret: 'secret',
      clock: { now: () => performance.now(), date: () => Date.now(), every: () => () => undefined },
    });
    const page = await join({ peer: 'alice@example.com' });
    const [server] = page.welcome['iceServers'] as [Credentials & { readonly urls: string[] }];
    assert.deepEqual(server.urls, [`turn:127.0.0.1:${port}?transport=udp`, `turn:127.0.0.1:${port}?transport=tcp`]);
    const answer = async (credentials: Credentials) => (await probe(t, port, credentials)).allocate(4);
    assert.equal(await answer(server), 0);
    page.say({ type: 'ice-servers' });
    const [fresh] = (await page.next('ice-servers'))['iceServers'] as [Credentials];
    assert.equal(await answer(fresh), 0);

    assert.equal(await answer(minted(-1)), 401, 'expired');
    assert.equal(await answer(minted(60, 'other')), 401, 'of another secret');
    assert.equal(await answer({ ...server, username: `9${server.username}` }), 401, 'with a later time written into it');
    assert.equal(await answer({ ...server, username: server.username.replace('alice', 'bob') }), 401, 'for another name');
  });
});
