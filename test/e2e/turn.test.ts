/** Calls whose media goes through a TURN server only, with credentials that the relay has made for each page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOOPBACK_PEERS, startTurn, withoutTurn } from '../support/daemons.js';
import type { Person } from '../support/person.js';
import { securedPeers, trustingChromium } from '../support/turn-tls.js';
import { openWorld, panel } from '../support/world.js';

/** How the candidates that carry the media came about: `relay over udp`, for example. */
const paths = (person: Person): Promise<string[]> =>
  person.page.evaluate(async () => {
    const found: string[] = [];
    for (const connection of (observer as unknown as { connections: Set<RTCPeerConnection> }).connections) {
      const stats = new Map<string, Record<string, string>>();
      (await connection.getStats()).forEach((report: Record<string, string>) => stats.set(report['id']!, report));
      for (const report of stats.values()) {
        const pair = report['type'] === 'transport' ? stats.get(report['selectedCandidatePairId'] ?? '') : undefined;
        const local = pair && stats.get(pair['localCandidateId'] ?? '');
        if (local) found.push(`${local['candidateType']} over ${local['relayProtocol']}`);
      }
    }
    return found;
  });

for (const transport of ['udp', 'tcp', 'tls'] as const) {
  test(
    `A call goes through TURN alone over ${transport.toUpperCase()}, with credentials of the relay`,
    { skip: withoutTurn },
    async (t) => {
      const options =
        transport === 'tls'
          ? [...(await securedPeers(t)), '--no-udp', '--no-tcp']
          : [...LOOPBACK_PEERS, `--no-${transport === 'udp' ? 'tcp' : 'udp'}`];
      const turn = await startTurn(t, options);
      const server = transport === 'tls' ? `turns:127.0.0.1:${turn.tlsPort}` : `turn:127.0.0.1:${turn.port}`;
      const world = await openWorld(t, { turn: [server], turnSecret: 'secret' });
      const program = transport === 'tls' ? { program: await trustingChromium(t) } : {};
      const place = { 'ice-policy': 'relay' };
      const wire = await world.wire();
      const bob = await world.visit({ name: 'bob', markup: panel({ me: 'bob', ...place }), ...program });
      await bob.event('relay-status', { status: 'online' });
      const welcome = wire.hold('to the page', 'welcome');
      const markup = panel({ me: 'alice', peer: 'bob', relay: wire.url, ...place });
      const alice = await world.visit({ name: 'alice', markup, ...program });

      // Whoever presses before the relay has told of its TURN server calls through it all the same.
      await welcome.caught;
      await alice.press('Call');
      await alice.page.waitForFunction(() => observer.live().tracks.length === 2);
      welcome.release();
      await bob.press('Accept');
      await Promise.all([alice.seesAndHears(), bob.seesAndHears()]);
      for (const person of [alice, bob]) assert.deepEqual(await paths(person), [`relay over ${transport}`], person.name);
      await alice.press('Hang up');
      await Promise.all([alice.event('call-ended', { reason: 'hung-up' }), bob.event('call-ended', { reason: 'hung-up' })]);
    },
  );
}
